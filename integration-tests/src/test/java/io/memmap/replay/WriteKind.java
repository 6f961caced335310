package io.memmap.replay;

import io.memmap.spark.MemmapCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Every kind of write, each from an array of its own to another one. All arrays have two columns of int64, and no number
 * stands twice in any, so that a mixture of old and new is neither.
 */
enum WriteKind {
    CREATE_NPY("new/deep/x.npy", kind -> {}, kind -> kind.save("overwrite"), null, Rows.NEW),
    CREATE_RAW("new/x.dat", kind -> {}, kind -> kind.save("append"), null, Rows.NEW),
    CREATE_DIRECTORY("new/x", kind -> {}, kind -> kind.save("errorifexists"), null, Rows.NEW),
    CREATE_RAW_DIRECTORY("x", kind -> {}, kind -> kind.save("overwrite", "container", "raw"), null, Rows.NEW),
    OVERWRITE_NPY("x.npy", Run::createOld, kind -> kind.save("overwrite"), Rows.OLD, Rows.NEW),
    OVERWRITE_NPY_WITH_SIDECAR("x.npy", Run::createOldBesideSidecar, Run::overwrite, Rows.OLD, Rows.NEW),
    OVERWRITE_RAW("x.dat", Run::createOld, Run::overwrite, Rows.OLD, Rows.NEW),
    OVERWRITE_DIRECTORY("x", Run::createOld, Run::overwrite, Rows.OLD, Rows.NEW),
    OVERWRITE_RAW_DIRECTORY("x", Run::createOldRawDirectory, Run::overwrite, Rows.OLD, Rows.NEW),
    OVERWRITE_FOREIGN_DIRECTORY("x", Run::createOldForeignDirectory, Run::overwrite, Rows.OLD, Rows.NEW),
    OVERWRITE_BY_NOTHING("x.dat", Run::createOld, Run::overwriteByNothing, Rows.OLD, Rows.NONE),
    APPEND_NPY("x.npy", Run::createOld, kind -> kind.save("append"), Rows.OLD, Rows.OLD_AND_NEW),
    APPEND_NPY_WITH_SIDECAR("x.npy", Run::createOldBesideSidecar, Run::append, Rows.OLD, Rows.OLD_AND_NEW, true),
    APPEND_RAW("x.dat", Run::createOld, Run::append, Rows.OLD, Rows.OLD_AND_NEW, true),
    APPEND_DIRECTORY("x", Run::createOld, Run::append, Rows.OLD, Rows.OLD_AND_NEW),
    APPEND_RAW_DIRECTORY("x", Run::createOldRawDirectory, Run::appendRaw, Rows.OLD, Rows.OLD_AND_NEW),
    APPEND_FOREIGN_DIRECTORY("x", Run::createOldForeignDirectory, Run::append, Rows.OLD, Rows.OLD_AND_NEW),
    UPDATE_NPY("x.npy", Run::createOld, Run::update, Rows.OLD, Rows.UPDATED, true),
    UPDATE_RAW("x.dat", Run::createOld, Run::update, Rows.OLD, Rows.UPDATED, true),
    UPDATE_FORTRAN("x.npy", Run::createOldFortran, Run::updateFew, Rows.OLD, Rows.FEW_UPDATED, true),
    SQL_UPDATE("x.npy", Run::createOld, Run::sqlUpdate, Rows.OLD, Rows.SQL_UPDATED, true),
    MERGE_NPY("x.npy", Run::createOld, Run::merge, Rows.OLD, Rows.MERGED, true),
    MERGE_RAW("x.dat", Run::createOld, Run::merge, Rows.OLD, Rows.MERGED, true),
    PLACE_NPY("x.npy", kind -> {}, Run::place, null, Rows.PLACED),
    PLACE_RAW("x.dat", kind -> {}, Run::place, null, Rows.PLACED),
    PLACE_OVER_RAW("x.dat", Run::createOld, Run::place, Rows.OLD, Rows.PLACED),
    CREATE_TABLE_NPY("x.npy", kind -> {}, Run::createTable, null, Rows.FILLED),
    CREATE_TABLE_RAW("x.dat", kind -> {}, Run::createTable, null, Rows.FILLED),
    CREATE_TABLE_AS_SELECT("x.npy", kind -> {}, Run::createTableAsSelect, null, Rows.NEW),
    CREATE_DIRECTORY_AS_SELECT("x", kind -> {}, Run::createTableAsSelect, null, Rows.NEW),
    REPLACE_TABLE("x.npy", Run::createOld, Run::replaceTable, Rows.OLD, Rows.FILLED),
    REPLACE_RAW_TABLE("x.dat", Run::createOld, Run::replaceTable, Rows.OLD, Rows.FILLED),
    REPLACE_TABLE_AS_SELECT("x.dat", Run::createOld, Run::replaceTableAsSelect, Rows.OLD, Rows.NEW),
    INSERT_INTO("x", Run::createOld, Run::insertInto, Rows.OLD, Rows.OLD_AND_NEW),
    INSERT_OVERWRITE("x.dat", Run::createOld, Run::insertOverwrite, Rows.OLD, Rows.NEW),
    DROP_NPY("x.npy", Run::createOldBesideSidecar, Run::drop, Rows.OLD, null),
    DROP_RAW("x.dat", Run::createOld, Run::drop, Rows.OLD, null),
    DROP_DIRECTORY("x", Run::createOld, Run::drop, Rows.OLD, null),
    DROP_RAW_DIRECTORY("x", Run::createOldRawDirectory, Run::drop, Rows.OLD, null),
    DROP_FOREIGN_DIRECTORY("x", Run::createOldForeignDirectory, Run::drop, Rows.OLD, null),
    FORTRAN_NPY("x.npy", Run::createOld, Run::overwriteFortran, Rows.OLD, Rows.NEW),
    FORTRAN_RAW("x.dat", Run::createOld, Run::overwriteFortran, Rows.OLD, Rows.NEW),
    FORTRAN_DIRECTORY("x", Run::createOld, Run::overwriteFortran, Rows.OLD, Rows.NEW),
    OVERWRITE_LINK("x.npy", Run::createOldBehindLink, Run::overwrite, Rows.OLD, Rows.NEW),
    OVERWRITE_RAW_LINK("x.dat", Run::createOldBehindLink, Run::overwrite, Rows.OLD, Rows.NEW),
    APPEND_LINK("x.npy", Run::createOldBehindLink, Run::append, Rows.OLD, Rows.OLD_AND_NEW),
    APPEND_DIRECTORY_LINK("x", Run::createOldBehindLink, Run::append, Rows.OLD, Rows.OLD_AND_NEW);

