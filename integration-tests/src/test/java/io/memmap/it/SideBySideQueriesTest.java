package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Arrays side by side, each cut into shards of its own, answer as a join by {@code _row} of the arrays does, and as Spark
 * does from the rows that the test wrote. {@code -Dmemmap.queries=500} asks of that many tables, {@code -Dmemmap.seed=7} of
 * the one of a failure.
 */
class SideBySideQueriesTest {
    private static final long TABLES = Integer.getInteger("memmap.queries", 8);
    private static final int QUESTIONS = 5;
    private static final String PATHS =
            "{'id': 'id', 'x': 'x', 'label': {'path': 'label', 'dtype': '>i2'}, 'rec': 'rec'}";
    private static final StructType SCHEMA =
            StructType.fromDDL("r BIGINT, id BIGINT, x ARRAY<FLOAT>, label SMALLINT, rec STRUCT<a: INT, b: DOUBLE>");

    private final SparkSession spark = SharedSpark.session().newSession();

    @TempDir
    private Path directory;

    static LongStream seeds() {
        Long one = Long.getLong("memmap.seed");
        return one != null ? LongStream.of(one) : LongStream.range(0, TABLES);
    }

    @ParameterizedTest(name = "-Dmemmap.seed={0}")
    @MethodSource("seeds")
    void answersAsTheJoinByRowAndAsTheRows(long seed) throws IOException {
        Random random = new Random(seed);
        int rows = random.nextInt(3) == 0 ? random.nextInt(4) : random.nextInt(3000);
        List<Row> expected = write(random, rows);
        spark.createDataFrame(expected, SCHEMA).createOrReplaceTempView("rows");
        views(random);
        for (int i = 0; i < QUESTIONS; i++) {
            ask(random, rows, "seed " + seed + ", " + rows + " rows: ");
        }
        OpenFiles.assertNoneBelow(directory);
    }

