package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of {@code fs.*}, and what {@code spark.redaction.regex} matches, are in no error, plan or log line. */
class SecretOptionsTest {
    private static final String SECRET = "hunter2";
    private static final String REDACTED = "*********(redacted)";

    @TempDir
    private java.nio.file.Path directory;

    private SqlSession session;
    private SparkSession spark;

    @BeforeEach
    void makeArrays() throws IOException {
        session = new SqlSession(directory);
        spark = session.spark();
        SparkSession.setActiveSession(spark); // which Spark 3.5 does not do for readers and writers
        spark.conf().set("spark.sql.legacy.setCommandRejectsSparkCoreConfs", "false");
        spark.conf().set("spark.redaction.regex", "hunter[0-9]|the.key");
        Npy.of("'<i4'", "(3, 2)").write(directory.resolve("x.npy"), Npy.i4(1, 2, 3, 4, 5, 6));
    }

    @AfterEach
    void restore() {
        spark.sql("DROP TABLE IF EXISTS secrets");
        SparkSession.clearActiveSession();
    }

    /** The message, with all that a stack trace shows. */
    private static String failure(ThrowingCallable action) {
        Throwable thrown = catchThrowable(action);
        assertThat(thrown).isNotNull();
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain(SECRET);
        return thrown.getMessage();
    }

    @Test
    void errorsOfAReadLeaveThemOut() {
        String file = directory + "/x.npy";
        assertThat(failure(() ->
                        spark.read().format("memmap").option("layout", SECRET).load(file)))
                .isEqualTo("Cannot read option layout: found '" + REDACTED + "', expected one of auto, columns, array,"
                        + " elements, sequences, documents, sideBySide");
        assertThat(failure(() ->
                        spark.read().format("memmap").option("mode", SECRET).load(file)))
                .startsWith("Cannot read option mode: found '" + REDACTED + "', expected no such option; ");
        assertThat(failure(() ->
                        spark.read().format("memmap").option("the.key", SECRET).load(file)))
                .startsWith("Cannot read option 'the.key': unknown, expected ");
        assertThat(failure(() -> spark.read()
                        .format("memmap")
                        .option("rowColumn", SECRET)
                        .load(file)))
                .isEqualTo(
                        "Cannot read with option rowColumn: found '" + REDACTED
                                + "', expected no such option; it is for writing only; leave it out here, and set it where the array is written");
        assertThat(failure(() -> spark.read()
                        .format("memmap")
                        .option("pathGlobFilter", SECRET + "{[")
                        .load(directory.toString())))
                .isEqualTo("Cannot read option pathGlobFilter: found '" + REDACTED + "', expected a glob pattern");
    }

    @Test
    void errorsOfAWriteLeaveThemOut() {
        String file = directory + "/y.npy";
        assertThat(failure(() -> spark.sql("SELECT nullif(id, 1) AS id FROM range(3)")
                        .write()
                        .format("memmap")
                        .option("nullValue", "id=" + SECRET)
                        .save(file)))
                .isEqualTo("Cannot write column 'id': its nullValue is '" + REDACTED + "': found '" + REDACTED
                        + "', expected an integer that <i8 holds; cast the column, or give it another dtype");
        assertThat(failure(() -> spark.range(3)
                        .write()
                        .format("memmap")
                        .option("rowColumn", SECRET)
                        .save(file)))
                .isEqualTo("Cannot use option rowColumn: there is no column '" + REDACTED + "', expected one of [id]");
        assertThat(failure(() -> spark.sql("SELECT id, 1 AS v FROM range(3)")
                        .write()
                        .format("memmap")
                        .option("rowColumn", "id")
                        .option("shape", "5")
                        .option("fillValue", SECRET)
                        .save(file)))
                .contains("found '" + REDACTED + "', expected an integer that ");
    }

    @Test
    void errorsOfATaskLeaveThemOut() {
        assertThat(failure(() -> spark.sql("SELECT IF(id = 1, NULL, id) AS v FROM range(3)")
                        .write()
                        .format("memmap")
                        .option("nullValue", SECRET)
                        .option("fs.x", SECRET)
                        .save(directory + "/y.npy")))
                .contains("found NULL, and nullValue=" + REDACTED + " does not do: found '" + REDACTED + "', expected");
    }

