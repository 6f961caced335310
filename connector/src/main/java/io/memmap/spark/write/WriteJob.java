package io.memmap.spark.write;

import io.memmap.spark.failure.FailureForm;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.storage.HadoopSettings;
import java.io.Serializable;
import java.time.ZoneId;

/**
 * The description of one write for its tasks. Crosses the wire.
 *
 * @param staging the hidden directory that tasks write into
 * @param reports the reports of the tasks to the driver
 * @param zone of the session
 */
record WriteJob(
        String staging,
        WrittenSchema schema,
        WriteKind kind,
        CommitReports reports,
        HadoopSettings settings,
        ZoneId zone,
        FailureForm failures)
        implements Serializable {}
