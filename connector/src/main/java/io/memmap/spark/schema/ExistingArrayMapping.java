package io.memmap.spark.schema;

import io.memmap.dtype.DType;
import io.memmap.dtype.RecordDType;
import io.memmap.format.RowLayout;
import io.memmap.layout.Shape;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.schema.WrittenSchema.Column;
import io.memmap.spark.schema.WrittenSchema.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From columns and options to their places in an array that is there. Driver side; used once. */
record ExistingArrayMapping(WrittenInput input, ExistingArray array, boolean update) {
    ExistingArrayMapping(WrittenInput input, ExistingArray array) {
        this(input, array, input.options().get(OptionKey.UPDATE));
    }

    private Shape trailing() {
        return array.trailing();
    }

    WrittenSchema schema() {
        WrittenSchema schema;
        if (array.dtype() instanceof RecordDType record && trailing().ndim() == 0) {
            List<String> fields = record.names();
            List<String> own = array.columnNames().size() == fields.size() ? array.columnNames() : fields;
            Form form = array.isSideBySide() ? Form.SIDE_BY_SIDE : Form.RECORD;
            schema = ofForm(form, NewArrayMapping.fields(record, own, input, update), List.of(), record);
        } else {
            Form form = form().orElseThrow(this::misfit);
            List<String> own = own(form);
            schema = ofForm(form, placed(form, own), form == Form.COLUMNS ? own : List.of(), null);
        }
        checkOptions(schema);
        return schema;
    }

    /** The form of the columns in a row; empty if their types do not fit it. */
    private Optional<Form> form() {
        List<Column> columns = input.columns();
        Column first = columns.get(0);
        boolean flat = columns.stream().allMatch(column -> column.ndim() == 0);
        if (flat && trailing().ndim() == 0) {
            return Optional.of(Form.ITEM);
        } else if (flat
                && trailing().ndim() == 1
                && trailing().dim(0) <= Math.max(columns.size(), ArraySchema.MAX_COLUMNS)) {
            return Optional.of(Form.COLUMNS);
        } else if (columns.size() == 1
                && first.ndim() > 0
                && first.ndim() == trailing().ndim()) {
            return Optional.of(Form.ROW);
        }
        return Optional.empty();
    }

    /** The names that the array's columns have in this form: the recorded ones, else the natural ones. */
    private List<String> own(Form form) {
        int width = form == Form.COLUMNS ? Math.toIntExact(trailing().dim(0)) : 1;
        boolean sameForm = form == Form.ITEM
                || array.layout() == null
                || array.layout() == (form == Form.COLUMNS ? RowLayout.COLUMNS : RowLayout.ARRAY);
        return sameForm && array.columnNames().size() == width
                ? array.columnNames()
                : ArraySchema.naturalNames(form == Form.COLUMNS, width);
    }

    private List<Column> placed(Form form, List<String> own) {
        boolean recorded = own.equals(array.columnNames());
        ColumnMatch match = ColumnMatch.of(own, recorded, input.fields(), input.caseSensitive());
        boolean foreign = match.unknown().size() == input.columns().size();
        if (foreign && !recorded && !update) {
            throw misfit();
        } else if (update ? !match.isPartial() : !match.isComplete()) {
            throw new IllegalArgumentException("Cannot write columns " + input.fields() + " to " + array.path()
                    + ": its columns are " + own + ", " + match.difference() + "; rename the columns with columnNames");
        }
        List<Integer> lengths = form == Form.ROW ? trailing().lengths() : null;
        List<Column> placed = new ArrayList<>();
        for (int i = 0; i < match.positions().size(); i++) {
            Column column = input.columns().get(i);
            placed.add(new Column(
                    column.name(),
                    own.get(match.positions().get(i)),
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
        String columns = trailing().ndim() == 0 ? "one column" : trailing().dim(0) + " columns";
        String rows = "ARRAYs, " + trailing().ndim() + " inside each other";
        return new IllegalArgumentException(
                "Cannot write columns " + input.shown() + " into rows of shape " + trailing()
                        + " of " + array.dtype() + ": expected "
                        + (trailing().ndim() < 2
                                ? columns + (trailing().ndim() == 0 ? "" : ", or one of " + rows)
                                : "one of " + rows));
    }

    private WrittenSchema ofForm(Form form, List<Column> columns, List<String> own, RecordDType record) {
        return new WrittenSchema(
                form,
                columns,
                own,
                record,
                array.order(),
                array.columnNames(),
                array.layout(),
                input.rowColumn(),
                input.partitions(),
                input.values(),
                false);
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
