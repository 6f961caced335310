package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.spark.failure.MemmapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a write by {@code rowColumn} refuses, and that every byte and name is as it was before. */
class WriteByRowRefusalTest {

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    @BeforeEach
    void setUp() throws IOException {
        Npy.of("'<i8'", "(5,)").write(directory.resolve("old.npy"), Npy.i8(10, 11, 12, 13, 14));
        Npy.of("'<i8'", "(5,)").write(directory.resolve("old/a.npy"), Npy.i8(10, 11, 12, 13, 14));
        Npy.of("'<i8'", "(5,)").write(directory.resolve("dir.npy/a.npy"), Npy.i8(10, 11, 12, 13, 14));
        Files.write(directory.resolve("old.dat"), Npy.i8(10, 11, 12, 13, 14));
        Files.writeString(directory.resolve("old.dat.memmap.json"), "{\"dtype\": \"<i8\", \"shape\": [5]}");
    }

    private static DataFrameWriter<Row> writer(Dataset<Row> rows, String mode, String options) {
        DataFrameWriter<Row> writer = rows.write().format("memmap").mode(mode);
        for (String option : options.split("; ")) {
            String[] pair = option.split("=", 2);
            writer.option(pair[0], pair[1]);
        }
        return writer;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            id % 3 | Cannot write row 0: it comes twice, expected each index once; drop duplicates of the rowColumn first
            id + 2 | Cannot write row 5: the array has shape (5,), expected an index of at most 4
            id + 9223372036854775804 | Cannot write row 9223372036854775804: the array has shape (5,), expected an index of at most 4
            id - 1 | Cannot write row 0 of partition 0, column 'row': found -1, expected a row index of 0 or more as rowColumn is row
            IF(id = 2, NULL, id) | Cannot write row 0 of partition 0, column 'row': found NULL, expected a row index of 0 or more as rowColumn is row
            """)
    void refusesAnIndex(String row, String message) throws IOException {
        // A partition per row: an index that comes twice comes from two of them.
        Dataset<Row> rows = spark.range(0, 4, 1, 4).selectExpr(row + " AS row", "id AS value");
        Map<String, List<Byte>> before = everything(directory);
        for (String write : List.of(
                "new.npy append shape=5",
                "new.dat append shape=5",
                "old.npy overwrite shape=5",
                "old.npy append update=true",
                "old.dat append update=true")) {
            String[] parts = write.split(" ");
            assertThatThrownBy(() -> writer(rows, parts[1], "rowColumn=row; " + parts[2])
                            .save(directory.resolve(parts[0]).toString()))
                    .as(write)
                    .satisfies(thrown -> assertThat(messages(thrown)).contains(message));
            assertThat(everything(directory)).as(write).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dir.npy,append,rowColumn=row; update=true,file,directory",
        "dir.npy,overwrite,rowColumn=row; shape=5,file,directory",
        "old.npy,overwrite,output=directory,directory,file",
    })
    void refusesTheOtherKindBeforeAnyRowIsComputed(
            String name, String mode, String options, String wanted, String found) throws IOException {
        Dataset<Row> rows = spark.range(4)
                .selectExpr("CAST(raise_error('a row was computed') AS BIGINT) AS row")
                .selectExpr("row", "row AS value")
                .orderBy("row");
        Map<String, List<Byte>> before = everything(directory);
        Path target = directory.resolve(name);
        assertThatThrownBy(() -> writer(rows, mode, options).save(target.toString()))
                .isInstanceOf(MemmapException.class)
                .hasMessage("Cannot write " + target + " as one " + wanted + ": it is a " + found
                        + ", expected the same kind; set output=" + found
                        + ", choose another name, or remove it first");
        assertThat(everything(directory)).isEqualTo(before);
    }

    private static List<String> messages(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            old.npy | append | x AS row, x AS value | rowColumn=row | Cannot append to @ with rowColumn=row: appended rows go to the end, expected no rowColumn; set update=true to change rows that are there
            old.dat | append | x AS row, x AS value | rowColumn=row; shape=5 | Cannot append to @ with rowColumn=row: appended rows go to the end, expected no rowColumn; set update=true to change rows that are there
            old | append | x AS row, x AS value | rowColumn=row | Cannot append to @ with rowColumn=row: appended rows go to the end, expected no rowColumn; set update=true to change rows that are there
            old.npy | overwrite | x AS row, x AS value | rowColumn=row; update=true | Cannot update @: the save mode is overwrite, expected mode("append"), rowColumn and an existing array file
            old.npy | errorifexists | x AS row, x AS value | rowColumn=row; update=true | Cannot update @: the save mode is errorifexists, the default, expected mode("append"), rowColumn and an existing array file
            old.npy | ignore | x AS row, x AS value | rowColumn=row; update=true | Cannot update @: the save mode is ignore, expected mode("append"), rowColumn and an existing array file
            old.npy | append | x AS value | update=true | Cannot update @: no rowColumn was given, expected mode("append"), rowColumn and an existing array file
            new.npy | append | x AS row, x AS ROW, x AS value | rowColumn=row; shape=5 | Cannot write by rowColumn=ROW: two columns have that name, expected one
            new.npy | append | x AS row, x AS value | rowColumn=row; update=true | Cannot update @: it does not exist, expected mode("append"), rowColumn and an existing array file
            old | append | x AS row, x AS value | rowColumn=row; update=true | Cannot update @: it is no single file, expected mode("append"), rowColumn and an existing array file
            new | append | x AS row, x AS value | rowColumn=row; shape=5 | Cannot write @ with rowColumn=row: it is a directory, expected one file, such as a name that ends in .npy
            old | overwrite | x AS row, x AS value | rowColumn=row; shape=5 | Cannot write @ with rowColumn=row: it is a directory, expected one file, such as a name that ends in .npy
            new.npy | append | x AS row, x AS value | rowColumn=row | Cannot write @ with rowColumn=row: the number of rows is not known, expected the option shape, such as shape=1000
            old.npy | overwrite | x AS row, x AS value | rowColumn=row; shape=-1 | Cannot write @ with rowColumn=row: the number of rows is not known, expected the option shape, such as shape=1000
            new.npy | append | x AS row, x AS value | rowColumn=row; shape=5; fillValue=0.5 | Cannot fill column 'value': found '0.5', expected an integer that <i8 holds; give one value per column, as in fillValue='value=0'
            new.npy | append | x AS row, x AS a, CAST(x AS SMALLINT) AS b | rowColumn=row; shape=5; fillValue=70000 | Cannot fill column 'b': found '70000', expected an integer that <i2 holds; give one value per column, as in fillValue='b=0'
            old.npy | overwrite | x AS row, x AS a, x AS b | rowColumn=row; shape=5,2; order=F; fillValue=a=1, b=2 | Cannot fill with order=F: fillValue differs between columns, expected one value for all
            new.npy | append | x AS row, x AS a, x AS b | rowColumn=row; shape=5,2; order=F; fillValue=a=1 | Cannot fill with order=F: fillValue differs between columns, expected one value for all
            new.npy | append | x AS row, x AS k, array(x) AS v | rowColumn=row; shape=5 | Cannot create @: the lengths of its ARRAYs are not known, expected the option shape with one for each, as in shape=1000,768, or columnDtypes with them for a record, as in columnDtypes="v ('<i8', (3,))"
            new.npy | append | x AS row, array(array(CAST(x AS FLOAT))) AS `my v`, array(x) AS w | rowColumn=row; shape=5 | Cannot create @: the lengths of its ARRAYs are not known, expected the option shape with one for each, as in shape=1000,768, or columnDtypes with them for a record, as in columnDtypes="`my v` ('<f4', (3, 3)), w ('<i8', (3,))"
            """)
    void refusesBeforeAnyRowIsComputed(String name, String mode, String columns, String options, String message)
            throws IOException {
        Dataset<Row> rows = spark.range(4)
                .selectExpr("CAST(raise_error('a row was computed') AS BIGINT) AS x")
                .selectExpr(columns.split(", "));
        Map<String, List<Byte>> before = everything(directory);
        Path target = directory.resolve(name);
        assertThatThrownBy(() -> writer(rows, mode, options).save(target.toString()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message.replace("@", target.toString()));
        assertThat(everything(directory)).isEqualTo(before);
    }
}
