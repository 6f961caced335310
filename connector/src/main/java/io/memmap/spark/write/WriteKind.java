package io.memmap.spark.write;

import io.memmap.format.ArrayFile;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.storage.CheckedOutput;
import io.memmap.storage.FileOutput;
import io.memmap.storage.Upload;
import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;

/** The kind of a write: the files that its tasks make. Crosses the wire. */
sealed interface WriteKind extends Serializable {

    /** Makes the writer of an attempt. */
    DataWriter<InternalRow> writer(TaskAttempt attempt) throws IOException;

    /** Rows come in the order of the array: each task writes segments. */
    sealed interface InOrder extends WriteKind permits Shards, UploadedShards, Pieces {

        /** Begins a segment whose rows are in this directory. */
        SegmentFile create(TaskAttempt attempt, WrittenArray array, String directory) throws IOException;

        /** Rows after which a task starts another segment. */
        default long maxRecordsPerFile() {
            return Long.MAX_VALUE;
        }

        @Override
        default DataWriter<InternalRow> writer(TaskAttempt attempt) {
            return attempt.job().schema().isSideBySide()
                    ? new ColumnsDataWriter(attempt, this)
                    : new MemmapDataWriter(attempt, this);
        }
    }

    /** Rows carry their index: each task writes patches. */
    sealed interface ByIndex extends WriteKind permits Placed, Updated {

        /** The place of each row. */
        Layout layout();

        @Override
        default DataWriter<InternalRow> writer(TaskAttempt attempt) throws IOException {
            return new PatchDataWriter(attempt, layout());
        }
    }

    /** A file that is there changes. */
    sealed interface InPlace extends WriteKind permits Appended, Updated {

        /** The file as the write was planned on it. */
        ArrayFile file();
    }

    /** Each segment is a piece of a file, which the driver puts together. */
    sealed interface Pieces extends InOrder permits OneFile, Uploaded, Members, Appended {

        /** Creates the file of a piece. */
        FileOutput piece(TaskAttempt attempt, WrittenArray array, String path) throws IOException;

        @Override
        default SegmentFile create(TaskAttempt attempt, WrittenArray array, String directory) {
            return new PieceFile(attempt, array, directory, attempt.nextPath(), this);
        }
    }

    /** Each segment is a shard of a directory. */
    record Shards(long maxRecordsPerFile) implements InOrder {
        @Override
        public SegmentFile create(TaskAttempt attempt, WrittenArray array, String directory) {
            return new ShardFile(attempt, array, directory, attempt.nextPath(), null);
        }
    }

    /** The same where a file cannot be renamed: an upload each, to the name that it keeps. */
    record UploadedShards(long maxRecordsPerFile, ShardNames names) implements InOrder {
        @Override
        public SegmentFile create(TaskAttempt attempt, WrittenArray array, String directory) throws IOException {
            WriteJob job = attempt.job();
            String path = names.path(directory, attempt.partition(), attempt.task(), attempt.nextNumber());
            Upload upload = Upload.start(path, job.staging(), 1, job.settings());
            return new ShardFile(attempt, array, directory, path, upload);
        }
    }

    /** One new file. The first piece becomes its start where storage extends files. */
    record OneFile() implements Pieces {
        @Override
        public FileOutput piece(TaskAttempt attempt, WrittenArray array, String path) throws IOException {
            boolean starts = attempt.partition() == 0
                    && array.order() == Order.C
                    && attempt.storage().extendsFiles();
            return starts
                    ? attempt.storage().create(path, array.header(0).length)
                    : attempt.storage().createScratch(path);
        }
    }

    /** The same where tasks upload parts of the file. */
    record Uploaded(Upload upload) implements Pieces {
        @Override
        public FileOutput piece(TaskAttempt attempt, WrittenArray array, String path) throws IOException {
            return upload.createPiece(path, attempt.partition());
        }
    }

    /** A container, of each member of which a task writes a piece. */
    record Members() implements Pieces {
        @Override
        public FileOutput piece(TaskAttempt attempt, WrittenArray array, String path) throws IOException {
            return new CheckedOutput(attempt.storage().createScratch(path));
        }
    }

    /** Rows are appended to a file, whose rows may be updated too. */
    record Appended(ArrayFile file) implements Pieces, InPlace {
        @Override
        public FileOutput piece(TaskAttempt attempt, WrittenArray array, String path) throws IOException {
            return attempt.storage().createScratch(path);
        }
    }

    /** A new file of known length, whose other rows hold the fill value. */
    record Placed(Layout layout) implements ByIndex {}

    /** Rows of a file are replaced. */
    record Updated(ArrayFile file) implements ByIndex, InPlace {
        @Override
        public Layout layout() {
            return file.layout();
        }
    }
}
