package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexed datasets by {@code layout=sequences} and {@code layout=documents}: rows of their own lengths. */
class SequencesTest {
    private static final Map<String, String> SEQUENCES = Map.of("layout", "sequences");
    private static final Map<String, String> DOCUMENTS = Map.of("layout", "documents");
    private static final int[] SIZES = {2, 0, 3, 1, 0};

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    private Dataset<Row> read(Map<String, String> options, Object... paths) {
        String[] names = Arrays.stream(paths).map(Object::toString).toArray(String[]::new);
        return spark.read().format("memmap").options(options).load(names);
    }

    private static List<List<Integer>> values(Dataset<Row> rows) {
        List<List<Integer>> values = new ArrayList<>();
        for (Row row : rows.select("value").collectAsList()) {
            values.add(row.getList(0));
        }
        return values;
    }

    @Test
    void positionsAndMetadataColumnsCountSequences() throws IOException {
        Path one = IndexedDataset.write(directory.resolve("a"), SIZES, 0, 5);
        Path two = IndexedDataset.write(directory.resolve("b"), new int[] {4}, 0, 1);
        Dataset<Row> rows = read(SEQUENCES, one, two);
        assertThat(rows.schema().catalogString()).isEqualTo("struct<value:array<int>>");
        assertThat(rows.selectExpr("_row", "_file_row", "right(_file, 5)", "size(value)", "array_max(value)")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[0,0,a.bin,2,1], [1,1,a.bin,0,null], [2,2,a.bin,3,4], [3,3,a.bin,1,5], [4,4,a.bin,0,null],"
                        + " [5,0,b.bin,4,3]]");
        assertThat(values(rows.where("_row >= 2 AND _row < 4"))).containsExactly(List.of(2, 3, 4), List.of(5));
        assertThat(values(rows.where("_row = 5 OR size(value) = 1"))).containsExactly(List.of(5), List.of(0, 1, 2, 3));
        assertThat(values(rows.where("array_contains(value, 3)")))
                .containsExactly(List.of(2, 3, 4), List.of(0, 1, 2, 3));
        assertThat(values(rows.limit(3))).containsExactly(List.of(0, 1), List.of(), List.of(2, 3, 4));
        assertThat(rows.select("_row")
                        .orderBy(rows.col("_row").desc())
                        .limit(2)
                        .collectAsList()
                        .toString())
                .isEqualTo("[[5], [4]]");
        assertThat(rows.groupBy("_file").count().select("count").collectAsList())
                .hasSize(2);
    }

    @Test
    void onlyCountedRowsAreNotRead() throws IOException {
        Path index = IndexedDataset.write(directory.resolve("x"), SIZES, 0, 2, 5);
        Dataset<Row> rows = read(SEQUENCES, index);
        String plan = rows.groupBy().count().queryExecution().executedPlan().toString();
        assertThat(plan).contains("LocalTableScan").doesNotContain("BatchScan");
        assertThat(rows.count()).isEqualTo(5);
        assertThat(rows.where("_row > 2").count()).isEqualTo(2);
        assertThat(read(DOCUMENTS, index).count()).isEqualTo(2);
        assertThat(rows.where("_row >= 3").queryExecution().executedPlan().toString())
                .contains(
                        "/x.bin: container megatron, member tokens, dtype <i4, 5 sequences, order C, 2 rows selected in [3, 5)");
        assertThat(rows.limit(2).queryExecution().executedPlan().toString())
                .contains("2 rows selected in [0, 2)", "pushed [limit 2]");
        assertThat(read(DOCUMENTS, index).queryExecution().executedPlan().toString())
                .contains(", 2 documents, ");
    }

    @Test
    void sqlReadsThemByAViewOrByACatalog() throws IOException {
        Path index = IndexedDataset.write(directory.resolve("x"), SIZES, 0, 2, 5);
        spark.sql("CREATE OR REPLACE TEMPORARY VIEW sequences USING memmap OPTIONS (path '" + index
                + "', layout 'documents')");
        assertThat(spark.sql("SELECT size(value) FROM sequences")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[2], [4]]");
        SparkSession session = new SqlSession(directory).spark();
        session.conf().set("spark.sql.catalog.memmap.layout", "sequences");
        assertThat(session.sql("SELECT size(value) FROM memmap.`" + index + "` WHERE _row > 1")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[3], [1], [0]]");
    }

