package io.memmap.spark;

import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.Redaction;
import io.memmap.spark.read.DescribedTable;
import io.memmap.spark.read.TableFiles;
import io.memmap.spark.schema.PartitionRules;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.HeaderBytes;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** The settings of the session that a query runs in. Driver side. */
record SessionSettings(SparkSession session) {

    static SessionSettings active() {
        return new SessionSettings(SparkSession.active());
    }

    /**
     * Checks and reads options, whatever the case of their names.
     *
     * @throws IllegalArgumentException for an option that this source does not have, or a value that it does not take
     */
    MemmapOptions options(Map<String, String> options) {
        return MemmapOptions.parse(new CaseInsensitiveStringMap(options), redaction());
    }

    /** The same for the options of one read or write, among which is no property of a table. */
    MemmapOptions ofQuery(Map<String, String> options) {
        return MemmapOptions.ofQuery(new CaseInsensitiveStringMap(options), redaction());
    }

    /** The rule for values of options that this session's messages do not show. */
    Redaction redaction() {
        return new Redaction(Pattern.compile(
                session.conf().get(Redaction.CONF, Redaction.DEFAULT.secret().pattern())));
    }

    /** The Hadoop configuration, with the {@code fs.*} options of one read on top. */
    HadoopSettings hadoop(Map<String, String> options) {
        return new HadoopSettings(session.sparkContext().hadoopConfiguration(), options);
    }

    /**
     * The context of a write with these options.
     *
     * @throws UnsupportedOperationException when they describe arrays side by side
     */
    WriteContext writeContext(MemmapOptions options) {
        if (!options.columnPaths().isEmpty()) {
            throw new UnsupportedOperationException("Cannot write to " + String.join(", ", options.paths())
                    + " with columnPaths: found arrays side by side, " + options.columnPaths()
                    + ", expected one array; write each of them by its own path");
        }
        HadoopSettings hadoop = hadoop(options.hadoop());
        return new WriteContext(
                options,
                hadoop,
                caseSensitive(),
                session.sparkContext(),
                PartitionRules.zone(session.conf().get("spark.sql.session.timeZone")),
                new HeaderBytes(),
                changed -> CachedReads.refresh(changed, hadoop));
    }

    /** The array that these options describe, as it is now; only the first partition of several. */
    DescribedTable describe(MemmapOptions options, StructType table) throws IOException {
        return describe(options, table, new HeaderBytes());
    }

    /** @param headers what was read before, and then also what is read */
    DescribedTable describe(MemmapOptions options, StructType table, HeaderBytes headers) throws IOException {
        return files(options, table, headers).describeColumns();
    }

    /** The files that these options name, as they are listed now. */
    TableFiles files(MemmapOptions options, StructType table, HeaderBytes headers) throws IOException {
        return TableFiles.of(options, hadoop(options.hadoop()), partitionRules(), table, headers);
    }

    /** The settings by which names of directories become columns. */
    PartitionRules partitionRules() {
        return new PartitionRules(
                is("spark.sql.sources.partitionColumnTypeInference.enabled"),
                is("spark.sql.sources.validatePartitionColumns"),
                caseSensitive(),
                PartitionRules.zone(session.conf().get("spark.sql.session.timeZone")),
                session.conf().get("spark.sql.timestampType").equals("TIMESTAMP_NTZ"));
    }

    private boolean is(String setting) {
        return Boolean.parseBoolean(session.conf().get(setting));
    }

    boolean caseSensitive() {
        return is("spark.sql.caseSensitive");
    }

    /** Returns Spark's id of the SQL execution that runs in this thread, or null if none does. */
    String execution() {
        return session.sparkContext().getLocalProperty("spark.sql.execution.id");
    }

    /** Returns true if tasks run in this JVM. */
    boolean isLocal() {
        return session.sparkContext().isLocal();
    }

    /** Tasks that run at once. */
    int cores() {
        return Math.max(session.sparkContext().defaultParallelism(), 1);
    }
}
