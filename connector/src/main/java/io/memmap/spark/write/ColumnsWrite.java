package io.memmap.spark.write;

import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.options.OptionUse.Operation;
import io.memmap.spark.schema.ExistingArray;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.spark.write.ExistingTarget.Columns;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/** Writes of rows to columns that are there side by side, an array each. Driver only. */
final class ColumnsWrite {
    private static final List<OptionKey<?>> OF_ONE_ARRAY =
            List.of(OptionKey.DTYPE, OptionKey.SHAPE, OptionKey.ORDER, OptionKey.PARTITION_BY, OptionKey.ROW_COLUMN);

    private ColumnsWrite() {}

    /**
     * Plans an append, or rows that replace all that are there.
     *
     * @throws IllegalArgumentException when the options or columns do not fit
     */
    static PlannedWrite plan(
            WriteContext context, StructType rows, WriteTarget target, ExistingTarget found, Replaced replaced)
            throws IOException {
        MemmapOptions options = context.options();
        options.checkedFor(Operation.CHANGE);
        if (options.layout() != LayoutMode.SIDE_BY_SIDE && options.layout() != LayoutMode.AUTO) {
            throw refused(target, "layout=" + options.layout().toString().toLowerCase(Locale.ROOT));
        }
        for (OptionKey<?> key : OF_ONE_ARRAY) {
            if (options.isGiven(key)) {
                throw refused(target, "option " + key);
            }
        }
        WriteTarget like = target.like(found.sideBySide().map(Columns::first), options.without(OptionKey.CONTAINER));
        if (options.get(OptionKey.CONTAINER).isPresent() && target.raw() != like.raw()) {
            throw refused(target, "container=" + target.format().name());
        }
        ExistingArray there = found.existing(target.path()).orElseThrow();
        WrittenSchema schema = WrittenSchema.into(there, rows, options, context.caseSensitive())
                .in(like.format());
        Storage storage = Storage.of(target.path(), context.settings());
        Optional<ExistingArray> extended = replaced == Replaced.NONE ? Optional.of(there) : Optional.empty();
        return new PlannedWrite(like, storage, schema, Map.of(), replaced, extended, like.kind(options));
    }

    private static IllegalArgumentException refused(WriteTarget target, String option) {
        return new IllegalArgumentException("Cannot write to " + target.path() + " with " + option
                + ": its columns are side by side, an array each, expected no such option; leave it out, or overwrite the"
                + " table");
    }

    /**
     * Refuses columns side by side for an array that is there.
     *
     * @throws IllegalArgumentException naming the target
     */
    static void checkOneArray(WriteTarget target, MemmapOptions options) {
        if (options.layout() == LayoutMode.SIDE_BY_SIDE) {
            throw new IllegalArgumentException("Cannot write to " + target.path()
                    + " with layout=sideBySide: what is there is one array, expected no layout; overwrite it, or choose"
                    + " another path");
        }
    }
}