    @Test
    void documentsAreTheirSequencesTogether() throws IOException {
        Path index = IndexedDataset.write(directory.resolve("x"), SIZES, 0, 0, 3, 3, 5);
        assertThat(values(read(DOCUMENTS, index)))
                .containsExactly(List.of(), List.of(0, 1, 2, 3, 4), List.of(), List.of(5));
        assertThat(values(read(DOCUMENTS, index).where("_row = 3"))).containsExactly(List.of(5));
        assertThat(read(Map.of("member", "sizes"), index).collectAsList().toString())
                .isEqualTo("[[2], [0], [3], [1], [0]]");
        assertThat(read(Map.of("member", "pointers"), index).count()).isEqualTo(5);
        assertThat(read(Map.of("member", "documents"), index).collectAsList().toString())
                .isEqualTo("[[0], [0], [3], [3], [5]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"map", "read"})
    void aSequenceMayBeLargerThanABatch(String access) throws IOException {
        int large = 3 << 18;
        Path index =
                IndexedDataset.write(directory.resolve("x"), new int[] {3, large, 0, 2 * large, 70_000, 1}, 0, 1, 6);
        Map<String, String> options = Map.of("layout", "sequences", "access", access);
        assertThat(read(options, index)
                        .selectExpr("size(value)", "get(value, 0)", "aggregate(value, 0L, (a, b) -> a + b)")
                        .collectAsList()
                        .toString())
                .isEqualTo("[" + sum(0, 3) + ", " + sum(3, large) + ", [0,null,0], " + sum(3 + large, 2 * large) + ", "
                        + sum(3 + 3L * large, 70_000) + ", " + sum(3 + 3L * large + 70_000, 1) + "]");
        Map<String, String> documents = Map.of("layout", "documents", "access", access);
        assertThat(read(documents, index)
                        .selectExpr("size(value)")
                        .collectAsList()
                        .toString())
                .isEqualTo("[[3], [" + (3L * large + 70_001) + "]]");
    }

    private static String sum(long first, long count) {
        return "[" + count + "," + first + "," + (first * count + count * (count - 1) / 2) + "]";
    }

    @Test
    void partitionsAreCutByBytes() throws IOException {
        int[] sizes = new int[20_000];
        Arrays.fill(sizes, 1);
        Arrays.fill(sizes, 19_000, 20_000, 1000);
        sizes[7] = 0;
        Path index = IndexedDataset.write(directory.resolve("x"), sizes, 0, 20_000);
        long total = Arrays.stream(sizes).sum();
        Dataset<Row> rows = read(Map.of("layout", "sequences", "maxPartitionBytes", "400000"), index);
        List<Row> partitions = rows.selectExpr("spark_partition_id() AS p", "size(value) AS n", "_row AS r")
                .groupBy("p")
                .agg(Map.of("n", "sum", "r", "count"))
                .selectExpr("`sum(n)`", "`count(r)`")
                .collectAsList();
        assertThat(partitions).hasSizeBetween(10, 12);
        for (Row partition : partitions) {
            long nbytes = 4 * partition.getLong(0) + 12 * partition.getLong(1);
            assertThat(nbytes).as("%s", partitions).isBetween(360_000L, 420_000L);
        }
        assertThat(rows.selectExpr("sum(size(value))").first().getLong(0)).isEqualTo(total);
        Dataset<Row> some = read(Map.of("layout", "sequences", "minPartitions", "4"), index)
                .where("_row < 10 OR _row BETWEEN 18999 AND 19003 OR _row = 19999");
        assertThat(some.rdd().getNumPartitions()).isEqualTo(4);
        assertThat(some.selectExpr("sum(size(value))", "count(*)").first().toString())
                .isEqualTo("[" + (9 + 1 + 4 * 1000 + 1000) + ",16]");
    }

    @Test
    void manyDirectoriesAreEndToEnd() throws IOException {
        List<List<Integer>> expected = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Path part = Files.createDirectories(directory.resolve("part=" + i));
            int[] sizes = i % 10 == 0 ? new int[0] : new int[] {i % 3, 1};
            IndexedDataset.write(part.resolve("x"), sizes, 0, sizes.length);
            int at = 0;
            for (int size : sizes) {
                expected.add(IntStream.range(at, at + size).boxed().toList());
                at += size;
            }
        }
        Dataset<Row> all = read(SEQUENCES, directory);
        assertThat(all.schema().catalogString()).isEqualTo("struct<value:array<int>,part:int>");
        assertThat(values(all.orderBy("part", "_row"))).isEqualTo(expected);
        assertThat(all.where("part = 5").select("part", "value").collectAsList().toString())
                .contains("[5,")
                .hasSizeGreaterThan(10);
        assertThat(all.count()).isEqualTo(expected.size());
        assertThat(read(SEQUENCES, directory + "/part=1*/*.bin").count()).isEqualTo(20);
    }

    @Test
    void aDatasetMayHaveNoSequences() throws IOException {
        Path index = IndexedDataset.write(directory.resolve("x"), new int[0], 0);
        assertThat(read(SEQUENCES, index).collectAsList()).isEmpty();
        assertThat(read(DOCUMENTS, index).collectAsList()).isEmpty();
        assertThat(read(SEQUENCES, index).count()).isZero();
        Path none = IndexedDataset.writeIndex(directory.resolve("x"), new int[0], new long[0]);
        assertThat(read(DOCUMENTS, none).collectAsList()).isEmpty();
    }

    @Test
    void aSchemaMayAskForOtherTypes() throws IOException {
        Path index = IndexedDataset.write(directory.resolve("x"), SIZES, 0, 5);
        assertThat(spark.read()
                        .schema("tokens ARRAY<BIGINT>")
                        .format("memmap")
                        .options(SEQUENCES)
                        .option("columnNames", "tokens")
                        .load(index.toString())
                        .selectExpr("max(get(tokens, 0) + 10000000000)")
                        .first()
                        .getLong(0))
                .isEqualTo(10_000_000_005L);
        assertThatThrownBy(() -> spark.read()
                        .schema("value INT")
                        .format("memmap")
                        .options(SEQUENCES)
                        .load(index.toString())
                        .collectAsList())
                .hasMessageContaining("Cannot read column 'value' of file:" + directory
                        + "/x.bin: its dtype is <i4, and the schema asks for int, expected array<int>");
    }
}
