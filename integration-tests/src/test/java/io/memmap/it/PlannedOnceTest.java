package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.format.ArrayFormat;
import io.memmap.format.Manifest;
import io.memmap.spark.MemmapCatalog;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.SupportsPartitionManagement;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A query reads each header once, and cuts its rows into partitions once. */
class PlannedOnceTest {
    private static final int PARTITIONS = 12;

    @TempDir
    Path directory;

    private final SparkSession spark = SharedSpark.session();

    @BeforeEach
    void writeFiles() throws IOException {
        Npy.doubles(directory.resolve("t/0.npy"), 1, 2, 3);
        Npy.doubles(directory.resolve("t/1.npy"), 4, 5);
        CountedFileSystem.reset();
    }

    private Dataset<Row> load(String name) {
        return spark.read()
                .format("memmap")
                .option(CountedFileSystem.OPTION, CountedFileSystem.class.getName())
                .load("counted:" + directory.resolve(name));
    }

    /** The second opening is that of the task that reads the values. */
    @Test
    void readsEachHeaderOfASumOnce() {
        assertThat(load("t").groupBy().sum("value").head().getDouble(0)).isEqualTo(15);
        assertThat(CountedFileSystem.opened()).isEqualTo(Map.of("0.npy", 2, "1.npy", 2));
        assertThat(CountedFileSystem.located()).isEqualTo(Map.of("0.npy", 1, "1.npy", 1));
    }

    @Test
    void readsEachHeaderOfRowsOnce() {
        assertThat(load("t").where("value > 2").count()).isEqualTo(3);
        assertThat(CountedFileSystem.opened()).isEqualTo(Map.of("0.npy", 2, "1.npy", 2));
        CountedFileSystem.reset();
        assertThat(load("t").where("value > 2").collectAsList()).hasSize(3);
        assertThat(CountedFileSystem.opened()).isEqualTo(Map.of("0.npy", 2, "1.npy", 2));
        assertThat(CountedFileSystem.located()).isEqualTo(Map.of("0.npy", 1, "1.npy", 1));
    }

    /** A header that was replaced since is read again, and so is each header for each later plan. */
    @Test
    void readsTheHeaderOfAChangedFileAgain() throws IOException {
        Dataset<Row> table = load("t");
        Npy.doubles(directory.resolve("t/1.npy"), 40, 50, 60);
        assertThat(table.groupBy().sum("value").head().getDouble(0)).isEqualTo(156);
        assertThat(CountedFileSystem.opened()).isEqualTo(Map.of("0.npy", 2, "1.npy", 3));
        Npy.doubles(directory.resolve("t/0.npy"), 100);
        assertThat(table.groupBy().sum("value").head().getDouble(0)).isEqualTo(250);
    }

    @Test
    void readsEachHeaderOfPartitionsOnce() throws IOException {
        Npy.doubles(directory.resolve("p/k=1/a.npy"), 1, 2);
        Npy.doubles(directory.resolve("p/k=2/b.npy"), 3, 4);
        Npy.doubles(directory.resolve("p/k=3/c.npy"), 5, 6);
        assertThat(load("p").where("k = 2 AND value > 3").collectAsList()).hasSize(1);
        assertThat(CountedFileSystem.opened()).isEqualTo(Map.of("a.npy", 1, "b.npy", 2));
    }

    /** Each cut asks for numbers of the index; on an object store a request takes as long as some MiB. */
    @Test
    void readsASmallIndexByOneRequestHoweverManyPartitionsItCuts() throws IOException {
        int[] sizes = IntStream.range(0, 40_000).map(i -> i % 100).toArray();
        IndexedDataset.write(directory.resolve("x"), sizes, 0, sizes.length);
        List<Integer> opened = new ArrayList<>();
        for (int partitions : new int[] {2, 40}) {
            CountedFileSystem.reset();
            Dataset<Row> rows = spark.read()
                    .format("memmap")
                    .option(CountedFileSystem.OPTION, CountedFileSystem.class.getName())
                    .option("layout", "sequences")
                    .option("minPartitions", partitions)
                    .load("counted:" + directory.resolve("x.idx"));
            assertThat(rows.rdd().getNumPartitions()).isEqualTo(partitions);
            opened.add(CountedFileSystem.opened().get("x.idx"));
        }
        assertThat(opened.get(1)).isEqualTo(opened.get(0));
    }

    private void savePartitions() {
        Dataset<Row> rows = spark.range(PARTITIONS).selectExpr("id AS value", "id AS k");
        rows.write()
                .format("memmap")
                .partitionBy("k")
                .save(directory.resolve("t/all").toString());
    }

    @Test
    void readsAManifestOnceHoweverManyOfItsPartitionsAreNamed() {
        savePartitions();
        CountedFileSystem.reset();
        assertThat(load("t/all/k=7").count()).isEqualTo(1);
        Map<String, Integer> ofOne = CountedFileSystem.opened();
        CountedFileSystem.reset();
        assertThat(load("t/all/k=*").count()).isEqualTo(PARTITIONS);
        assertThat(CountedFileSystem.opened().get(Manifest.NAME)).isEqualTo(ofOne.get(Manifest.NAME));
    }

    @Test
    void aStatementListsThePartitionsOnceHoweverManyItNames() {
        savePartitions();
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.catalog.counted", "io.memmap.spark.MemmapCatalog");
        session.conf().set("spark.sql.catalog.counted." + CountedFileSystem.OPTION, CountedFileSystem.class.getName());
        List<Map<String, Integer>> listed = new ArrayList<>();
        for (int missing : new int[] {1, 5}) {
            CountedFileSystem.reset();
            String partitions = IntStream.range(100, 100 + missing)
                    .mapToObj(k -> "PARTITION (k=" + k + ")")
                    .collect(Collectors.joining(", "));
            assertThatThrownBy(() -> session.sql(
                            "ALTER TABLE counted.`counted:" + directory + "/t/all` DROP " + partitions + " PURGE"))
                    .hasMessageContaining("PARTITIONS_NOT_FOUND");
            listed.add(CountedFileSystem.listed());
        }
        assertThat(listed.get(0)).isNotEmpty();
        assertThat(listed.get(1)).isEqualTo(listed.get(0));
    }

