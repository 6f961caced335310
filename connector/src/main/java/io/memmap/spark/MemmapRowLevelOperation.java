package io.memmap.spark;

import io.memmap.format.ArrayFile;
import io.memmap.format.Manifest;
import io.memmap.spark.failure.Entry;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.options.OptionUse.Operation;
import io.memmap.spark.read.DescribedTable;
import io.memmap.spark.schema.ColumnMatch;
import io.memmap.spark.schema.MetadataColumns;
import io.memmap.spark.write.MemmapDeltaWriteBuilder;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.spark.write.UpdatedArray;
import io.memmap.storage.ManifestAbove;
import io.memmap.storage.Recovery;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.DeltaWriteBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.RowLevelOperationInfo;
import org.apache.spark.sql.connector.write.SupportsDelta;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * UPDATE and MERGE, NumPy's {@code r+}: of the rows that Spark hands over by their position only the elements that changed
 * are written. Driver side.
 */
record MemmapRowLevelOperation(MemmapCatalogTable table, Command command, WriteContext context, UpdatedArray array)
        implements SupportsDelta {

    /**
     * Looks at the array.
     *
     * @throws UnsupportedOperationException saying why, when its rows cannot be changed like this
     */
    static MemmapRowLevelOperation of(MemmapCatalogTable table, RowLevelOperationInfo info) throws IOException {
        if (info.command() == Command.DELETE) {
            throw RowDelete.refusal(table);
        }
        MemmapOptions options = table.options(info.options(), Operation.CHANGE);
        SessionSettings session = SessionSettings.active();
        WriteContext context = session.writeContext(options);
        settle(context);
        DescribedTable described = session.describe(options, table.schema());
        String task = "Cannot " + (info.command() == Command.MERGE ? "merge into " : "update ") + table.name();
        if (described.arrays().isSideBySide()) {
            UpdatedArray.checkWritable(described.arrays());
            throw new UnsupportedOperationException(task + ": it is arrays side by side, "
                    + described.arrays().names()
                    + ", which do not change in one step, expected one array; UPDATE the files of a column by their own"
                    + " paths"
                    + (takesRows(context)
                            ? ", add whole rows by INSERT, or write all rows anew by INSERT OVERWRITE"
                            : ""));
        }
        int files = described.array().shards().size();
        ArrayFile file = described.array().first();
        if (!described.options().partitions().isEmpty()) {
            throw new UnsupportedOperationException(task + ": it has partition columns,"
                    + " expected a file; update the files one by one, the first is "
                    + file.path());
        }
        if (files > 1) {
            throw new UnsupportedOperationException(task + ": it is " + files
                    + " files, which do not change in one step, expected one; update them one by one, the first is "
                    + file.path());
        }
        if (info.command() == Command.MERGE && options.get(OptionKey.TRANSPOSE)) {
            throw new UnsupportedOperationException(task
                    + ": it is read with transpose, and new rows of it are no rows of the file, expected the array as it"
                    + " is stored; use a catalog without this option, or UPDATE");
        }
        checkNoShard(task, file, context, info.command());
        boolean hidden = Arrays.stream(table.schema().fieldNames())
                .anyMatch(name -> ColumnMatch.same(name, MetadataColumns.ROW, context.caseSensitive()));
        if (hidden) {
            throw new UnsupportedOperationException(task + ": it has a column named "
                    + MetadataColumns.ROW + ", which hides the position of its rows, expected another name; set "
                    + "columnNames, or use df.write with rowColumn and update=true");
        }
        UpdatedArray array = UpdatedArray.of(
                described.array(),
                described.schema(),
                described.options(),
                table.schema(),
                options,
                new DecodedRows(file, described.bind(table.schema()), context.settings()));
        return new MemmapRowLevelOperation(table, info.command(), context, array);
    }

    /** Its rows are read before they are written, so that a change which a dead writer left half done ends first. */
    private static void settle(WriteContext context) throws IOException {
        for (String path : context.options().paths()) {
            String absolute = Storage.absolute(path, context.settings());
            Storage storage = Storage.of(absolute, context.settings());
            Recovery.settle(
                    storage,
                    storage.real(absolute),
                    context.spark().applicationId(),
                    context.options().get(OptionKey.BREAK_LOCK));
        }
    }

    /** Returns true for columns side by side under one manifest, and false for those that a sidecar or an option names. */
    private static boolean takesRows(WriteContext context) throws IOException {
        String path = Storage.absolute(context.options().paths().get(0), context.settings());
        return Storage.of(path, context.settings()).exists(path + "/" + Manifest.NAME);
    }

    /** Only a directory's own writes keep its manifest, which tells the rows of each shard. */
    private static void checkNoShard(String task, ArrayFile file, WriteContext context, Command command)
            throws IOException {
        Storage storage = Storage.of(file.path(), context.settings());
        String directory = Storage.parent(storage.real(file.path()));
        boolean shard = ManifestAbove.isIn(storage, directory, storage.real(file.path()));
        Optional<String> listed = shard ? Optional.of(directory) : ManifestAbove.of(storage, directory);
        if (listed.isEmpty()) {
            return;
        }
        String given = Storage.absolute(context.options().paths().get(0), context.settings());
        if (shard && storage.exists(given) && storage.stat(given).directory()) {
            throw new UnsupportedOperationException(
                    task + ": it is a directory of shards, expected a file; update the shard itself, " + file.path());
        }
        if (command == Command.MERGE) {
            throw new UnsupportedOperationException(task + ": " + listed.get()
                    + " lists it with its number of rows, expected a file of its own; use UPDATE to change rows,"
                    + " or append to the directory");
        }
    }

    @Override
    public String description() {
        return command + " " + table.name();
    }

    /** Shown in plans. */
    @Override
    public String toString() {
        return description();
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
        return table.newScanBuilder(options);
    }

    /** The row, or in {@code layout=elements} the position on each axis. */
    @Override
    public NamedReference[] rowId() {
        if (array.axes().isEmpty()) {
            return new NamedReference[] {Expressions.column(MetadataColumns.ROW)};
        }
        return array.axes().stream()
                .map(ordinal -> table.schema().fieldNames()[ordinal])
                .map(name -> Expressions.column("`" + name.replace("`", "``") + "`"))
                .toArray(NamedReference[]::new);
    }

    @Override
    public DeltaWriteBuilder newWriteBuilder(LogicalWriteInfo info) {
        Entry.run(() -> table.checkResolved(info.schema()));
        return new MemmapDeltaWriteBuilder(context, array, info.queryId());
    }
}
