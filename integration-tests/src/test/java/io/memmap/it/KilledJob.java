package io.memmap.it;

import io.memmap.it.KilledTarget.Artefact;
import io.memmap.spark.MemmapCatalog;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * The jobs that {@link KillTest} kills, each with a target of its own. Job number {@code generation} brings only rows
 * full of that number, so that the rows tell which jobs have happened.
 */
enum KilledJob {
    OVERWRITE_NPY("x.npy", EnumSet.of(Artefact.ASSEMBLED)),
    OVERWRITE_RAW("x.dat", EnumSet.of(Artefact.ASSEMBLED)),
    OVERWRITE_DIRECTORY("x", EnumSet.of(Artefact.SHARDS)),
    /** Rows in directories of their values, replaced by dynamic overwrites. */
    OVERWRITE_PARTITIONED("x", EnumSet.of(Artefact.SHARDS)),
    /** Columns that are an array each. */
    OVERWRITE_SIDE_BY_SIDE("x", EnumSet.of(Artefact.SHARDS)),
    APPEND_NPY("x.npy", EnumSet.of(Artefact.BEHIND)),
    APPEND_RAW("x.dat", EnumSet.of(Artefact.RECORD, Artefact.HALF_DONE)),
    APPEND_DIRECTORY("x", EnumSet.of(Artefact.SHARDS)),
    UPDATE("x.npy", EnumSet.of(Artefact.RECORD, Artefact.HALF_DONE)),
    /** Gives a new number to all rows that have the last one, and appends some. */
    MERGE("x.dat", EnumSet.of(Artefact.RECORD, Artefact.HALF_DONE));

    static final int WIDTH = 16;
    static final int ROW_NBYTES = WIDTH * Long.BYTES;
    static final int PARTITIONS = 4;

    private static final int BLOCK_ROWS = 100_000;
    private static final int UPDATED_FROM = 1000;
    private static final int UPDATED_ROWS = 200_000;
    private static final int REST_ROWS = 20_000;
    /** Stands in rows that no MERGE matches. */
    private static final long NO_GENERATION = 1_000_000;

    private final String fileName;
    private final Set<Artefact> artefacts;

    KilledJob(String fileName, Set<Artefact> own) {
        this.fileName = fileName;
        this.artefacts = EnumSet.of(Artefact.LOCK, Artefact.STAGING, Artefact.SEGMENTS, Artefact.PUBLISHED);
        artefacts.addAll(own);
    }

    /** Adjacent rows with one value in all their elements. */
    record Run(long value, long rows) {
        @Override
        public String toString() {
            return value + ":" + rows;
        }
    }

    Path target(Path root) {
        return root.resolve(name()).resolve(fileName);
    }

    /** What stands on the disk at some moment of this job. */
    Set<Artefact> artefacts() {
        return artefacts;
    }

    boolean directory() {
        return fileName.equals("x");
    }

    boolean raw() {
        return fileName.equals("x.dat");
    }

    boolean overwrites() {
        return name().startsWith("OVERWRITE");
    }

    private boolean appends() {
        return name().startsWith("APPEND");
    }

    /** What generation {@code generation} brings, which differs in length from the one before. */
    long newRows(int generation) {
        if (this == MERGE) {
            return UPDATED_ROWS / 4
                    + IntStream.rangeClosed(1, generation)
                            .mapToLong(KilledJob::insertedRows)
                            .sum();
        }
        long more = generation % 3 * 1000L;
        // Nothing but the copy of the rows shows that the append of an .npy has begun: it must last long enough to be
        // seen.
        return this == UPDATE ? UPDATED_ROWS : (this == APPEND_NPY ? 4 * BLOCK_ROWS : BLOCK_ROWS) + more;
    }

    private static long insertedRows(int generation) {
        return 10_000 + generation % 3 * 1000L;
    }

