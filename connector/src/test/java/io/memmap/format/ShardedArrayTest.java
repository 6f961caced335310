package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    /** Rows without elements need no bytes. */
    @Test
    void rowsThatNoLongCountsAreRefusedByTheirCounts() {
        long half = 1L << 62;
        List<ArrayFile> files = Stream.of("a.npy", "b.npy", "c.npy")
                .map(name -> new ArrayFile(
                        name,
                        new Fingerprint("ino=1", 128, 7),
                        ByteString.EMPTY,
                        new Layout(DType.parse("u1"), Shape.of(half - 1, 0), Order.C, 128),
                        Origin.NPY))
                .toList();
        assertThat(of(files.subList(0, 2)).rowCount()).isEqualTo(2 * half - 2);
        assertThat(of(files.subList(0, 2)).shape()).isEqualTo(Shape.of(2 * half - 2, 0));
        assertThatThrownBy(() -> of(files))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot read c.npy: it has 4611686018427387903 rows, and the files before it have"
                        + " 9223372036854775806, expected at most 9223372036854775807 together; read fewer of these"
                        + " files at once");
        List<ArrayFile> columns = files.stream()
                .map(file -> file.withLayout(file.layout().transpose()))
                .toList();
        assertThat(of(columns).rowCount()).isZero();
        assertThatThrownBy(of(columns)::transpose).hasMessageStartingWith("Cannot read c.npy: it has ");
    }
}
