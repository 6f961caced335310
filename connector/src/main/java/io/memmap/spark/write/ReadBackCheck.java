package io.memmap.spark.write;

import io.memmap.dtype.DType;
import io.memmap.dtype.RecordDType;
import io.memmap.format.ColumnArray;
import io.memmap.format.NpzArchive;
import io.memmap.format.ReadBack;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.write.WriteKind.InPlace;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Parses in thought what a write will leave. Driver only. */
record ReadBackCheck(PlannedWrite plan, MemmapOptions options) {

    /**
     * Refuses, before anything is touched, an array whose files could not be read again.
     *
     * @throws IllegalArgumentException naming the target
     */
    void check(WrittenArray array) throws IOException {
        if (plan.kind() instanceof InPlace) {
            return;
        }
        WriteTarget target = plan.target();
        if (!target.file()) {
            ReadBack.checkManifest(target.path(), array.manifest(List.of()));
        }
        if (plan.schema().isSideBySide()) {
            List<ColumnArray> columns = ColumnArray.of((RecordDType) array.dtype());
            if (target.container()) {
                NpzArchive.checkNames(
                        target.path(), columns.stream().map(ColumnArray::name).toList());
            } else {
                checkDirectories(columns);
            }
            columns.forEach(column -> checkHeader(column.dtype(), column.shape(0), array.order()));
        } else if (target.raw()) {
            ReadBack.checkSidecar(target.path(), array.sidecar(0, 0).orElseThrow());
        } else {
            checkHeader(array.dtype(), array.shape(0), array.order());
        }
    }

    /** A directory is copied to file systems that do not tell cases apart. */
    private void checkDirectories(List<ColumnArray> columns) throws IOException {
        Map<String, String> seen = new HashMap<>();
        for (ColumnArray column : columns) {
            String directory = column.directory();
            String other = seen.put(directory.toLowerCase(Locale.ROOT), column.name());
            if (other != null) {
                throw new IllegalArgumentException(
                        "Cannot write " + plan.target().path() + ": the directories of columns '" + other + "' and '"
                                + column.name() + "' would differ in case only; rename one with columnNames");
            }
            String name = directory.substring(0, directory.length() - 1);
            plan.storage().checkName(plan.target().path() + "/" + name, "");
        }
    }

    private void checkHeader(DType dtype, Shape shape, Order order) {
        ReadBack.checkHeader(
                plan.target().path(),
                dtype,
                shape,
                order,
                options.get(OptionKey.MAX_HEADER_NBYTES),
                length -> "write a raw file, whose name ends in .dat, or set container=raw for a directory, or make a"
                        + " 2-D array of columns of one dtype with layout=array, or set maxHeaderNbytes="
                        + length
                        + " to write it and to read it");
    }
}
