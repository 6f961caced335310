package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Partition directories by the ways in which tables are named, made and changed. */
class PartitionTablesTest {
    @TempDir
    Path directory;

    private SqlSession session;

    @BeforeEach
    void setUp() throws IOException {
        session = new SqlSession(directory);
        for (int day = 1; day <= 3; day++) {
            Npy.doubles(directory.resolve("t/year=2026/day=" + day + "/x.npy"), day, -day);
        }
    }

    private Dataset<Row> read(Map<String, String> options, String... paths) {
        String[] whole =
                List.of(paths).stream().map(path -> directory + "/" + path).toArray(String[]::new);
        return session.spark().read().format("memmap").options(options).load(whole);
    }

    private static List<String> rows(Dataset<Row> data) {
        return data.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    @Test
    void isATableOfSql() {
        assertThat(session.sql(
                        "SELECT day, sum(value), count(*) FROM memmap.`@/t` WHERE day > 1 GROUP BY day ORDER BY day"))
                .hasToString("[[2,0.0,2], [3,0.0,2]]");
        assertThat(session.sql("DESCRIBE memmap.`@/t`").toString())
                .startsWith("[[value,double,null], [year,int,null], [day,int,null]");
        assertThat(session.sql("DESCRIBE EXTENDED memmap.`@/t`").toString()).contains("partitions=3");
        assertThat(session.sql("SHOW PARTITIONS memmap.`@/t`"))
                .hasToString("[[year=2026/day=1], [year=2026/day=2], [year=2026/day=3]]");
        assertThat(session.sql("SHOW PARTITIONS memmap.`@/t` PARTITION (day = 2)"))
                .hasToString("[[year=2026/day=2]]");
        assertThatThrownBy(() -> session.sql("ALTER TABLE memmap.`@/t` ADD PARTITION (year = 2026, day = 4)"))
                .hasStackTraceContaining("Cannot add partitions to memmap.")
                .hasStackTraceContaining("expected no ALTER TABLE; use INSERT INTO or INSERT OVERWRITE");
        session.sql("CREATE TEMPORARY VIEW days USING memmap OPTIONS (path '@/t')");
        assertThat(session.value("SELECT max(value) FROM days WHERE day <> 3")).isEqualTo(2.0);
    }

    @Test
    void aContainerOfSeveralMembersIsRefusedUnlessOneIsChosen() throws IOException {
        Path container = Files.createDirectories(directory.resolve("m/p=1")).resolve("x.npz");
        Path member = Npy.doubles(directory.resolve("member.npy"), 4, 5);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(container))) {
            for (String name : List.of("a.npy", "b.npy")) {
                zip.putNextEntry(new ZipEntry(name));
                Files.copy(member, zip);
            }
        }
        assertThatThrownBy(() -> read(Map.of(), "m").collectAsList())
                .hasMessage(
                        "Cannot read file:" + container
                                + " in a partition directory: it has several members, expected one; choose one by the option member");
        assertThat(rows(read(Map.of("member", "b"), "m"))).containsExactly("[4.0,1]", "[5.0,1]");
    }

    @Test
    void isATableOfTheSessionCatalog() {
        session.spark().conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        try {
            session.sql("CREATE TABLE partitioned USING memmap LOCATION '@/t'");
            assertThat(session.sql("SELECT * FROM partitioned WHERE day = 2"))
                    .hasToString("[[2.0,2026,2], [-2.0,2026,2]]");
            session.sql("DROP TABLE partitioned");
            session.sql("CREATE TABLE partitioned (value DOUBLE, day STRING) USING memmap LOCATION '@/t'");
            assertThat(session.sql("SELECT * FROM partitioned WHERE day = '3'")).hasToString("[[3.0,3], [-3.0,3]]");
        } finally {
            session.sql("DROP TABLE IF EXISTS partitioned");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE memmap.`@/t` SET value = 0 WHERE day = 1",
                "DELETE FROM memmap.`@/t` WHERE value = 1",
                "MERGE INTO memmap.`@/t` t USING (SELECT 1.0D AS v) s ON t.value = s.v WHEN MATCHED THEN UPDATE SET value = 0"
            })
    void refusesToChangeIt(String statement) throws IOException {
        byte[] before = Files.readAllBytes(directory.resolve("t/year=2026/day=1/x.npy"));
        assertThatThrownBy(() -> session.sql(statement))
                .hasMessageContaining(
                        statement.startsWith("DELETE") ? "an array has no holes" : "it has partition columns")
                .hasMessageContaining(directory + "/t");
        assertThat(Files.readAllBytes(directory.resolve("t/year=2026/day=1/x.npy")))
                .isEqualTo(before);
        try (var children = Files.list(directory.resolve("t"))) {
            assertThat(children).containsExactly(directory.resolve("t/year=2026"));
        }
    }

    @Test
    void takesRowsThatSayTheirDirectories() throws IOException {
        assertThatThrownBy(() -> session.spark()
                        .range(3)
                        .selectExpr("CAST(id AS DOUBLE) AS value")
                        .write()
                        .format("memmap")
                        .mode("append")
                        .save(directory.resolve("t").toString()))
                .hasMessageContaining("with partitionBy(year, day): 'year' is no column of the DataFrame");
        session.sql("INSERT INTO memmap.`@/t` VALUES (9.0D, 2026, 4)");
        assertThat(rows(read(Map.of(), "t")))
                .contains("[9.0,2026,4]", "[-1.0,2026,1]")
                .hasSize(7);
        session.sql("INSERT OVERWRITE memmap.`@/t` VALUES (8.0D, 2027, 5)");
        assertThat(rows(read(Map.of(), "t"))).containsExactly("[8.0,2027,5]");
        assertThat(directory.resolve("t/year=2026")).doesNotExist();
        session.sql("DROP TABLE memmap.`@/t` PURGE");
        assertThat(directory.resolve("t")).doesNotExist();
    }

    @Test
    void beginsBelowTheBasePath() {
        Map<String, String> base = Map.of("basePath", directory + "/t");
        assertThat(rows(read(Map.of(), "t/year=2026/day=1"))).containsExactly("[-1.0]", "[1.0]");
        assertThat(rows(read(base, "t/year=2026/day=1"))).containsExactly("[-1.0,2026,1]", "[1.0,2026,1]");
        assertThat(rows(read(base, "t/year=2026/day=2/x.npy"))).containsExactly("[-2.0,2026,2]", "[2.0,2026,2]");
        assertThat(rows(read(base, "t/year=2026/day=[13]")))
                .containsExactly("[-1.0,2026,1]", "[-3.0,2026,3]", "[1.0,2026,1]", "[3.0,2026,3]");
        assertThat(rows(read(Map.of("basePath", directory + "/t/year=2026"), "t/year=2026/day=3", "t/year=2026/day=2")))
                .containsExactly("[-2.0,2]", "[-3.0,3]", "[2.0,2]", "[3.0,3]");
        assertThat(rows(read(Map.of(), "t/year=2026/day=*"))).hasSize(6).contains("[-1.0]");
        assertThat(rows(read(Map.of(), "t/*")).get(0)).isEqualTo("[-1.0,1]");
        assertThatThrownBy(() -> read(Map.of("basePath", directory + "/t/year=2026/day=1"), "t/year=2026/day=2"))
                .hasMessageContaining("/t/year=2026/day=2 with basePath file:" + directory
                        + "/t/year=2026/day=1: it is not below it, expected a directory that ");
        assertThatThrownBy(() -> read(Map.of("basePath", directory + "/none"), "t"))
                .hasMessageContaining("/none: no such file or directory");
        assertThatThrownBy(() ->
                        read(Map.of("basePath", directory + "/t/year=2026/day=1/x.npy"), "t/year=2026/day=1/x.npy"))
                .hasMessageContaining("it is a file, expected a directory");
    }

    @Test
    void isOnOtherFileSystemsToo() {
        Map<String, String> hosted = Map.of("fs.hosted.impl", HostedFileSystem.class.getName());
        Dataset<Row> days =
                session.spark().read().format("memmap").options(hosted).load("hosted:" + directory + "/t");
        assertThat(rows(days.where("day = 2"))).containsExactly("[-2.0,2026,2]", "[2.0,2026,2]");
        assertThat(days.where("day >= 2").count()).isEqualTo(4);
    }

    @Test
    void refusesTablesSideBySide() throws IOException {
        Npy.doubles(directory.resolve("u/year=2026/day=1/x.npy"), 5);
        assertThatThrownBy(() -> read(Map.of(), "t", "u"))
                .hasMessageContaining("/t/year=2026/day=1 together with ")
                .hasMessageContaining("/u/year=2026/day=1: the partition directories of the one are below file:"
                        + directory + "/t, those of the other below file:" + directory
                        + "/u, expected one directory; set basePath");
    }

    /** A directory that this source wrote is what its manifest lists. */
    @Test
    void readsDirectoriesByTheirManifests() throws IOException {
        for (int day = 1; day <= 2; day++) {
            session.spark()
                    .range(day * 10, day * 10 + 3, 1, 2)
                    .toDF("id")
                    .write()
                    .format("memmap")
                    .option("columnDtypes", "id <i4")
                    .option("layout", "columns")
                    .save(directory + "/written/day=" + day);
        }
        Npy.doubles(directory.resolve("written/day=1/stray.npy"), 7);
        Npy.doubles(directory.resolve("written/day=1/sub/stray.npy"), 7);
        Dataset<Row> written = read(Map.of(), "written");
        assertThat(written.schema().toDDL()).isEqualTo("id INT NOT NULL,day INT");
        assertThat(rows(written)).containsExactly("[10,1]", "[11,1]", "[12,1]", "[20,2]", "[21,2]", "[22,2]");
        Files.writeString(directory.resolve("written/day=2/_memmap.json"), "no manifest");
        assertThat(rows(written.where("day = 1"))).hasSize(3);
        assertThatThrownBy(() -> rows(read(Map.of(), "written"))).hasMessageContaining("written/day=2/_memmap.json");
    }

    @Test
    void readsRawFilesByOptionsSidecarsAndSchemas() throws IOException {
        for (int day = 1; day <= 2; day++) {
            Path file = directory.resolve("raw/day=" + day + "/x.dat");
            Files.createDirectories(file.getParent());
            Files.write(file, Npy.f8(day, day + 0.5));
        }
        List<String> expected = List.of("[1.0,1]", "[1.5,1]", "[2.0,2]", "[2.5,2]");
        assertThat(rows(read(Map.of("dtype", "<f8"), "raw"))).isEqualTo(expected);
        assertThat(rows(session.spark()
                        .read()
                        .format("memmap")
                        .option("container", "raw")
                        .schema("a DOUBLE, day INT")
                        .load(directory + "/raw")))
                .isEqualTo(expected);
        assertThat(rows(read(Map.of("dtype", "<f8", "shape", "-1,2"), "raw")))
                .containsExactly("[1.0,1.5,1]", "[2.0,2.5,2]");
        for (int day = 1; day <= 2; day++) {
            Files.writeString(
                    directory.resolve("raw/day=" + day + "/x.dat.memmap.json"),
                    "{\"dtype\": \"<f8\", \"columnNames\": [\"load\"]}");
        }
        Dataset<Row> described = read(Map.of(), "raw");
        assertThat(described.columns()).containsExactly("load", "day");
        assertThat(rows(described)).isEqualTo(expected);
    }

    @Test
    void readsEveryLayout() throws IOException {
        for (int day = 1; day <= 2; day++) {
            Npy.of("'<f8'", "(2, 2)")
                    .write(directory.resolve("wide/day=" + day + "/x.npy"), Npy.f8(day, day + 0.5, -day, 0));
        }
        assertThat(rows(read(Map.of(), "wide").where("c0 > 0"))).containsExactly("[1.0,1.5,1]", "[2.0,2.5,2]");
        assertThat(rows(read(Map.of("layout", "array"), "wide").where("day = 2").selectExpr("day", "value[1]")))
                .containsExactly("[2,0.0]", "[2,2.5]");
        assertThat(rows(read(Map.of("layout", "elements"), "wide").where("day = 2 AND i1 = 1")))
                .containsExactly("[2,1,2.5,2]", "[3,1,0.0,2]");
        assertThat(rows(read(Map.of("transpose", "true"), "wide").where("day = 1")))
                .containsExactly("[1.0,-1.0,1]", "[1.5,0.0,1]");
        assertThat(rows(read(Map.of("columnNames", "a,day"), "wide").where("day = 1")))
                .containsExactly("[-1.0,1]", "[1.0,1]");
    }

    @Test
    void readsPartitionsOfOtherDtypesAndRefusesOtherRows() throws IOException {
        Npy.of("'>f8'", "(1,)").write(directory.resolve("t/year=2026/day=4/x.npy"), new byte[8]);
        assertThat(rows(read(Map.of(), "t").where("day = 4"))).containsExactly("[0.0,2026,4]");
        Npy.of("'<i4'", "(1,)").write(directory.resolve("t/year=2026/day=5/x.npy"), Npy.i4(5));
        assertThat(rows(read(Map.of(), "t").where("day < 4"))).hasSize(6);
        assertThatThrownBy(() -> rows(read(Map.of(), "t").where("day = 5")))
                .hasMessageContaining("day=5/x.npy together with ")
                .hasMessageContaining("day=1/x.npy: its rows are () of <i4");
    }

    @Test
    void followsNoLinkUpwards() throws IOException {
        Files.createSymbolicLink(directory.resolve("t/year=2026/day=1/up"), directory.resolve("t"));
        Files.createSymbolicLink(directory.resolve("t/year=2027"), directory.resolve("t/year=2026"));
        assertThat(rows(read(Map.of(), "t").where("day = 1")))
                .containsExactly("[-1.0,2026,1]", "[-1.0,2027,1]", "[1.0,2026,1]", "[1.0,2027,1]");
    }

    /** Two links in each of two directories make 2^40 paths, as the system follows 40 links. */
    @Test
    void linksInACircleEnd() throws IOException {
        for (String name : List.of("a=1", "a=2")) {
            Path from = Files.createDirectories(directory.resolve("circle").resolve(name));
            for (String link : List.of("b=1", "b=2")) {
                Files.createSymbolicLink(from.resolve(link), Path.of("..", name.equals("a=1") ? "a=2" : "a=1"));
            }
        }
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> assertThatThrownBy(() -> rows(read(Map.of(), "circle")))
                .hasMessageContaining("circle: no file in it or its subdirectories is an array"));
    }

    @Test
    void ignoresEmptyDirectoriesAndOtherFiles() throws IOException {
        Files.createDirectories(directory.resolve("t/year=2026/day=9"));
        Files.createDirectories(directory.resolve("t/_temporary/0"));
        Files.createDirectories(directory.resolve("t/notes"));
        Files.writeString(directory.resolve("t/notes/readme.txt"), "x");
        Files.writeString(directory.resolve("t/_SUCCESS"), "");
        Files.writeString(directory.resolve("t/year=2026/day=1/readme.txt"), "x");
        assertThat(rows(read(Map.of(), "t"))).hasSize(6);
    }
}
