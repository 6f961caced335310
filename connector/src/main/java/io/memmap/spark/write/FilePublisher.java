package io.memmap.spark.write;

import io.memmap.format.ArrayFile;
import io.memmap.format.Sidecar;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.write.WriteKind.InPlace;
import io.memmap.spark.write.WriteKind.Members;
import io.memmap.spark.write.WriteKind.Placed;
import io.memmap.spark.write.WriteKind.Uploaded;
import io.memmap.spark.write.encode.RowEncoder;
import io.memmap.storage.HiddenNames;
import io.memmap.storage.Part;
import io.memmap.storage.Publication;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes one array file of what the tasks wrote, or changes one. Driver side. */
record FilePublisher(PlannedWrite plan, WriteKind kind, String staging, Publication publication) {

    void publish(WrittenArray array, List<Segment> segments, List<Part> patches) throws IOException {
        if (kind instanceof InPlace change) {
            change(change.file(), segments, patches);
            return;
        }
        String assembled = staging + "/" + HiddenNames.ASSEMBLED;
        if (kind instanceof Members) {
            new ContainerAssembly(storage(), staging).assemble(assembled, array, segments);
            publication.replace(assembled, Optional.empty());
            return;
        }
        long rows = segments.stream().mapToLong(Segment::rows).sum();
        Layout layout = kind instanceof Placed placed ? placed.layout() : array.placed(rows);
        byte[] head = array.header(layout.rowCount());
        Optional<Sidecar> sidecar = array.sidecar(layout.rowCount(), layout.end());
        if (kind instanceof Placed) {
            fill(array, layout, assembled);
            storage().patch(assembled, patches.stream().map(Part::path).toList(), head);
        } else if (layout.order() == Order.C && storage().appearsWhenClosed(target())) {
            publication.put(layout.end(), sidecar, () -> assemble(head, segments));
            return;
        } else if (layout.order() == Order.C) {
            storage().concat(assembled, head, parts(segments));
        } else {
            storage().concat(assembled, head, layout, parts(segments));
        }
        publication.replace(assembled, sidecar);
    }

    private void assemble(byte[] head, List<Segment> segments) throws IOException {
        if (kind instanceof Uploaded uploaded && !segments.isEmpty()) {
            uploaded.upload().complete(head, parts(segments));
        } else {
            storage().concat(target(), head, parts(segments));
        }
    }

    private Storage storage() {
        return plan.storage();
    }

    private String target() {
        return plan.target().path();
    }

    private static List<Part> parts(List<Segment> segments) {
        return segments.stream().map(Segment::file).toList();
    }

    /** All rows as those that no row of the DataFrame names. */
    private void fill(WrittenArray array, Layout layout, String assembled) throws IOException {
        byte[] fill = RowEncoder.fill(array);
        long count = layout.shape().size() * layout.dtype().itemsize() / fill.length;
        storage().fill(assembled, Math.toIntExact(layout.offset()), count, fill);
    }

    /** Patches go into the rows that are there, new rows after them, where no reader looks before header or sidecar count them. */
    private void change(ArrayFile file, List<Segment> segments, List<Part> patches) throws IOException {
        Layout now = file.layout();
        long rows = now.rowCount() + segments.stream().mapToLong(Segment::rows).sum();
        long end = now.end() + segments.stream().mapToLong(Segment::nbytes).sum();
        boolean grows = !segments.isEmpty();
        if (!grows && patches.isEmpty()) {
            return;
        }
        byte[] head = grows ? GrowingFile.grownHeader(target(), file, rows) : new byte[0];
        String sidecar = Sidecar.pathOf(target());
        Optional<String> text = Optional.empty();
        if (grows && storage().exists(sidecar)) {
            Sidecar old = Sidecar.parse(storage().readText(sidecar), sidecar);
            Sidecar grown = grown(old, now, rows, end);
            // What stays keeps the form that its author gave it, and cannot differ from what readers see.
            text = grown.equals(old) ? Optional.empty() : Optional.of(grown.toJson());
        }
        publication.change(file.fingerprint(), parts(segments), patches, head, text);
    }

    /** The sidecar of the file, for more rows. */
    private Sidecar grown(Sidecar sidecar, Layout now, long rows, long nbytes) {
        return new Sidecar(
                sidecar.dtype(),
                sidecar.shape().map(shape -> now.shape().withRows(rows)),
                sidecar.order(),
                sidecar.offset(),
                sidecar.columnNames(),
                sidecar.layout(),
                sidecar.fileNbytes().isPresent() ? OptionalLong.of(nbytes) : OptionalLong.empty());
    }
}
