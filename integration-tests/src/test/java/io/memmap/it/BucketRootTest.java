package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole bucket as a table. The path of a root ends in a slash, unlike that of any other directory. */
class BucketRootTest {
    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private RunningS3 s3;
    private FileSystem fileSystem;
    private String root;

    @BeforeEach
    void start() throws Exception {
        s3 = RunningS3.start(directory.resolve("s3.log"));
        root = s3.uri() + "/";
        Configuration configuration = new Configuration();
        s3.uncachedSettings().forEach(configuration::set);
        fileSystem = new org.apache.hadoop.fs.Path(root).getFileSystem(configuration);
        for (int p = 0; p < 2; p++) {
            put("p=" + p + "/x.npy", Npy.of("'<i8'", "(2,)").write(directory.resolve("x"), Npy.i8(10 * p, 10 * p + 1)));
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (s3 != null) {
            fileSystem.close();
            s3.close();
        }
    }

    private void put(String key, Path file) throws IOException {
        try (OutputStream out = fileSystem.create(new org.apache.hadoop.fs.Path(root + key))) {
            Files.copy(file, out);
        }
    }

    private Dataset<Row> read(String path, Map<String, String> options) {
        return spark.read()
                .format("memmap")
                .options(s3.settings())
                .options(options)
                .load(path);
    }

    private void assertPartitions() {
        assertThat(read(root, Map.of()).groupBy("p").sum("value").orderBy("p").collectAsList())
                .containsExactly(RowFactory.create(0, 1L), RowFactory.create(1, 21L));
        assertThat(read(root, Map.of()).where("p = 1").count()).isEqualTo(2);
        assertThat(read(root + "p=1", Map.of("basePath", root))
                        .select("value", "p")
                        .orderBy("value")
                        .collectAsList())
                .containsExactly(RowFactory.create(10L, 1), RowFactory.create(11L, 1));
    }

    @Test
    void itsPartitionsAreRead() throws IOException {
        assertPartitions();
        Path manifest = Files.writeString(
                directory.resolve("manifest"),
                "{\"version\": 2, \"dtype\": \"<i8\", \"trailingShape\": [], \"shards\": ["
                        + "{\"name\": \"p=0/x.npy\", \"rows\": 2}, {\"name\": \"p=1/x.npy\", \"rows\": 2}]}");
        put("_memmap.json", manifest);
        assertPartitions();
        assertThat(read(root + "p=1", Map.of()).select("value").orderBy("value").collectAsList())
                .containsExactly(RowFactory.create(10L), RowFactory.create(11L));
    }

    @Test
    void itCannotBeWritten() {
        assertThatThrownBy(() -> spark.range(2)
                        .selectExpr("id AS value", "id AS p")
                        .write()
                        .format("memmap")
                        .options(s3.settings())
                        .mode("append")
                        .partitionBy("p")
                        .save(root))
                .hasMessage(
                        "Cannot write " + root + ": it is the root of a file system, and a write is prepared beside its"
                                + " target, expected a path below it, as in " + root + "name");
        assertPartitions();
    }
}
