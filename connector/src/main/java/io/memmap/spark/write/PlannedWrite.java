package io.memmap.spark.write;

import io.memmap.format.Agreement;
import io.memmap.format.ArrayFile;
import io.memmap.format.Claims;
import io.memmap.format.ShardedArray;
import io.memmap.format.Sidecar;
import io.memmap.format.UndescribedFileException;
import io.memmap.layout.Order;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.options.OptionUse.Operation;
import io.memmap.spark.options.ShapeOption;
import io.memmap.spark.schema.ExistingArray;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.spark.write.MemmapWriteBuilder.Target;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.spark.write.WriteKind.Appended;
import io.memmap.spark.write.WriteKind.ByIndex;
import io.memmap.spark.write.WriteKind.InPlace;
import io.memmap.spark.write.WriteKind.Members;
import io.memmap.spark.write.WriteKind.Placed;
import io.memmap.spark.write.WriteKind.Updated;
import io.memmap.spark.write.encode.RowEncoder;
import io.memmap.storage.Publication;
import io.memmap.storage.Recovery;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructType;

/**
 * The plan of a write, made before any job starts. Driver only.
 *
 * @param partitionTypes SQL's names of the types that the manifest declares for partition columns, by their names
 * @param replaced the rows of an existing array whose place the rows take
 * @param extended the array that the rows are appended to; empty if there is none, or it is replaced
 */
