package io.memmap.replay;

import io.memmap.replay.Found.State;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Recovery;
import io.memmap.storage.Recovery.Ending;
import io.memmap.storage.Storage;
import io.memmap.storage.TargetLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * Rebuilds what crashes of recorded writes leave, and looks at it: by this source, by NumPy, by this source once more when
 * the next writer has finished what it found, and in some cases after another write.
 */
final class Replay {
    private static final HadoopSettings SETTINGS = new HadoopSettings(new Configuration(), Map.of());
    /** One of so many states is written to again. */
    private static final int WRITTEN_AGAIN = 40;

    private static final ForeignChange[] CHANGES = ForeignChange.values();
    private static final String FOREIGN_ROWS = SparkReader.text(Rows.FOREIGN);

    private final SparkSession spark;
    private final NumpyReader numpy;
    private final FaultPage page;
    private final Path states;
    private final Report report = new Report();
    private final Map<WriteKind, TreeMap<Integer, State>> killed = new EnumMap<>(WriteKind.class);

    Replay(SparkSession spark, NumpyReader numpy, FaultPage page, Path states) {
        this.spark = spark;
        this.numpy = numpy;
        this.page = page;
        this.states = states;
    }

    Report report() {
        return report;
    }

    /** What each recorded write may leave. */
    static Map<WriteKind, List<Crash>> crashes(List<Operation> operations) {
        Map<WriteKind, List<Crash>> crashes = new EnumMap<>(WriteKind.class);
        Disk disk = new Disk();
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            if (operation.what() != Operation.What.MARK) {
                disk.apply(operation);
            } else if (operation.path().startsWith(Recorder.BEGIN)) {
                disk.settle();
                WriteKind kind = WriteKind.valueOf(operation.path().substring(Recorder.BEGIN.length()));
                List<Operation> own = operations(kind, operations);
                crashes.put(kind, Crash.all(kind, disk, own));
                i += own.size();
            }
        }
        return crashes;
    }

    /** The operations of one write, behind those that made its old array. */
    static List<Operation> operations(WriteKind kind, List<Operation> operations) {
        return operations.subList(mark(Recorder.BEGIN + kind, operations) + 1, mark(Recorder.END + kind, operations));
    }

    private static int mark(String text, List<Operation> operations) {
        int at = 0;
        while (!operations.get(at).path().equals(text)) {
            at++;
        }
        return at;
    }

    /** Looks at up to {@code most} crashes of each kind of write. */
    void run(Map<WriteKind, List<Crash>> crashes, int most, Random random) throws IOException {
        for (Map.Entry<WriteKind, List<Crash>> entry : crashes.entrySet()) {
            List<Crash> all = new ArrayList<>(entry.getValue());
            report.count("kinds of write");
            report.count("prefixes of their operations", all.get(0).of() + 1);
            report.count("states that they can leave", all.size());
            Collections.shuffle(all, random);
            for (Crash crash : all.subList(0, Math.min(most, all.size()))) {
                look(crash, random.nextInt(WRITTEN_AGAIN) == 0);
                changeAfter(crash, CHANGES[random.nextInt(CHANGES.length)]);
            }
        }
        killed.forEach(this::checkNeverOldAgain);
    }

    /** There is one moment from which on readers get the new array. */
    private void checkNeverOldAgain(WriteKind kind, TreeMap<Integer, State> states) {
        Integer firstNew = null;
        for (Map.Entry<Integer, State> entry : states.entrySet()) {
            if (entry.getValue() == State.NEW && firstNew == null) {
                firstNew = entry.getKey();
            } else if (entry.getValue() != State.NEW && firstNew != null) {
                report.fault(
                        kind,
                        "killed later, no longer new",
                        "new after " + firstNew + " operations, " + entry.getValue() + " after " + entry.getKey());
            }
        }
    }

    void look(Crash crash, boolean writeAgain) throws IOException {
        Path home = states.resolve(crash.kind().name());
        page.show(Map.of());
        page.show(crash.create(home));
        Path target = crash.kind().target(home);
        report.count(crash.powerLoss() ? "states after a power loss" : "states after a kill");
        SortedMap<String, String> before = LeftFiles.everything(home);
        Found first = SparkReader.read(crash.kind(), target);
        SortedMap<String, String> after = LeftFiles.everything(home);
        if (!after.equals(before)) {
            report.fault(crash.kind(), "a read changes files", crash + ": " + before.keySet() + ", " + after.keySet());
        }
        boolean pending = hasRecord(target);
        if (!crash.powerLoss()) {
            killed.computeIfAbsent(crash.kind(), kind -> new TreeMap<>()).put(crash.done(), first.state());
        }
        check(crash, "this source reads", first, crash.kind().inPlace() && pending);
        if (numpy != null) {
            Found bytes =
                    crash.kind().isRaw() ? numpy.readBytes(crash.kind(), target) : numpy.read(crash.kind(), target);
            check(crash, "NumPy reads", bytes, crash.kind().inPlace());
        }
        if (!isFinished(crash, target, false) && !isFinished(crash, target, true)) {
            return;
        }
        Found then = SparkReader.read(crash.kind(), target);
        check(crash, "when finished, this source reads", then, false);
        if (first.state() == State.NEW && then.state() == State.OLD) {
            report.fault(crash.kind(), "new, and old when finished", crash.toString());
        }
        if (numpy != null) {
            Found again = numpy.read(crash.kind(), target);
            if (again.state() != then.state() && !again.detail().equals(then.detail())) {
                report.fault(crash.kind(), "when finished, NumPy reads otherwise: " + again, crash + ": " + then);
            }
        }
        if (writeAgain) {
            writeAgain(crash, home, target);
        }
    }

    /** What others write after a crash is never lost, and never read as the array of the write that died. */
    private void changeAfter(Crash crash, ForeignChange change) throws IOException {
        Path home = states.resolve(crash.kind().name());
        page.show(Map.of());
        page.show(crash.create(home));
        Path target = crash.kind().target(home);
        Map<Path, byte[]> written = change.make(crash.kind(), target);
        if (written.isEmpty()) {
            return;
        }
        report.count("states that others changed");
        boolean judged = !crash.kind().isDirectory() && change != ForeignChange.ADDED;
        checkForeign(crash, change + ", read", target, written, judged);
        for (String who : List.of("a writer", "finish", "discard")) {
            try {
                switch (who) {
                    case "a writer" -> finish(target, false);
                    default ->
                        Recovery.end(
                                who.equals("finish") ? Ending.FINISH : Ending.DISCARD,
                                target.toString(),
                                SETTINGS,
                                "replay");
                }
            } catch (IOException e) {
                report.count("changes of others that were left alone");
            }
            checkForeign(crash, change + ", after " + who, target, written, judged);
        }
    }

    private void checkForeign(Crash crash, String when, Path target, Map<Path, byte[]> written, boolean judged)
            throws IOException {
        for (Map.Entry<Path, byte[]> file : written.entrySet()) {
            if (!Files.exists(file.getKey()) || !Arrays.equals(Files.readAllBytes(file.getKey()), file.getValue())) {
                report.fault(crash.kind(), when + " loses bytes of others", crash + ": " + file.getKey());
            }
        }
        Found found = SparkReader.read(crash.kind(), target);
        // A sidecar of no rows, which others left as it was, describes the beginning of any raw file.
        boolean noRows = crash.kind().empties() && found.state() == State.NEW;
        boolean theirs = noRows || found.detail().equals(FOREIGN_ROWS) || found.state() == State.ERROR;
        if (judged && !theirs) {
            report.fault(crash.kind(), when + " is " + found.state(), crash + ": " + found);
        }
    }

    private void check(Crash crash, String who, Found found, boolean mayFail) {
        if (crash.answered() ? found.state() == State.NEW : found.isWhole()) {
            return;
        }
        if (!crash.answered() && mayFail) {
            return;
        }
        String when = crash.answered() ? " though the write had succeeded" : "";
        report.fault(
                crash.kind(),
                who + " " + found.state() + when + (crash.powerLoss() ? " after a power loss" : ""),
                crash + ": " + found);
    }

    private static boolean hasRecord(Path target) throws IOException {
        Path real = Files.exists(target) ? target.toRealPath() : target;
        return Files.exists(real.resolveSibling("." + real.getFileName() + ".redo.json"));
    }

    private boolean isFinished(Crash crash, Path target, boolean breakLock) {
        try {
            finish(target, breakLock);
            return true;
        } catch (IOException e) {
            String symptom = breakLock ? "cannot be finished though the lock is broken" : "cannot be finished";
            report.fault(crash.kind(), symptom, crash + ": " + e.getMessage());
            return false;
        }
    }

    /** What every writer does first. */
    static void finish(Path target, boolean breakLock) throws IOException {
        Storage storage = Storage.of(target.toString(), SETTINGS);
        String real = storage.real(target.toString());
        if (Files.exists(Path.of(Storage.parent(real)))) {
            TargetLock.take(storage, real, "replay", breakLock).release();
        }
    }

    private void writeAgain(Crash crash, Path home, Path target) throws IOException {
        report.count("states that were written to again");
        try {
            spark.range(5000, 5120, 1, 2)
                    .selectExpr("id AS c0", "id + 1000000 AS c1")
                    .write()
                    .format("memmap")
                    .mode("overwrite")
                    .save(target.toString());
        } catch (Exception e) {
            report.fault(crash.kind(), "cannot be written again", crash + ": " + e);
            return;
        }
        Found found = SparkReader.read(WriteKind.OVERWRITE_NPY, target);
        if (found.state() != State.NEW) {
            report.fault(crash.kind(), "written again, reads " + found.state(), crash + ": " + found);
        }
        List<String> hidden = LeftFiles.hidden(home);
        if (!hidden.isEmpty()) {
            report.fault(crash.kind(), "written again, leaves something", crash + ": " + hidden);
        }
    }
}
