package io.memmap.replay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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
    APPEND_DIRECTORY_LINK("x", Run::createOldBehindLink, Run::append, Rows.OLD, Rows.OLD_AND_NEW),
    CREATE_PARTITIONED("x", kind -> {}, kind -> kind.savePartitioned("append"), null, Rows.NEW),
    APPEND_PARTITIONED(
            "x", Run::createOldPartitioned, kind -> kind.savePartitioned("append"), Rows.OLD, Rows.OLD_AND_NEW),
    OVERWRITE_PARTITIONED(
            "x", Run::createOldPartitioned, kind -> kind.savePartitioned("overwrite"), Rows.OLD, Rows.NEW),
    OVERWRITE_PARTITIONS("x", Run::createOldPartitioned, Run::overwritePartitions, Rows.OLD, Rows.OLD_AND_NEW),
    CREATE_SIDE_BY_SIDE("x", kind -> {}, kind -> kind.saveSideBySide("overwrite"), null, Rows.NEW),
    APPEND_SIDE_BY_SIDE(
            "x", Run::createOldSideBySide, kind -> kind.saveSideBySide("append"), Rows.OLD, Rows.OLD_AND_NEW),
    OVERWRITE_SIDE_BY_SIDE("x", Run::createOldSideBySide, kind -> kind.saveSideBySide("overwrite"), Rows.OLD, Rows.NEW),
    CREATE_NPZ("x.npz", kind -> {}, kind -> kind.saveNpz(5000, 120), null, Rows.NEW),
    OVERWRITE_NPZ("x.npz", kind -> kind.saveNpz(0, 200), kind -> kind.saveNpz(5000, 120), Rows.OLD, Rows.NEW);

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

    /** Returns true if no rows of a raw file are left. */
    boolean empties() {
        return now == Rows.NONE;
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
}
