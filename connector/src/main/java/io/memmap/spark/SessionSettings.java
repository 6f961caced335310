package io.memmap.spark;

import io.memmap.storage.HadoopSettings;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** What this source needs of the session that a query runs in. Driver side. */
record SessionSettings(SparkSession session) {

    static SessionSettings active() {
        return new SessionSettings(SparkSession.active());
    }

    /** The Hadoop configuration, with the {@code fs.*} options of one read on top. */
    HadoopSettings hadoop(Map<String, String> options) {
        return new HadoopSettings(session.sparkContext().hadoopConfiguration(), options);
    }

    boolean caseSensitive() {
        return Boolean.parseBoolean(session.conf().get("spark.sql.caseSensitive"));
    }

    String applicationId() {
        return session.sparkContext().applicationId();
    }

    /** Tasks that run at once. */
    int cores() {
        return Math.max(session.sparkContext().defaultParallelism(), 1);
    }
}
