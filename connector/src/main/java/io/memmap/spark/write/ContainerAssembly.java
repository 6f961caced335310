package io.memmap.spark.write;

import io.memmap.dtype.RecordDType;
import io.memmap.format.ColumnArray;
import io.memmap.format.Crc32;
import io.memmap.format.NpzArchive;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.storage.FileOutput;
import io.memmap.storage.Part;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Puts what the tasks wrote of each column together as a member of one container. No byte of a value is read again for a CRC:
 * the tasks have counted those of their pieces. Driver side.
 */
record ContainerAssembly(Storage storage, String staging) {

    /** Makes a file of all columns, on the disk when this returns. */
    void assemble(String target, WrittenArray array, List<Segment> segments) throws IOException {
        Map<String, List<Segment>> byColumn = segments.stream().collect(Collectors.groupingBy(Segment::directory));
        NpzArchive archive = new NpzArchive();
        List<byte[]> heads = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        for (ColumnArray column : ColumnArray.of((RecordDType) array.dtype())) {
            List<Segment> own = byColumn.getOrDefault(column.directory(), List.of());
            long rows = own.stream().mapToLong(Segment::rows).sum();
            Crc32 body = own.stream().map(Segment::crc).reduce(Crc32.EMPTY, Crc32::then);
            byte[] npy = array.of(column).header(rows);
            heads.add(archive.begin(column.name(), npy, body));
            if (heads.size() > 1) {
                parts.add(piece(heads.size() - 1, heads.get(heads.size() - 1)));
            }
            own.forEach(segment -> parts.add(segment.file()));
        }
        parts.add(piece(heads.size(), archive.end()));
        storage.concat(target, heads.get(0), parts);
    }

    /** A file of what is between the columns. */
    private Part piece(int number, byte[] bytes) throws IOException {
        String path = staging + "/.between-" + number;
        try (FileOutput output = storage.createScratch(path)) {
            output.write(ByteBuffer.wrap(bytes));
            output.complete();
        }
        return new Part(path, bytes.length);
    }
}