    private List<Row> write(Random random, int rows) throws IOException {
        long[] id = random.longs(rows, -1000, 1000).toArray();
        double[] x = random.doubles(3L * rows, -8, 8).map(Math::rint).toArray();
        int[] label = random.ints(rows, 0, 5).toArray();
        int[] a = random.ints(rows, 0, 100).toArray();
        double[] b = random.doubles(rows).toArray();
        shards("id", "'<i8'", "", random, rows, Npy.i8(id), false);
        shards("x", "'<f4'", " 3,", random, rows, Npy.f4(x), random.nextBoolean());
        shards("label", null, "", random, rows, Npy.swapped(2, Npy.i2(label)), false);
        byte[] rec = new byte[12 * rows];
        List<Row> table = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            System.arraycopy(Npy.i4(a[row]), 0, rec, 12 * row, 4);
            System.arraycopy(Npy.f8(b[row]), 0, rec, 12 * row + 4, 8);
            table.add(RowFactory.create(
                    (long) row,
                    id[row],
                    List.of((float) x[3 * row], (float) x[3 * row + 1], (float) x[3 * row + 2]),
                    (short) label[row],
                    RowFactory.create(a[row], b[row])));
        }
        shards("rec", "[('a', '<i4'), ('b', '<f8')]", "", random, rows, rec, false);
        return table;
    }

    /** Cuts an array at random rows. Without a descr its files are raw ones. */
    private void shards(
            String name, String descr, String trailing, Random random, int rows, byte[] data, boolean fortran)
            throws IOException {
        int rowNbytes = rows == 0 ? 0 : data.length / rows;
        int shards = 1 + random.nextInt(5);
        int from = 0;
        for (int shard = 0; shard < shards; shard++) {
            int to = shard == shards - 1 ? rows : from + random.nextInt(rows - from + 1);
            byte[] part = Arrays.copyOfRange(data, from * rowNbytes, to * rowNbytes);
            Path file = directory.resolve(name).resolve(shard + (descr == null ? ".bin" : ".npy"));
            if (descr == null) {
                Files.createDirectories(file.getParent());
                Files.write(file, part);
            } else {
                Npy npy = Npy.of(descr, "(" + (to - from) + "," + trailing + ")");
                (fortran ? npy.inFortranOrder() : npy).write(file, fortran ? columns(part, to - from) : part);
            }
            from = to;
        }
    }

    /** Rows of three f4 in Fortran order. */
    private static byte[] columns(byte[] rows, int count) {
        byte[] columns = new byte[rows.length];
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < 3; column++) {
                System.arraycopy(rows, 4 * (3 * row + column), columns, 4 * (column * count + row), 4);
            }
        }
        return columns;
    }

    private void views(Random random) {
        spark.read()
                .format("memmap")
                .option("columnPaths", PATHS)
                .option("minPartitions", 1 + random.nextInt(4))
                .option("access", random.nextBoolean() ? "map" : "auto")
                .load(directory.toString())
                .selectExpr("*", "_row")
                .createOrReplaceTempView("joined");
        array("id").createOrReplaceTempView("id");
        array("x").createOrReplaceTempView("x");
        spark.read()
                .format("memmap")
                .option("dtype", ">i2")
                .load(directory.resolve("label").toString())
                .selectExpr("_row", "value")
                .createOrReplaceTempView("label");
        array("rec").createOrReplaceTempView("rec");
        spark.sql("SELECT id._row AS r, id.value AS id, x.value AS x, label.value AS label, struct(rec.a, rec.b) AS rec"
                        + " FROM id JOIN x ON id._row = x._row JOIN label ON id._row = label._row"
                        + " JOIN rec ON id._row = rec._row")
                .createOrReplaceTempView("join");
    }

    private Dataset<Row> array(String name) {
        Dataset<Row> array = spark.read()
                .format("memmap")
                .option("layout", "array")
                .load(directory.resolve(name).toString());
        return name.equals("rec") ? array.selectExpr("_row", "a", "b") : array.selectExpr("_row", "value");
    }

    private void ask(Random random, int rows, String context) {
        String where = random.nextInt(5) == 0 ? "" : " WHERE " + condition(random, rows, 2);
        String sql =
                switch (random.nextInt(6)) {
                    case 0 -> "SELECT $r, id, x, label, rec FROM $t" + where;
                    case 1 -> "SELECT label, rec.b, x[1] FROM $t" + where;
                    case 2 ->
                        "SELECT count(*), sum(id), min(label), max(id), avg(label), count(x), sum(rec.a) FROM $t"
                                + where;
                    case 3 -> "SELECT sum(label), max(id) FROM $t" + where;
                    case 4 -> "SELECT label, count(*), sum(id), min(id) FROM $t" + where + " GROUP BY label";
                    default ->
                        "SELECT $r, x[0], id FROM $t" + where + " ORDER BY $r" + (random.nextBoolean() ? " DESC" : "")
                                + " LIMIT " + (1 + random.nextInt(20));
                };
        List<String> found = answer(sql, "joined", "_row");
        assertThat(found).as(context + sql).isEqualTo(answer(sql, "rows", "r"));
        assertThat(found).as(context + sql).isEqualTo(answer(sql, "join", "r"));
        assertFirstRows(random, rows, context);
    }

    private List<String> answer(String sql, String table, String row) {
        return spark.sql(sql.replace("$t", table).replace("$r", row)).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    private void assertFirstRows(Random random, int rows, String context) {
        long from = random.nextInt(rows + 1);
        long limit = 1 + random.nextInt(30);
        long offset = random.nextInt(10);
        String sql = "SELECT _row, label FROM joined WHERE _row >= " + from + " LIMIT " + limit + " OFFSET " + offset;
        List<Long> positions = spark.sql(sql).collectAsList().stream()
                .map(row -> row.getLong(0))
                .toList();
        assertThat(positions)
                .as(context + sql)
                .isEqualTo(LongStream.range(Math.min(from + offset, rows), Math.min(from + limit + offset, rows))
                        .boxed()
                        .toList());
    }

    private static String condition(Random random, int rows, int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            return (random.nextInt(4) == 0 ? "NOT " : "") + "(" + condition(random, rows, depth - 1)
                    + (random.nextBoolean() ? " AND " : " OR ") + condition(random, rows, depth - 1) + ")";
        }
        int row = random.nextInt(rows + 1);
        return switch (random.nextInt(8)) {
            case 0 -> "$r < " + row;
            case 1 -> "$r BETWEEN " + row + " AND " + (row + random.nextInt(500));
            case 2 -> "$r IN (" + row + ", " + random.nextInt(rows + 1) + ", 0)";
            case 3 -> "id > " + (random.nextInt(2000) - 1000);
            case 4 -> "label = " + random.nextInt(5);
            case 5 -> "label IN (0, 3)";
            case 6 -> "rec.a >= " + random.nextInt(100);
            default -> "x[" + random.nextInt(3) + "] > " + (random.nextInt(8) - 4);
        };
    }
}
