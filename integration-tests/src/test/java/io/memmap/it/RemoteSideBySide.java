package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Columns side by side on another file system.
 *
 * @param directory with the scheme of the file system
 * @param settings options that reach it
 */
record RemoteSideBySide(SparkSession session, FileSystem files, String directory, Map<String, String> settings) {

    /** Saves, appends to and replaces a table, and reads it by its own path and by those of its columns. */
    void check() throws IOException {
        save(rows(0, 100), "errorifexists");
        assertRows(reader().load(table()), 100);
        save(rows(100, 150), "append");
        assertRows(reader().load(table()), 150);
        checkFailedJobs();
        checkColumnPaths();
        save(rows(0, 30), "overwrite");
        assertRows(reader().load(table()), 30);
        assertThat(present())
                .as("the files of two columns, of three tasks each")
                .hasSize(8)
                .contains("_SUCCESS", "_memmap.json");
        assertThat(files.listStatus(new Path(directory)))
                .extracting(status -> status.getPath().getName())
                .containsExactlyInAnyOrder("described.memmap.json", "run");
    }

    private String table() {
        return directory + "/run";
    }

    private Dataset<Row> rows(long from, long to) {
        return session.range(from, to, 1, 3).selectExpr("id", "array(CAST(id AS FLOAT), 0.5F) AS emb");
    }

    private void save(Dataset<Row> rows, String mode) {
        rows.write()
                .format("memmap")
                .options(settings)
                .option("layout", "sideBySide")
                .mode(mode)
                .save(table());
    }

    private DataFrameReader reader() {
        return session.read().format("memmap").options(settings);
    }

    private static void assertRows(Dataset<Row> table, long count) {
        assertThat(table.selectExpr("count(*)", "count_if(id = _row AND emb[0] = id AND emb[1] = 0.5)")
                        .first())
                .extracting(row -> row.getLong(0), row -> row.getLong(1))
                .containsExactly(count, count);
    }

    /** The paths of all files of the table. */
    private TreeSet<String> present() throws IOException {
        TreeSet<String> found = new TreeSet<>();
        RemoteIterator<LocatedFileStatus> listed = files.listFiles(new Path(table()), true);
        while (listed.hasNext()) {
            String path = listed.next().getPath().toString();
            found.add(path.substring(path.indexOf("/run/") + "/run/".length()));
        }
        return found;
    }

    /** The manifest lists the old columns until the job commits. */
    private void checkFailedJobs() throws IOException {
        TreeSet<String> before = present();
        Dataset<Row> failing =
                rows(0, 1000).selectExpr("IF(id = 900, CAST(raise_error('no row 900') AS BIGINT), id) AS id", "emb");
        for (String mode : List.of("append", "overwrite")) {
            assertThatThrownBy(() -> save(failing, mode)).as(mode).hasStackTraceContaining("no row 900");
            assertRows(reader().load(table()), 150);
            assertThat(present()).as(mode).isEqualTo(before);
        }
    }

    private void checkColumnPaths() throws IOException {
        assertRows(
                reader().option("columnPaths", "{'emb': 'run/emb/*.npy', 'id': '" + table() + "/id'}")
                        .load(directory),
                150);
        try (OutputStream sidecar = files.create(new Path(directory + "/described.memmap.json"))) {
            sidecar.write(
                    "{\"columnPaths\": {\"id\": \"run/id\", \"emb\": \"run/emb\"}}".getBytes(StandardCharsets.UTF_8));
        }
        assertRows(reader().load(directory + "/described"), 150);
        assertThat(reader().load(directory + "/described").columns()).containsExactly("id", "emb");
    }
}
