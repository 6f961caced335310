package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories of files whose rows cost less than opening them. */
class ManySmallFilesTest {
    private static final int FILES = 300;

    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        for (int i = 0; i < FILES; i++) {
            Npy.doubles(directory.resolve(i + ".npy"), i);
        }
    }

    private Dataset<Row> table(String access) {
        return SharedSpark.session()
                .read()
                .format("memmap")
                .option("access", access)
                .load(directory.toString());
    }

    /** Rows that are decoded while their file is mapped, as Linux lists it. */
    private long mapped(String access) {
        String path = directory.toString();
        SharedSpark.session()
                .udf()
                .register(
                        "mappings",
                        (UDF1<Double, Integer>)
                                value -> OpenFiles.mappingsBelow(Path.of(path)).size(),
                        DataTypes.IntegerType);
        return table(access).filter("mappings(value) > 0").count();
    }

    @Test
    void areReadAndNotMapped() {
        assumeTrue(OpenFiles.known(), "needs Linux's list of mappings");
        assertThat(mapped("auto")).isZero();
        assertThat(mapped("map")).isEqualTo(FILES);
    }

    @Test
    void giveTheSameByEachAccess() throws IOException {
        for (String access : new String[] {"auto", "map", "read"}) {
            assertThat(table(access)
                            .filter("value >= 100")
                            .selectExpr("count(*)", "sum(value)", "min(value)")
                            .collectAsList())
                    .as(access)
                    .hasToString("[[200,39900.0,100.0]]");
            assertThat(table(access)
                            .selectExpr("count(value)", "sum(value)", "max(value)")
                            .collectAsList())
                    .as(access)
                    .hasToString("[[300,44850.0,299.0]]");
        }
        OpenFiles.assertNoneBelow(directory);
    }
}
