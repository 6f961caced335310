package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;

/** Saves after which nothing hidden or open is left. */
abstract class Saves extends SqlStatements {
    final SparkSession spark = SharedSpark.session();

    @AfterEach
    final void nothingIsLeftOver() throws IOException {
        OpenFiles.assertNoneBelow(directory);
        assertThat(SavedFiles.names(directory)).noneMatch(name -> name.startsWith("."));
    }

    static DataFrameWriter<Row> writer(Dataset<Row> rows, String... options) {
        DataFrameWriter<Row> writer = rows.write().format("memmap");
        for (String option : options) {
            String[] pair = option.split("=", 2);
            writer.option(pair[0], pair[1]);
        }
        return writer;
    }

    Dataset<Row> read(Path path) {
        return spark.read().format("memmap").load(path.toString());
    }
}
