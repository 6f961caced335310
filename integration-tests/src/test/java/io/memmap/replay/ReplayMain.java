package io.memmap.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** The JVMs of {@code ReplayTest}, into which the library of {@link FileOps} is preloaded. */
public final class ReplayMain {
    /** Stand before the operations without which the replay finds faults that it else does not find, or none. */
    public static final String CAUGHT = "caught ";

    public static final String MISSED = "missed ";
    /** The last line. */
    public static final String DONE = "done";

    /** Stands behind the number of NumPy's that read along, 0 or 1. */
    public static final String NUMPY_READERS = " NumPy readers";

    private ReplayMain() {}

    private static final int SAMPLED_KINDS = 8;

    /** The kinds of write of which the replay shows that it sees what is left out. */
    private static final Pattern PROVING = Pattern.compile("/\\.assembled|/\\.part-|/_memmap\\.json$");

    private static final List<WriteKind> PROVED = List.of(WriteKind.OVERWRITE_NPY, WriteKind.OVERWRITE_DIRECTORY);

    /**
     * Takes what to do, the directory of {@link FileOps}, a seed, how many cases of each kind of write to try, 0 for all, and
     * the kinds of write, separated by commas, or nothing for all or a sample of them.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        FileOps files = new FileOps(Path.of(args[1]));
        Random random = new Random(Long.parseLong(args[2]));
        int most = args[3].equals("0") ? Integer.MAX_VALUE : Integer.parseInt(args[3]);
        List<WriteKind> kinds = kinds(args[4], most, random);
        SparkSession spark = session(files);
        try (NumpyReader numpy = NumpyReader.start()) {
            System.out.println(Report.COUNT + (numpy == null ? 0 : 1) + NUMPY_READERS);
            switch (args[0]) {
                case "record" -> Recorder.run(spark, files, kinds);
                case "replay" -> replay(spark, numpy, files, most, random);
                case "fail" -> fail(spark, numpy, files, kinds, most, random);
                default -> throw new IllegalArgumentException(args[0]);
            }
        }
        System.out.println(DONE);
        System.exit(0);
    }

    private static void replay(SparkSession spark, NumpyReader numpy, FileOps files, int most, Random random)
            throws IOException {
        Path states = Files.createDirectories(files.directory().resolve("states"));
        FaultPage page = FaultPage.open(files.page());
        List<Operation> operations = Operation.parse(files.log());
        Replay replay = new Replay(spark, numpy, page, states);
        Map<WriteKind, List<Crash>> crashes = Replay.crashes(operations);
        replay.run(crashes, most, random);
        replay.report().print();
        for (WriteKind kind : PROVED.stream().filter(crashes::containsKey).toList()) {
            Set<String> before = faults(new Replay(spark, numpy, page, states), kind, operations, Set.of());
            for (Operation operation : Replay.operations(kind, operations)) {
                boolean tried = most == Integer.MAX_VALUE
                        || PROVING.matcher(operation.toString()).find();
                if (tried && (operation.what() == Operation.What.SYNC || operation.what() == Operation.What.RENAME)) {
                    List<Operation> others = new ArrayList<>(operations);
                    others.remove(operation);
                    Set<String> now = faults(new Replay(spark, numpy, page, states), kind, others, before);
                    System.out.println((before.containsAll(now) ? MISSED : CAUGHT) + operation);
                }
            }
        }
    }

    /** The faults of one kind of write, up to the first that is not known. */
    private static Set<String> faults(Replay replay, WriteKind kind, List<Operation> operations, Set<String> known)
            throws IOException {
        for (Crash crash : Replay.crashes(operations).get(kind)) {
            replay.look(crash, false);
            if (!known.containsAll(replay.report().faults())) {
                break;
            }
        }
        return replay.report().faults();
    }

    /** The kinds of write that are named, else all of them, or some and those that are proved. */
    private static List<WriteKind> kinds(String names, int most, Random random) {
        if (!names.isEmpty()) {
            return Stream.of(names.split(",")).map(WriteKind::valueOf).toList();
        }
        List<WriteKind> kinds = new ArrayList<>(List.of(WriteKind.values()));
        if (most == Integer.MAX_VALUE) {
            return kinds;
        }
        Collections.shuffle(kinds, random);
        Set<WriteKind> sampled = EnumSet.copyOf(PROVED);
        sampled.addAll(kinds.subList(0, SAMPLED_KINDS));
        return List.copyOf(sampled);
    }

    private static void fail(
            SparkSession spark, NumpyReader numpy, FileOps files, List<WriteKind> kinds, int most, Random random)
            throws IOException, InterruptedException {
        Faults faults = new Faults(spark, numpy, files);
        faults.run(kinds, most, random);
        faults.report().print();
    }

    private static SparkSession session(FileOps files) {
        return SparkSession.builder()
                .appName("replay")
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.log.level", "ERROR")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .config(
                        "spark.sql.warehouse.dir",
                        files.directory().resolve("warehouse").toString())
                .getOrCreate();
    }
}