    @Test
    void partitionsAreListedAnewForEachStatementAndOutsideOfThem() throws Exception {
        Path all = directory.resolve("t/all");
        savePartitions();
        MemmapCatalog catalog = new MemmapCatalog();
        catalog.initialize("c", CaseInsensitiveStringMap.empty());
        SupportsPartitionManagement table = (SupportsPartitionManagement)
                catalog.loadTable(Identifier.of(new String[] {all.getParent().toString()}, "all"));
        try {
            for (String execution : new String[] {null, "one", "two", null}) {
                spark.sparkContext().setLocalProperty("spark.sql.execution.id", execution);
                int before = table.listPartitionIdentifiers(new String[0], InternalRow.empty()).length;
                spark.sparkContext().setLocalProperty("spark.sql.execution.id", null);
                spark.range(1)
                        .selectExpr("id AS value", before + "L AS k")
                        .write()
                        .format("memmap")
                        .mode("append")
                        .partitionBy("k")
                        .save(all.toString());
                spark.sparkContext().setLocalProperty("spark.sql.execution.id", execution);
                assertThat(table.listPartitionIdentifiers(new String[0], InternalRow.empty()))
                        .hasSize(execution == null ? before + 1 : before);
            }
        } finally {
            spark.sparkContext().setLocalProperty("spark.sql.execution.id", null);
        }
    }

    /** Loading and each query search once. The header that says the columns is kept for the first query. */
    @Test
    void listsEachPartitionOnce() throws IOException {
        Map<String, Integer> once = new HashMap<>(Map.of("p", 1));
        Map<String, Integer> all = new HashMap<>();
        for (int i = 0; i < PARTITIONS; i++) {
            Npy.doubles(directory.resolve("p/k=" + i + "/" + i + ".npy"), i);
            once.put("k=" + i, 1);
            all.put(i + ".npy", 2);
        }
        Dataset<Row> table = load("p");
        assertThat(CountedFileSystem.listed()).isEqualTo(once);
        assertThat(CountedFileSystem.opened()).isEqualTo(Map.of("0.npy", 1));
        CountedFileSystem.reset();
        assertThat(table.where("k = 7").select("value").collectAsList()).hasSize(1);
        assertThat(CountedFileSystem.listed()).isEqualTo(once);
        assertThat(CountedFileSystem.opened()).isEqualTo(Map.of("7.npy", 2));
        CountedFileSystem.reset();
        assertThat(table.where("k > value - 1").count()).isEqualTo(PARTITIONS);
        assertThat(CountedFileSystem.listed()).isEqualTo(once);
        assertThat(CountedFileSystem.opened()).isEqualTo(all);
    }

    @Test
    void readsTheManifestOfPartitionsOnce() {
        String path = directory.resolve("p").toString();
        spark.range(0, PARTITIONS, 1, 1)
                .selectExpr("id AS value", "id AS k")
                .write()
                .format("memmap")
                .partitionBy("k")
                .save(path);
        CountedFileSystem.reset();
        Dataset<Row> table = load("p");
        assertListedOnce();
        assertThat(CountedFileSystem.opened()).hasSize(2).containsValues(1, 1);
        CountedFileSystem.reset();
        assertThat(table.where("k = 7").select("value").collectAsList()).hasSize(1);
        assertListedOnce();
        assertThat(CountedFileSystem.opened()).hasSize(2).containsEntry("_memmap.json", 1);
    }

    private static void assertListedOnce() {
        assertThat(CountedFileSystem.listed()).hasSize(1 + PARTITIONS);
        assertThat(CountedFileSystem.listed().values()).containsOnly(1);
        assertThat(CountedFileSystem.opened()).containsEntry("_memmap.json", 1);
    }

    /** Counts searches of the jars for formats. */
    private static final class CountedLoader extends ClassLoader {
        private final AtomicInteger searches = new AtomicInteger();

        CountedLoader(ClassLoader parent) {
            super(parent);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            if (name.equals("META-INF/services/" + ArrayFormat.class.getName())) {
                searches.incrementAndGet();
            }
            return super.getResources(name);
        }
    }

    /** Two tables need one open each, and as many searches of the jars as one table. */
    @Test
    void readsEachHeaderOfShownTablesOnce() throws IOException {
        Npy.doubles(directory.resolve("one/2.npy"), 1);
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.catalog.counted", MemmapCatalog.class.getName());
        session.conf().set("spark.sql.catalog.counted." + CountedFileSystem.OPTION, CountedFileSystem.class.getName());
        int ofOne = searchesToShow(session, "one", "2.npy");
        assertThat(searchesToShow(session, "t", "0.npy", "1.npy")).isEqualTo(ofOne);
        assertThat(CountedFileSystem.opened()).isEqualTo(Map.of("0.npy", 1, "1.npy", 1, "2.npy", 1));
    }

    private int searchesToShow(SparkSession session, String name, String... tables) {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        CountedLoader loader = new CountedLoader(before);
        Thread.currentThread().setContextClassLoader(loader);
        try {
            assertThat(session.sql("SHOW TABLES IN counted.`counted:" + directory.resolve(name) + "`")
                            .collectAsList())
                    .extracting(row -> row.getString(1))
                    .containsExactly(tables);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        return loader.searches.get();
    }
}
