package io.memmap.spark.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.format.ByteString;
import io.memmap.format.Fingerprint;
import io.memmap.format.Origin;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import io.memmap.storage.StoreFileSystem;
import io.memmap.table.RowGroup;
import io.memmap.table.RowSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileBlocksTest {

    @Test
    void cutsMoveToBlocksThatAreNear() {
        assertThat(FileBlocks.moved(new long[] {250, 500, 750, 1000}, new long[] {128, 256, 384, 512, 640, 768, 896}))
                .containsExactly(256, 512, 768, 1000);
    }

    @Test
    void cutsStayWhereNoBlockIsNear() {
        assertThat(FileBlocks.moved(new long[] {160, 320, 480}, new long[] {181, 299}))
                .containsExactly(160, 320, 480);
        assertThat(FileBlocks.moved(new long[] {160, 320, 480}, new long[] {180, 300}))
                .containsExactly(180, 300, 480);
    }

    @Test
    void theNearerOfTwoBlocksWins() {
        assertThat(FileBlocks.moved(new long[] {100, 200}, new long[] {92, 105}))
                .containsExactly(105, 200);
        assertThat(FileBlocks.moved(new long[] {100, 200}, new long[] {95, 108}))
                .containsExactly(95, 200);
        assertThat(FileBlocks.moved(new long[] {100, 200}, new long[] {95, 100, 101}))
                .containsExactly(100, 200);
    }

    @Test
    void theLastCutIsTheEnd() {
        assertThat(FileBlocks.moved(new long[] {100}, new long[] {98})).containsExactly(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noPartitionIsLostOrMoreThanAQuarterLonger(long seed) {
        Random random = new Random(seed);
        long[] cuts = LongStream.generate(() -> 1 + random.nextInt(1000))
                .limit(100)
                .sorted()
                .distinct()
                .toArray();
        long[] starts = LongStream.generate(() -> random.nextInt(1000))
                .limit(100)
                .sorted()
                .distinct()
                .toArray();
        long[] moved = FileBlocks.moved(cuts, starts);
        assertThat(moved).hasSameSizeAs(cuts);
        for (int i = 0; i < cuts.length; i++) {
            long planned = cuts[i] - (i == 0 ? 0 : cuts[i - 1]);
            long length = moved[i] - (i == 0 ? 0 : moved[i - 1]);
            assertThat(length).as("seed %d, partition %d", seed, i).isPositive();
            assertThat(4 * Math.abs(length - planned)).isLessThanOrEqualTo(planned);
        }
    }

    /** An array of 100 rows of 32 bytes in a file whose only block has a host. */
    private static ArrayFile file(Order order, Origin.Deflated deflated) {
        Layout layout = new Layout(DType.parse("<f8"), Shape.of(100, 4), order, 0);
        Origin origin = new Origin("raw", "", 0, true, deflated);
        return new ArrayFile(
                "store:/x", new Fingerprint("", 3200, 1), ByteString.EMPTY, layout, origin, List.of(), null);
    }

    private static List<String> hosts(RowGroup group) {
        List<SelectedRows> rows = List.of(new SelectedRows(group, RowSet.of(0, 100), 32));
        return FileBlocks.of(1, rows, StoreFileSystem.settings())
                .hosts(List.of(List.of(new Split(group, 10, 20))))
                .get(0);
    }

    @Test
    void onlyRowsWhoseBytesAreOneKnownRangeHaveHosts() {
        StoreFileSystem.takeLog();
        ArrayFile plain = file(Order.C, null);
        ArrayFile deflated = file(Order.C, new Origin.Deflated(0, 3000, 3200, 0));
        for (ArrayFile file : List.of(plain, deflated)) {
            assertThat(hosts(new RowGroup.Shard(0, file))).containsExactly(StoreFileSystem.HOST);
            assertThat(StoreFileSystem.takeLog()).containsExactly("blocks of x");
        }
        assertThat(hosts(new RowGroup.Shard(0, file(Order.F, null)))).isEmpty();
        assertThat(StoreFileSystem.takeLog()).isEmpty();
    }
}
