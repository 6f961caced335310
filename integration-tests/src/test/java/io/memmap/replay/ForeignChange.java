package io.memmap.replay;

import io.memmap.dtype.DType;
import io.memmap.format.NpyHeader;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What others do to a target after a crash, without a look at what lies beside it. */
enum ForeignChange {
    /** A new file takes its place, with a sidecar if it is raw. */
    REPLACED,
    /** The file is written anew and keeps its inode. */
    REWRITTEN,
    /** A new file appears in its directory. */
    ADDED;

    private static final String SIDECAR = "{\"dtype\": \"<i8\", \"shape\": [" + Rows.FOREIGN.length / 2 + ", 2]}";

    /**
     * Makes the change.
     *
     * @return the files that it wrote with their bytes; none where it cannot be made
     */
    Map<Path, byte[]> make(WriteKind kind, Path target) throws IOException {
        Path file = file(kind, target);
        if (file == null || !Files.isDirectory(file.getParent())) {
            return Map.of();
        }
        Map<Path, byte[]> written = new LinkedHashMap<>();
        boolean raw = !file.toString().endsWith(".npy");
        written.put(file, bytes(raw));
        if (raw && this == REPLACED) {
            written.put(file.resolveSibling(file.getFileName() + ".memmap.json"), SIDECAR.getBytes());
        }
        for (Map.Entry<Path, byte[]> each : written.entrySet()) {
            if (this == REWRITTEN) {
                Files.write(each.getKey(), each.getValue());
            } else {
                Path other = Files.write(target.resolveSibling("foreign"), each.getValue());
                Files.move(other, each.getKey(), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return written;
    }

    private Path file(WriteKind kind, Path target) throws IOException {
        if (this == ADDED) {
            return kind.isDirectory() ? target.resolve("foreign.npy") : target.resolveSibling("foreign.npy");
        }
        if (!kind.isDirectory()) {
            return Files.exists(target) ? target.toRealPath() : target;
        }
        if (!Files.isDirectory(target)) {
            return null;
        }
        try (Stream<Path> shards = Files.walk(target)) {
            return shards.filter(path -> path.toString().matches(".*\\.(npy|bin)"))
                    .min(Path::compareTo)
                    .orElse(null);
        }
    }

    private static byte[] bytes(boolean raw) {
        byte[] header =
                raw ? new byte[0] : NpyHeader.write(DType.parse("<i8"), Shape.of(Rows.FOREIGN.length / 2, 2), Order.C);
        ByteBuffer bytes = ByteBuffer.allocate(header.length + Rows.FOREIGN.length * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(header).asLongBuffer().put(Rows.FOREIGN);
        return bytes.array();
    }
}
