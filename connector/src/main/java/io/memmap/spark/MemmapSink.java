package io.memmap.spark;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.write.Measurement;
import io.memmap.spark.write.MemmapWriteBuilder;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The write half of the source, which {@link SaveModes} writes through. Spark makes it by its class name; users say
 * {@code format("memmap")}.
 */
public final class MemmapSink implements TableProvider {
    /** A dict of the dtypes that {@link SaveModes} found in the rows. It is no option of the source. */
    static final String MEASURED_DTYPES = "measuredDtypes";
    /** Given if {@link SaveModes} found nothing at the path, and nothing may be there. It is no option of the source. */
    static final String NEW_PATH = "newPath";

    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        return new StructType();
    }

    @Override
    public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        return Entry.call(() -> new Target(schema, properties));
    }

    /** A place to write to, whatever its schema is now. */
    private static final class Target extends NewTable {
        private final Map<String, String> properties;

        Target(StructType schema, Map<String, String> properties) {
            super(schema, properties.get("path"));
            this.properties = properties;
        }

        @Override
        public String toString() {
            return name();
        }

        @Override
        public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
            return Entry.call(() -> {
                Map<String, String> merged = MemmapOptions.given(properties);
                merged.putAll(MemmapOptions.given(info.options().asCaseSensitiveMap()));
                String measured = merged.remove(MEASURED_DTYPES);
                MemmapWriteBuilder.Target written = merged.remove(NEW_PATH) == null
                        ? MemmapWriteBuilder.Target.PATH
                        : MemmapWriteBuilder.Target.NEW_PATH;
                SessionSettings session = SessionSettings.active();
                MemmapOptions options = session.ofQuery(merged);
                return new MemmapWriteBuilder(
                        session.writeContext(measured == null ? options : withDtypes(options, measured, session)),
                        info,
                        written);
            });
        }

        private static MemmapOptions withDtypes(MemmapOptions options, String measured, SessionSettings session) {
            MemmapOptions found = session.ofQuery(Map.of(OptionKey.COLUMN_DTYPES.name(), measured));
            return Measurement.with(options, found.columnDtypes());
        }
    }
}
