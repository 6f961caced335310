package io.memmap.spark;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionUse.Operation;
import io.memmap.spark.options.Redaction;
import io.memmap.spark.read.MemmapScanBuilder;
import io.memmap.spark.read.MemmapScanBuilder.ScanContext;
import io.memmap.spark.schema.MetadataColumns;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.spark.write.MemmapWriteBuilder;
import io.memmap.storage.HeaderBytes;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.connector.catalog.SupportsMetadataColumns;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** Arrays as a table: a schema, and the options to find the files with. Driver side; does no I/O itself. */
class MemmapTable implements SupportsRead, SupportsWrite, SupportsMetadataColumns {
    private final StructType schema;
    private final Map<String, String> properties;
    /** The headers that were read to make this table. The first plan uses them; null after that. */
    private final AtomicReference<HeaderBytes> headers = new AtomicReference<>();
    /** True once its rows are known to be in several files side by side. */
    private volatile boolean sideBySide;

    MemmapTable(StructType schema, Map<String, String> properties) {
        this.schema = schema;
        this.properties = Map.copyOf(MemmapOptions.given(properties));
    }

    /** Keeps what was read of the files to make this table, so that its first plan need not read it again. */
    final void keep(HeaderBytes read) {
        headers.set(read);
    }

    /** Takes down that each of its columns is an array with files of its own. */
    final void keepSideBySide(boolean columns) {
        sideBySide = columns;
    }

    /** Hands over what {@link #keep} got. */
    final HeaderBytes takeHeaders() {
        HeaderBytes kept = headers.getAndSet(null);
        return kept == null ? new HeaderBytes() : kept;
    }

    /** Equal tables read the same rows, so that a query can use what Spark has cached for another. */
    @Override
    public boolean equals(Object other) {
        return other instanceof MemmapTable table
                && table.schema().equals(schema())
                && table.properties.equals(properties);
    }

    @Override
    public int hashCode() {
        return Objects.hash(schema(), properties);
    }

    @Override
    public String name() {
        return Entry.call(() -> "memmap " + path());
    }

    /** Shown in messages of Spark. */
    @Override
    public String toString() {
        return name();
    }

    /** The path that users see. */
    final String path() {
        CaseInsensitiveStringMap options = new CaseInsensitiveStringMap(properties);
        return Stream.of("paths", "path", TableCatalog.PROP_LOCATION)
                .map(options::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("without a path");
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in the Spark that this is compiled against, deprecated in later ones
    public StructType schema() {
        return schema;
    }

    /** The properties that users see. */
    @Override
    public Map<String, String> properties() {
        return Entry.call(() -> {
            Redaction redaction = SessionSettings.active().redaction();
            Map<String, String> shown = new HashMap<>();
            properties.forEach((name, value) -> shown.put(name, redaction.shown(name, value)));
            return shown;
        });
    }

    /** With their secrets. */
    final Map<String, String> stored() {
        return properties;
    }

    @Override
    public Set<TableCapability> capabilities() {
        return Entry.call(() -> SparkTypes.holdsInterval(schema)
                ? Set.of(
                        TableCapability.BATCH_READ,
                        TableCapability.BATCH_WRITE,
                        TableCapability.TRUNCATE,
                        TableCapability.ACCEPT_ANY_SCHEMA)
                : Set.of(TableCapability.BATCH_READ));
    }

    /** Only for what {@link SaveModes} never gets to see: Spark's V1 path refuses intervals. */
    @Override
    public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
        return Entry.call(() -> new MemmapWriteBuilder(
                SessionSettings.active().writeContext(options(info.options(), Operation.CHANGE)), info));
    }

    @Override
    public final MetadataColumn[] metadataColumns() {
        return Entry.call(() -> isSideBySide() ? MetadataColumns.ofSideBySide() : MetadataColumns.all());
    }

    /** Returns true if its options, or what describes its files, put arrays side by side. */
    boolean isSideBySide() {
        return sideBySide
                || !SessionSettings.active().options(properties).columnPaths().isEmpty();
    }

    /** The options of the table, and those of one query on top. */
    final MemmapOptions options(CaseInsensitiveStringMap ofQuery, Operation operation) throws IOException {
        MemmapRecovery.checkNotStored(name(), properties);
        return new QueryOptions(ofQuery.asCaseSensitiveMap(), operation).on(name(), properties);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
        return Entry.call(() -> {
            MemmapOptions parsed = options(options, Operation.READ);
            SessionSettings session = SessionSettings.active();
            CachedReads.planned(this, options);
            return new MemmapScanBuilder(
                    new ScanContext(
                            parsed,
                            session.hadoop(parsed.hadoop()),
                            session.partitionRules(),
                            session.cores(),
                            session.isLocal()),
                    schema(),
                    takeHeaders());
        });
    }
}