    private interface Step {
        void run(Run run) throws IOException;
    }

    private final String name;
    private final Step create;
    private final Step write;
    private final long[] old;
    private final long[] now;
    private final boolean inPlace;

    WriteKind(String name, Step create, Step write, long[] old, long[] now) {
        this(name, create, write, old, now, false);
    }

    /** @param inPlace whether the file itself is changed, so that a write that died half way may be an error to readers */
    WriteKind(String name, Step create, Step write, long[] old, long[] now, boolean inPlace) {
        this.name = name;
        this.create = create;
        this.write = write;
        this.old = old;
        this.now = now;
        this.inPlace = inPlace;
    }

    Path target(Path home) {
        return home.resolve(name);
    }

    boolean inPlace() {
        return inPlace;
    }

    boolean isDirectory() {
        return !name.contains(".");
    }

    boolean isRaw() {
        return name.endsWith(".dat");
    }

    boolean drops() {
        return now == null;
    }

    /** What a reader has found, as the array before the write, the one after it, or neither. */
    Found.State state(long[] found) {
        long[] rows = name().startsWith("MERGE") && found != null ? insertedInOrder(found) : found;
        return Arrays.equals(rows, now)
                ? Found.State.NEW
                : Arrays.equals(rows, old) ? Found.State.OLD : Found.State.OTHER;
    }

    /** The same for the bytes of a raw file. */
    Found.State stateOfBytes(long[] found) {
        Found.State state = state(found);
        if (state != Found.State.OTHER || !name().startsWith("FORTRAN")) {
            return state;
        }
        long[] rows = new long[found.length];
        for (int i = 0; i < found.length; i++) {
            rows[2 * i % found.length + 2 * i / found.length] = found[i];
        }
        return state(rows);
    }

    /** MERGE promises no order among the rows that it inserts. */
    private static long[] insertedInOrder(long[] found) {
        List<long[]> inserted = new ArrayList<>();
        for (int i = Rows.OLD.length; i + 1 < found.length; i += 2) {
            inserted.add(new long[] {found[i], found[i + 1]});
        }
        inserted.sort(Comparator.comparingLong(row -> row[0]));
        long[] sorted = found.clone();
        int at = Rows.OLD.length;
        for (long[] row : inserted) {
            sorted[at++] = row[0];
            sorted[at++] = row[1];
        }
        return sorted;
    }

    /** Makes the old array. */
    void create(SparkSession spark, Path home) throws IOException {
        create.run(new Run(spark, target(home)));
    }

    /** Runs the write. */
    void write(SparkSession spark, Path home) throws IOException {
        write.run(new Run(spark, target(home)));
    }

    /** One write of these to a target. */
    private record Run(SparkSession spark, Path target) {
        private static final String SIDECAR = "{\"dtype\": \"<i8\", \"shape\": [200, 2], \"order\": \"C\"}";

        private Dataset<Row> rows(long from, int count) {
            return rows(spark, from, count);
        }

