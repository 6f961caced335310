package io.memmap.spark;

import io.memmap.spark.options.ColumnNames;
import io.memmap.spark.schema.ColumnMatch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A table in a plan that Spark's cache holds. Spark refreshes cached plans by an equal part of a view's plan, so the same
 * relation is made again, as a view. Driver side.
 */
record CachedRelation(SparkSession session, MemmapTable table, CaseInsensitiveStringMap options) {
    private static final ThreadLocal<MemmapCatalogTable> LOADED = new ThreadLocal<>();

    /** Equal for relations of which one refresh is enough. */
    Object identity() {
        return List.of(table, options, table instanceof MemmapCatalogTable named ? named.quotedName() : "");
    }

    /** Makes Spark forget the cached rows of all plans that read the table. */
    void refresh(SessionTables tables) {
        DataFrameReader reader = session.read().options(options.asCaseSensitiveMap());
        try {
            if (!(table instanceof MemmapCatalogTable named)) {
                refresh(reader.format(MemmapDataSource.class.getName())
                        .schema(table.schema())
                        .load());
            } else if (named.quotedName().isPresent()) {
                LOADED.set(named);
                refresh(reader.table(named.quotedName().get()));
            } else if (named.session().isPresent()) {
                refreshIn(named.session().get(), tables.names(named.session().get(), named));
            }
        } finally {
            LOADED.remove();
        }
    }

    /** Refreshes tables of Spark's own catalog. */
    private void refreshIn(SparkSession owner, List<String> names) {
        CachedRelation owned = new CachedRelation(owner, table, options);
        for (String name : names) {
            owned.refresh(owner.read().options(options.asCaseSensitiveMap()).table(name));
            // Since Spark 4.1 by its name.
            owner.catalog().refreshTable(name);
        }
    }

    /** Refreshes what has this relation in its plan, and what has it with its metadata columns. */
    private void refresh(Dataset<Row> relation) {
        refreshThrough(relation);
        refreshThrough(relation.select(withMetadata()));
    }

    private void refreshThrough(Dataset<Row> relation) {
        String view = "memmap_cached_" + UUID.randomUUID().toString().replace('-', '_');
        relation.createOrReplaceTempView(view);
        try {
            if (table instanceof MemmapCatalogTable named && named.quotedName().isPresent()) {
                // Since Spark 4.1 a view loads its tables anew.
                LOADED.set(named);
            }
            session.catalog().refreshTable(view);
        } finally {
            LOADED.remove();
            // Catalog.dropTempView would drop what is cached, too.
            session.sql("DROP VIEW " + view);
        }
    }

    /**
     * Returns the table that a catalog is to load by this name for a relation that this thread makes, once: when Spark
     * caches a plan again, it loads what the array is now. That may have other columns, or be gone.
     */
    static Optional<MemmapCatalogTable> loaded(String catalog, Identifier name) {
        String quoted = ArrayName.quoted(catalog, name);
        Optional<MemmapCatalogTable> loaded = Optional.ofNullable(LOADED.get())
                .filter(table -> table.quotedName().filter(quoted::equals).isPresent());
        loaded.ifPresent(table -> LOADED.remove());
        return loaded;
    }

    /**
     * All columns, with those that a plan has as soon as it names one of the metadata columns. Spark leaves a projection
     * out of the comparison if it casts each column to the type that it has.
     */
    private Column[] withMetadata() {
        boolean caseSensitive = new SessionSettings(session).caseSensitive();
        Stream<Column> data = Arrays.stream(table.schema().fields()).map(field -> cast(field.name(), field.dataType()));
        Stream<Column> metadata = Arrays.stream(table.metadataColumns())
                .filter(column -> Arrays.stream(table.schema().fieldNames())
                        .noneMatch(name -> ColumnMatch.same(name, column.name(), caseSensitive)))
                .map(column -> cast(column.name(), column.dataType()));
        return Stream.concat(data, metadata).toArray(Column[]::new);
    }

    /** Casts to the type itself and not to its name in SQL, which has none for an ARRAY without nulls. */
    private static Column cast(String column, DataType type) {
        return new Column(ColumnNames.quoted(column)).cast(type).as(column);
    }
}
