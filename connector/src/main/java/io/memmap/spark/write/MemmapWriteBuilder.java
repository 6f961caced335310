package io.memmap.spark.write;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.schema.PartitionColumn;
import io.memmap.spark.schema.PartitionValues;
import io.memmap.spark.write.WriteKind.ByIndex;
import io.memmap.spark.write.encode.RowEncoder;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.HeaderBytes;
import io.memmap.storage.Publication.Writer;
import io.memmap.table.Filter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsDynamicOverwrite;
import org.apache.spark.sql.connector.write.SupportsOverwriteV2;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;

/** Decides on the driver, before any job starts, what a write will make. Nothing that exists is touched. */
public final class MemmapWriteBuilder implements WriteBuilder, SupportsOverwriteV2, SupportsDynamicOverwrite {
    private final WriteContext context;
    private final LogicalWriteInfo info;
    private final Target written;
    private final List<PartitionColumn> partitions;
    private final Function<Predicate[], Filter> conditions;
    private Replaced replaced = Replaced.NONE;

    /** The target of the rows. */
    public enum Target {
        /** A path, where an overwrite makes another array. */
        PATH,
        /** A path where nothing is. */
        NEW_PATH,
        /** A table, which an overwrite leaves its dtype. */
        TABLE,
        /** A table that is being created. */
        NEW_TABLE
    }

    /**
     * The session's part of a write.
     *
     * @param zone in which a TIMESTAMP names a directory
     * @param headers what is read of the target, by the plan and again by the commit
     * @param changed called with the path of each array that was written or removed, when it is committed and unlocked
     */
    public record WriteContext(
            MemmapOptions options,
            HadoopSettings settings,
            boolean caseSensitive,
            SparkContext spark,
            ZoneId zone,
            HeaderBytes headers,
            Consumer<String> changed) {

        /** The writer of a target, by the name of its job or statement in the lock. */
        Writer writer(String id, String name) {
            return new Writer(id, spark.applicationId() + " " + name, options.get(OptionKey.BREAK_LOCK));
        }

        PartitionValues values(List<PartitionColumn> columns) {
            return new PartitionValues(columns, caseSensitive, zone);
        }

        /** The same with other options. */
        WriteContext with(MemmapOptions others) {
            return new WriteContext(others, settings, caseSensitive, spark, zone, headers, changed);
        }
    }

    public MemmapWriteBuilder(WriteContext context, LogicalWriteInfo info) {
        this(context, info, Target.PATH);
    }

    public MemmapWriteBuilder(WriteContext context, LogicalWriteInfo info, Target written) {
        this(context, info, written, List.of(), predicates -> Filter.unknown());
    }

    /**
     * @param partitions the columns of the directories of a table
     * @param conditions translates predicates on these columns, into a filter that is not known if there are others
     */
    public MemmapWriteBuilder(
            WriteContext context,
            LogicalWriteInfo info,
            Target written,
            List<PartitionColumn> partitions,
            Function<Predicate[], Filter> conditions) {
        this.conditions = conditions;
        this.context = context;
        this.info = info;
        this.written = written;
        this.partitions = List.copyOf(partitions);
    }

    @Override
    public WriteBuilder truncate() {
        return Entry.call(() -> replacing(Replaced.of(context.options(), true)));
    }

    /** Replaces all rows, whatever the options say. */
    public WriteBuilder overwriteAll() {
        return replacing(Replaced.ALL);
    }

    @Override
    public WriteBuilder overwriteDynamicPartitions() {
        return Entry.call(() -> replacing(Replaced.PARTITIONS));
    }

    @Override
    public WriteBuilder overwrite(Predicate[] predicates) {
        return Entry.call(() -> {
            Filter condition = conditions.apply(predicates);
            String text = Arrays.stream(predicates).map(Objects::toString).collect(Collectors.joining(" AND "));
            if (!condition.isKnown()) {
                throw new IllegalArgumentException("Cannot overwrite the rows where " + text
                        + ": expected comparisons of partition columns without a collation with literals; the partition"
                        + " columns are "
                        + partitions.stream().map(PartitionColumn::name).toList());
            }
            return replacing(Replaced.where(context.values(partitions), condition::mayPass, text));
        });
    }

    /**
     * Replaces the rows of some partitions.
     *
     * @param rows the values of all partition columns of each
     */
    public WriteBuilder overwrite(InternalRow[] rows) {
        return Entry.call(() -> {
            PartitionValues values = context.values(partitions);
            Set<List<Object>> wanted = Arrays.stream(rows).map(values::of).collect(Collectors.toSet());
            return replacing(Replaced.where(values, wanted::contains, "the partition columns are one of " + wanted));
        });
    }

    private WriteBuilder replacing(Replaced rows) {
        replaced = rows;
        return this;
    }

    /** A read that skips or reorders rows is not the array that a write would change. */
    private static void checkWholeTable(MemmapOptions options) {
        if (options.get(OptionKey.TRANSPOSE)
                || options.given(OptionKey.PATH_GLOB_FILTER).isPresent()
                || options.get(OptionKey.RECURSIVE_FILE_LOOKUP)) {
            throw new IllegalArgumentException("Cannot write rows to the table of " + options.paths()
                    + ": it is read with transpose, pathGlobFilter or recursiveFileLookup, expected the array as it is"
                    + " stored, and all of it; use a catalog without these options");
        }
    }

    @Override
    public Write build() {
        return Entry.call(() -> {
            PlannedWrite plan = plan(context, info.schema(), written, replaced);
            if (plan.kind() instanceof ByIndex) {
                return MemmapSortedWrite.byIndex(context, plan, info.queryId());
            }
            return plan.schema().partitions().isEmpty()
                    ? new MemmapWrite(context, plan, info.queryId())
                    : MemmapSortedWrite.byPartition(context, plan, info.queryId());
        });
    }

    /** Plans a write, and checks all that can be known before its rows are. */
    static PlannedWrite plan(WriteContext context, StructType dataFrame, Target written, Replaced replaced)
            throws IOException {
        if (written == Target.TABLE) {
            checkWholeTable(context.options());
        }
        PlannedWrite plan = PlannedWrite.of(context, dataFrame, written, replaced);
        plan.checkChange();
        if (written == Target.NEW_PATH && plan.storage().exists(plan.target().path())) {
            throw new FileAlreadyExistsException("Cannot write " + plan.target().path()
                    + ": it appeared since the write began, expected nothing there under the save modes errorifexists and"
                    + " ignore; use mode(\"overwrite\") or mode(\"append\")");
        }
        if (written == Target.NEW_TABLE) {
            ArrayCreation.checkNames(plan.target(), plan.schema());
            ArrayCreation.checkTimes(plan.target(), dataFrame, plan.schema(), context.options());
        }
        new ReadBackCheck(plan, context.options()).check(plan.schema().withAnyLengths());
        RowEncoder.check(plan.schema());
        return plan;
    }

    /** Compares the options, as those of a table with these columns, with the array that is there. Changes nothing. */
    public static void compare(WriteContext context, StructType columns) throws IOException {
        PlannedWrite.compare(context, columns);
    }
}
