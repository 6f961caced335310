package io.memmap.spark.write;

import io.memmap.array.Layout;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Upload;
import java.io.Serializable;

/**
 * What every task of one write needs to know. Crosses the wire.
 *
 * @param staging the hidden directory that tasks write into
 * @param shards whether each segment is a shard, complete with its header, else a piece of one file
 * @param append whether segments go behind the rows of a file that is there
 * @param raw whether shards have no header
 * @param maxRecordsPerFile rows after which a task starts another segment
 * @param layout where each row goes when rows carry their index, else null
 * @param upload the one file, where tasks put it together themselves, else null
 * @param names where the shards go, where no file can be renamed in one step, else null
 * @param reports what tasks send to the driver
 */
record WriteJob(
        String staging,
        WrittenSchema schema,
        boolean shards,
        boolean append,
        boolean raw,
        long maxRecordsPerFile,
        Layout layout,
        Upload upload,
        ShardNames names,
        CommitReports reports,
        HadoopSettings settings)
        implements Serializable {}