record PlannedWrite(
        WriteTarget target,
        Storage storage,
        WrittenSchema schema,
        Map<String, String> partitionTypes,
        Replaced replaced,
        Optional<ExistingArray> extended,
        WriteKind kind) {

    /** Returns true if an existing array is replaced as a whole. */
    boolean overwrite() {
        return replaced == Replaced.ALL;
    }

    /**
     * Holds options, DataFrame and target against each other.
     *
     * @throws IllegalArgumentException when the options or columns do not fit
     * @throws IOException when the target cannot take the rows
     */
    static PlannedWrite of(WriteContext context, StructType dataFrame, Target written, Replaced replaced)
            throws IOException {
        MemmapOptions options = context.options();
        WriteTarget target = WriteTarget.of(options, context.settings());
        Storage storage = Storage.of(target.path(), context.settings());
        boolean table = written == Target.TABLE;
        Optional<ExistingTarget> existing =
                replaced == Replaced.ALL && !table ? Optional.empty() : settled(storage, target, context);
        boolean flat = existing.filter(there -> there.partitionBy().isEmpty()).isPresent();
        if (table && (replaced == Replaced.ALL || (replaced == Replaced.PARTITIONS && flat))) {
            return ofAllRows(context, dataFrame, target, storage, existing);
        }
        if (existing.flatMap(ExistingTarget::sideBySide).isPresent()) {
            return ColumnsWrite.plan(context, dataFrame, target, existing.get(), replaced);
        }
        Optional<ShardedArray> found = existing.flatMap(ExistingTarget::array);
        target = target.like(found, options);
        options = target.describing(options);
        options.checkedFor(found.isPresent() ? Operation.CHANGE : Operation.CREATE);
        checkUpdate(options, target, replaced != Replaced.NONE, found.isPresent());
        String path = target.path();
        Optional<ExistingArray> extended = existing.flatMap(there -> there.existing(path));
        if (extended.isPresent()) {
            options = PartitionAgreement.options(context, options, extended.get());
        }
        if (found.isPresent()) {
            ColumnsWrite.checkOneArray(target, options);
            checkAgrees(target, found.get(), options);
            checkRows(target, extended.get(), options);
        }
        WrittenSchema schema;
        if (extended.isEmpty()) {
            schema = WrittenSchema.of(dataFrame, options, context.caseSensitive());
        } else if (written == Target.TABLE) {
            schema = WrittenSchema.intoTable(found.get(), path, dataFrame, options, context.caseSensitive());
        } else {
            schema = WrittenSchema.into(extended.get(), dataFrame, options, context.caseSensitive());
        }
        schema = schema.in(target.format());
        target.checkPartitions(schema);
        Map<String, String> types = existing.map(ExistingTarget::partitionTypes).orElse(Map.of());
        if (written == Target.NEW_TABLE) {
            types = schema.partitionTypes();
        }
        PartitionAgreement.checkTypes(target, schema, types);
        boolean byIndex = options.rowColumn().isPresent();
        WriteKind kind;
        if (target.file() && found.isPresent()) {
            ArrayFile file = found.get().first();
            kind = byIndex ? new Updated(file) : new Appended(file);
        } else {
            kind = byIndex ? placed(options, target, schema) : target.kind(options);
        }
        // SQL tells partitions apart by their values, as its conditions do.
        Replaced rows = table && replaced == Replaced.PARTITIONS
                ? Replaced.partitions(context.values(schema.partitionColumns()))
                : replaced;
        return new PlannedWrite(target, storage, schema, types, rows, extended, kind);
    }

    /** Compares the options with the array that is there. Changes nothing, and does not end what a dead writer left. */
    static void compare(WriteContext context, StructType columns) throws IOException {
        WriteTarget target = WriteTarget.of(context.options(), context.settings());
        Storage storage = Storage.of(target.path(), context.settings());
        ofAllRows(context, columns, target, storage, found(storage, target, context));
    }

    /**
     * Replaces all rows of an array, whose dtype, order and names stay.
     *
     * @throws IOException when bytes would be lost that are not the array's
     */
    private static PlannedWrite ofAllRows(
            WriteContext context,
            StructType rows,
            WriteTarget named,
            Storage storage,
            Optional<ExistingTarget> existing)
            throws IOException {
        MemmapOptions options = context.options();
        WriteTarget target = named;
        if (existing.flatMap(ExistingTarget::sideBySide).isPresent()) {
            return ColumnsWrite.plan(context, rows, target, existing.get(), Replaced.ALL);
        }
        Optional<ShardedArray> found = existing.flatMap(ExistingTarget::array);
        if (found.isEmpty()) {
            return of(context, rows, Target.PATH, Replaced.ALL);
        }
        target = target.like(found, options);
        for (ArrayFile file : found.get().shards()) {
            GrowingFile.checkNothingBesides(target, storage, file);
        }
        ExistingArray there = existing.get().existing(target.path()).orElseThrow();
        options = PartitionAgreement.options(context, options, there);
        checkAgrees(target, found.get(), options);
        checkRows(target, there, options);
        WrittenSchema schema = WrittenSchema.intoTable(
                        found.get(), target.path(), rows, options, context.caseSensitive())
                .in(target.format());
        return new PlannedWrite(
                target,
                storage,
                schema,
                existing.get().partitionTypes(),
                Replaced.ALL,
                Optional.empty(),
                target.kind(options));
    }

    /** Changes single elements of an array that is there, and may append rows. Only local files change in place. */
    static PlannedWrite ofDelta(WriteContext context, UpdatedArray array) throws IOException {
        ArrayFile file = array.file();
        Storage storage = Storage.of(file.path(), context.settings());
        WriteTarget target = new WriteTarget(file.path(), true, file.format()).real(storage);
        Publication.checkChangeable(storage, target.path());
        return new PlannedWrite(
                target, storage, array.rows(), Map.of(), Replaced.NONE, Optional.empty(), new Appended(file));
    }

    /** The array as it is when a change that its writer left half done has ended. */
    private static Optional<ExistingTarget> settled(Storage storage, WriteTarget target, WriteContext context)
            throws IOException {
        Recovery.settle(
                storage,
                target.path(),
                context.spark().applicationId(),
                context.options().get(OptionKey.BREAK_LOCK));
        return found(storage, target, context);
    }

    /** The array whose rows stay, or are replaced by others of their dtype. The options say nothing about it. */
    private static Optional<ExistingTarget> found(Storage storage, WriteTarget target, WriteContext context)
            throws IOException {
        try {
            return ExistingTarget.of(storage, target, context);
        } catch (UndescribedFileException e) {
            throw new IOException(
                    "Cannot write to " + e.file() + ": it is no .npy file and nothing beside it says what it holds,"
                            + " expected its sidecar " + Sidecar.pathOf(e.file())
                            + "; write into that file "
                            + Sidecar.proposed(
                                    context.options().claims(),
                                    storage.stat(e.file()).fingerprint().nbytes())
                            + ", or make another array of it with mode(\"overwrite\") or CREATE OR REPLACE TABLE",
                    e);
        }
    }

    private static void checkUpdate(MemmapOptions options, WriteTarget target, boolean overwrite, boolean exists) {
        boolean byRow = options.rowColumn().isPresent();
        if (options.get(OptionKey.UPDATE) && (overwrite || !byRow || !exists || !target.file())) {
            throw new IllegalArgumentException("Cannot update " + target.path() + ": "
                    + (overwrite
                            ? "the save mode is overwrite"
                            : !byRow
                                    ? "no rowColumn was given"
                                    : !exists ? "it does not exist" : "it is no single file")
                    + ", expected mode(\"append\"), rowColumn and an existing array file");
        }
        if (byRow && !options.get(OptionKey.UPDATE) && exists) {
            throw new IllegalArgumentException("Cannot append to " + target.path() + " with rowColumn="
                    + options.shown(OptionKey.ROW_COLUMN, options.rowColumn().get())
                    + ": appended rows go to the end, expected no rowColumn; set update=true "
                    + "to change rows that are there");
        }
        if (byRow && !target.file()) {
            throw new IllegalArgumentException("Cannot write " + target.path() + " with rowColumn="
                    + options.shown(OptionKey.ROW_COLUMN, options.rowColumn().get())
                    + ": it is a directory, expected one file, such as a name that ends in "
                    + ".npy");
        }
    }

    /** Compares the options with the array that is there; the rows of a shape are those of a file that is updated. */
    private static void checkAgrees(WriteTarget target, ShardedArray found, MemmapOptions options) throws IOException {
        Claims claims = options.claims();
        Agreement.of(
                "Cannot write to " + target.path(),
                List.of(options.get(OptionKey.UPDATE) ? claims : claims.ofAnyRows(), found.claims()));
    }

    /** With {@code layout=elements} the positions are columns, which no row holds. */
    private static void checkRows(WriteTarget target, ExistingArray existing, MemmapOptions options) {
        if (existing.isByElement() && options.layout() == LayoutMode.AUTO) {
            throw new IllegalArgumentException("Cannot write rows to " + target.path()
                    + ": it is read element by element, as layout=elements, expected an array that is read row by row;"
                    + " set layout=columns or layout=array for whole rows, or use UPDATE to change elements");
        }
    }

    private static Placed placed(MemmapOptions options, WriteTarget target, WrittenSchema schema) {
        ShapeOption shape = options.shape()
                .filter(given -> !given.rowsFromFile())
                .orElseThrow(() -> new IllegalArgumentException("Cannot write " + target.path() + " with rowColumn="
                        + options.shown(
                                OptionKey.ROW_COLUMN, options.rowColumn().orElseThrow())
                        + ": the number of rows is not known, expected the option shape, such as shape=1000"));
        WrittenArray array = resolved(schema, target);
        RowEncoder.fill(array);
        return new Placed(array.placed(shape.given().dim(0)));
    }

    /** The array, where it must be known before there is a row. */
    static WrittenArray resolved(WrittenSchema schema, WriteTarget target) {
        return schema.resolved()
                .orElseThrow(() -> unknownLengths(
                        schema, "create " + target.path() + ": the lengths of its ARRAYs are not known", "1000"));
    }

    /** The array of a DataFrame without rows. */
    WrittenArray resolvedWithoutRows() {
        return schema.resolved()
                .orElseThrow(() -> unknownLengths(
                        schema,
                        "write " + target.path() + ": the DataFrame has no rows that tell the lengths of its ARRAYs",
                        "-1"));
    }

    private static IllegalArgumentException unknownLengths(WrittenSchema schema, String what, String rows) {
        return new IllegalArgumentException("Cannot " + what + ", expected "
                + (schema.isSideBySide() ? "" : "the option shape with one for each, as in shape=" + rows + ",768, or ")
                + "columnDtypes with them" + (schema.isSideBySide() ? "" : " for a record") + ", as in columnDtypes=\""
                + schema.unknown().stream().map(WrittenSchema.Column::sized).collect(Collectors.joining(", "))
                + "\"");
    }

    /**
     * Checks the number of rows that the option {@code shape} gives, if it does, against that of the array.
     *
     * @param before rows that the write leaves as they are
     * @param added rows after them
     */
    void checkRowCount(MemmapOptions options, long before, long added) {
        long rows = kind instanceof ByIndex indexed ? indexed.layout().rowCount() : before + added;
        options.shape()
                .filter(shape -> !shape.rowsFromFile() && shape.given().dim(0) != rows)
                .ifPresent(shape -> {
                    throw new IllegalArgumentException("Cannot write " + target.path() + " with shape=" + shape
                            + ": the array would have " + rows + " rows"
                            + (before == 0 ? "" : ", " + before + " of them from before this write")
                            + ", expected " + shape.given().dim(0) + "; set its first number to -1 to take all rows");
                });
    }

    /** Refuses, before a job starts, a change that cannot be made in place, and a target of the other kind. */
    void checkChange() throws IOException {
        target.checkKind(storage);
        boolean inPlace = kind instanceof InPlace;
        if (target.file() && target.raw() && !inPlace) {
            storage.checkName(target.path(), Sidecar.SUFFIX);
        }
        if (inPlace) {
            Publication.checkChangeable(storage, target.path());
        } else if (kind instanceof ByIndex) {
            storage.checkChangeable(target.path());
        }
        if (schema.order() == Order.F) {
            storage.checkTransposable(target.path());
        }
        if (kind instanceof Members) {
            storage.checkContainer(target.path());
        }
        if (target.file() && !inPlace) {
            target.checkNoShard(storage);
        }
        if (kind instanceof Appended appended) {
            GrowingFile.checkAppend(target.path(), storage, appended.file());
            target.checkNotListed(storage);
        }
    }
}
