package io.memmap.spark;

import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.options.OptionUse.Operation;
import io.memmap.spark.read.ColumnFiles;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.PathOverlap;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reads in the plans that Spark's cache holds. A write refreshes those over its target: Spark's own refresh by path
 * finds its file sources only. A read is forgotten when the cache drops its table. Driver side; thread-safe.
 */
final class CachedReads {
    private static final Logger LOG = LoggerFactory.getLogger(CachedReads.class);

    /** Spark switches it off in the sessions in which it plans what it caches, and nowhere else. */
    private static final String ON_UNLESS_CACHED = "spark.sql.sources.bucketing.autoBucketedScan.enabled";

    private static final Queue<Read> READS = new ConcurrentLinkedQueue<>();

    private CachedReads() {}

    /** A read as a cached plan has it. The plan holds the table and the session, in which it was planned last. */
    private record Read(
            WeakReference<MemmapTable> table, CaseInsensitiveStringMap options, WeakReference<SparkSession> session) {

        boolean isOver() {
            return table.refersTo(null) || session.refersTo(null);
        }

        /** Empty if no cached plan has it any more. */
        Optional<CachedRelation> relation() {
            MemmapTable read = table.get();
            SparkSession plannedIn = session.get();
            return read == null || plannedIn == null || plannedIn.sparkContext().isStopped()
                    ? Optional.empty()
                    : Optional.of(new CachedRelation(plannedIn, read, options));
        }
    }

    /** Remembers a read that Spark plans, if Spark plans it for its cache. */
    static void planned(MemmapTable table, CaseInsensitiveStringMap options) {
        SparkSession session = SparkSession.active();
        if (Boolean.parseBoolean(session.conf().get(ON_UNLESS_CACHED, "true"))) {
            return;
        }
        READS.removeIf(Read::isOver);
        boolean known = READS.stream()
                .anyMatch(read ->
                        read.table.refersTo(table) && read.session.refersTo(session) && read.options.equals(options));
        if (!known) {
            READS.add(new Read(new WeakReference<>(table), options, new WeakReference<>(session)));
        }
    }

    /**
     * Makes Spark forget the rows that it caches over a path. They are read again when a query needs them. A refresh that
     * fails is logged: the write has been committed.
     */
    static void refresh(String written, HadoopSettings settings) {
        Set<Object> refreshed = new HashSet<>();
        SessionTables tables = new SessionTables();
        // A refresh plans reads anew, and Spark's own refresh did so in other sessions.
        for (Read read : List.copyOf(READS)) {
            read.relation()
                    .filter(relation -> refreshed.add(relation.identity()))
                    .ifPresent(relation -> refresh(relation, tables, written, settings));
        }
    }

    /** Takes a path that cannot be looked at for one that was written: stale rows are worse than rows read again. */
    private static boolean mayOverlap(PathOverlap overlap, String path, String written) {
        try {
            return overlap.isPossible(path, written);
        } catch (IOException | RuntimeException e) {
            return true;
        }
    }

    private static void refresh(
            CachedRelation relation, SessionTables tables, String written, HadoopSettings settings) {
        try {
            MemmapOptions options = relation.table().options(relation.options(), Operation.READ);
            HadoopSettings ofRead = new SessionSettings(relation.session()).hadoop(options.hadoop());
            PathOverlap overlap = new PathOverlap(ofRead, settings, options.get(OptionKey.RECURSIVE_FILE_LOOKUP));
            if (ColumnFiles.describedBeside(options, ofRead).readPaths().stream()
                    .anyMatch(path -> mayOverlap(overlap, path, written))) {
                relation.refresh(tables);
            }
        } catch (Exception | LinkageError | StackOverflowError e) {
            // Spark throws checked exceptions undeclared. It drops what it cannot plan again.
            LOG.warn("{}: cannot cache {} again: {}", written, relation.table().name(), e.getMessage());
        }
    }
}
