package io.memmap.spark.write;

import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.write.encode.RowEncoder;
import io.memmap.storage.HadoopSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
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
        try {
            PlannedWrite plan = PlannedWrite.of(context, info.schema(), overwrite);
            plan.checkChange();
            RowEncoder.check(plan.schema());
            return plan.layout() == null
                    ? new MemmapWrite(context, plan, info.queryId())
                    : new MemmapWriteByRow(context, plan, info.queryId());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
