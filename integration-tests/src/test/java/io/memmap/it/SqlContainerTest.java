package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In SQL a container is a namespace, and its arrays are tables that are only read. */
class SqlContainerTest {
    @TempDir
    Path directory;

    private SqlSession session;

    @BeforeEach
    void copiesContainers() throws IOException {
        session = new SqlSession(directory);
        for (String name : List.of("savez.npz", "names.npz", "only.npz", "one.safetensors", "every.safetensors")) {
            Files.copy(ResourceFile.of("containers").resolve(name), directory.resolve(name));
        }
    }

    private List<String> tables(String namespace) {
        return session.sql("SHOW TABLES IN memmap." + namespace).stream()
                .map(row -> row.getString(1))
                .toList();
    }

    @Test
    void listsTheArrays() {
        assertThat(tables("`@/savez.npz`"))
                .containsExactly(
                        "features",
                        "labels",
                        "columns",
                        "images",
                        "people",
                        "names",
                        "flags",
                        "halves",
                        "waves",
                        "nothing",
                        "version");
        assertThat(tables("`@/names.npz`")).containsExactly("a/b", "x.npy", "größe");
        assertThat(tables("`@/one.safetensors`")).containsExactly("w");
        assertThat(tables("`@`")).contains("savez.npz", "one.safetensors");
        assertThat(session.sql("SHOW NAMESPACES IN memmap.`@/savez.npz`")).isEmpty();
        assertThat(session.sql("DESCRIBE NAMESPACE memmap.`@/savez.npz`"))
                .extracting(row -> row.getString(1))
                .anyMatch(value -> value.endsWith("/savez.npz"));
    }

    @Test
    void readsThem() {
        assertThat(session.value("SELECT sum(c0) FROM memmap.`@/savez.npz`.features"))
                .isEqualTo((0 + 4 + 8 + 12 + 16 + 20) / 8.0);
        assertThat(session.value("SELECT sum(value) FROM memmap.`@/savez.npz`.labels"))
                .isEqualTo((1L << 40) + 13);
        assertThat(session.value("SELECT c1 FROM memmap.`@/names.npz`.`a/b` WHERE _row = 2"))
                .isEqualTo(9 / 8f);
        assertThat(session.value("SELECT count(*) FROM memmap.`@/names.npz`.`x.npy`"))
                .isEqualTo(5L);
        assertThat(session.value("SELECT sum(value) FROM memmap.`@/one.safetensors`"))
                .isEqualTo(10.0);
        assertThat(session.value("SELECT sum(c0 + c1) FROM memmap.`@/only.npz`"))
                .isEqualTo((1 + 9 + 17 + 25 + 33 + 41) / 8.0);
    }

