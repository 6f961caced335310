package io.memmap.spark;

import io.memmap.format.UndescribedFileException;
import io.memmap.spark.failure.Entry;
import io.memmap.spark.options.ColumnNames;
import io.memmap.spark.options.LayoutMode;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.options.OptionUse.Operation;
import io.memmap.spark.read.DescribedTable;
import io.memmap.spark.schema.ArrayColumn;
import io.memmap.spark.schema.ArrayColumn.Extent;
import io.memmap.spark.schema.PartitionColumn;
import io.memmap.spark.schema.PartitionColumns;
import io.memmap.spark.schema.SparkTypes;
import io.memmap.spark.write.MemmapWriteBuilder;
import io.memmap.spark.write.MemmapWriteBuilder.Target;
import io.memmap.storage.HeaderBytes;
import io.memmap.storage.PendingChangeException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.SupportsRowLevelOperations;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.RowLevelOperation.Command;
import org.apache.spark.sql.connector.write.RowLevelOperationBuilder;
import org.apache.spark.sql.connector.write.RowLevelOperationInfo;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A table of a catalog, {@link MemmapCatalog} or Spark's own, which SQL reads, inserts into and updates. Driver side. Spark
 * looks for all of these interfaces on one object.
 */
final class MemmapCatalogTable extends MemmapTable
        implements SupportsWrite, SupportsRowLevelOperations, PartitionListing {
    private static final String PATHS = OptionKey.PATHS.name();

    private final String name;
    /** All parts of its name in statements; null where its catalog does not tell it. */
    private final String quotedName;
    /** The session whose catalog, Spark's own, may have the table. */
    private final WeakReference<SparkSession> session = new WeakReference<>(SparkSession.active());

    private final Map<String, String> shown;
    /** The columns that hold positions in {@code layout=elements}, which identify rows. */
    private final Set<String> axes;

    private final List<PartitionColumn> partitions;
    /** The execution in which Spark has planned a scan of it. Statements share the table of a cached plan. */
    private volatile String planned;

    private volatile Listed listed;

    private record Listed(String execution, PartitionColumns partitions) {}

    private MemmapCatalogTable(
            String name,
            String quotedName,
            StructType schema,
            Map<String, String> options,
            Map<String, String> shown,
            Set<String> axes,
            List<PartitionColumn> partitions) {
        super(schema, options);
        this.name = name;
        this.quotedName = quotedName;
        this.shown = Map.copyOf(shown);
        this.axes = Set.copyOf(axes);
        this.partitions = List.copyOf(partitions);
    }

    /** A table of Spark's own catalog, with its properties. Does no I/O. */
    static MemmapCatalogTable ofSession(StructType schema, Map<String, String> properties) {
        Map<String, String> options = MemmapOptions.given(properties);
        if (options.containsKey(PATHS) && !options.containsKey(TableCatalog.PROP_LOCATION)) {
            // Its path is a directory in Spark's warehouse, where no array is.
            options.remove(OptionKey.PATH.name());
        }
        return new MemmapCatalogTable(null, null, schema, options, Map.of(), possibleAxes(schema, options), List.of());
    }

    /** Returns true for a table with the option {@code paths}. */
    boolean isOfManyPaths() {
        return new CaseInsensitiveStringMap(stored()).containsKey(PATHS);
    }

    /** The file is not read, so these are all columns that may be axes. */
    private static Set<String> possibleAxes(StructType schema, Map<String, String> properties) {
        boolean byElement = SessionSettings.active().options(properties).layout() == LayoutMode.ELEMENTS;
        Set<String> axes = new HashSet<>();
        for (StructField field : schema.fields()) {
            if (field.dataType() instanceof LongType
                    && (byElement || field.name().equals("i" + axes.size()))) {
                axes.add(field.name());
            }
        }
        return axes;
    }

    /** The array that these options describe. */
    static MemmapCatalogTable of(String name, Map<String, String> options) throws IOException {
        MemmapOptions parsed = SessionSettings.active().options(options);
        HeaderBytes headers = new HeaderBytes();
        DescribedTable described;
        try {
            described = describe(parsed, options.get("path"), headers);
        } catch (PendingChangeException e) {
            // ALTER TABLE loads it, to recover it. Reads and writes of it fail.
            return new MemmapCatalogTable(name, null, new StructType(), options, Map.of(), Set.of(), List.of());
        }
        Set<String> axes = described.schema().columns().stream()
                .filter(column -> column.extent() == Extent.INDEX)
                .map(ArrayColumn::name)
                .collect(Collectors.toSet());
        MemmapCatalogTable table = new MemmapCatalogTable(
                name,
                null,
                described.schema().structType(),
                options,
                ShownProperties.of(described, options),
                axes,
                described.options().partitions());
        table.keep(headers);
        table.keepSideBySide(described.isSideBySide());
        return table;
    }

    /**
     * The same table as the target of a write. Spark takes each pushed aggregate for nullable, count(*) too, and then
     * refuses the write into a column that is NOT NULL; the encoders refuse NULL itself.
     */
    MemmapCatalogTable toWrite() {
        MemmapCatalogTable table = new MemmapCatalogTable(
                name, quotedName, SparkTypes.nullable(schema(), axes), stored(), shown, axes, partitions);
        table.keepSideBySide(isSideBySide());
        return table;
    }

    private static DescribedTable describe(MemmapOptions options, String path, HeaderBytes headers) throws IOException {
        try {
            return SessionSettings.active().describe(options, null, headers);
        } catch (UndescribedFileException e) {
            // Spark loads a table before it looks at the options of WITH.
            throw new IOException(
                    e.getMessage() + "; SQL gives options to a temporary view, CREATE TEMPORARY VIEW x USING memmap"
                            + " OPTIONS (path '" + path + "', dtype '<f8'), or to a whole catalog, as in"
                            + " spark.sql.catalog.doubles.dtype=<f8 beside"
                            + " spark.sql.catalog.doubles=io.memmap.spark.MemmapCatalog, and not by WITH",
                    e);
        }
    }

    /** The name as SQL writes it: Spark takes the dots of a name for borders of its parts. */
    @Override
    public String name() {
        return name == null ? super.name() : name;
    }

    /** The same table, which a catalog has by this name. */
    MemmapCatalogTable named(String catalog, Identifier table) {
        MemmapCatalogTable named = new MemmapCatalogTable(
                name, ArrayName.quoted(catalog, table), schema(), stored(), shown, axes, partitions);
        named.keep(takeHeaders());
        named.keepSideBySide(isSideBySide());
        return named;
    }

    /** Empty when that session is no more. */
    Optional<SparkSession> session() {
        return Optional.ofNullable(session.get());
    }

    Optional<String> quotedName() {
        return Optional.ofNullable(quotedName);
    }

    @Override
    public Map<String, String> properties() {
        return shown.isEmpty() ? super.properties() : shown;
    }

    /**
     * A statement that writes to the array that it reads has one table for both, which was loaded to be read. Spark plans a
     * scan when the columns of the write are resolved; that a pushed aggregate makes them nullable does not matter then.
     */
    @Override
    public Set<TableCapability> capabilities() {
        return Entry.call(() -> {
            // In dynamic mode Spark demands OVERWRITE_DYNAMIC of tables without partitions too; all their rows are
            // replaced.
            Set<TableCapability> capabilities = EnumSet.of(
                    TableCapability.BATCH_READ,
                    TableCapability.BATCH_WRITE,
                    TableCapability.TRUNCATE,
                    TableCapability.OVERWRITE_DYNAMIC);
            if (!partitions.isEmpty()) {
                capabilities.add(TableCapability.OVERWRITE_BY_FILTER);
            }
            if (planned != null && planned.equals(SessionSettings.active().execution())) {
                capabilities.add(TableCapability.ACCEPT_ANY_SCHEMA);
            }
            return capabilities;
        });
    }

    @Override
    public List<PartitionColumn> partitionColumns() {
        return partitions;
    }

    /** A statement lists them once: DROP PARTITION asks for each of its partitions whether it is there. */
    @Override
    public PartitionColumns partitionsNow() throws IOException {
        SessionSettings session = SessionSettings.active();
        String execution = session.execution();
        Listed known = listed;
        if (execution == null || known == null || !execution.equals(known.execution)) {
            known = new Listed(
                    execution,
                    session.files(session.options(stored()), null, new HeaderBytes())
                            .partitions());
            listed = known;
        }
        return known.partitions;
    }

    /** The columns of its directories, which statements may name after PARTITION. */
    @Override
    public Transform[] partitioning() {
        return Entry.call(() -> partitions.stream()
                .map(partition -> Expressions.identity(ColumnNames.quoted(partition.name())))
                .toArray(Transform[]::new));
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
        Entry.run(() -> {
            planned = SessionSettings.active().execution();
            checkColumns(options);
        });
        return super.newScanBuilder(options);
    }

    /** Spark resolves a statement's columns before it shows a table the options after WITH. */
    private void checkColumns(CaseInsensitiveStringMap ofQuery) throws IOException {
        if (shown.isEmpty() || ofQuery.isEmpty()) {
            return;
        }
        SessionSettings session = SessionSettings.active();
        MemmapOptions given = session.ofQuery(ofQuery.asCaseSensitiveMap());
        StructType now = session.describe(options(ofQuery, Operation.READ), null)
                .schema()
                .structType();
        if (!now.equals(schema())) {
            throw new IllegalArgumentException("Cannot read " + name() + " WITH " + given
                    + ": its columns would be " + Arrays.asList(now.fieldNames())
                    + ", expected those that Spark already has, "
                    + Arrays.asList(schema().fieldNames())
                    + "; set the option for a whole catalog, as in spark.sql.catalog.elements.layout=elements beside"
                    + " spark.sql.catalog.elements=io.memmap.spark.MemmapCatalog, or use a temporary view");
        }
    }

    /**
     * Returns the write builder for rows that have the columns of this table.
     *
     * @throws IllegalStateException when Spark has not resolved them
     */
    @Override
    public MemmapWriteBuilder newWriteBuilder(LogicalWriteInfo info) {
        return Entry.call(() -> {
            checkResolved(info.schema());
            return new MemmapWriteBuilder(
                    SessionSettings.active().writeContext(options(info.options(), Operation.CHANGE)),
                    info,
                    Target.TABLE,
                    partitions,
                    this::filter);
        });
    }

    private record NoRows(String queryId, StructType schema, CaseInsensitiveStringMap options)
            implements LogicalWriteInfo {}

    @Override
    public MemmapWriteBuilder newEmptyWriteBuilder() {
        return newWriteBuilder(new NoRows(UUID.randomUUID().toString(), schema(), CaseInsensitiveStringMap.empty()));
    }

    /** Refuses rows that do not begin with the columns of this table; row-level operations append metadata columns. */
    void checkResolved(StructType rows) {
        if (!SparkTypes.startsWith(rows, schema())) {
            throw new IllegalStateException("Cannot write to " + name() + ": found rows of " + rows.toDDL()
                    + ", expected " + schema().toDDL() + "; Spark did not resolve the columns of the statement");
        }
    }

    @Override
    public RowLevelOperationBuilder newRowLevelOperationBuilder(RowLevelOperationInfo info) {
        boolean partitionwise = info.command() == Command.DELETE && !partitions.isEmpty();
        return () -> Entry.call(() -> partitionwise ? new RowDelete(this) : MemmapRowLevelOperation.of(this, info));
    }
}
