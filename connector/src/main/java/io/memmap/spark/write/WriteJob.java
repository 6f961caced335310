package io.memmap.spark.write;

import io.memmap.layout.Layout;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Upload;
import java.io.Serializable;
import java.time.ZoneId;

/**
 * The description of one write for its tasks. Crosses the wire.
 *
 * @param staging the hidden directory that tasks write into
 * @param shards whether each segment is a shard, complete with its header, else a piece of one file
 * @param container whether each segment is a piece of a member of a container
 * @param append whether segments are appended to an existing file
 * @param raw whether shards have no header
 * @param maxRecordsPerFile rows after which a task starts another segment
 * @param layout the place of each row if rows carry their index, else null
 * @param upload the one file if tasks upload its parts themselves, else null
 * @param names the names of the shards if no file can be renamed in one step, else null
 * @param reports the reports of the tasks to the driver
 * @param zone of the session
 */
record WriteJob(
        String staging,
        WrittenSchema schema,
        boolean shards,
        boolean container,
        boolean append,
        boolean raw,
        long maxRecordsPerFile,
        Layout layout,
        Upload upload,
        ShardNames names,
        CommitReports reports,
        HadoopSettings settings,
        ZoneId zone)
        implements Serializable {

    /** The same for one of several arrays. */
    WriteJob of(WrittenSchema array) {
        return new WriteJob(
                staging,
                array,
                shards,
                container,
                append,
                raw,
                maxRecordsPerFile,
                layout,
                upload,
                names,
                reports,
                settings,
                zone);
    }
}