    /** The tokens of a dataset and the arrays of its index, by either file. */
    @Test
    void indexedDatasetsAreContainers() throws IOException {
        Path arrays = ResourceFile.of("simple-containers").resolve("arrays");
        for (String name : List.of(
                "modes-8.bin",
                "modes-8.idx",
                "00000_u2_shuffled.ds",
                "00000_u2_shuffled.ds.index",
                "00000_u2_shuffled.ds.loss",
                "00000_u2_shuffled.ds.metadata",
                "base.fbin",
                "neighbours.ibin")) {
            Files.copy(arrays.resolve(name), directory.resolve(name));
        }
        for (String file : List.of("`@/modes-8.idx`", "`@/modes-8.bin`")) {
            assertThat(tables(file)).containsExactly("tokens", "sizes", "pointers", "documents", "modes");
            assertThat(session.value("SELECT count(*) FROM memmap." + file + ".tokens"))
                    .isEqualTo(13L);
            assertThat(session.value("SELECT count(*) FROM memmap." + file)).isEqualTo(13L);
            assertThat(session.value("SELECT sum(value) FROM memmap." + file + ".sizes"))
                    .isEqualTo(13L);
            assertThat(session.value("SELECT max(value) FROM memmap." + file + ".pointers"))
                    .isEqualTo(18L);
            assertThat(session.value("SELECT max(value) FROM memmap." + file + ".documents"))
                    .isEqualTo(5L);
            assertThatThrownBy(() -> session.sql("SELECT * FROM memmap." + file + ".words"))
                    .hasMessageContaining(
                            "with member=words: it holds no member words; expected the option member to be");
        }
        assertThat(session.value("SELECT collect_list(s.value) FROM memmap.`@/modes-8.idx`.sizes s"
                                + " JOIN memmap.`@/modes-8.idx`.modes m ON s._row = m._row WHERE m.value = 1")
                        .toString())
                .contains("0", "4");
        assertThat(tables("`@/00000_u2_shuffled.ds`")).containsExactly("tokens", "ends", "loss");
        assertThat(session.value("SELECT max(value) FROM memmap.`@/00000_u2_shuffled.ds`.ends"))
                .hasToString("13");
        assertThat(tables("`@/neighbours.ibin`")).containsExactly("ids", "distances");
        assertThat(session.value("SELECT count(c1) FROM memmap.`@/neighbours.ibin`.ids"))
                .isEqualTo(3L);
        assertThatThrownBy(() -> session.sql("SHOW TABLES IN memmap.`@/base.fbin`"))
                .hasMessageContaining("base.fbin");
        for (String statement : List.of(
                "DROP TABLE memmap.`@/modes-8.idx`.sizes PURGE",
                "INSERT INTO memmap.`@/modes-8.bin`.tokens VALUES (1)",
                "UPDATE memmap.`@/modes-8.idx`.sizes SET value = 1")) {
            assertThatThrownBy(() -> session.sql(statement)).message().contains("modes-8.", "only read");
        }
        assertThat(directory.resolve("modes-8.idx")).hasSameBinaryContentAs(arrays.resolve("modes-8.idx"));
    }

    @Test
    void usesOneAsTheCurrentNamespace() {
        session.sql("USE memmap.`@/savez.npz`");
        assertThat(session.value("SELECT count(*) FROM features")).isEqualTo(6L);
        assertThat(session.value("SELECT count(*) FROM features f JOIN labels l ON f._row = l._row"))
                .isEqualTo(6L);
        assertThat(session.value("SELECT count(*) FROM memmap.`@/names.npz`.`a/b`"))
                .isEqualTo(6L);
    }

    @Test
    void saysWhatWasChosen() {
        List<Row> rows = session.sql("DESCRIBE TABLE EXTENDED memmap.`@/savez.npz`.columns");
        assertThat(rows).extracting(Row::toString).anyMatch(row -> row.contains("container=npz"));
        assertThat(rows).extracting(Row::toString).anyMatch(row -> row.contains("member=columns"));
        String plan = session.sql("EXPLAIN SELECT c1 FROM memmap.`@/savez.npz`.columns")
                .get(0)
                .getString(0);
        assertThat(plan)
                .contains("memmap file:" + directory + "/savez.npz: container npz, member columns, dtype <f8,"
                        + " shape (5, 3), order F, 5 rows selected");
    }

    @Test
    void listsThemWhereTheyAreNoTable() {
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/savez.npz`"))
                .hasMessageContaining(
                        directory + "/savez.npz: its members features and columns have 6 and 5 rows, expected"
                                + " equal row counts side by side; choose some by the option member: features: <f4 of"
                                + " shape (6, 4); labels: >i8 of shape (6,); ");
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/names.npz`.z"))
                .hasMessageContaining(
                        "names.npz with member=z: it holds no member z; expected the option member to be");
    }

