package io.memmap.spark.write.encode;

import io.memmap.dtype.DType;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.ScalarDType;
import io.memmap.spark.schema.ColumnMatch;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenArray.Span;
import io.memmap.spark.schema.WrittenColumn;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A STRUCT as a record, its fields by name, or as a complex number. Padding becomes zeros. */
final class StructEncoder implements ItemEncoder {
    private final int fieldCount;
    private final ItemEncoder[] encoders;
    private final int[] offsets;
    private final String[] names;
    private final Span[] gaps;

    /** @param match of the record's fields by those of the type, complete */
    private StructEncoder(StructType type, RecordDType record, ColumnMatch match, Context context) {
        StructField[] fields = type.fields();
        fieldCount = fields.length;
        encoders = new ItemEncoder[fieldCount];
        offsets = new int[fieldCount];
        names = new String[fieldCount];
        List<WrittenColumn> placed = new ArrayList<>();
        for (int i = 0; i < fieldCount; i++) {
            RecordDType.Field field = record.fields().get(match.positions().get(i));
            StructField source = fields[i];
            names[i] = source.name();
            offsets[i] = field.offset();
            encoders[i] = encoder(field.dtype(), source, context);
            placed.add(new WrittenColumn(names[i], i, source.dataType(), source.nullable(), field.dtype(), offsets[i]));
        }
        gaps = WrittenArray.gaps(placed, record.itemsize()).toArray(Span[]::new);
    }

    private static ItemEncoder encoder(DType dtype, StructField source, Context context) {
        try {
            return ItemEncoder.of(dtype, source.dataType(), source.nullable(), context);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("in field '" + source.name() + "', " + e.getMessage(), e);
        }
    }

    static StructEncoder ofRecord(RecordDType record, StructType type, Context context) {
        ColumnMatch match = ColumnMatch.of(record.names(), true, List.of(type.fieldNames()), false);
        if (!match.isComplete()) {
            throw mismatch(record, type);
        }
        return new StructEncoder(type, record, match, context);
    }

    /** Two floats side by side. */
    static StructEncoder ofComplex(ScalarDType dtype, StructType type, Context context) {
        return ofRecord(dtype.parts(), type, context);
    }

    private static IllegalArgumentException mismatch(RecordDType record, StructType type) {
        return new IllegalArgumentException("its STRUCT has the fields " + List.of(type.fieldNames())
                + ", and its dtype " + record + ", expected the same names");
    }

    @Override
    public void encode(SpecializedGetters from, int ordinal, ByteBuffer target, int position) {
        InternalRow row = from.getStruct(ordinal, fieldCount);
        for (Span gap : gaps) {
            ItemEncoder.zero(target, position + gap.offset(), gap.nbytes());
        }
        int i = 0;
        try {
            for (; i < fieldCount; i++) {
                encoders[i].encode(row, i, target, position + offsets[i]);
            }
        } catch (BadValueException e) {
            throw e.inField(names[i]);
        }
    }
}
