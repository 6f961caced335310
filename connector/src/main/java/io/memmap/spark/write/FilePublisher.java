package io.memmap.spark.write;

import io.memmap.array.Layout;
import io.memmap.array.Order;
import io.memmap.format.NpyHeader;
import io.memmap.format.Sidecar;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.List;

/** Makes one array file of all segments, in the staging directory, and moves it over the target. Driver side. */
record FilePublisher(Storage storage, WriteTarget target, String staging) {

    void publish(WrittenArray array, List<Segment> segments) throws IOException {
        long rows = segments.stream().mapToLong(Segment::rows).sum();
        byte[] head = target.raw()
                ? new byte[0]
                : NpyHeader.write(array.dtype(), MemmapDataWriter.shape(array, rows), array.order());
        Layout layout = new Layout(array.dtype(), MemmapDataWriter.shape(array, rows), array.order(), head.length);
        String assembled = staging + "/.assembled";
        List<Storage.Part> parts = segments.stream()
                .map(segment -> new Storage.Part(segment.path(), segment.nbytes()))
                .toList();
        if (layout.order() == Order.C) {
            storage.concat(assembled, head, parts);
        } else {
            storage.concat(assembled, head, layout, parts);
        }
        if (target.raw()) {
            publishRaw(array, rows, layout.end(), assembled);
        } else {
            storage.move(assembled, target.path());
        }
    }

    /**
     * Without its sidecar a raw file is only bytes: the old one goes first, so that new data is never seen with it, and
     * whoever looks in between gets an error and no wrong array.
     */
    private void publishRaw(WrittenArray array, long rows, long nbytes, String assembled) throws IOException {
        String sidecar = Sidecar.pathOf(target.path());
        storage.delete(sidecar);
        storage.move(assembled, target.path());
        storage.writeText(sidecar, MemmapDataWriter.sidecar(array, rows, nbytes).toJson());
    }
}
