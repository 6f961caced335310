package io.memmap.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.format.ByteString;
import io.memmap.format.Fingerprint;
import io.memmap.format.Origin;
import io.memmap.format.ShardedArray;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.table.RowGroup;
import io.memmap.table.RowSource;
import io.memmap.table.TableArrays;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
    private static final int SHARDS = 1000;

    @Test
    void crossesTheWire() throws Exception {
        ArrayFile file = file(0);
        Split ofShard = new Split(new RowGroup.Shard(7, file), 3, 5);
        Split ofJoined = new Split(new RowGroup.Joined(7, 5, List.of(new RowSource(1, file, 2)), "x"), 3, 5);
        assertThat(sent(ofShard)).isEqualTo(ofShard);
        assertThat(sent(ofJoined)).isEqualTo(ofJoined);
    }

    @Test
    void aShardAddsAsMuchToAPlanAsItsFileAndThreePositions() throws Exception {
        ShardedArray array = new ShardedArray(
                IntStream.range(0, SHARDS).mapToObj(SplitTest::file).toList(), List.of(), null, 0);
        Serializable[] files = array.shards().toArray(Serializable[]::new);
        Serializable[] splits = TableArrays.alone(array).rowGroups(List.of(0)).stream()
                .map(group -> new Split(group, 0, group.rowCount()))
                .toArray(Serializable[]::new);
        long perShard = (bytes(splits).length - bytes(files).length) / SHARDS;
        assertThat(perShard).isLessThanOrEqualTo(6 + 3 * Long.BYTES);
    }

    private static ArrayFile file(int i) {
        Layout layout = new Layout(DType.parse("<f8"), Shape.of(1000), Order.C, 128);
        return new ArrayFile(
                "file:/d/run/part-" + i + ".npy",
                new Fingerprint("key " + i, 8128, i),
                ByteString.ofLatin1("header"),
                layout,
                new Origin("npy", "", 0, true, null));
    }

    private static Object sent(Object object) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes(object)))) {
            return in.readObject();
        }
    }

    private static byte[] bytes(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }
}
