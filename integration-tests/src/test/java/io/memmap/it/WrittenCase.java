package io.memmap.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A DataFrame to write, by which options, and how what is written reads back.
 *
 * @param expressions of its columns, over {@code id}
 * @param options of the writer
 * @param readOptions what the reader has to be told of a file without a manifest or sidecar
 * @param expected expressions over its columns for what is read back; empty for just the same
 */
record WrittenCase(
        String name,
        List<String> expressions,
        Map<String, String> options,
        Map<String, String> readOptions,
        List<String> expected) {

    private static final String NAMED = "named ";

    /** Every row of the type table, and every form that an array takes. */
    static List<WrittenCase> all() {
        return Stream.of(numbers(), others(), times(), forms(), named(), inFortranOrder())
                .flatMap(List::stream)
                .toList();
    }

    /** Named by the dtype and shape that NumPy shows where no row is written. */
    static List<WrittenCase> withoutRows() {
        return List.of(
                of("int64 [0]", "id"),
                of("float32 [0,2]", "id / 2 AS x", "id AS y").as("<f4"),
                of("float64 [0,2]", "id / 2 AS x", "id AS y").as("<f8").with("order", "F"),
                of("[('id', '<i8'), ('name', '<U4')] [0]", "id", "string(id) AS name")
                        .with("columnDtypes", "name U4"));
    }

    private static List<WrittenCase> numbers() {
        String floats = pick("FLOAT", "0.5", "-2", "'-0.0'", "1024", "'NaN'", "'Infinity'", "'-Infinity'", "1.5");
        String doubles = pick("DOUBLE", "0.1", "-1e300", "'-0.0'", "4.9E-324", "'NaN'", "'-Infinity'");
        return List.of(
                of("b1", pick("BOOLEAN", "true", "false")),
                of("i1", pick("TINYINT", "-128", "127", "0")),
                of("i2", pick("SMALLINT", "-32768", "32767", "1")),
                of("i4", pick("INT", "-2147483648", "2147483647", "2")),
                of("i8", pick("BIGINT", "-9223372036854775808", "9223372036854775807", "3")),
                of("u1", pick("SMALLINT", "0", "255", "128")).as("<u1"),
                of("u2", pick("INT", "0", "65535", "32768")).as(">u2"),
                of("u4", pick("BIGINT", "0", "4294967295")).as("<u4"),
                of("u8", pick("DECIMAL(20,0)", "0", "18446744073709551615", "9223372036854775808")),
                of("f2", floats).as("<f2"),
                of("f2 big", floats).as(">f2"),
                of("bfloat16", floats).as("bfloat16").reading("dtype", "bfloat16"),
                of("f4", floats),
                of("f8", doubles),
                of("f8 big", doubles).as(">f8"),
                of("decimal", pick("DECIMAL(10,2)", "0.25", "-99999999.99", "3"))
                        .as("<f8")
                        .expecting("CAST(value AS DOUBLE) AS value"),
                of("c8", "named_struct('re', " + floats + ", 'im', CAST(id AS FLOAT))"),
                of("c16", "named_struct('re', CAST(id AS DOUBLE), 'im', " + doubles + ")"));
    }

    private static List<WrittenCase> others() {
        return List.of(
                of("S", pick("STRING", "'a'", "''", "'日本'", "'12345678'")).as("S8"),
                of("S latin1", pick("STRING", "'é'", "'ÿþ'"))
                        .as("S2")
                        .with("stringEncoding", "latin1")
                        .reading("stringEncoding", "latin1"),
                of("S binary", pick("BINARY", "X'00ff'", "X'8000'"))
                        .as("S2")
                        .with("stringEncoding", "binary")
                        .reading("stringEncoding", "binary"),
                of("U", pick("STRING", "'a'", "''", "'日本😀é'", "'\uE000 '")).as("<U5"),
                of("U big", pick("STRING", "'a'", "''", "'日本😀é'")).as(">U5"),
                of("V", pick("BINARY", "X'000102'", "X'ff0000'")).as("V3"));
    }

    private static List<WrittenCase> times() {
        String dates = pick("DATE", "'0001-01-01'", "'1969-12-31'", "NULL", "'9999-12-31'", "'2024-02-29'");
        String seconds = pick("TIMESTAMP_NTZ", "'1969-12-31 23:59:59'", "NULL", "'2024-02-29 12:00:00'");
        return List.of(
                of("M8[D]", dates),
                of("M8[D] big", dates).as(">M8[D]"),
                of("M8[W]", pick("DATE", "'1970-01-01'", "'1969-12-25'", "NULL"))
                        .as("<M8[W]"),
                of("M8[M]", pick("DATE", "'1970-01-01'", "'1969-12-01'", "NULL"))
                        .as("<M8[M]"),
                of("M8[Y]", pick("DATE", "'1970-01-01'", "'1969-01-01'", "NULL"))
                        .as("<M8[Y]"),
                of(
                        "M8[us]",
                        pick(
                                "TIMESTAMP_NTZ",
                                "'0001-01-01 00:00:00'",
                                "'1969-12-31 23:59:59.999999'",
                                "NULL",
                                "'9999-12-31 23:59:59.999999'")),
                of(
                                "M8[us] of instants",
                                pick(
                                        "TIMESTAMP",
                                        "'0001-01-02 00:00:00Z'",
                                        "'1969-12-31 23:59:59.999999Z'",
                                        "NULL",
                                        "'2024-03-10 02:30:00 America/New_York'",
                                        "'1941-10-01 00:10:00 Asia/Kolkata'"))
                        .reading("timestampType", "ltz"),
                of("M8[ns]", pick("TIMESTAMP_NTZ", "'1969-12-31 23:59:59.999999'", "NULL", "'2024-02-29 12:00:00'"))
                        .as("<M8[ns]"),
                of("M8[ms]", seconds).as(">M8[ms]"),
                of("M8[s]", seconds).as("<M8[s]"),
                of("M8[25s]", pick("TIMESTAMP_NTZ", "'1970-01-01 00:00:50'", "'1969-12-31 23:59:35'"))
                        .as("<M8[25s]"),
                of(
                        "m8[us]",
                        "element_at(array(INTERVAL '1 02:03:04.000005' DAY TO SECOND,"
                                + " INTERVAL '-0 00:00:00.000001' DAY TO SECOND), CAST(id % 2 AS INT) + 1)"),
                of(
                        "m8[M]",
                        "element_at(array(INTERVAL '3-1' YEAR TO MONTH, INTERVAL '-1' MONTH), CAST(id % 2 AS INT) + 1)"));
    }

    private static List<WrittenCase> forms() {
        String[] record = {
            "id",
            "concat('n', id) AS name",
            "array(CAST(id AS FLOAT), 0.5F, -1F) AS v",
            "named_struct('a', CAST(id AS SMALLINT), 'at', DATE'2024-02-29') AS s",
            "array(array(named_struct('x', id)), array(named_struct('x', -id))) AS a",
            "id % 2 = 0 AS even"
        };
        String matrix = "array(CAST(id AS DOUBLE), id / 2, -id / 4)";
        String cube = "array(array(CAST(id AS INT), 1), array(2, CAST(-id AS INT)), array(5, 6))";
        return List.of(
                of("record", record).with("columnDtypes", "name U4"),
                of("record of a dtype", "id", "id / 2 AS v", "concat('n', id) AS `a b`")
                        .with(
                                "dtype",
                                "{'names': ['a b', 'v', 'id'], 'formats': ['S3', '>f8', '<u4'],"
                                        + " 'offsets': [1, 8, 20], 'itemsize': 32}")
                        .expecting("`a b`", "v", "id"),
                of("matrix of columns", "id / 2 AS c0", "-id / 4 AS c1", "CAST(id AS DOUBLE) AS c2")
                        .as("<f8"),
                of("matrix of columns, F", "id / 2 AS c0", "-id / 4 AS c1", "CAST(id AS DOUBLE) AS c2")
                        .as("<f8")
                        .with("order", "F"),
                of("matrix", matrix).reading("layout", "array"),
                of("matrix, F", matrix).reading("layout", "array").with("order", "F"),
                of("matrix of f2, F", matrix)
                        .as("<f2")
                        .with("order", "F")
                        .reading("layout", "array")
                        .expecting("CAST(value AS ARRAY<FLOAT>) AS value"),
                of("one column wide", "array(id)").reading("layout", "array"),
                of("cube", cube),
                of("cube, F", cube).with("order", "F"),
                of("matrix of records", "array(named_struct('x', id, 'y', 0.5F), named_struct('x', -id, 'y', 2F))"));
    }

    /** Columns of one dtype with names, which only a sidecar or a manifest keeps. */
    private static List<WrittenCase> named() {
        return List.of(
                of(NAMED + "matrix", "id / 2 AS x", "-id / 4 AS y").as("<f8"),
                new WrittenCase(NAMED + "column", List.of("id / 2 AS score"), Map.of(), Map.of(), List.of()));
    }

    private static List<WrittenCase> inFortranOrder() {
        return Stream.of(
                        of("U4, F", "array(concat('n', id), '日本😀é', '')").as("<U4"),
                        of(
                                "M8[us], F",
                                "array(CAST(timestamp_seconds(id) AS TIMESTAMP_NTZ), TIMESTAMP_NTZ'1969-12-31 23:59:59.999999')"),
                        of(
                                        "c16, F",
                                        "array(named_struct('re', id / 4, 'im', -id / 2), named_struct('re', 1D, 'im', 2D))")
                                .as("<c16"),
                        of("b1, F", "array(id % 2 = 0, id % 3 = 0, true)"),
                        of("bfloat16, F", "array(CAST(id AS FLOAT), 0.5F, -2F)")
                                .as("bfloat16")
                                .reading("dtype", "bfloat16"))
                .map(matrix -> matrix.with("order", "F").reading("layout", "array"))
                .toList();
    }

    /** One of the values in each row, in turn. */
    private static String pick(String type, String... values) {
        String casts = Stream.of(values)
                .map(value -> "CAST(" + value + " AS " + type + ")")
                .collect(Collectors.joining(", "));
        return "element_at(array(" + casts + "), CAST(id % " + values.length + " AS INT) + 1)";
    }

    /** One expression is named {@code value}. */
    private static WrittenCase of(String name, String... expressions) {
        List<String> columns = expressions.length == 1 ? List.of(expressions[0] + " AS value") : List.of(expressions);
        return new WrittenCase(name, columns, Map.of(), Map.of(), List.of());
    }

    private WrittenCase as(String dtype) {
        return with("dtype", dtype);
    }

    private WrittenCase with(String option, String value) {
        return new WrittenCase(name, expressions, put(options, option, value), readOptions, expected);
    }

    private WrittenCase reading(String option, String value) {
        return new WrittenCase(name, expressions, options, put(readOptions, option, value), expected);
    }

    private WrittenCase expecting(String... columns) {
        return new WrittenCase(name, expressions, options, readOptions, List.of(columns));
    }

    private static Map<String, String> put(Map<String, String> options, String option, String value) {
        return Stream.concat(options.entrySet().stream(), Stream.of(Map.entry(option, value)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The names of targets that together are every kind of file. */
    List<String> targets() {
        if (name.startsWith(NAMED)) {
            return List.of("file.dat", "shards", "rawshards");
        }
        List<String> targets = new ArrayList<>(List.of("file.npy", "shards"));
        targets.addAll(name.length() % 2 == 0 ? List.of("file.dat") : List.of("rawshards"));
        return targets;
    }
}
