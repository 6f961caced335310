package io.memmap.spark.schema;

import java.time.DateTimeException;
import java.time.ZoneId;

/**
 * The settings of a session by which names of directories become columns. Driver only.
 *
 * @param inferTypes {@code spark.sql.sources.partitionColumnTypeInference.enabled}
 * @param validate {@code spark.sql.sources.validatePartitionColumns}: a value that its type cannot hold is an error, else
 *     NULL
 * @param zone {@code spark.sql.session.timeZone}
 * @param localTimes true if a time without a zone becomes a TIMESTAMP_NTZ, by {@code spark.sql.timestampType}
 */
public record PartitionRules(
        boolean inferTypes, boolean validate, boolean caseSensitive, ZoneId zone, boolean localTimes) {

    /**
     * Reads the name of a zone as Spark does, which takes {@code +8:00} too.
     *
     * @throws IllegalArgumentException with the reason, when there is no such zone
     */
    public static ZoneId zone(String name) {
        try {
            return ZoneId.of(
                    name.replaceFirst("([+-])(\\d):", "$10$2:").replaceFirst("([+-]\\d\\d):(\\d)$", "$1:0$2"),
                    ZoneId.SHORT_IDS);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
