package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.storage.LeftChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python module: what Spark wrote as maps of NumPy, and both sides of PySpark. */
class PythonFilesTest {
    private static final int CHECKS = 77;

    @TempDir
    private Path directory;

    @BeforeEach
    void needNumpy() throws IOException, InterruptedException {
        Python.assumeNumpy(directory);
    }

    private Dataset<Row> numbers(int partitions) {
        return SharedSpark.session().range(0, 10, 1, partitions).toDF("value");
    }

    @Test
    void mapsWhatSparkWrites() throws IOException, InterruptedException {
        Dataset<Row> grid = numbers(2).selectExpr("value AS a", "CAST(value * 10 AS BIGINT) AS b");
        grid.write()
                .format("memmap")
                .option("layout", "array")
                .option("order", "F")
                .save(directory + "/grid.dat");
        grid.write().format("memmap").save(directory + "/record.npy");
        numbers(3).write().format("memmap").option("container", "raw").save(directory + "/shards");
        numbers(1).write().format("memmap").mode("append").save(directory + "/shards");
        numbers(1).write().format("memmap").save(directory + "/one");
        assertThat(
                        python(
                                """
                        print(as_memmap("grid.dat").T.tolist())
                        print(as_memmap("record.npy")["b"].tolist())
                        print(as_memmap("one").tolist(), type(as_memmap("one")).__name__)
                        print([part.tolist() for part in shards("shards", 1, 2)])
                        print([part.tolist() for part in shards("shards", 2, 3, drop_tail=False)])
                        """))
                .isEqualTo(
                        """
                        [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]]
                        [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]
                        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] memmap
                        [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]
                        [[4, 5, 6, 7, 8, 9], [0]]
                        """);
    }

    @Test
    void mapsPartitionsInTheOrderOfTheirRows() throws IOException, InterruptedException {
        String table = directory + "/days";
        Dataset<Row> days = numbers(2).selectExpr("value", "CAST(9 + value % 2 AS INT) AS day");
        days.write().format("memmap").partitionBy("day").save(table);
        days.where("value > 6")
                .write()
                .format("memmap")
                .partitionBy("day")
                .mode("append")
                .save(table);
        List<Long> rows = SharedSpark.session()
                .read()
                .format("memmap")
                .load(table)
                .orderBy("_row")
                .select("value")
                .as(Encoders.LONG())
                .collectAsList();
        assertThat(rows).containsExactly(0L, 2L, 4L, 6L, 8L, 8L, 1L, 3L, 5L, 7L, 9L, 7L, 9L);
        assertThat(
                        python(
                                """
                        parts = shards("days", 0, 1)
                        print([value for part in parts for value in part.tolist()])
                        print(sorted({os.path.basename(os.path.dirname(part.filename)) for part in parts}))
                        print([value for part in shards("days/day=10", 0, 1) for value in part.tolist()])
                        """))
                .isEqualTo(rows + "\n['day=10', 'day=9']\n[1, 3, 5, 7, 9, 7, 9]\n");
        days.where("value = 5")
                .write()
                .format("memmap")
                .partitionBy("day")
                .mode("overwrite")
                .save(table);
        assertThat(python("print(as_memmap('days'), as_memmap('days/day=10').tolist())"))
                .isEqualTo("[5] [5]\n");
    }

    @Test
    void mapsColumnsSideBySide() throws IOException, InterruptedException {
        String table = directory + "/columns";
        Dataset<Row> columns = numbers(2).selectExpr("value AS id", "array(value * 2, 1L) AS `x/y`");
        columns.write().format("memmap").option("layout", "sideBySide").save(table);
        columns.coalesce(1).write().format("memmap").mode("append").save(table);
        assertThat(
                        python(
                                """
                        for part in shards("columns", 1, 3):
                            print({name: column.tolist() for name, column in part.items()})
                        print([part.tolist() for part in shards("columns", 0, 5, columns="x/y")])
                        for part in shards("columns", 0, 1, seed=1):
                            assert (part["x/y"][:, 0] == part["id"] * 2).all()
                        try:
                            as_memmap("columns")
                        except ValueError as e:
                            print(str(e).partition(": ")[2])
                        """))
                .isEqualTo(
                        """
                        {'id': [6, 7, 8, 9], 'x/y': [[12, 1], [14, 1], [16, 1], [18, 1]]}
                        {'id': [0, 1], 'x/y': [[0, 1], [2, 1]]}
                        [[[0, 1], [2, 1], [4, 1], [6, 1]]]
                        its columns id, x/y are arrays side by side, expected one array; use shards(path, rank, world_size), \
                        or map a column by its directory, such as id
                        """);
    }

    @Test
    void anUnfinishedChangeIsAnError() throws IOException, InterruptedException {
        Path array = directory.resolve("x.npy");
        numbers(1).write().format("memmap").save(array.toString());
        LeftChange.of(array).patch(128, Npy.i8(5)).begin();
        String name = LongStream.range(0, 240).mapToObj(i -> "n").collect(Collectors.joining());
        Path named = Files.copy(array, directory.resolve(name));
        LeftChange.of(named).patch(128, Npy.i8(5)).begin();
        String expected = ": a change of it is not finished, by app-1 query-1 on host elsewhere, process 4711,";
        assertThat(python(
                        """
                        for path in ("x.npy", "%s"):
                            for refused in (as_memmap, lambda path: shards(path, 0, 1)):
                                try:
                                    print(refused(path))
                                except ValueError as e:
                                    print(e)
                        """
                                .formatted(name)))
                .satisfies(printed -> assertThat(printed.lines()).hasSize(4).allSatisfy(line -> assertThat(line)
                        .contains(expected)));
    }

