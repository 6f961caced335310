package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.dtype.DType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardedArrayTest {

    /** A file whose parts are objects of its own. */
    private static ArrayFile file(int index, String dtype, long rows) {
        Layout layout = new Layout(DType.parse(dtype), Shape.of(rows, 2), Order.C, 128);
        String header = String.join("", "header of ", dtype, " and ", Long.toString(rows));
        return new ArrayFile(
                "file:/d/" + index,
                new Fingerprint("ino=" + index, 1000, 7),
                ByteString.ofLatin1(header),
                layout,
                Origin.NPY);
    }

    private static ShardedArray of(List<ArrayFile> files) {
        return new ShardedArray(files, List.of(), null, 0);
    }

    @Test
    void shardsShareEqualHeadersAndLayouts() {
        List<ArrayFile> files =
                IntStream.range(0, 100).mapToObj(i -> file(i, "<f8", 3)).toList();
        for (ShardedArray array : List.of(of(files), of(files).transpose())) {
            assertThat(array.shards())
                    .allSatisfy(shard ->
                            assertThat(shard.header()).isSameAs(array.first().header()))
                    .allSatisfy(shard ->
                            assertThat(shard.layout()).isSameAs(array.first().layout()));
        }
        assertThat(of(files).shards()).isEqualTo(files);
    }

    @Test
    void shardsOfOtherRowsShareTheDtypeOnly() {
        List<ArrayFile> files = List.of(file(0, "<f8", 3), file(1, "<f8", 4), file(2, "<f8", 4), file(3, "<i8", 4));
        List<ArrayFile> shards = of(files).shards();
        assertThat(shards).isEqualTo(files);
        assertThat(shards.get(1).layout().dtype())
                .isSameAs(files.get(0).layout().dtype());
        assertThat(shards.get(2).layout()).isSameAs(shards.get(1).layout());
        assertThat(shards.get(2).header()).isSameAs(shards.get(1).header());
    }
}
