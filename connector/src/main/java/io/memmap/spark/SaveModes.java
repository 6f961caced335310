package io.memmap.spark;

import io.memmap.dtype.Literal;
import io.memmap.spark.failure.Entry;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.schema.ColumnMatch;
import io.memmap.spark.write.Measurement;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.CreatableRelationProvider;
import org.apache.spark.sql.types.StructType;

/**
 * The V1 entry of {@code save}: Spark hands only V1 sources every save mode, {@code errorifexists} and {@code ignore}
 * among them, for a plain path. What exists is looked at here; the write itself is {@link MemmapSink}'s. Driver side.
 */
abstract class SaveModes implements CreatableRelationProvider {
    /** Spark's name for the columns of {@code partitionBy}, a JSON list. */
    private static final String PARTITION_COLUMNS = "__partition_columns";

    @Override
    public final BaseRelation createRelation(
            SQLContext context,
            SaveMode mode,
            scala.collection.immutable.Map<String, String> parameters,
            Dataset<Row> data) {
        Map<String, String> given = Entry.call(() -> given(parameters, data.schema()));
        if (!Entry.call(() -> isWanted(mode, given))) {
            return new Written(context, data.schema());
        }
        // Outside of the entry: the query that is saved may fail for reasons of its own.
        Optional<String> dtypes =
                Entry.call(() -> unknown(mode, given, data.schema())).map(measurement -> measured(measurement, data));
        // That may have been a job, during which another writer was here.
        if (Entry.call(() -> isWanted(mode, given))) {
            boolean partitioned = Entry.call(() -> mayBePartitioned(mode, given));
            dtypes.ifPresent(found -> given.put(MemmapSink.MEASURED_DTYPES, found));
            if (mode == SaveMode.ErrorIfExists || mode == SaveMode.Ignore) {
                given.put(MemmapSink.NEW_PATH, "");
            }
            // Spark drops a sortWithinPartitions by further columns in favour of the order that the write
            // requires, unless a condition that it cannot move is between them.
            Dataset<Row> rows = partitioned ? data.where("monotonically_increasing_id() >= 0") : data;
            rows.write()
                    .format(MemmapSink.class.getName())
                    .options(given)
                    .mode(mode == SaveMode.Overwrite ? SaveMode.Overwrite : SaveMode.Append)
                    .save();
        }
        return new Written(context, data.schema());
    }

    /** Returns true if anything is to be written, in the light of what exists. */
    private static boolean isWanted(SaveMode mode, Map<String, String> given) throws IOException {
        String path = given.get("path");
        SessionSettings session = SessionSettings.active();
        MemmapOptions options = session.ofQuery(given);
        HadoopSettings settings = session.hadoop(options.hadoop());
        boolean exists = path != null && Storage.of(path, settings).exists(path);
        if (exists && options.get(OptionKey.UPDATE) && (mode == SaveMode.ErrorIfExists || mode == SaveMode.Ignore)) {
            throw new IllegalArgumentException("Cannot update " + Storage.absolute(path, settings)
                    + ": the save mode is " + (mode == SaveMode.Ignore ? "ignore" : "errorifexists, the default")
                    + ", expected mode(\"append\"), rowColumn and an existing array file");
        }
        if (exists && mode == SaveMode.ErrorIfExists) {
            throw new FileAlreadyExistsException("Cannot write " + Storage.absolute(path, settings)
                    + ": it exists, expected nothing there under the save mode errorifexists; use mode(\"overwrite\"), "
                    + "mode(\"append\") or mode(\"ignore\")");
        }
        return !exists || mode != SaveMode.Ignore;
    }

    /** Returns true if the options say partitions, or a directory that is there may. */
    private static boolean mayBePartitioned(SaveMode mode, Map<String, String> given) throws IOException {
        String path = given.get("path");
        boolean said = given.containsKey(OptionKey.PARTITION_BY.name());
        if (said || mode != SaveMode.Append || path == null) {
            return said;
        }
        SessionSettings session = SessionSettings.active();
        Storage storage = Storage.of(path, session.hadoop(session.ofQuery(given).hadoop()));
        return storage.exists(path) && storage.stat(path).directory();
    }

    private static Optional<Measurement> unknown(SaveMode mode, Map<String, String> given, StructType columns)
            throws IOException {
        SessionSettings session = SessionSettings.active();
        return Measurement.unknown(session.writeContext(session.ofQuery(given)), columns, mode == SaveMode.Overwrite);
    }

    /** Names the columns by their places: the user's names need not be distinct for Spark. */
    private static String measured(Measurement measurement, Dataset<Row> data) {
        String[] places = IntStream.range(0, data.schema().length())
                .mapToObj(SaveModes::place)
                .toArray(String[]::new);
        Row found = data.toDF(places)
                .selectExpr(measurement.query(SaveModes::place))
                .head();
        return Entry.call(() -> measurement.dtypes(found));
    }

    private static String place(int ordinal) {
        return "_" + ordinal;
    }

    private static Map<String, String> given(
            scala.collection.immutable.Map<String, String> parameters, StructType columns) {
        Map<String, String> given = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (scala.collection.Iterator<scala.Tuple2<String, String>> all = parameters.iterator(); all.hasNext(); ) {
            scala.Tuple2<String, String> option = all.next();
            given.put(option._1(), option._2());
        }
        String partitions = given.remove(PARTITION_COLUMNS);
        List<?> names = partitions == null ? List.of() : (List<?>) Literal.parseJson(partitions);
        if (!names.isEmpty()) {
            List<String> own =
                    names.stream().map(name -> column((String) name, columns)).toList();
            boolean distinct = own.stream().distinct().count() == own.size();
            given.put(OptionKey.PARTITION_BY.name(), Literal.toJson(distinct ? own : names));
        }
        if (given.containsKey(OptionKey.PARTITION_BY.name())) {
            given.putIfAbsent(
                    OptionKey.PARTITION_OVERWRITE_MODE.name(),
                    SessionSettings.active().session().conf().get("spark.sql.sources.partitionOverwriteMode"));
        }
        return given;
    }

    /** The name as the DataFrame spells it. Spark has read what is given as an identifier, which may be in backquotes. */
    private static String column(String given, StructType columns) {
        boolean quoted = given.length() > 2 && given.startsWith("`") && given.endsWith("`");
        String name = quoted ? given.substring(1, given.length() - 1).replace("``", "`") : given;
        boolean caseSensitive = SessionSettings.active().caseSensitive();
        return Arrays.stream(columns.fieldNames())
                .filter(column -> ColumnMatch.same(column, name, caseSensitive))
                .findFirst()
                .orElse(name);
    }

    /** The relation that Spark wants back, and never reads. */
    private static final class Written extends BaseRelation {
        private final SQLContext context;
        private final StructType schema;

        Written(SQLContext context, StructType schema) {
            this.context = context;
            this.schema = schema;
        }

        @Override
        public SQLContext sqlContext() {
            return context;
        }

        @Override
        public StructType schema() {
            return schema;
        }
    }
}
