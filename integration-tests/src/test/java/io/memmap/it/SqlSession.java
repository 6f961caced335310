package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A session of its own with the catalog {@code memmap}, whose statements may say {@code @} for a directory. */
final class SqlSession {
    private final SparkSession spark = SharedSpark.session().newSession();
    private final Path directory;

    SqlSession(Path directory) {
        this.directory = directory;
        spark.conf().set("spark.sql.catalog.memmap", "io.memmap.spark.MemmapCatalog");
    }

    List<Row> sql(String statement) {
        return spark.sql(statement.replace("@", directory.toString())).collectAsList();
    }

    /** The first column of the only row. */
    Object value(String statement) {
        List<Row> rows = sql(statement);
        assertThat(rows).hasSize(1);
        return rows.get(0).get(0);
    }

    SparkSession spark() {
        return spark;
    }

    Path directory() {
        return directory;
    }

    boolean isSpark4() {
        return !spark.version().startsWith("3.");
    }
}
