package io.memmap.spark;

import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A table in a plan that Spark's cache holds. Spark refreshes cached plans by an equal part of a view's plan, so the same
 * relation is made again, as a view. Driver side.
 */
record CachedRelation(SparkSession session, MemmapTable table, CaseInsensitiveStringMap options) {

    /** Makes Spark forget the cached rows of all plans that read the table. */
    void refresh() {
        Dataset<Row> relation = session.read()
                .format(MemmapDataSource.class.getName())
                .schema(table.schema())
                .options(options.asCaseSensitiveMap())
                .load();
        refreshThrough(relation);
        refreshThrough(relation.selectExpr(withMetadata()));
    }

    private void refreshThrough(Dataset<Row> relation) {
        String view = "memmap_cached_" + UUID.randomUUID().toString().replace('-', '_');
        relation.createOrReplaceTempView(view);
        try {
            session.catalog().refreshTable(view);
        } finally {
            // Catalog.dropTempView would drop what is cached, too.
            session.sql("DROP VIEW " + view);
        }
    }

    /**
     * All columns, with those that a plan has as soon as it names one of the metadata columns. Spark leaves a projection
     * out of the comparison if it casts each column to the type that it has.
     */
    private String[] withMetadata() {
        boolean caseSensitive = new SessionSettings(session).caseSensitive();
        Stream<String> data = Arrays.stream(table.schema().fields()).map(field -> cast(field.name(), field.dataType()));
        Stream<String> metadata = Arrays.stream(table.metadataColumns())
                .filter(column -> Arrays.stream(table.schema().fieldNames())
                        .noneMatch(name ->
                                caseSensitive ? name.equals(column.name()) : name.equalsIgnoreCase(column.name())))
                .map(column -> cast(column.name(), column.dataType()));
        return Stream.concat(data, metadata).toArray(String[]::new);
    }

    private static String cast(String column, DataType type) {
        String name = "`" + column.replace("`", "``") + "`";
        return "CAST(" + name + " AS " + type.sql() + ") AS " + name;
    }
}
