package io.memmap.spark.write;

import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.storage.Storage;
import io.memmap.storage.StoredFile;
import io.memmap.storage.TargetLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One write, from the lock to the published array. Driver side.
 *
 * <p>Row order is ascending partition id, then the order of the rows in a partition. {@link #abort} may come before, after
 * or without {@link #commit}, more than once and with null messages; it never touches what was published.
 */
final class MemmapBatchWrite implements BatchWrite {
    private static final Logger LOG = LoggerFactory.getLogger(MemmapBatchWrite.class);
    private static final String STAGING = ".staging";

    private final WriteContext context;
    private final WriteTarget target;
    private final WrittenSchema schema;
    private final String queryId;
    private final boolean overwrite;
    private final Storage storage;
    private final String staging;
    private TargetLock lock;

    MemmapBatchWrite(
            WriteContext context,
            Storage storage,
            WriteTarget target,
            WrittenSchema schema,
            String queryId,
            boolean overwrite) {
        this.context = context;
        this.target = target;
        this.schema = schema;
        this.queryId = queryId;
        this.overwrite = overwrite;
        this.storage = storage;
        this.staging = Storage.sibling(target.path(), "." + queryId + STAGING);
    }

    @Override
    public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
        try {
            storage.makeDirectory(parent());
            lock = TargetLock.take(
                    storage,
                    target.path(),
                    context.applicationId() + " " + queryId,
                    context.options().breakLock());
            checkKind();
            removeLeftovers();
            storage.makeDirectory(staging);
        } catch (IOException e) {
            abort(new WriterCommitMessage[0]);
            throw new UncheckedIOException(e.getMessage(), e);
        }
        return new MemmapDataWriterFactory(new WriteJob(
                staging,
                schema,
                !target.file(),
                target.raw(),
                context.options().maxRecordsPerFile().orElse(Long.MAX_VALUE),
                context.settings()));
    }

    private String parent() {
        return staging.substring(0, staging.lastIndexOf('/'));
    }

    /** An overwrite replaces like by like: a name that is mistyped by a suffix must not cost somebody's directory. */
    private void checkKind() throws IOException {
        if (!storage.exists(target.path())) {
            return;
        }
        boolean directory = storage.stat(target.path()).directory();
        if (target.file() && !overwrite) {
            throw new IOException(
                    "Cannot append to " + target.path()
                            + ": it is one file, expected a directory of shards; overwrite it, or keep the rows in a directory");
        }
        if (directory == target.file()) {
            throw new IOException("Cannot write " + target.path() + " as one " + (target.file() ? "file" : "directory")
                    + ": it is a " + (directory ? "directory" : "file")
                    + ", expected the same kind; say output=" + (directory ? "directory" : "file")
                    + ", choose another name, or remove it first");
        }
    }

    /** Only the holder of the lock may write here, so what other writes left is nobody's. */
    private void removeLeftovers() throws IOException {
        String prefix = Storage.sibling(target.path(), ".");
        String name = prefix.substring(prefix.lastIndexOf('/') + 1);
        for (StoredFile file : storage.list(parent())) {
            if (file.name().startsWith(name)
                    && (file.name().endsWith(STAGING) || file.name().endsWith(".inprogress"))) {
                LOG.warn("{}: removing {}, left by a write that died", target.path(), file.path());
                storage.delete(file.path());
            }
        }
    }

    @Override
    public void commit(WriterCommitMessage[] messages) {
        List<SegmentsWritten> written = new ArrayList<>();
        for (WriterCommitMessage message : messages) {
            written.add((SegmentsWritten) message);
        }
        written.sort(Comparator.comparingInt(SegmentsWritten::partition));
        List<Segment> segments =
                written.stream().flatMap(task -> task.segments().stream()).toList();
        try {
            WrittenArray array = resolve(written);
            if (target.file()) {
                new FilePublisher(storage, target, staging).publish(array, segments);
            } else {
                new DirectoryPublisher(storage, target, staging, queryId)
                        .publish(array, segments, ExistingTarget.of(storage, target, context.settings()), overwrite);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        cleanUp();
    }

    /** All tasks must have found the same lengths in their first rows. */
    private WrittenArray resolve(List<SegmentsWritten> written) throws IOException {
        SegmentsWritten first = null;
        for (SegmentsWritten task : written) {
            if (task.lengths() == null) {
                continue;
            }
            first = first == null ? task : first;
            if (!task.lengths().equals(first.lengths())) {
                throw new IOException("Cannot write " + target.path() + ": the arrays of partition " + task.partition()
                        + " have lengths " + task.lengths() + ", those of partition " + first.partition() + " "
                        + first.lengths() + ", expected the same in all rows");
            }
        }
        return first == null ? schema.resolveEmpty() : schema.resolve(first.lengths());
    }

    @Override
    public void abort(WriterCommitMessage[] messages) {
        cleanUp();
    }

    /** What cannot be removed now is hidden, and the next write to the target removes it. */
    private void cleanUp() {
        try {
            if (lock != null) {
                storage.delete(staging);
                lock.release();
                lock = null;
            }
        } catch (IOException e) {
            LOG.warn("{}: cannot remove {}", target.path(), staging, e);
        }
    }
}
