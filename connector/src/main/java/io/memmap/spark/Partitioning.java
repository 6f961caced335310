package io.memmap.spark;

import io.memmap.dtype.Literal;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.schema.SparkTypes;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.StructType;

/** The partitions that a statement or a DataFrame asks for. Buckets and clustering, which arrays do not have, are refused in its words. */
final class Partitioning {

    private Partitioning() {}

    /**
     * The options of a table that is created with these partitions.
     *
     * @throws IllegalArgumentException if it asks for anything but columns
     */
    static Map<String, String> options(String path, Transform[] partitioning) {
        if (!isPlain(partitioning)) {
            ofTable(path, partitioning);
        }
        return partitioning.length == 0
                ? Map.of()
                : Map.of(
                        OptionKey.PARTITION_BY.name(),
                        Literal.toJson(Arrays.stream(partitioning)
                                .map(Partitioning::columns)
                                .toList()));
    }

    private static boolean isPlain(Transform[] partitioning) {
        return Arrays.stream(partitioning)
                .allMatch(transform -> transform.name().equals("identity"));
    }

    /**
     * Refuses what a statement, or a DataFrame that is saved as a table, asks for.
     *
     * @param created the name of the table, or its path
     * @throws IllegalArgumentException if it asks for anything
     */
    static void ofTable(String created, Transform[] partitioning) {
        if (partitioning.length == 0) {
            return;
        }
        Kind kind = Kind.of(partitioning[0]);
        throw new IllegalArgumentException("Cannot create " + created + " " + kind.clause + " ("
                + described(partitioning) + "): arrays have no " + kind.what
                + (kind != Kind.PARTITION
                        ? "; leave out " + kind.clause + ", or " + kind.method
                        : isPlain(partitioning)
                                ? " in Spark's own catalog; use a catalog of io.memmap.spark.MemmapCatalog, or leave out "
                                        + kind.clause + ", or " + kind.method
                                : " of computed values, expected columns; add a column with the values"));
    }

    /**
     * Checks what a DataFrame that is saved to a path asks for.
     *
     * @throws IllegalArgumentException for anything but columns, and for columns if Spark hands over no save modes
     */
    static void ofPath(String path, StructType columns, Transform[] partitioning) {
        boolean plain = isPlain(partitioning);
        if (plain && !SparkTypes.holdsInterval(columns)) {
            return;
        } else if (plain && partitioning.length > 0) {
            throw new IllegalArgumentException("Cannot write " + path + " with partitionBy(" + described(partitioning)
                    + "): the DataFrame has an interval column, which Spark saves another way; cast it to BIGINT");
        } else if (partitioning.length == 0) {
            return;
        }
        Kind kind = Kind.of(partitioning[0]);
        throw new IllegalArgumentException("Cannot write " + path + " with " + kind.method + "("
                + described(partitioning) + "): arrays have no " + kind.what + "; leave out " + kind.method
                + ", or write each part to a path of its own");
    }

    private static String described(Transform[] partitioning) {
        return Arrays.stream(partitioning)
                .map(transform -> Kind.of(transform) == Kind.PARTITION
                                && !transform.name().equals("identity")
                        ? transform.describe()
                        : columns(transform))
                .collect(Collectors.joining(", "));
    }

    private static String columns(Transform transform) {
        return Arrays.stream(transform.references())
                .map(reference -> String.join(".", reference.fieldNames()))
                .collect(Collectors.joining(", "));
    }

    private enum Kind {
        PARTITION("PARTITIONED BY", "partitions", "partitionBy"),
        BUCKET("CLUSTERED BY", "buckets", "bucketBy"),
        CLUSTER("CLUSTER BY", "clustering", "clusterBy");

        private final String clause;
        private final String what;
        private final String method;

        Kind(String clause, String what, String method) {
            this.clause = clause;
            this.what = what;
            this.method = method;
        }

        static Kind of(Transform transform) {
            return switch (transform.name()) {
                case "bucket", "sorted_bucket" -> BUCKET;
                case "cluster_by" -> CLUSTER;
                default -> PARTITION;
            };
        }
    }
}