    @Test
    void aDamagedArrayIsNoTable() throws IOException {
        Path file = directory.resolve("savez.npz");
        byte[] bytes = Files.readAllBytes(file);
        int header = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("'descr': '>i8'");
        bytes[header] ^= 1;
        Files.write(file, bytes);
        List<String> warnings = LogLines.of(() -> assertThat(tables("`@/savez.npz`"))
                .contains("features", "columns", "version")
                .doesNotContain("labels"));
        assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith("SHOW TABLES found a damaged array. Cannot read file:" + file + "#labels: found '&'");
        assertThat(tables("`@`")).contains("savez.npz");
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/savez.npz`.labels"))
                .hasMessageContaining("savez.npz#labels: found '&' in the header at byte 11, expected a string as key;"
                        + " write the file again");
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/savez.npz`"))
                .hasMessageContaining("savez.npz#labels: found '&'")
                .isInstanceOfSatisfying(SparkThrowable.class, thrown -> assertThat(thrown.getSqlState())
                        .isEqualTo("22000"));
        assertThat(session.value("SELECT count(*) FROM memmap.`@/savez.npz`.features"))
                .isEqualTo(6L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO memmap.`@/savez.npz`.labels VALUES (1)",
                "INSERT OVERWRITE memmap.`@/savez.npz`.labels VALUES (1)",
                "UPDATE memmap.`@/savez.npz`.labels SET value = 1",
                "DELETE FROM memmap.`@/savez.npz`.labels WHERE value = 1",
                "MERGE INTO memmap.`@/savez.npz`.labels t USING (SELECT 1L AS v) s ON t.value = s.v"
                        + " WHEN MATCHED THEN UPDATE SET value = s.v",
                "DROP TABLE memmap.`@/savez.npz`.labels",
                "DROP TABLE memmap.`@/savez.npz`.labels PURGE",
                "CREATE TABLE memmap.`@/savez.npz`.more AS SELECT 1 AS value",
                "CREATE OR REPLACE TABLE memmap.`@/savez.npz`.labels AS SELECT 1 AS value",
                "REPLACE TABLE memmap.`@/savez.npz`.labels AS SELECT 1 AS value",
                "INSERT INTO memmap.`@/savez.npz` VALUES (1)",
                "INSERT INTO memmap.`@/only.npz` VALUES (1, 2, 3, 4)",
                "INSERT OVERWRITE memmap.`@/only.npz` VALUES (1, 2, 3, 4)",
                "UPDATE memmap.`@/only.npz` SET c0 = 1",
                "DROP TABLE memmap.`@/only.npz` PURGE",
                "DROP TABLE memmap.`@/savez.npz` PURGE",
                "CREATE OR REPLACE TABLE memmap.`@/only.npz` AS SELECT 1 AS v",
                "CREATE OR REPLACE TABLE memmap.`@/only.npz` AS SELECT array(1, 2) AS value",
                "CREATE OR REPLACE TABLE memmap.`@/only.npz` AS SELECT named_struct('a', 1) AS value"
            })
    void writesAreRefused(String statement) throws IOException {
        byte[] several = Files.readAllBytes(directory.resolve("savez.npz"));
        byte[] one = Files.readAllBytes(directory.resolve("only.npz"));
        assertThatThrownBy(() -> session.sql(statement))
                .message()
                .contains("Cannot ")
                .containsAnyOf(
                        "only read",
                        "expected equal row counts",
                        "an array has no holes",
                        "are written as a whole",
                        "the only member of a container is read as that array alone");
        assertThat(directory.resolve("savez.npz")).hasBinaryContent(several);
        assertThat(directory.resolve("only.npz")).hasBinaryContent(one);
        try (var names = Files.list(directory)) {
            assertThat(names).hasSize(5);
        }
    }

    @Test
    void aTableOfOneColumnIsCreatedByTheNameThatItIsReadBy() {
        session.sql("CREATE TABLE memmap.`@/new.npz` AS SELECT id * 2 AS value FROM range(3)");
        session.sql("CREATE OR REPLACE TABLE memmap.`@/only.npz` AS SELECT * FROM memmap.`@/new.npz`");
        assertThat(session.sql("SELECT value FROM memmap.`@/only.npz`").toString())
                .isEqualTo("[[0], [2], [4]]");
    }

    @Test
    void aTableThatIsThereIsNotCreated() {
        assertThatThrownBy(() -> session.sql("CREATE TABLE memmap.`@/savez.npz`.labels AS SELECT 1 AS value"))
                .hasMessageContaining("labels")
                .hasMessageContaining("already exists");
        session.sql("CREATE TABLE IF NOT EXISTS memmap.`@/savez.npz`.labels AS SELECT 1 AS value");
        session.sql("DROP TABLE IF EXISTS memmap.`@/savez.npz`.none PURGE");
    }
}
