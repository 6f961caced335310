package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays of several files as the columns of one table. */
class SideBySideTest {
    private static final String COLUMNS = "{\"id\": \"ids.npy\", \"embedding\": \"emb/\","
            + " \"label\": {\"path\": \"labels.bin\", \"dtype\": \"<i4\"}}";

    /** Files below a directory that are open while a task has rows in its hands. */
    private static final Queue<String> OPEN = new ConcurrentLinkedQueue<>();

    private final SparkSession spark = SharedSpark.session();

    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        Npy.of("'<i8'", "(6,)").write(directory.resolve("ids.npy"), Npy.i8(10, 11, 12, 13, 14, 15));
        Npy.of("'<f4'", "(4, 2)").write(directory.resolve("emb/0.npy"), Npy.f4(0, .5, 1, 1.5, 2, 2.5, 3, 3.5));
        Npy.of("'<f4'", "(2, 2)").write(directory.resolve("emb/1.npy"), Npy.f4(4, 4.5, 5, 5.5));
        Files.write(directory.resolve("labels.bin"), Npy.i4(0, 1, 0, 1, 0, 1));
    }

    @AfterEach
    void nothingIsLeftOpen() throws IOException {
        OpenFiles.assertNoneBelow(directory);
    }

    private DataFrameReader reader(String columnPaths) {
        return spark.read().format("memmap").option("columnPaths", columnPaths);
    }

    private Dataset<Row> load(String columnPaths) {
        return reader(columnPaths).load(directory.toString());
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.selectExpr("cast(struct(*) AS string)").collectAsList().stream()
                .map(row -> row.getString(0))
                .map(text -> "[" + text.substring(1, text.length() - 1) + "]")
                .toList();
    }

    @Test
    void eachArrayIsAColumn() {
        Dataset<Row> table = load(COLUMNS);
        assertThat(table.schema().toDDL())
                .isEqualTo("id BIGINT NOT NULL,embedding ARRAY<FLOAT> NOT NULL,label INT NOT NULL");
        assertThat(texts(table.selectExpr("_row", "id", "embedding", "label")))
                .containsExactly(
                        "[0, 10, [0.0, 0.5], 0]",
                        "[1, 11, [1.0, 1.5], 1]",
                        "[2, 12, [2.0, 2.5], 0]",
                        "[3, 13, [3.0, 3.5], 1]",
                        "[4, 14, [4.0, 4.5], 0]",
                        "[5, 15, [5.0, 5.5], 1]");
    }

    @Test
    void theDictIsPythonsOrJsons() {
        String python = "{'label': {'path': 'labels.bin', 'dtype': dtype('int32'), 'shape': (6,), 'offset': 0},"
                + " 'id': 'ids.npy'}";
        assertThat(load(python).columns()).containsExactly("label", "id");
        assertThat(texts(load(python).where("_row = 3"))).containsExactly("[1, 13]");
        assertThat(texts(load(
                        "{\"label\":{\"path\":\"labels.bin\",\"dtype\":\"<i4\",\"shape\":[-1,2],\"order\":\"C\"}}")))
                .containsExactly("[[0, 1]]", "[[0, 1]]", "[[0, 1]]");
        assertThat(texts(load("{'label': {'path': 'labels.bin', 'dtype': '<i4', 'shape': '3,2', 'order': 'F'}}")))
                .containsExactly("[[0, 1]]", "[[1, 0]]", "[[0, 1]]");
    }

    @Test
    void aRecordIsAStruct() throws IOException {
        Npy.of("[('a', '<i4'), ('b', '<f4')]", "(2,)")
                .write(directory.resolve("rec.npy"), Npy.join(Npy.i4(1), Npy.f4(.5), Npy.i4(2), Npy.f4(1.5)));
        Npy.of("'<i8'", "(2,)").write(directory.resolve("two.npy"), Npy.i8(7, 8));
        Dataset<Row> table = load("{'rec': 'rec.npy', 'two': 'two.npy'}");
        assertThat(table.schema().catalogString()).isEqualTo("struct<rec:struct<a:int,b:float>,two:bigint>");
        assertThat(texts(table)).containsExactly("[{1, 0.5}, 7]", "[{2, 1.5}, 8]");
        assertThat(texts(table.selectExpr("rec.b", "two").where("rec.a = 2"))).containsExactly("[1.5, 8]");
    }

    @Test
    void conditionsLimitsAndAggregatesArePushed() {
        assertThat(texts(load(COLUMNS)
                        .where("_row BETWEEN 3 AND 4 AND label = 0")
                        .select("id")))
                .containsExactly("[14]");
        assertThat(texts(load(COLUMNS).where("_row >= 3").limit(2).select("id", "label")))
                .containsExactly("[13, 1]", "[14, 0]");
        assertThat(texts(load(COLUMNS).where("id > 11").selectExpr("sum(id)", "min(label)", "count(*)")))
                .containsExactly("[54, 0, 4]");
        assertThat(texts(load(COLUMNS).groupBy("label").sum("id").orderBy("label")))
                .containsExactly("[0, 36]", "[1, 39]");
        assertThat(texts(load(COLUMNS).selectExpr("id", "_row").orderBy("_row").limit(1)))
                .containsExactly("[10, 0]");
        assertThat(load(COLUMNS).count()).isEqualTo(6);
        String plan = load(COLUMNS)
                .where("_row >= 1 AND id > 11")
                .selectExpr("sum(label)")
                .queryExecution()
                .executedPlan()
                .toString();
        assertThat(plan)
                .contains("id = file:" + directory + "/ids.npy: dtype <i8, shape (6,), order C; embedding = file:"
                        + directory + "/emb/0.npy and 1 more files: dtype <f4, shape (6, 2), order C; label = file:"
                        + directory + "/labels.bin: dtype <i4, shape (6,), order C, 5 rows selected in [1, 6)")
                .contains("pushed [_row >= 1, id > 11, sum(label)]");
    }

    @Test
    void filesOfColumnsThatAQueryDoesNotNeedAreNotOpened() {
        assumeTrue(OpenFiles.known(), "open files are looked up in /proc");
        assertThat(openedBy(load(COLUMNS).select("label"))).containsExactly("labels.bin");
        assertThat(openedBy(load(COLUMNS).where("label = 1").select("id"))).containsExactly("ids.npy", "labels.bin");
        assertThat(openedBy(load(COLUMNS).select("_row"))).isEmpty();
        assertThat(openedBy(load(COLUMNS).where("_row = 5").select("embedding")))
                .containsExactly("1.npy");
    }

    private List<String> openedBy(Dataset<Row> query) {
        String below = directory.toString();
        OPEN.clear();
        ForeachPartitionFunction<Row> look = rows -> {
            while (rows.hasNext()) {
                rows.next();
                OPEN.addAll(OpenFiles.handlesBelow(Path.of(below)));
            }
        };
        query.foreachPartition(look);
        return OPEN.stream()
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void arraysOfDifferentLengthsAreAnErrorThatNamesBoth() throws IOException {
        Npy.of("'<i8'", "(5,)").write(directory.resolve("five.npy"), Npy.i8(1, 2, 3, 4, 5));
        assertThatThrownBy(() -> load("{'embedding': 'emb', 'five': 'five.npy'}"))
                .hasMessageContaining("Cannot read columnPaths: column 'embedding' has 6 rows in file:" + directory
                        + "/emb/0.npy and 1 more files, column 'five' has 5 rows in file:" + directory
                        + "/five.npy, expected equal row counts");
    }

    @Test
    void rowsAreInNoOneFile() {
        for (String column : List.of("_file", "_file_row")) {
            assertThatThrownBy(() -> load(COLUMNS).select(column)).hasMessageContaining(column);
        }
    }

    @Test
    void pathsMayBeAnywhere() throws IOException {
        Path other = Files.createDirectories(directory.resolve("other"));
        Files.copy(directory.resolve("ids.npy"), other.resolve("a#b.npy"));
        String base = directory.resolve("emb").toString();
        String columns = "{'x': '../ids.npy', 'y': '" + other.resolve("a#b.npy") + "', 'z': 'file:" + other
                + "/a*.npy', 'e': '?.npy'}";
        assertThat(texts(reader(columns).load(base).where("_row = 4").select("x", "y", "z", "e")))
                .containsExactly("[14, 14, 14, [4.0, 4.5]]");
        assertThat(texts(reader("{'y': '" + other.resolve("a#b.npy") + "'}")
                        .load()
                        .limit(1)))
                .containsExactly("[10]");
        assertThatThrownBy(() -> reader("{'y': 'ids.npy'}").load())
                .hasMessageContaining("Cannot read column 'y': no path was given that ids.npy is below, expected"
                        + " load(\"/data\") or the option path, or an absolute path");
    }

    @Test
    void refusesWhatIsNoDictOfArrays() {
        String expected =
                ", expected a dict of columns and paths, such as {\"id\": \"ids.npy\", \"embedding\": \"emb/\"}; ";
        assertRefused("['ids.npy']", expected + "it is no dict");
        assertRefused("{}", expected + "there is no column");
        assertRefused("{'': 'ids.npy'}", expected + "a name is empty");
        assertRefused("{'a': 'ids.npy', 'a': 'emb'}", expected);
        assertRefused("{'a': None}", expected + "column 'a': it has no path");
        String blank = ", expected a text that is not blank";
        assertRefused("{'a': 3}", expected + "column 'a': it has no path, found 3" + blank);
        assertRefused("{'a': ' '}", expected + "column 'a': it has no path, found ' '" + blank);
        assertRefused("{'a': ['x', 'y']}", expected + "column 'a': it has no path, found ['x', 'y']" + blank);
        assertRefused("{'a': {'path': {}}}", expected + "column 'a': it has no path, found {}" + blank);
        assertRefused("{'a': {'dtype': '<f4'}}", expected + "column 'a': it has no path");
        assertRefused("{'a': {'path': 'ids.npy', 'dtyp': '<f4'}}", expected + "column 'a': 'dtyp' is none of [dtype, ");
        assertRefused("{'a': {'path': 'ids.npy', 'dtype': '<q4'}}", expected + "column 'a': ");
        assertRefused("{'a': {'path': 'x', 'order': 'Z'}}", expected + "column 'a': order Z is none of C, F");
        assertRefused(
                "{'a': {'path': 'x', 'offset': -1}}", expected + "column 'a': offset -1 is no integer of 0 or more");
        assertRefused("{'a': {'path': 'x', 'shape': (2, -1)}}", expected + "column 'a': -1 is for axis 0 only");
    }

    private void assertRefused(String columnPaths, String reason) {
        assertThatThrownBy(() -> load(columnPaths))
                .as(columnPaths)
                .hasMessageContaining("Cannot read option columnPaths: found '" + columnPaths + "'" + reason);
    }

    @Test
    void refusesOptionsOfOneArray() {
        for (String option : List.of("dtype", "shape", "offset", "order")) {
            String value = option.equals("dtype") ? "<i4" : option.equals("order") ? "C" : "6";
            assertThatThrownBy(() -> reader(COLUMNS).option(option, value).load(directory.toString()))
                    .hasMessageContaining("Cannot read columnPaths with option " + option
                            + ": found both, expected no such option; state it for each column, as in"
                            + " {\"x\": {\"path\": \"x.bin\", \"dtype\": \"<f8\"}}");
        }
        assertThatThrownBy(() -> reader(COLUMNS).option("layout", "elements").load(directory.toString()))
                .hasMessageContaining("Cannot read columnPaths with option layout: found both, expected no such option;"
                        + " each array is one column");
        assertThatThrownBy(() -> load("{'id': 'ids.npy', 'label': 'labels.bin'}"))
                .hasMessageContaining("labels.bin: it is no .npy file and nothing says what it holds")
                .hasMessageContaining("; the option columnPaths states the dtype of a column as in"
                        + " {\"label\": {\"path\": \"labels.bin\", \"dtype\": \"<f8\"}}");
        assertThatThrownBy(() -> load("{'id': {'path': 'ids.npy', 'dtype': '<i4'}}"))
                .hasMessageContaining("columnPaths of column 'id' says dtype <i4")
                .hasMessageContaining("correct columnPaths");
    }

    @Test
    void namesDifferByMoreThanTheirCase() {
        assertThatThrownBy(() -> load("{'id': 'ids.npy', 'ID': 'emb'}"))
                .hasMessageContaining("its columns 'id' and 'ID' have the same name but for the case");
    }

    @Test
    void aSchemaMayNameSomeColumns() {
        Dataset<Row> table = reader(COLUMNS).schema("label BIGINT, id BIGINT").load(directory.toString());
        assertThat(texts(table.where("id = 13"))).containsExactly("[1, 13]");
        assertThatThrownBy(() -> reader(COLUMNS)
                        .schema("lable INT")
                        .load(directory.toString())
                        .collectAsList())
                .hasMessageContaining("the schema asks for column 'lable', expected one of [id, embedding, label];"
                        + " correct the schema or columnPaths");
    }

    @Test
    void isNotWritten() {
        Dataset<Row> rows = load(COLUMNS);
        assertThatThrownBy(() -> rows.select("id")
                        .write()
                        .format("memmap")
                        .option("columnPaths", COLUMNS)
                        .mode("append")
                        .save(directory.resolve("new").toString()))
                .hasMessageContaining(
                        "Cannot write to " + directory + "/new with columnPaths: found arrays side by side");
        assertThat(directory.resolve("new")).doesNotExist();
        SparkSession catalog = SharedSpark.session().newSession();
        catalog.conf().set("spark.sql.catalog.spark_catalog", "io.memmap.spark.MemmapSessionCatalog");
        catalog.sql("CREATE TABLE side_by_side USING memmap OPTIONS (path '" + directory + "', columnPaths '"
                + COLUMNS.replace("'", "\\'") + "')");
        try {
            assertThat(texts(catalog.sql("SELECT sum(id) FROM side_by_side WHERE label = 1")))
                    .containsExactly("[39]");
            for (String statement : List.of(
                    "INSERT INTO side_by_side VALUES (1, array(1f, 2f), 0)",
                    "INSERT OVERWRITE side_by_side VALUES (1, array(1f, 2f), 0)")) {
                assertThatThrownBy(() -> catalog.sql(statement))
                        .as(statement)
                        .hasMessageContaining(
                                "Cannot write to file:" + directory + " with columnPaths: found arrays side"
                                        + " by side, [id: ids.npy, embedding: emb/, label: labels.bin], expected one array;"
                                        + " write each of them by its own path");
            }
        } finally {
            catalog.sql("DROP TABLE side_by_side");
        }
        assertThat(load(COLUMNS).count()).isEqualTo(6);
    }

    @Test
    void aFileThatChangesFailsTheQuery() throws IOException {
        Dataset<Row> planned = load(COLUMNS).selectExpr("id", "label");
        planned.queryExecution().executedPlan();
        planned.queryExecution().toRdd().partitions();
        Files.write(directory.resolve("labels.bin"), Npy.i4(0, 1, 0));
        assertThatThrownBy(planned::collectAsList)
                .hasStackTraceContaining("Cannot read file:" + directory
                        + "/labels.bin: its length went from 24 to 12 bytes since the query was planned");
    }

    @Test
    void aWriteToOneOfTheArraysRefreshesWhatIsCached() {
        Dataset<Row> cached =
                reader("{'id': '" + directory + "/ids.npy'}").load().cache();
        try {
            assertThat(cached.selectExpr("sum(id)").first().getLong(0)).isEqualTo(75);
            spark.range(6)
                    .write()
                    .format("memmap")
                    .mode("overwrite")
                    .save(directory.resolve("ids.npy").toString());
            assertThat(cached.selectExpr("sum(id)").first().getLong(0)).isEqualTo(15);
        } finally {
            cached.unpersist();
        }
    }
}