    /** The whole array after job number {@code generation}. */
    List<Run> runs(int generation) {
        if (overwrites()) {
            return List.of(new Run(generation, newRows(generation)));
        }
        if (this == MERGE) {
            return List.of(new Run(NO_GENERATION, UPDATED_FROM), new Run(generation, newRows(generation)));
        }
        if (appends()) {
            return IntStream.rangeClosed(0, generation)
                    .mapToObj(each -> new Run(each, newRows(each)))
                    .toList();
        }
        return generation == 0
                ? List.of(new Run(0, UPDATED_FROM + UPDATED_ROWS + REST_ROWS))
                : Stream.of(new Run(0, UPDATED_FROM), new Run(generation, UPDATED_ROWS), new Run(0, REST_ROWS))
                        .toList();
    }

    /** Makes the array of generation 0, whatever was there. */
    void create(SparkSession spark, Path root) {
        String path = target(root).toString();
        List<Run> first = runs(0);
        writer(rows(spark, 0, first.get(0).rows(), first.get(0).value()))
                .mode(SaveMode.Overwrite)
                .save(path);
        for (Run run : first.subList(1, first.size())) {
            writer(rows(spark, 0, run.rows(), run.value()))
                    .mode(SaveMode.Append)
                    .save(path);
        }
    }

    /** Runs the job. */
    void write(SparkSession spark, Path root, int generation) {
        String path = target(root).toString();
        if (this == UPDATE) {
            rows(spark, UPDATED_FROM, UPDATED_FROM + UPDATED_ROWS, generation)
                    .write()
                    .format("memmap")
                    .option("rowColumn", "row")
                    .option("update", true)
                    .mode(SaveMode.Append)
                    .save(path);
        } else if (this == MERGE) {
            merge(spark.newSession(), path, generation);
        } else {
            writer(rows(spark, 0, newRows(generation), generation))
                    .mode(overwrites() ? SaveMode.Overwrite : SaveMode.Append)
                    .save(path);
        }
    }

    private static void merge(SparkSession spark, String path, int generation) {
        spark.conf().set("spark.sql.catalog.killed", MemmapCatalog.class.getName());
        spark.conf().set("spark.sql.catalog.killed.layout", "array");
        rows(spark, 0, insertedRows(generation), generation)
                .selectExpr("CAST(NULL AS BIGINT) AS old", "value")
                .union(rows(spark, 0, 1, generation).selectExpr((generation - 1) + "L AS old", "value"))
                .createOrReplaceTempView("generation");
        spark.sql(
                "MERGE INTO killed.`" + path + "` AS t USING generation AS s ON t.value[0] = s.old"
                        + " WHEN MATCHED THEN UPDATE SET value = s.value WHEN NOT MATCHED THEN INSERT (value) VALUES (s.value)");
    }

    /** The values of a row, all of its generation. */
    String rowValues() {
        return this == OVERWRITE_SIDE_BY_SIDE ? "concat(value, array(copy))" : "value";
    }

    /** The options that read them. */
    Map<String, String> readOptions() {
        return this == OVERWRITE_SIDE_BY_SIDE ? Map.of() : Map.of("layout", "array");
    }

    private DataFrameWriter<Row> writer(Dataset<Row> rows) {
        return switch (this) {
            case OVERWRITE_PARTITIONED ->
                rows.selectExpr("value", "row % 3 AS part")
                        .write()
                        .format("memmap")
                        .partitionBy("part")
                        .option("partitionOverwriteMode", "dynamic");
            case OVERWRITE_SIDE_BY_SIDE ->
                rows.selectExpr("value", "value[0] AS copy")
                        .write()
                        .format("memmap")
                        .option("layout", "sideBySide");
            default -> rows.drop("row").write().format("memmap");
        };
    }

    private static Dataset<Row> rows(SparkSession spark, long from, long to, long generation) {
        return spark.range(from, to, 1, PARTITIONS)
                .selectExpr("id AS row", "array_repeat(CAST(" + generation + " AS BIGINT), " + WIDTH + ") AS value");
    }
}
