package io.memmap.spark.write;

import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.schema.ExistingArray;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.spark.write.encode.RowEncoder;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsTruncate;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;

/** Decides on the driver, before any job starts, what a write will make. Nothing that exists is touched. */
public final class MemmapWriteBuilder implements WriteBuilder, SupportsTruncate {
    private final WriteContext context;
    private final LogicalWriteInfo info;
    private boolean overwrite;

    /** What the session brings to a write. */
    public record WriteContext(
            MemmapOptions options, HadoopSettings settings, boolean caseSensitive, String applicationId) {}

    public MemmapWriteBuilder(WriteContext context, LogicalWriteInfo info) {
        this.context = context;
        this.info = info;
    }

    @Override
    public WriteBuilder truncate() {
        overwrite = true;
        return this;
    }

    @Override
    public Write build() {
        WriteTarget target = WriteTarget.of(context.options());
        Storage storage;
        Optional<ExistingTarget> existing;
        try {
            storage = Storage.of(target.path(), context.settings().configuration());
            existing = overwrite ? Optional.empty() : ExistingTarget.of(storage, target, context.settings());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        WrittenSchema schema = schema(existing.flatMap(ExistingTarget::appendable));
        RowEncoder.check(schema);
        return new Write() {
            @Override
            public String description() {
                return "memmap " + target.path();
            }

            @Override
            public BatchWrite toBatch() {
                return new MemmapBatchWrite(context, storage, target, schema, info.queryId(), overwrite);
            }
        };
    }

    private WrittenSchema schema(Optional<ExistingArray> existing) {
        return existing.isPresent()
                ? WrittenSchema.into(existing.get(), info.schema(), context.options(), context.caseSensitive())
                : WrittenSchema.of(info.schema(), context.options(), context.caseSensitive());
    }
}
