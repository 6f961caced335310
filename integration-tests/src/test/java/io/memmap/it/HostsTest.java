package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.Partition;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where tasks are sent to: what a Hadoop file system says about blocks, whichever it is. */
class HostsTest {
    private static final int BLOCK_ROWS = HostedFileSystem.BLOCK_NBYTES / Long.BYTES;
    private static final int ROWS = 4 * BLOCK_ROWS;

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private String numbers() throws IOException {
        Path file = directory.resolve("x.dat");
        spark.range(0, ROWS, 1, 2)
                .selectExpr("id AS value")
                .write()
                .format("memmap")
                .save(file.toString());
        return file.toString();
    }

    private DataFrameReader reader() {
        return spark.read()
                .format("memmap")
                .option("fs.hosted.impl", HostedFileSystem.class.getName())
                .option("minPartitions", ROWS / BLOCK_ROWS);
    }

    /** By partition, as Spark's scheduler asks for them. */
    private static List<List<String>> hosts(Dataset<Row> rows) {
        RDD<?> scan = rows.toJavaRDD().rdd();
        while (!scan.dependencies().isEmpty()) {
            scan = scan.dependencies().head().rdd();
        }
        List<List<String>> hosts = new ArrayList<>();
        for (Partition partition : scan.partitions()) {
            String text = scan.preferredLocations(partition).mkString(" ");
            hosts.add(text.isEmpty() ? List.of() : List.of(text.split(" ")));
        }
        return hosts;
    }

    @Test
    void partitionsPreferTheHostsOfTheirBlocks() throws IOException {
        Dataset<Row> rows = reader().load("hosted://" + numbers());
        assertThat(hosts(rows))
                .containsExactly(
                        List.of("ada.invalid", "bob.invalid"),
                        List.of("cyd.invalid"),
                        List.of(),
                        List.of("ada.invalid", "bob.invalid"));
        assertThat(rows.selectExpr("sum(value)").first().getLong(0))
                .isEqualTo(LongStream.range(0, ROWS).sum());
    }

    /** The third block has none but localhost, of the second there is half. */
    @Test
    void theHostWithMostOfTheRowsComesFirst() throws IOException {
        Dataset<Row> rows = reader().option("minPartitions", 1)
                .load("hosted://" + numbers())
                .where("_row >= " + BLOCK_ROWS / 2 + " AND _row < " + 2 * BLOCK_ROWS);
        assertThat(hosts(rows)).containsExactly(List.of("cyd.invalid", "ada.invalid", "bob.invalid"));
    }

    /** Long rows come first: cuts and hosts are those of bytes, not of row numbers. */
    @ParameterizedTest
    @ValueSource(strings = {"sequences", "documents"})
    void sequencesPreferTheHostsOfTheirTokens(String layout) throws IOException {
        int tokens = 4 * HostedFileSystem.BLOCK_NBYTES / Integer.BYTES;
        int[] sizes = new int[4 + 1024];
        Arrays.fill(sizes, 0, 4, tokens / 8);
        Arrays.fill(sizes, 4, sizes.length, tokens / 2 / 1024);
        IndexedDataset.write(
                directory.resolve("text"),
                sizes,
                LongStream.rangeClosed(0, sizes.length).toArray());
        Dataset<Row> rows = reader().option("layout", layout).load("hosted://" + directory.resolve("text.bin"));
        assertThat(hosts(rows)).hasSize(4);
        assertThat(hosts(rows).get(0)).startsWith("ada.invalid", "bob.invalid");
        assertThat(hosts(rows).get(1)).startsWith("cyd.invalid");
        assertThat(hosts(rows).get(3)).startsWith("ada.invalid", "bob.invalid");
        assertThat(rows.selectExpr("sum(size(value))").first().getLong(0)).isEqualTo(tokens);
        assertThat(hosts(reader().option("minPartitions", 1)
                        .option("layout", layout)
                        .load("hosted://" + directory.resolve("text.bin"))
                        .where("_row BETWEEN 2 AND 3")))
                .containsExactly(List.of("cyd.invalid"));
    }

    /** One task reads all of its bytes, which are in the first block. */
    @Test
    void aCompressedMemberPrefersTheHostsOfItsFile() throws IOException {
        Path file = ResourceFile.of("containers").resolveSibling("containers/deflated.npz");
        assertThat(hosts(reader().option("member", "features").load("hosted://" + file)))
                .containsExactly(List.of("ada.invalid", "bob.invalid"));
    }

    @Test
    void localFilesHaveNoHosts() throws IOException {
        assertThat(hosts(reader().load(numbers()))).containsOnly(List.of()).hasSize(ROWS / BLOCK_ROWS);
    }

    @Test
    void mapsOfOtherFileSystemsAreRefused() throws IOException {
        String path = "hosted:" + numbers();
        assertThatThrownBy(() -> reader().option("access", "map").load(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot map " + path + ": only local files can be mapped, expected a path of file:;"
                        + " use access=auto or access=read");
        assertThat(reader().option("access", "read").load(path).count()).isEqualTo(ROWS);
        assertThat(reader().option("access", "auto").load(path).count()).isEqualTo(ROWS);
    }
}
