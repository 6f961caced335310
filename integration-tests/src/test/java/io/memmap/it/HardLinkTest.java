package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static io.memmap.it.SavedFiles.rawLongs;
import static io.memmap.it.SavedFiles.readLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.storage.LeftChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with a second name, as {@code cp -al} makes snapshots. A reader by that name finds no record of a change. */
class HardLinkTest extends SqlStatements {
    private static final int HEAD = 128;
    private static final String REFUSED = " in place: it has 2 names (hard links), expected one";

    private Path array;
    private Path snapshot;

    @BeforeEach
    void twoNames() throws IOException {
        array = directory.resolve("x.npy");
        snapshot = directory.resolve("y.npy");
        save(longs(0, 3), array, SaveMode.ErrorIfExists);
        Files.createLink(snapshot, array);
    }

    private Dataset<Row> longs(long from, long to) {
        return session.spark().range(from, to, 1, 1).selectExpr("id AS value");
    }

    private static void save(Dataset<Row> rows, Path path, SaveMode mode) {
        rows.write().format("memmap").mode(mode).save(path.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO memmap.`@/%s` VALUES (9L)",
                "UPDATE memmap.`@/%s` SET value = 9 WHERE _row = 1",
                "MERGE INTO memmap.`@/%s` t USING (SELECT 1L AS k) s ON t.value = s.k"
                        + " WHEN MATCHED THEN UPDATE SET value = 9 WHEN NOT MATCHED THEN INSERT (value) VALUES (k)"
            })
    void noneOfTheNamesIsChangedInPlace(String statement) throws IOException {
        Map<String, List<Byte>> before = everything(directory);
        for (Path name : List.of(array, snapshot)) {
            assertThatThrownBy(() -> session.sql(statement.formatted(name.getFileName())))
                    .hasStackTraceContaining("Cannot change " + name + REFUSED)
                    .hasStackTraceContaining("cp " + name + " " + name + ".tmp && mv " + name + ".tmp " + name);
        }
        assertThat(everything(directory)).isEqualTo(before);
    }

    @Test
    void norAreRowsByTheirIndexOrOfARawFile() throws IOException {
        Path raw = directory.resolve("x.dat");
        save(longs(0, 3), raw, SaveMode.ErrorIfExists);
        Files.createLink(directory.resolve("y.dat"), raw);
        assertThatThrownBy(() -> save(longs(3, 5), raw, SaveMode.Append))
                .hasStackTraceContaining("Cannot change " + raw + REFUSED);
        assertThatThrownBy(() -> longs(0, 1)
                        .selectExpr("value AS row", "9L AS value")
                        .write()
                        .format("memmap")
                        .option("rowColumn", "row")
                        .option("update", "true")
                        .mode(SaveMode.Append)
                        .save(array.toString()))
                .hasStackTraceContaining("Cannot change " + array + REFUSED);
        assertThat(npyLongs(array)).containsExactly(0, 1, 2);
        assertThat(rawLongs(raw)).containsExactly(0, 1, 2);
    }

    @Test
    void anOverwriteLeavesTheOldRowsToTheOtherName() throws IOException {
        save(longs(5, 7), array, SaveMode.Overwrite);
        assertThat(npyLongs(snapshot)).containsExactly(0, 1, 2);
        save(longs(7, 8), array, SaveMode.Append);
        save(longs(3, 4), snapshot, SaveMode.Append);
        assertThat(npyLongs(array)).containsExactly(5, 6, 7);
        assertThat(npyLongs(snapshot)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aFileOfItsOwnCanBeChanged() throws Exception {
        OtherProcess.assume();
        OtherProcess.run("cp \"$0\" \"$0.tmp\" && mv \"$0.tmp\" \"$0\"", array);
        session.sql("UPDATE memmap.`@/x.npy` SET value = 9 WHERE _row = 1");
        assertThat(npyLongs(array)).containsExactly(0, 9, 2);
        assertThat(npyLongs(snapshot)).containsExactly(0, 1, 2);
    }

    /** The job has planned, and holds the lock. */
    @Test
    void aNameThatIsMadeMeanwhileCounts() throws IOException {
        Files.delete(snapshot);
        String from = array.toString();
        String to = snapshot.toString();
        UDF1<Long, Long> link = value -> {
            Files.createLink(Path.of(to), Path.of(from));
            return value;
        };
        session.spark().udf().register("link", link, DataTypes.LongType);
        assertThatThrownBy(() -> save(longs(3, 4).selectExpr("link(value) AS value"), array, SaveMode.Append))
                .hasStackTraceContaining("Cannot change " + array + REFUSED);
        assertThat(npyLongs(snapshot)).containsExactly(0, 1, 2);
        assertThat(names(directory)).containsExactly("x.npy", "y.npy");
    }

    /** The change of a killed writer is ended before the names are counted. */
    @Test
    void aChangeThatIsNotFinishedEndsFirst() throws IOException {
        LeftChange.of(array)
                .patch(HEAD + 8, Npy.i8(10))
                .patch(HEAD + 16, Npy.i8(20))
                .begin();
        LeftChange.write(array, HEAD + 8, Npy.i8(10));
        assertThatThrownBy(() -> save(longs(3, 4), snapshot, SaveMode.Append))
                .hasStackTraceContaining("Cannot change " + snapshot + REFUSED);
        assertThatThrownBy(() -> save(longs(3, 4), array, SaveMode.Append))
                .hasStackTraceContaining("Cannot change " + array + REFUSED);
        assertThat(readLongs(session.spark(), snapshot)).containsExactly(0, 10, 20);
        assertThat(names(directory)).containsExactly("x.npy", "y.npy");

        Files.delete(snapshot);
        LeftChange.of(array).patch(HEAD, Npy.i8(7)).begin();
        LeftChange.write(array, HEAD, Npy.i8(7));
        save(longs(3, 4), array, SaveMode.Append);
        assertThat(npyLongs(array)).containsExactly(7, 10, 20, 3);
        assertThat(names(directory)).containsExactly("x.npy");
    }
}
