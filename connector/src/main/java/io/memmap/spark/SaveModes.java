package io.memmap.spark;

import io.memmap.spark.failure.Entry;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.HashMap;
import java.util.Map;
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

    @Override
    public final BaseRelation createRelation(
            SQLContext context,
            SaveMode mode,
            scala.collection.immutable.Map<String, String> parameters,
            Dataset<Row> data) {
        boolean wanted = Entry.call(() -> isWanted(mode, parameters));
        // Outside of the entry: the query that is saved may fail for reasons of its own.
        if (wanted) {
            data.write()
                    .format(MemmapSink.class.getName())
                    .options(parameters)
                    .mode(mode == SaveMode.Overwrite ? SaveMode.Overwrite : SaveMode.Append)
                    .save();
        }
        return new Written(context, data.schema());
    }

    /** Returns true if anything is to be written, in the light of what exists. */
    private static boolean isWanted(SaveMode mode, scala.collection.immutable.Map<String, String> parameters)
            throws IOException {
        String path = parameters.contains("path") ? parameters.apply("path") : null;
        HadoopSettings settings = settings(parameters);
        boolean exists = path != null && Storage.of(path, settings).exists(path);
        if (exists && mode == SaveMode.ErrorIfExists) {
            throw new FileAlreadyExistsException("Cannot write " + Storage.absolute(path, settings)
                    + ": it exists, expected nothing there under the save mode errorifexists; say mode(\"overwrite\"), "
                    + "mode(\"append\") or mode(\"ignore\")");
        }
        return !exists || mode != SaveMode.Ignore;
    }

    private static HadoopSettings settings(scala.collection.immutable.Map<String, String> parameters) {
        Map<String, String> given = new HashMap<>();
        for (scala.collection.Iterator<scala.Tuple2<String, String>> all = parameters.iterator(); all.hasNext(); ) {
            scala.Tuple2<String, String> option = all.next();
            given.put(option._1(), option._2());
        }
        SessionSettings session = SessionSettings.active();
        return session.hadoop(session.ofQuery(given).hadoop());
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
