package io.memmap.spark;

import io.memmap.spark.options.MemmapOptions;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.PathOverlap;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Queue;
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

    /** A read as its plan has it. The plan holds the table and the session for as long as it is cached. */
    private record Read(
            WeakReference<MemmapTable> table, CaseInsensitiveStringMap options, WeakReference<SparkSession> session) {}

    /** Remembers a read that Spark plans, if Spark plans it for its cache. */
    static void planned(MemmapTable table, CaseInsensitiveStringMap options) {
        SparkSession session = SparkSession.active();
        if (Boolean.parseBoolean(session.conf().get(ON_UNLESS_CACHED, "true"))) {
            return;
        }
        READS.removeIf(read -> read.table.refersTo(null));
        if (READS.stream().noneMatch(read -> read.table.refersTo(table) && read.options.equals(options))) {
            READS.add(new Read(new WeakReference<>(table), options, new WeakReference<>(session)));
        }
    }

    /**
     * Makes Spark forget the rows that it caches over a path. They are read again when a query needs them. A refresh that
     * fails is logged: the write has been committed.
     */
    static void refresh(String written, HadoopSettings settings) {
        // A refresh may plan reads anew.
        for (Read read : List.copyOf(READS)) {
            MemmapTable table = read.table.get();
            SparkSession session = read.session.get();
            if (table != null && session != null) {
                try {
                    refresh(table, read.options, session, written, settings);
                } catch (IOException | RuntimeException e) {
                    LOG.warn("{}: cannot refresh what is cached of {}", written, table.name(), e);
                }
            }
        }
    }

    private static void refresh(
            MemmapTable table,
            CaseInsensitiveStringMap ofQuery,
            SparkSession session,
            String written,
            HadoopSettings settings)
            throws IOException {
        MemmapOptions options = table.options(ofQuery);
        PathOverlap overlap = new PathOverlap(settings, options.recursiveFileLookup());
        for (String path : options.paths()) {
            if (overlap.isPossible(path, written)) {
                new CachedRelation(session, table, ofQuery).refresh();
                return;
            }
        }
    }
}
