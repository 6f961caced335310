package io.memmap.dtype;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;

/**
 * A single number, string, blob or time.
 *
 * @param itemsize bytes; four per character for {@link Kind#UNICODE}
 * @param byteOrder {@link ByteOrder#NONE} exactly where NumPy writes {@code |}
 * @param unit null but for {@link Kind#DATETIME} and {@link Kind#TIMEDELTA}
 * @param unitCount how many units one tick is: 10 for {@code M8[10ms]}, else 1
 */
public record ScalarDType(Kind kind, int itemsize, ByteOrder byteOrder, DatetimeUnit unit, int unitCount)
        implements DType {

    public ScalarDType {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(byteOrder);
    }

    /** A scalar in this machine's byte order, or in none where it has none. */
    public static ScalarDType of(Kind kind, int itemsize) {
        boolean unordered = itemsize == 1 || kind == Kind.BYTES || kind == Kind.VOID;
        return new ScalarDType(kind, itemsize, unordered ? ByteOrder.NONE : ByteOrder.ofThisMachine(), null, 1);
    }

    /** One of the two floats that a complex number is. */
    public ScalarDType part() {
        return new ScalarDType(Kind.FLOAT, itemsize / 2, byteOrder, null, 1);
    }

    /** The two floats that a complex number is, as a record of {@code re} and {@code im}. */
    public RecordDType parts() {
        ScalarDType part = part();
        return new RecordDType(
                List.of(
                        new RecordDType.Field("re", null, part, 0),
                        new RecordDType.Field("im", null, part, part.itemsize())),
                itemsize);
    }

    /** The length of one tick of a time: months of a calendar unit, else attoseconds. */
    public BigInteger tickLength() {
        return unit.length().multiply(BigInteger.valueOf(unitCount));
    }

    @Override
    public String descr() {
        return "'" + this + "'";
    }

    /** NumPy's {@code dtype.str}: {@code <f8}; {@code bfloat16} where NumPy itself only has {@code V2}. */
    @Override
    public String toString() {
        return switch (kind) {
            case BFLOAT16 -> "bfloat16";
            case UNICODE -> byteOrder.symbol() + "U" + itemsize / 4;
            case DATETIME, TIMEDELTA ->
                byteOrder.symbol()
                        + ""
                        + kind.symbol()
                        + "8["
                        + (unitCount == 1 ? "" : unitCount)
                        + unit.symbol()
                        + "]";
            default -> byteOrder.symbol() + "" + kind.symbol() + itemsize;
        };
    }
}