        private DataFrameWriter<Row> writer(Dataset<Row> rows, String mode, String... options) {
            DataFrameWriter<Row> writer =
                    rows.write().format("memmap").mode(mode).option("dtype", "<i8");
            for (int i = 0; i < options.length; i += 2) {
                writer.option(options[i], options[i + 1]);
            }
            return writer;
        }

        void save(String mode, String... options) {
            writer(rows(5000, 120), mode, options).save(target.toString());
        }

        void overwrite() {
            save("overwrite");
        }

        void append() {
            save("append");
        }

        void appendRaw() {
            save("append", "container", "raw");
        }

        void overwriteFortran() {
            save("overwrite", "order", "F");
        }

        void overwriteByNothing() {
            writer(rows(0, 0), "overwrite").save(target.toString());
        }

        private void saveOld(Path path, String... options) {
            writer(rows(0, 200), "overwrite", options).save(path.toString());
        }

        void createOld() {
            saveOld(target);
        }

        void createOldFortran() {
            saveOld(target, "order", "F");
        }

        void createOldRawDirectory() {
            saveOld(target, "container", "raw");
        }

        void createOldBesideSidecar() throws IOException {
            saveOld(target);
            Files.writeString(Path.of(target + ".memmap.json"), SIDECAR);
        }

        /** Shards without a manifest, as NumPy would leave them. */
        void createOldForeignDirectory() throws IOException {
            writer(rows(0, 90), "overwrite").save(target.resolve("a.npy").toString());
            writer(rows(90, 110), "overwrite").save(target.resolve("b.npy").toString());
            Files.writeString(target.resolve("notes.txt"), "not an array");
        }

        void createOldBehindLink() throws IOException {
            Path real = target.resolveSibling("real").resolve(target.getFileName());
            saveOld(real);
            Files.createSymbolicLink(target, target.getParent().relativize(real));
        }

        private Dataset<Row> placed(int from, int to) {
            return spark.range(from, to, 1, 2).selectExpr("id AS row", "9000 + id AS c0", "9000 + id + 1000000 AS c1");
        }

        private void byRow(Dataset<Row> rows, String mode, String... options) {
            writer(rows, mode, options).option("rowColumn", "row").save(target.toString());
        }

        void update() {
            byRow(placed(1, 20).union(placed(22, 120)).union(placed(199, 200)), "append", "update", "true");
        }

        void updateFew() {
            byRow(placed(1, 3).union(placed(70, 71)).union(placed(199, 200)), "append", "update", "true");
        }

        void place() {
            Dataset<Row> rows = placed(1, 20).union(placed(22, 120)).union(placed(149, 150));
            byRow(rows, "overwrite", "shape", "150,2", "fillValue", "7");
        }

        private void sql(String statement) {
            SparkSession session = spark.newSession();
            session.conf().set("spark.sql.catalog.memmap", MemmapCatalog.class.getName());
            rows(session, 5000, 120).createOrReplaceTempView("brought");
            session.sql(statement.replace("@", "memmap.`" + target + "`")).collectAsList();
        }

        private static Dataset<Row> rows(SparkSession session, long from, int count) {
            return session.range(from, from + count, 1, 2).selectExpr("id AS c0", "id + 1000000 AS c1");
        }

        void sqlUpdate() {
            sql("UPDATE @ SET c0 = c0 + 9000 WHERE _row IN (3, 60, 61, 150)");
        }

        void merge() {
            sql(
                    "MERGE INTO @ AS t USING (SELECT c0, c1 FROM brought UNION ALL SELECT id AS c0, id AS c1 FROM range(3, 151)"
                            + " WHERE id IN (3, 60, 61, 150)) AS s ON t.c0 = s.c0 AND s.c0 < 1000"
                            + " WHEN MATCHED THEN UPDATE SET c0 = t.c0 + 9000"
                            + " WHEN NOT MATCHED THEN INSERT (c0, c1) VALUES (s.c0, s.c1)");
        }

        void createTable() {
            sql("CREATE TABLE @ (c0 BIGINT, c1 BIGINT) TBLPROPERTIES ('shape'='150,2', 'fillValue'='7')");
        }

        void replaceTable() {
            sql("CREATE OR REPLACE TABLE @ (c0 BIGINT, c1 BIGINT) TBLPROPERTIES ('shape'='150,2', 'fillValue'='7')");
        }

        void createTableAsSelect() {
            sql("CREATE TABLE @ AS SELECT c0, c1 FROM brought");
        }

        void replaceTableAsSelect() {
            sql("CREATE OR REPLACE TABLE @ AS SELECT c0, c1 FROM brought");
        }

        void insertInto() {
            sql("INSERT INTO @ SELECT c0, c1 FROM brought");
        }

        void insertOverwrite() {
            sql("INSERT OVERWRITE @ SELECT c0, c1 FROM brought");
        }

        void drop() {
            sql("DROP TABLE @ PURGE");
        }
    }
}
