package io.memmap.spark.schema;

import io.memmap.array.Shape;
import io.memmap.dtype.DType;
import io.memmap.dtype.RecordDType;
import io.memmap.spark.schema.WrittenSchema.Column;
import io.memmap.spark.schema.WrittenSchema.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** From columns and options to their places in an array that is there. Driver side; used once. */
final class ExistingArrayMapping {
    private final WrittenInput input;
    private final ExistingArray array;
    private final Shape trailing;

    ExistingArrayMapping(WrittenInput input, ExistingArray array) {
        this.input = input;
        this.array = array;
        this.trailing = array.trailing();
    }

    WrittenSchema schema() {
        WrittenSchema schema;
        if (array.dtype() instanceof RecordDType record && trailing.ndim() == 0) {
            List<Column> fields =
                    NewArrayMapping.fields(record, input, input.options().update());
            schema = ofForm(Form.RECORD, fields, record);
        } else {
            Form form = form().orElseThrow(this::misfit);
            schema = ofForm(form, placed(form), null);
        }
        checkOptions(schema);
        return schema;
    }

    /** By position: how the columns fill a row; empty where they do not. */
    private Optional<Form> form() {
        List<Column> columns = input.columns();
        Column first = columns.get(0);
        boolean flat = columns.stream().allMatch(column -> column.ndim() == 0);
        if (flat && columns.size() == 1 && trailing.ndim() == 0) {
            return Optional.of(Form.ITEM);
        } else if (flat && trailing.ndim() == 1 && trailing.dim(0) == columns.size()) {
            return Optional.of(columns.size() == 1 ? Form.ITEM_2D : Form.COLUMNS);
        } else if (columns.size() == 1 && first.ndim() > 0 && first.ndim() == trailing.ndim()) {
            return Optional.of(Form.ROW);
        }
        return Optional.empty();
    }

    private List<Column> placed(Form form) {
        List<Integer> lengths = form == Form.ROW
                ? LongStream.of(trailing.toArray()).mapToObj(Math::toIntExact).toList()
                : null;
        List<Column> placed = new ArrayList<>();
        for (Column column : input.columns()) {
            placed.add(new Column(
                    column.name(),
                    column.field(),
                    column.ordinal(),
                    column.type(),
                    column.nullable(),
                    array.dtype(),
                    column.ndim(),
                    lengths));
        }
        return placed;
    }

    private IllegalArgumentException misfit() {
        String columns = trailing.ndim() == 0 ? "one column" : trailing.dim(0) + " columns";
        String rows = "ARRAYs, " + trailing.ndim() + " inside each other";
        return new IllegalArgumentException("Cannot write columns " + input.shown() + " into rows of shape " + trailing
                + " of " + array.dtype() + ": expected "
                + (trailing.ndim() < 2
                        ? columns + (trailing.ndim() == 0 ? "" : ", or one of " + rows)
                        : "one of " + rows));
    }

    private WrittenSchema ofForm(Form form, List<Column> columns, RecordDType record) {
        return new WrittenSchema(
                form,
                columns,
                record,
                array.order(),
                array.columnNames(),
                array.layout(),
                input.rowColumn(),
                input.values());
    }

    private void checkOptions(WrittenSchema schema) {
        for (Column column : schema.columns()) {
            DType given = input.dtypes().get(column.name());
            if (given != null && !given.equals(column.dtype()) && !given.equals(column.element())) {
                throw contradiction("columnDtypes='" + column.name() + " " + given + "'", column.dtype());
            }
        }
    }

    private static IllegalArgumentException contradiction(String option, Object found) {
        return new IllegalArgumentException("Cannot write with " + option + " into the array that is there: found "
                + found + ", expected the same; leave the option out, or overwrite the array");
    }
}