    /** It quotes what it was given, as file systems do in their errors. */
    public static final class QuotingFileSystem extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("quoting:///");
        }

        @Override
        public FSDataInputStream open(Path file, int bufferSize) throws IOException {
            throw new AccessControlException("403 for " + getConf().get("fs.quoting.key"));
        }
    }

    @Test
    void errorsOfHadoopLeaveThemOut() {
        spark.conf().set("spark.redaction.regex", "nothing");
        String file = directory + "/x.npy";
        assertThat(failure(() -> spark.read()
                        .format("memmap")
                        .option("fs.odd.impl", "no." + SECRET)
                        .load("odd://" + file)))
                .isEqualTo("Cannot read odd://" + file + ": java.lang.ClassNotFoundException: Class " + REDACTED
                        + " not found; expected the jar of this file system, such as hadoop-aws for s3a; add it with"
                        + " --packages or --jars");
        assertThat(failure(() -> spark.read()
                        .format("memmap")
                        .option("fs.quoting.impl", QuotingFileSystem.class.getName())
                        .option("fs.quoting.key", SECRET)
                        .load("quoting://" + file)))
                .contains("403 for " + REDACTED);
    }

    @Test
    void errorsOfSqlLeaveThemOut() {
        if (session.isSpark4()) {
            assertThat(failure(() -> session.sql(
                            "SELECT * FROM memmap.`@/x.npy` WITH ('fs.azure.key'='" + SECRET + "', 'layout'='array')")))
                    .contains(" WITH [layout=array]: its columns would be [value]");
            assertThat(failure(() -> session.sql("SELECT * FROM memmap.`@/x.npy` WITH ('access'='" + SECRET + "')")))
                    .contains("Cannot read option access: found '" + REDACTED + "', expected one of auto, map, read");
        }
        assertThat(failure(() -> session.sql("CREATE TABLE memmap.`@/y.npy` (v INT) USING memmap"
                        + " OPTIONS ('shape'='" + SECRET + "', 'fs.x'='" + SECRET + "')")))
                .startsWith("Cannot read option shape: found '" + REDACTED + "', expected ");
        assertThat(failure(() ->
                        session.sql("CREATE TABLE memmap.`@/y.npy` (v INT) USING memmap COMMENT 'is " + SECRET + "'")))
                .contains("with COMMENT '" + REDACTED + "': an array has no place for it");
        assertThat(failure(() -> session.sql(
                        "CREATE TABLE memmap.`@/y.npy` (v INT) TBLPROPERTIES ('the.key'='" + SECRET + "')")))
                .startsWith("Cannot read option 'the.key': unknown");
        assertThat(failure(() -> spark.catalog().tableExists("memmap.`ftp://me:" + SECRET + "@none/x.npy`")))
                .startsWith(
                        "Cannot read option path: found 'ftp://me:" + REDACTED + "@none/x.npy', expected no password");
        assertThat(failure(() ->
                        session.sql("ALTER TABLE memmap.`@/x.npy` SET TBLPROPERTIES ('recover'='" + SECRET + "')")))
                .contains("Cannot recover with 'recover'='" + REDACTED + "': ");
    }

    @Test
    void aCatalogsOptionsAreLeftOut() {
        spark.conf().set("spark.sql.catalog.odd", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.odd.layout", SECRET);
        assertThat(failure(() -> session.sql("SELECT * FROM odd.`@/x.npy`")))
                .contains("Cannot read option layout: found '" + REDACTED + "', expected ");
    }

    @Test
    void aTablesSettingsReachItsFileSystemWhole() {
        String impl = HostedFileSystem.class.getName();
        spark.conf().set("spark.sql.catalog.hosted", "io.memmap.spark.MemmapCatalog");
        spark.conf().set("spark.sql.catalog.hosted.fs.hosted.impl", impl);
        spark.conf().set("spark.sql.catalog.hosted.fs.hosted.impl.disable.cache", "true");
        assertThat(session.value("SELECT sum(c0) FROM hosted.`hosted://@/x.npy`"))
                .isEqualTo(9L);
        spark.conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        session.sql("CREATE TABLE secrets (c0 INT, c1 INT) USING memmap OPTIONS (path 'hosted://@/x.npy',"
                + " fs.hosted.impl.disable.cache 'true', fs.hosted.impl '" + impl + "')");
        assertThat(session.value("SELECT sum(c0) FROM secrets")).isEqualTo(9L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EXPLAIN EXTENDED", "EXPLAIN FORMATTED", "EXPLAIN COST"})
    void plansLeaveThemOut(String explain) {
        spark.sql("CREATE TEMPORARY VIEW v USING memmap OPTIONS (path '" + directory + "/x.npy', fs.azure.the.key '"
                + SECRET + "', fs.s3a.endpoint '" + SECRET + "')");
        try {
            String plan =
                    session.value(explain + " SELECT c0 FROM v WHERE c1 > 2").toString();
            assertThat(plan).contains("x.npy").doesNotContain(SECRET);
        } finally {
            spark.sql("DROP VIEW v");
        }
    }

    @Test
    void descriptionsOfATableLeaveAllHadoopSettingsOut() {
        spark.conf().set("spark.redaction.regex", "nothing");
        if (!session.isSpark4()) {
            spark.conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        }
        spark.sql("CREATE TABLE secrets USING memmap OPTIONS (path '" + directory + "/x.npy', fs.azure.account '"
                + SECRET + "')");
        List<Row> rows = new ArrayList<>(session.sql("SHOW TBLPROPERTIES secrets"));
        rows.addAll(session.sql("DESCRIBE TABLE EXTENDED secrets"));
        assertThat(rows.toString()).contains(REDACTED).doesNotContain(SECRET);
        assertThat(session.value("SELECT sum(c0) FROM secrets")).isEqualTo(9L);
    }

    @Test
    void logLinesLeaveThemOut() {
        WrappedFileSystem.throwOnce(
                WrappedFileSystem.Call.DELETE, ".*\\.staging", new IllegalStateException("403 for " + SECRET));
        // An option's name reaches Hadoop in lower case.
        List<String> lines = LogLines.of(() -> {
            spark.range(3)
                    .write()
                    .format("memmap")
                    .option("fs.wrapped.impl", WrappedFileSystem.class.getName())
                    .option("fs.wrapped.impl.disable.cache", "true")
                    .option(WrappedFileSystem.KEY, "open")
                    .options(Map.of("fs.x", SECRET, "nullValue", SECRET))
                    .mode("overwrite")
                    .save("wrapped://" + directory + "/x.npy");
            catchThrowable(() -> spark.read()
                    .format("memmap")
                    .options(Map.of("fs.file.impl", SECRET, "layout", SECRET))
                    .load(directory + "/x.npy"));
        });
        assertThat(WrappedFileSystem.hasThrown()).isTrue();
        assertThat(lines).anyMatch(line -> line.contains(": cannot remove ") && line.contains("403 for "));
        assertThat(lines.toString()).doesNotContain(SECRET);
    }
}
