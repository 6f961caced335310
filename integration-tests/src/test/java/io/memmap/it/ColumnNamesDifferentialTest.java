package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random writes to arrays of all kinds with permuted, missing, foreign and odd names, against what Spark's Parquet source
 * reads after the same writes. A difference is expected only where the rule of names, as {@link #expected} has it, says so.
 *
 * <p>{@code -Dmemmap.names.cases=2000} runs more of them, {@code -Dmemmap.names.seed} repeats a run.
 */
class ColumnNamesDifferentialTest {
    private static final int CASES = Integer.getInteger("memmap.names.cases", 25);
    private static final List<String> NAMES = List.of(
            "x",
            "y",
            "Z",
            "a.b",
            "ü",
            "select",
            "x-y",
            "b`c",
            "value",
            "c0",
            "c1",
            "c2",
            "C1",
            "_q",
            "a\u00a0b",
            "t\tb",
            "'\\");

    @TempDir
    private Path directory;

    private SqlSession session;

    private enum Write {
        APPEND,
        UPDATE,
        INSERT,
        INSERT_BY_NAME,
        CREATE_AS_SELECT
    }

    /** What the rule makes of a list of names. */
    private enum Match {
        BY_NAME,
        BY_POSITION,
        REFUSED
    }

    /**
     * An array that is there, and a write to it.
     *
     * @param own the names of its columns
     * @param recorded true if a record, manifest or sidecar has them
     */
    private record Case(
            String target, boolean record, List<String> own, boolean recorded, Write write, List<String> given) {}

    @Test
    void putsValuesUnderTheNamesThatParquetPutsThemUnder() {
        session = new SqlSession(directory);
        if (!session.isSpark4()) {
            session.spark().conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        }
        long seed = Long.getLong("memmap.names.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            String name = "t" + i;
            String shown = "case " + i + " of seed " + seed;
            try {
                check(random, name);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(shown + ": " + e.getMessage(), e);
            }
        }
        System.out.println("ColumnNamesDifferentialTest: " + CASES + " cases of seed " + seed);
    }

    private void check(Random random, String name) {
        boolean record = random.nextInt(3) == 0;
        int width = record ? 2 + random.nextInt(2) : 1 + random.nextInt(3);
        String suffix = List.of("", ".npy", ".dat").get(random.nextInt(3));
        boolean rawShards = suffix.isEmpty() && random.nextBoolean();
        List<String> natural = width == 1
                ? List.of("value")
                : IntStream.range(0, width).mapToObj(i -> "c" + i).toList();
        List<String> chosen = !record && random.nextInt(3) == 0 ? natural : distinct(random, width, List.of());
        boolean recorded = record || (!suffix.equals(".npy") && !chosen.equals(natural));
        List<String> own = recorded ? chosen : natural;
        Path target = directory.resolve(name + suffix);
        Dataset<Row> before = rows(chosen, 1);
        before.write()
                .format("memmap")
                .option("layout", record || width == 1 ? "auto" : "array")
                .option("container", rawShards ? "raw" : "auto")
                .option("order", !record && suffix.isEmpty() && width > 1 && random.nextInt(3) == 0 ? "F" : "C")
                .save(target.toString());
        before.toDF(own.toArray(String[]::new)).write().parquet(parquet(name));
        Write write = Write.values()[random.nextInt(Write.values().length)];
        if (write == Write.UPDATE && suffix.isEmpty()) {
            write = Write.APPEND;
        }
        Case one = new Case(target.toString(), record, own, recorded, write, given(random, own));
        String shown = one.toString();
        Match match = expected(one);
        if (match == Match.REFUSED) {
            boolean bySpark = one.write() == Write.INSERT || one.write() == Write.INSERT_BY_NAME;
            // Spark itself refuses an INSERT whose columns are not the table's; some Sparks make NULL of those left
            // out.
            assertThatThrownBy(() -> run(one)).as(shown).satisfies(e -> {
                if (bySpark) {
                    assertThat(e instanceof AnalysisException || e.getMessage().startsWith("Cannot "))
                            .as(messages(e))
                            .isTrue();
                } else {
                    assertThat(messages(e))
                            .containsAnyOf(
                                    "columnNames",
                                    "into rows of shape",
                                    "one for each of " + one.own(),
                                    "expected one of " + one.own());
                }
            });
        } else {
            run(one);
            List<String> names = match == Match.BY_POSITION ? own : one.given();
            runParquet(one, rows(names, 10), parquet(name));
        }
        List<Row> found =
                SavedFiles.read(session.spark(), target).orderBy("_row").collectAsList();
        List<Row> parquet = session.spark()
                .read()
                .parquet(parquet(name))
                .selectExpr(
                        own.stream().map(ColumnNamesDifferentialTest::quoted).toArray(String[]::new))
                .orderBy(quoted(own.get(0)))
                .collectAsList();
        assertThat(SavedFiles.read(session.spark(), target).columns()).as(shown).containsExactlyElementsOf(own);
        assertThat(found.stream()
                        .sorted((a, b) -> Double.compare(a.getDouble(0), b.getDouble(0)))
                        .toList())
                .as(shown)
                .isEqualTo(parquet);
    }

    private static String messages(Throwable thrown) {
        StringBuilder messages = new StringBuilder();
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            messages.append(at.getMessage()).append('\n');
        }
        return messages.toString();
    }

    /** The rule, as users are told it, without the code that holds it. */
    private static Match expected(Case one) {
        Set<String> own = lower(one.own());
        Set<String> given = lower(one.given());
        boolean sameCount = given.size() == own.size();
        switch (one.write()) {
            case INSERT:
                return sameCount ? Match.BY_POSITION : Match.REFUSED;
            case INSERT_BY_NAME:
                return given.equals(own) ? Match.BY_NAME : Match.REFUSED;
            case UPDATE:
                if (own.containsAll(given)) {
                    return Match.BY_NAME;
                }
                break;
            default:
                if (own.equals(given)) {
                    return Match.BY_NAME;
                }
        }
        boolean foreign = Collections.disjoint(own, given);
        return foreign && !one.recorded() && sameCount ? Match.BY_POSITION : Match.REFUSED;
    }

    private static Set<String> lower(List<String> names) {
        Set<String> lower = new HashSet<>();
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return lower;
    }

    /** The array's names, permuted, and then perhaps some less, some others or in another case. */
    private static List<String> given(Random random, List<String> own) {
        List<String> given = new ArrayList<>(own);
        Collections.shuffle(given, random);
        switch (random.nextInt(6)) {
            case 0:
                if (given.size() > 1) {
                    given.remove(0);
                }
                return given;
            case 1:
                given.add(distinct(random, 1, given).get(0));
                return given;
            case 2:
                given.set(0, distinct(random, 1, given).get(0));
                return given;
            case 3:
                return distinct(random, own.size(), List.of());
            case 4:
                return given.stream()
                        .map(name -> random.nextBoolean() ? name.toUpperCase(Locale.ROOT) : name)
                        .toList();
            default:
                return given;
        }
    }

    private static List<String> distinct(Random random, int count, List<String> others) {
        Set<String> seen = lower(others);
        List<String> names = new ArrayList<>();
        while (names.size() < count) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            if (seen.add(name.toLowerCase(Locale.ROOT))) {
                names.add(name);
            }
        }
        return names;
    }

    private void run(Case one) {
        Dataset<Row> rows = rows(one.given(), 10);
        switch (one.write()) {
            case APPEND -> rows.write().format("memmap").mode("append").save(one.target());
            case UPDATE ->
                rows.selectExpr("0 AS row_of_it", "*")
                        .write()
                        .format("memmap")
                        .mode("append")
                        .option("rowColumn", "row_of_it")
                        .option("update", true)
                        .save(one.target());
            case INSERT -> insert(rows, "INSERT INTO memmap.`" + one.target() + "` SELECT * FROM given");
            case INSERT_BY_NAME ->
                insert(rows, "INSERT INTO memmap.`" + one.target() + "` BY NAME SELECT * FROM given");
            case CREATE_AS_SELECT -> {
                try {
                    insert(
                            rows,
                            "CREATE TABLE created USING memmap OPTIONS (path '" + one.target()
                                    + "') AS SELECT * FROM given");
                } finally {
                    session.sql("DROP TABLE IF EXISTS created");
                }
            }
        }
    }

    private void insert(Dataset<Row> rows, String statement) {
        rows.createOrReplaceTempView("given");
        session.sql(statement);
    }

    /** The same by Parquet, which cannot update: the only row is written anew, with what the update leaves out. */
    private void runParquet(Case one, Dataset<Row> rows, String path) {
        if (one.write() != Write.UPDATE) {
            rows.write().mode("append").parquet(path);
            return;
        }
        Row before = session.spark().read().parquet(path).head();
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < one.own().size(); i++) {
            String name = one.own().get(i);
            boolean given = lower(List.of(rows.columns())).contains(name.toLowerCase(Locale.ROOT));
            columns.add((given ? quoted(name) : before.get(i) + "D") + " AS " + quoted(name));
        }
        rows.selectExpr(columns.toArray(String[]::new))
                .write()
                .mode("overwrite")
                .parquet(path);
    }

    private String parquet(String name) {
        return directory.resolve(name + ".parquet").toString();
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** One row, each value of which is another. */
    private Dataset<Row> rows(List<String> names, int first) {
        StructType schema = new StructType(names.stream()
                .map(name -> DataTypes.createStructField(name, DataTypes.DoubleType, false))
                .toArray(StructField[]::new));
        Object[] values = IntStream.range(0, names.size())
                .mapToObj(i -> (double) first + i)
                .toArray();
        return session.spark().createDataFrame(List.of(RowFactory.create(values)), schema);
    }
}
