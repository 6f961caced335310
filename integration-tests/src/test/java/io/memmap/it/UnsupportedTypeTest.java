package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types that only a newer Spark has, and no array. */
class UnsupportedTypeTest {
    @TempDir
    private Path directory;

    @Test
    void errorsNameTheSourceAndTheColumn() {
        SparkSession spark = SharedSpark.session();
        assumeThat(spark.version()).as("Spark has VARIANT").doesNotStartWith("3.");
        assertThatThrownBy(() -> spark.sql("SELECT id, parse_json('1') AS v FROM range(2)")
                        .write()
                        .format("memmap")
                        .save(directory + "/x"))
                .hasMessageContaining("memmap")
                .hasMessageContaining("`v`")
                .hasMessageContaining("VARIANT")
                .hasMessageNotContaining("@");
    }
}
