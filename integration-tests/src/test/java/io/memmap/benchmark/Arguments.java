package io.memmap.benchmark;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the command line chooses, as {@code name=value}:
 *
 * <ul>
 *   <li>{@code workloads=sum,filter}: those whose names are these or start with one of them and a dash; all unless given
 *   <li>{@code contenders=memmap,parquet}: by name; all but {@code read}, {@code scalar} and {@code always} unless given
 *   <li>{@code jars=old.jar,new.jar}: connector jars, each a contender in a JVM and a Spark of its own; all others are then
 *       compared with the first one. The same jar twice shows how much two JVMs differ
 *   <li>{@code size=0.1,0.8}: gigabytes of the larger arrays
 *   <li>{@code warmups=5 rounds=7}: at most so many; after {@code seconds=4} of its own a contender sits out, having had
 *       two warm-ups and three rounds
 *   <li>{@code directory=}: where the files are kept; a temporary one, deleted at the end, unless given
 *   <li>{@code out=}: where {@code results.tsv}, {@code results.md} and {@code results.svg} are written; what they hold of
 *       other workloads and sizes stays
 *   <li>{@code python=python3 node=node polars=}: the programs, and the directory in which
 *       {@code npm install nodejs-polars} was run
 *   <li>{@code shards=1000 dimensions=768}: of the shards and the embeddings
 * </ul>
 */
record Arguments(
        List<String> workloads,
        List<String> contenders,
        List<String> jars,
        List<Double> sizes,
        int warmUps,
        int rounds,
        double seconds,
        String directory,
        String out,
        String python,
        String node,
        String polars,
        int shards,
        int dimensions) {

    /** Every contender's name, in the order of the table. */
    static final List<String> CONTENDERS = List.of(
            "memmap",
            "scalar",
            "always",
            "unpushed",
            "read",
            "parquet",
            "snappy",
            "orc",
            "binaryRecords",
            "java",
            "blocks",
            "straight",
            "numpy",
            "dask",
            "duckdb",
            "polars");

    private static final Set<String> ON_DEMAND = Set.of("read", "scalar", "always");
    private static final Map<String, String> DEFAULTS = defaults();

    private static Map<String, String> defaults() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("workloads", "");
        values.put(
                "contenders",
                CONTENDERS.stream().filter(name -> !ON_DEMAND.contains(name)).collect(Collectors.joining(",")));
        values.put("jars", "");
        values.put("size", "0.1");
        values.put("warmups", "5");
        values.put("rounds", "7");
        values.put("seconds", "4");
        values.put("directory", "");
        values.put("out", "");
        values.put("python", "python3");
        values.put("node", "node");
        values.put("polars", "");
        values.put("shards", "1000");
        values.put("dimensions", "768");
        return values;
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if one is not {@code name=value} of a known name
     */
    static Arguments parse(String... arguments) {
        Map<String, String> values = new LinkedHashMap<>(DEFAULTS);
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 0 || values.replace(argument.substring(0, equals), argument.substring(equals + 1)) == null) {
                throw new IllegalArgumentException(
                        "Cannot read argument " + argument + ", expected name=value with one of " + DEFAULTS.keySet());
            }
        }
        return new Arguments(
                list(values.get("workloads")),
                list(values.get("contenders")),
                list(values.get("jars")),
                list(values.get("size")).stream().map(Double::valueOf).toList(),
                Integer.parseInt(values.get("warmups")),
                Integer.parseInt(values.get("rounds")),
                Double.parseDouble(values.get("seconds")),
                values.get("directory"),
                values.get("out"),
                values.get("python"),
                values.get("node"),
                values.get("polars"),
                Integer.parseInt(values.get("shards")),
                Integer.parseInt(values.get("dimensions")));
    }

    private static List<String> list(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(","));
    }

    /** The contender that the others are compared with, pair by pair. */
    String base() {
        return jars.isEmpty() ? "memmap" : SparkChild.jarName(0);
    }

    boolean chooses(Workload workload) {
        return workloads.isEmpty()
                || workloads.stream()
                        .anyMatch(name ->
                                workload.name().equals(name) || workload.name().startsWith(name + "-"));
    }
}
