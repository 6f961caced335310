package io.memmap.spark.write;

import io.memmap.format.Fingerprint;
import io.memmap.format.Manifest.Shard;
import io.memmap.spark.failure.Entry;
import io.memmap.spark.failure.FailureForm;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.schema.ExistingArray;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.write.MemmapWriteBuilder.WriteContext;
import io.memmap.spark.write.WriteKind.Appended;
import io.memmap.spark.write.WriteKind.InPlace;
import io.memmap.spark.write.WriteKind.OneFile;
import io.memmap.spark.write.WriteKind.Shards;
import io.memmap.spark.write.WriteKind.Uploaded;
import io.memmap.spark.write.WriteKind.UploadedShards;
import io.memmap.storage.DeadChanges;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Part;
import io.memmap.storage.Publication;
import io.memmap.storage.Publication.Writer;
import io.memmap.storage.Recovery;
import io.memmap.storage.Staging;
import io.memmap.storage.Storage;
import io.memmap.storage.Upload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * One write, from the lock to the published array. Driver side.
 *
 * <p>Row order is ascending partition id, then the order of the rows in a partition. {@link #abort} may come before, after
 * or without {@link #commit}, more than once and with null messages; it never touches what was published.
 */
final class MemmapBatchWrite implements BatchWrite {
    private final WriteContext context;
    private final PlannedWrite plan;
    private final WriteTarget target;
    private final Storage storage;
    private final String queryId;
    private CommitReports reports;
    /** Null before the lock is taken. */
    private Publication publication;

    private Staging staging;
    /** The planned one, or that of an upload. */
    private WriteKind kind;

    MemmapBatchWrite(WriteContext context, PlannedWrite plan, String queryId) {
        this.context = context;
        this.plan = plan;
        this.target = plan.target();
        this.storage = plan.storage();
        this.queryId = queryId;
        this.kind = plan.kind();
    }

    @Override
    public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
        return Entry.call(() -> new MemmapDataWriterFactory(start(info.numPartitions())));
    }

    /** Takes the lock, and makes the directory that the tasks write into. */
    WriteJob start(int tasks) throws IOException {
        reports = new CommitReports(context.spark());
        FailureForm failures = FailureForm.ofTasks();
        LateJar.loadClasses(failures);
        try {
            storage.makeDirectory(Storage.parent(target.path()));
            publication = lock();
            // Only the holder of the lock may write here: no other write owns them.
            new DeadWrites(storage, target, context.settings()).remove();
            checkUnchanged();
            if (plan.overwrite() && !target.file()) {
                ExistingTarget.manifestOf(storage, target);
            }
            staging = publication.stage();
            if (tasks > 0) {
                kind = uploading(tasks);
            }
            return new WriteJob(
                    staging.path(), plan.schema(), kind, reports, context.settings(), context.zone(), failures);
        } catch (Throwable e) {
            // Spark ends a write by abort only once it has its factory.
            cleanUp();
            throw e;
        }
    }

    private Writer writer() {
        return context.writer(queryId, queryId);
    }

    private Publication lock() throws IOException {
        return kind instanceof InPlace
                ? Publication.lockInPlace(storage, target.path(), context.settings(), writer())
                : Publication.lock(storage, target.path(), context.settings(), writer());
    }

    /** Without renames tasks write the published files themselves, which do not exist before the commit. */
    private WriteKind uploading(int tasks) throws IOException {
        HadoopSettings settings = context.settings();
        if (kind instanceof Shards shards && Upload.isPossible(target.path(), settings)) {
            return new UploadedShards(
                    shards.maxRecordsPerFile(), publisher().names(before().orElse(ExistingTarget.NOTHING)));
        }
        if (kind instanceof OneFile
                && context.options().get(OptionKey.TASK_UPLOADS)
                && Upload.isPossible(target.path(), settings, tasks)) {
            return new Uploaded(Upload.start(target.path(), staging.path(), tasks, settings));
        }
        return kind;
    }

    private Optional<ExistingTarget> before() throws IOException {
        return plan.overwrite()
                ? ExistingTarget.replaced(storage, target, context)
                : ExistingTarget.of(storage, target, context);
    }

    private DirectoryPublisher publisher() {
        return new DirectoryPublisher(
                storage,
                target,
                staging.path(),
                queryId,
                plan.schema().partitions(),
                plan.partitionTypes(),
                context.settings(),
                publication::checkTarget);
    }

    /** The plan was made before the lock was taken. */
    private void checkUnchanged() throws IOException {
        target.checkNoLink(storage);
        target.checkKind(storage);
        if (kind instanceof InPlace change) {
            Fingerprint planned = change.file().fingerprint();
            Fingerprint now = storage.stat(target.path()).fingerprint();
            if (!planned.equals(now)) {
                throw new IOException(
                        "Cannot write " + target.path() + ": it changed since the write was planned, from "
                                + planned.nbytes() + " to " + now.nbytes()
                                + " bytes or in content, expected the planned file; run it again");
            }
            Publication.checkChangeable(storage, target.path());
        } else if (!plan.overwrite() && target.file() && storage.exists(target.path())) {
            throw new IOException("Cannot write " + target.path()
                    + ": it appeared since the write was planned, expected nothing there; run it again");
        }
    }

    /** Between plan and lock another job may have made the directory, or made another array of it. */
    private void checkSameArray(Optional<ExistingTarget> before) throws IOException {
        Optional<ExistingArray> now = before.flatMap(found -> found.existing(target.path()));
        if (!plan.overwrite() && !plan.extended().equals(now)) {
            throw new IOException("Cannot write " + target.path() + ": it changed since the write was planned, from "
                    + plan.extended().map(Object::toString).orElse("nothing") + " to "
                    + now.map(Object::toString).orElse("nothing") + ", expected the same array; run it again");
        }
    }

    @Override
    public void commit(WriterCommitMessage[] messages) {
        Entry.run(() -> publish(messages.length));
    }

    private void publish(int tasks) throws IOException {
        try {
            List<SegmentsWritten> written = reported(tasks);
            publication.commit(() -> publish(written));
        } catch (IOException e) {
            throw failed(e);
        }
        cleanUp();
        context.changed().accept(target.path());
    }

    private void publish(List<SegmentsWritten> written) throws IOException {
        List<Segment> segments =
                written.stream().flatMap(task -> task.segments().stream()).toList();
        List<Part> patches =
                written.stream().flatMap(task -> task.patches().stream()).toList();
        checkUnchanged();
        WrittenArray array = resolve(written);
        new ReadBackCheck(plan, context.options()).check(array);
        long added = segments.stream().mapToLong(Segment::rows).sum();
        if (kind instanceof Appended && added > 0) {
            target.checkNotListed(storage);
        }
        if (target.file()) {
            // The rows of a transposed array are not those of its shape, and none can be added to it.
            if (added > 0 || !(kind instanceof InPlace)) {
                plan.checkRowCount(
                        context.options(),
                        kind instanceof InPlace change ? change.file().layout().rowCount() : 0,
                        added);
            }
            new FilePublisher(plan, kind, staging.path(), publication).publish(array, segments, patches);
            return;
        }
        Optional<ExistingTarget> before = before();
        checkSameArray(before);
        List<Shard> old = before.map(ExistingTarget::shards).orElse(List.of());
        List<Shard> replaced = plan.replaced().of(old, segments);
        if (plan.replaced() != Replaced.NONE && !old.isEmpty() && replaced.isEmpty() && segments.isEmpty()) {
            // Nothing changes. A first manifest would hide the files that NumPy saves here later.
            return;
        }
        List<Shard> kept = new ArrayList<>(old);
        kept.removeAll(new HashSet<>(replaced));
        plan.checkRowCount(
                context.options(), kept.stream().mapToLong(Shard::rows).sum(), added);
        DeadChanges.end(storage, target.paths(replaced), writer());
        if (!publisher().publish(array, segments, before, plan.replaced())) {
            publication.keepStaging();
        }
    }

    private List<SegmentsWritten> reported(int tasks) throws IOException {
        try {
            return reports.received(tasks);
        } catch (IOException e) {
            throw new IOException("Cannot write " + target.path() + ": " + e.getMessage(), e);
        }
    }

    private IOException failed(IOException e) {
        String message = e.getMessage();
        try {
            if (Recovery.isHalfMade(storage, target.path())) {
                message += "; what was changed could not be undone: " + target.path()
                        + " cannot be read until MemmapRecovery.finish or discard has ended the change";
            }
        } catch (IOException again) {
            e.addSuppressed(again);
        }
        return new IOException(message, e);
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
        return first == null ? plan.resolvedWithoutRows() : plan.schema().resolve(first.lengths());
    }

    @Override
    public void abort(WriterCommitMessage[] messages) {
        Entry.run(this::cleanUp);
    }

    private void cleanUp() {
        if (publication != null) {
            publication.abort();
        }
    }

    /** Shown in Spark's log when the write fails. */
    @Override
    public String toString() {
        return "memmap write of " + target.path();
    }
}
