package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalog.Catalog;
import org.apache.spark.sql.catalog.Database;
import org.apache.spark.sql.catalog.Table;
import org.junit.jupiter.api.Test;

/** Directories as namespaces of the catalog {@code memmap}, and the tables that exist in them. */
class SqlNamespaceTest extends SqlStatements {
    @Test
    void aTableExistsWhereSomethingIsThere() throws IOException {
        Npy.of("'<i8'", "(2,)").write(directory.resolve("d/x.npy"), Npy.i8(1, 2));
        for (String there : List.of("@/d/x.npy", "@/d", "@`.`d`.`x.npy", "file:@/d/x.npy")) {
            assertThat(exists(there)).as(there).isTrue();
        }
        for (String missing : List.of(
                "@/" + "n".repeat(300),
                "@/" + "\u00e9".repeat(128) + "/x.npy",
                "@/none.npy",
                "@/none/x.npy",
                "@`.`none.npy",
                "none.npy",
                "@/d/*.dat",
                "@/d/x.npy/y")) {
            assertThat(exists(missing)).as(missing).isFalse();
        }
        session.sql("DROP TABLE memmap.`@/d/x.npy` PURGE");
        assertThat(exists("@/d/x.npy")).isFalse();
    }

    @Test
    void theNameOfAFileTakesBackquotes() throws IOException {
        Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(1, 2));
        String advice = "; expected backquotes around a name with a dot, as in `memmap`.`" + directory + "`.`x.npy`";
        for (String statement : List.of(
                "SELECT * FROM memmap.`@`.x.npy",
                "INSERT INTO memmap.`@`.x.npy VALUES (3)",
                "UPDATE memmap.`@`.x.npy SET value = 3")) {
            assertThatThrownBy(() -> session.sql(statement))
                    .as(statement)
                    .hasMessageContaining("Cannot read " + directory + "/x/npy: no such file or directory" + advice);
        }
        for (String statement : List.of(
                "CREATE TABLE memmap.`@`.x.npy AS SELECT 1L AS value",
                "CREATE OR REPLACE TABLE memmap.`@`.x.npy (value BIGINT)")) {
            assertThatThrownBy(() -> session.sql(statement))
                    .as(statement)
                    .hasMessage("Cannot create " + directory + "/x/npy: there is no directory " + directory + "/x"
                            + advice + ", or that directory");
        }
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.none.npy"))
                .hasMessageContaining("; expected backquotes around a name with a dot, as in `none.npy`");
        for (String other : List.of("memmap.`@`.x.y", "memmap.`@`.raw")) {
            assertThatThrownBy(() -> session.sql("SELECT * FROM " + other))
                    .as(other)
                    .hasMessageEndingWith(": no such file or directory");
        }
        session.sql("CREATE TABLE memmap.`@`.bronze.raw AS SELECT 1L AS value");
        assertThat(session.value("SELECT value FROM memmap.`@`.bronze.raw")).isEqualTo(1L);
        Files.createDirectory(directory.resolve("x"));
        session.sql("CREATE TABLE memmap.`@`.x.npy AS SELECT 1L AS value");
        assertThat(session.value("SELECT value FROM memmap.`@`.x.npy")).isEqualTo(1L);
    }

    private boolean exists(String table) {
        return session.spark().catalog().tableExists("memmap.`" + table.replace("@", directory.toString()) + "`");
    }

    @Test
    void theCatalogOfASessionListsDirectoriesAndArrays() throws Exception {
        Npy.of("'<i8'", "(2,)").write(directory.resolve("a/x.npy"), Npy.i8(1, 2));
        Npy.of("'<i8'", "(2,)").write(directory.resolve("a/y.npy"), Npy.i8(1, 2));
        Files.createDirectories(directory.resolve("b c/d"));
        Files.createDirectories(directory.resolve(".hidden"));
        session.spark().range(3).write().format("memmap").save(directory + "/shards");
        Catalog catalog = session.spark().catalog();
        session.sql("USE memmap");
        assertThat(catalog.currentDatabase())
                .contains(Path.of("").toAbsolutePath().toString());
        assertThat(catalog.listDatabases().collectAsList())
                .extracting(Database::name)
                .contains("src", "target");
        assertThat(catalog.listTables().collectAsList()).isEmpty();
        session.sql("USE memmap.`@`");
        assertThat(session.sql("SHOW NAMESPACES IN memmap.`@`"))
                .extracting(row -> row.getString(0))
                .containsExactly("`" + directory + "`.a", "`" + directory + "`.`b c`");
        assertThat(catalog.listTables().collectAsList()).extracting(Table::name).containsExactly("shards");
        assertThat(catalog.listTables("`" + directory + "/a`").collectAsList())
                .extracting(Table::name)
                .containsExactly("x.npy", "y.npy");
        assertThat(catalog.databaseExists("`" + directory + "/a`")).isTrue();
        assertThat(catalog.databaseExists("`" + directory + "/none`")).isFalse();
        assertThat(catalog.getDatabase("`" + directory + "/a`").locationUri()).isEqualTo(directory + "/a");
        assertThat(session.value("SELECT sum(id) FROM shards")).isEqualTo(3L);
        assertThat(session.value("SELECT sum(value) FROM `@/a/x.npy`")).isEqualTo(3L);
        session.sql("USE memmap.`@`.a");
        assertThat(session.value("SELECT sum(value) FROM `x.npy`")).isEqualTo(3L);
        assertThatThrownBy(() -> session.sql("USE memmap.`@/none`")).hasMessageContaining("SCHEMA_NOT_FOUND");
        assertThatThrownBy(() -> session.sql("SHOW NAMESPACES IN memmap.`@/none`"))
                .hasMessageContaining("SCHEMA_NOT_FOUND");
    }

    @Test
    void directoriesAreMadeAndRemovedByTheFileSystem() throws IOException {
        Files.createDirectories(directory.resolve("d"));
        for (String statement : List.of(
                "CREATE NAMESPACE memmap.`@/e`",
                "DROP NAMESPACE memmap.`@/d`",
                "DROP NAMESPACE memmap.`@/d` CASCADE",
                "ALTER NAMESPACE memmap.`@/d` SET PROPERTIES ('a'='b')")) {
            assertThatThrownBy(() -> session.sql(statement))
                    .as(statement)
                    .hasMessageStartingWith("Cannot ")
                    .hasMessageContaining(directory + "/")
                    .hasMessageContaining("a namespace is a directory");
        }
        assertThat(SavedFiles.names(directory)).containsExactly("d");
    }

    @Test
    void showsTheArraysOfADirectory() throws IOException {
        SparkSession spark = session.spark();
        spark.range(4).selectExpr("id AS value").write().format("memmap").save(directory + "/shards");
        spark.range(4).selectExpr("id AS value").write().format("memmap").save(directory + "/raw.dat");
        Npy.of("'<i8'", "(2,)").write(directory.resolve("10.npy"), Npy.i8(1, 2));
        Npy.of("'<i8'", "(2,)").write(directory.resolve("9.npy"), Npy.i8(1, 2));
        Files.writeString(directory.resolve("notes.txt"), "no array");
        Files.createDirectory(directory.resolve("other"));
        assertThat(session.sql("SHOW TABLES IN memmap.`@`").stream().map(row -> row.getString(1)))
                .containsExactly("9.npy", "10.npy", "raw.dat", "shards");
        assertThatThrownBy(() -> session.sql("SHOW TABLES IN memmap.`@/none`"))
                .hasMessage("Cannot read " + directory + "/none: no such file or directory");
        assertThatThrownBy(() -> session.sql("SHOW TABLES IN memmap.`@/9.npy`"))
                .hasMessage("Cannot list " + directory + "/9.npy: it is a file, expected a directory");
    }

    /** SHOW TABLES leaves out a damaged file. A query that names it says what is wrong with it. */
    @Test
    void showsOnlyWhatCanBeRead() throws IOException {
        Npy.of("'<i8'", "(2,)").write(directory.resolve("good.npy"), Npy.i8(1, 2));
        Npy.of("'<i8'", "(3,)").write(directory.resolve("short.npy"), Npy.i8(1, 2));
        Npy.of("'|O'", "(2,)").write(directory.resolve("pickled.npy"), Npy.i8(1, 2));
        Files.createFile(directory.resolve("empty.npy"));
        Files.write(directory.resolve("raw.dat"), new byte[12]);
        Files.writeString(directory.resolve("raw.dat.memmap.json"), "{\"dtype\": \"<f8\"}");
        Files.writeString(directory.resolve("gone.memmap.json"), "{\"columnPaths\": {\"a\": \"none.npy\"}}");
        Files.createDirectory(directory.resolve("d"));
        Files.writeString(directory.resolve("d/_memmap.json"), "{");
        assertThat(session.sql("SHOW TABLES IN memmap.`@`").stream().map(row -> row.getString(1)))
                .containsExactly("good.npy");
        assertThatThrownBy(() -> session.sql("SELECT * FROM memmap.`@/short.npy`"))
                .hasMessageContaining("it is truncated or still being written");
    }

    @Test
    void aDirectoryIsANamespace() throws IOException {
        Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(1, 2));
        session.sql("USE memmap.`@`");
        assertThat(session.value("SELECT sum(value) FROM `x.npy`")).isEqualTo(3L);
        assertThat(session.value("SELECT count(*) FROM range(3)")).isEqualTo(3L);
    }
}
