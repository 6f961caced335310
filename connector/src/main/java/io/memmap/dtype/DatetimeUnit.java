package io.memmap.dtype;

import java.math.BigInteger;

/** The units of {@code M8} and {@code m8}, spelt as NumPy spells them in {@code M8[ns]}. */
public enum DatetimeUnit {
    YEAR("Y", 12, 0),
    MONTH("M", 1, 0),
    WEEK("W", 604_800, 18),
    DAY("D", 86_400, 18),
    HOUR("h", 3_600, 18),
    MINUTE("m", 60, 18),
    SECOND("s", 1, 18),
    MILLISECOND("ms", 1, 15),
    MICROSECOND("us", 1, 12),
    NANOSECOND("ns", 1, 9),
    PICOSECOND("ps", 1, 6),
    FEMTOSECOND("fs", 1, 3),
    ATTOSECOND("as", 1, 0);

    private final String symbol;
    private final BigInteger length;

    DatetimeUnit(String symbol, long count, int powerOfTen) {
        this.symbol = symbol;
        this.length = BigInteger.valueOf(count).multiply(BigInteger.TEN.pow(powerOfTen));
    }

    /** Returns true for years and months, which have no fixed length. */
    public boolean isCalendar() {
        return this == YEAR || this == MONTH;
    }

    /** Its months if it {@link #isCalendar}, else its attoseconds. */
    public BigInteger length() {
        return length;
    }

    public String symbol() {
        return symbol;
    }

    /** The unit with this symbol, or null when NumPy has none. */
    static DatetimeUnit ofSymbol(String symbol) {
        for (DatetimeUnit unit : values()) {
            if (unit.symbol.equals(symbol)) {
                return unit;
            }
        }
        return null;
    }
}
