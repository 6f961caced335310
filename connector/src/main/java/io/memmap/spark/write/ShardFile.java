package io.memmap.spark.write;

import io.memmap.format.Sidecar;
import io.memmap.layout.Order;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.storage.FileOutput;
import io.memmap.storage.HiddenNames;
import io.memmap.storage.Part;
import io.memmap.storage.Storage;
import io.memmap.storage.Upload;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A shard, complete with its header or sidecar: the commit publishes this very file.
 *
 * @param upload that makes the file; null if it is staged and renamed
 */
record ShardFile(TaskAttempt attempt, WrittenArray array, String directory, String path, Upload upload)
        implements SegmentFile {

    @Override
    public FileOutput open() throws IOException {
        if (array.order() == Order.F) {
            return attempt.storage().createScratch(path);
        }
        int head = array.header(0).length;
        return upload == null ? attempt.storage().create(path, head) : upload.createWhole(head);
    }

    /** The file is flushed here, once. */
    @Override
    public Segment finish(FileOutput output, long rows) throws IOException {
        Storage storage = attempt.storage();
        byte[] head = array.header(rows);
        long nbytes = output.nbytes();
        if (array.order() == Order.C) {
            output.seal(head);
        } else {
            output.close();
            storage.concat(finished(), head, array.placed(rows), List.of(new Part(path, nbytes)));
            storage.delete(path);
            nbytes += head.length;
        }
        Optional<Sidecar> sidecar = array.sidecar(rows, nbytes);
        if (sidecar.isPresent()) {
            storage.writeText(sidecarPath(), sidecar.get().toJson());
        }
        return new Segment(
                new Part(finished(), nbytes, 0, output.uploaded()),
                rows,
                upload == null ? null : upload.handle(),
                directory,
                output.crc());
    }

    /** Rows in Fortran order need all of the shard: they are staged row by row. */
    private String finished() {
        return array.order() == Order.C ? path : path + ".F";
    }

    /** In the staging directory, wherever the shard is. */
    private String sidecarPath() {
        return Sidecar.pathOf(attempt.job().staging() + "/" + Storage.name(finished()));
    }

    @Override
    public void remove() throws IOException {
        if (upload != null) {
            upload.abandon();
        }
        for (String written : List.of(path, HiddenNames.body(path), finished(), sidecarPath())) {
            attempt.storage().delete(written);
        }
    }
}
