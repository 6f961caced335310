package io.memmap.spark;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.options.OptionUse.Operation;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.spark.write.ArrayCreation;
import io.memmap.spark.write.MemmapWriteBuilder;
import io.memmap.spark.write.MemmapWriteBuilder.Target;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.StagedTable;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;

/**
 * An array that a statement is creating. Where a query fills it, that write publishes it, in one step, or leaves nothing;
 * where there is no query the commit makes it. Driver side.
 */
final class MemmapStagedTable extends NewTable implements StagedTable {
    private final StructType stated;
    private final Map<String, String> properties;
    private final boolean replace;
    private boolean filled;

    MemmapStagedTable(StructType stated, Map<String, String> properties, boolean replace) {
        super(SparkTypes.withoutLengths(stated), properties.get("path"));
        this.stated = stated;
        this.properties = Map.copyOf(properties);
        this.replace = replace;
    }

    @Override
    public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
        filled = true;
        return Entry.call(() -> {
            MemmapWriteBuilder builder =
                    new MemmapWriteBuilder(context(info.options().asCaseSensitiveMap()), info, Target.NEW_TABLE);
            return replace ? builder.truncate() : builder;
        });
    }

    /** @param ofQuery the options of a DataFrame, on top of the table's */
    private WriteContext context(Map<String, String> ofQuery) throws IOException {
        return SessionSettings.active()
                .writeContext(new QueryOptions(ofQuery, Operation.CREATE).on(name(), properties));
    }

    @Override
    public void commitStagedChanges() {
        if (!filled) {
            Entry.run(() -> {
                checkListed(schema());
                ArrayCreation.of(context(Map.of()), stated, replace).run();
            });
        }
    }

    /** Nothing was touched: the write that failed has removed what it had staged. */
    @Override
    public void abortStagedChanges() {}
}