    @Test
    void anUpdateBeforeItsFirstByteLeavesTheOldRows() throws IOException, InterruptedException {
        Path array = Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(0, 1));
        LeftChange.of(array).patch(128, Npy.i8(5)).beginUpdate();
        assertThat(python("print(as_memmap('x.npy').tolist())")).isEqualTo("[0, 1]\n");
        LeftChange.write(array, 128, Npy.i8(5));
        assertThat(python("try:\n    as_memmap('x.npy')\nexcept ValueError as e:\n    print(e)"))
                .contains("a change of it is not finished, by app-1 query-1 on host elsewhere");
    }

    /** A program that waits for the writer of a FIFO is killed, and prints nothing. */
    @Test
    void plantedDescriptionsAreErrors() throws IOException, InterruptedException {
        Npy.doubles(directory.resolve("x.npy"), 1);
        assertThat(
                        python(
                                """
                        import os, signal
                        signal.alarm(60)
                        def refusal(path):
                            try:
                                return as_memmap(path).tolist()
                            except ValueError as e:
                                return str(e).replace(os.getcwd() + "/", "")[:70].rstrip()
                        for name in ("_memmap.json", "x.npy.memmap.json"):
                            os.mkfifo(name)
                            print(refusal("." if name[0] == "_" else "x.npy"))
                            os.remove(name)
                            for text in (b"[" * 100000, b"\\xff", b'{"inTransit": 5}', b'{"inTransit": {"x": 5}}'):
                                with open(name, "wb") as file:
                                    file.write(text)
                                print(refusal("." if name[0] == "_" else "x.npy"))
                            os.remove(name)
                        """))
                .isEqualTo(
                        """
                        Cannot read _memmap.json: it is no regular file, expected one
                        Cannot read _memmap.json: it is no JSON (maximum recursion depth excee
                        Cannot read _memmap.json: it is no UTF-8 (invalid start byte at byte 0
                        Cannot read _memmap.json: version None, expected 1 or 2, which this re
                        Cannot read _memmap.json: version None, expected 1 or 2, which this re
                        Cannot read x.npy.memmap.json: it is no regular file, expected one
                        Cannot read x.npy.memmap.json: it is no JSON (maximum recursion depth
                        Cannot read x.npy.memmap.json: it is no UTF-8 (invalid start byte at b
                        Cannot read x.npy.memmap.json: key 'inTransit' is 5, expected an objec
                        Cannot read x.npy.memmap.json: key 'inTransit' is {'x': 5}, expected a
                        """);
    }

    @Test
    void aReplacedFileHasTheSidecarOfTheFileThatIsThere() throws IOException, InterruptedException {
        Path raw = directory.resolve("x.dat");
        numbers(1).write().format("memmap").save(raw.toString());
        Path replacement = LeftChange.replacement(raw, Npy.i8(7), Optional.of("{\"dtype\": \"<i4\", \"shape\": [2]}"));
        String program = "print(as_memmap('x.dat').dtype, as_memmap('x.dat').tolist())";
        assertThat(python(program)).isEqualTo("int64 [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
        Files.move(replacement, raw, StandardCopyOption.REPLACE_EXISTING);
        assertThat(python(program)).isEqualTo("int32 [7, 0]\n");
    }

    @Test
    void pythonSeesAppendedRowsWhenSparkDoes() throws IOException, InterruptedException {
        Path array = Npy.of("'<i8'", "(2,)").write(directory.resolve("x.npy"), Npy.i8(0, 1));
        byte[] header = Files.readAllBytes(Npy.of("'<i8'", "(4,)").write(directory.resolve("y.npy"), new byte[0]));
        String program = "print(as_memmap('x.npy').tolist(), [part.tolist() for part in shards('x.npy', 0, 1)])";
        LeftChange.of(array).append(Npy.i8(2, 3), header).append();
        assertThat(python(program)).isEqualTo("[0, 1] [[0, 1]]\n");
        LeftChange.write(array, 0, header);
        assertThat(python(program)).isEqualTo("[0, 1, 2, 3] [[0, 1, 2, 3]]\n");
    }

    @Test
    void bothSidesOfPySparkAgree() throws IOException, InterruptedException {
        try (PySpark pyspark = PySpark.start(SharedSpark.session(), directory)) {
            Path files = Files.createDirectory(directory.resolve("files"));
            Python.Outcome outcome =
                    pyspark.run("os.chdir('" + files + "')\n" + Files.readString(ResourceFile.of("pyspark/module.py")));
            assertThat(outcome.output().lines().filter(line -> line.startsWith("wrong")))
                    .as(outcome.output())
                    .isEmpty();
            assertThat(outcome.output().lines())
                    .as(outcome.output())
                    .anyMatch(line -> line.startsWith("checks ")
                            && Integer.parseInt(line.substring("checks ".length())) >= CHECKS);
        }
    }

    private String python(String program) throws IOException, InterruptedException {
        Python.Outcome outcome = Python.run(
                directory, "-c", "import os\nfrom memmap_spark import *\nos.chdir(r'" + directory + "')\n" + program);
        assertThat(outcome.succeeded()).as(outcome.output()).isTrue();
        return outcome.output();
    }
}
