package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Indexes of tokens that contradict themselves or their tokens; {@link TokenFormatsTest} reads sound ones. */
class TokenIndexTest {
    private static final byte[] MAPPED = NpyBytes.bytes("MMIDIDX\0\0");
    private static final byte[] CACHED = NpyBytes.bytes("TNTIDX\0\0");
    private static final String ADVICE =
            " bytes; one of the two is truncated, or belongs to another dataset; to read the"
                    + " tokens without the index, set container=raw and dtype";

    private static Folder folder(byte[] index, int dataNbytes) {
        return new Folder().with("x.idx", index).with("x.bin", new byte[dataNbytes]);
    }

    /** The last sequence ends with the file. */
    @Test
    void theSumOfSizesMustBeTheTokens() throws IOException {
        byte[] more = Folder.bytes(MAPPED, 1L, (byte) 8, 3L, 2, 9, 3, 0L, 4L, 4L);
        assertThatThrownBy(() -> folder(more, 10).shown("x.bin"))
                .isInstanceOf(NpyFormatException.class)
                .hasMessage("Cannot read /d/x.bin: its index x.idx declares 14 tokens of <u2, expected as many, but the"
                        + " file has 10" + ADVICE);
        byte[] less = Folder.bytes(MAPPED, 1L, (byte) 8, 3L, 3L, 1, 0, 3, 0L, 4L, 4L, 0L, 2L, 3L);
        assertThatThrownBy(() -> folder(less, 10).shown("x.idx"))
                .hasMessageContaining("declares 4 tokens of <u2, expected as many, but the file has 10 bytes");
        byte[] permuted = Folder.bytes(MAPPED, 1L, (byte) 8, 3L, 3, 0, 2, 4L, 4L, 0L);
        assertThat(folder(permuted, 10).shown("x.bin")).isEqualTo("/d/x.bin megatron#tokens: <u2 (5,) at 0");
    }

    @Test
    void theSumOfSizesOfACachedIndexMustBeTheTokens() throws IOException {
        for (long middle : new long[] {0, 1, Long.MAX_VALUE}) {
            byte[] index = Folder.bytes(CACHED, 1L, 4L, 4L, 3L, 3L, 0L, 1L, 2L, 3L, 0L, 2L, 2L, 5L, 2L, middle, 3L);
            long sum = middle == Long.MAX_VALUE ? middle : 5 + middle;
            if (middle == 0) {
                assertThat(folder(index, 20).shown("x.bin")).isEqualTo("/d/x.bin megatron#tokens: <i4 (5,) at 0");
            } else {
                assertThatThrownBy(() -> folder(index, 20).shown("x.bin"))
                        .hasMessage("Cannot read /d/x.bin: its index x.idx declares " + sum
                                + " tokens of <i4, expected as many, but the file has 20" + ADVICE);
            }
        }
        byte[] negative = Folder.bytes(CACHED, 1L, 4L, 4L, 3L, 3L, 0L, 1L, 2L, 3L, 0L, 2L, 2L, 5L, 6L, -4L, 3L);
        assertThatThrownBy(() -> folder(negative, 20).shown("x.bin"))
                .hasMessage("Cannot read /d/x.idx: it declares a sequence of -4 tokens, expected 0 or more; to read the"
                        + " tokens without the index, set container=raw and dtype");
        byte[] twoAxes = Folder.bytes(CACHED, 1L, 4L, 4L, 1L, 2L, 0L, 2L, 0L, 6L, 2L, 3L);
        assertThat(folder(twoAxes, 24).shown("x.bin")).isEqualTo("/d/x.bin megatron#tokens: <i4 (6,) at 0");
    }

    /** More sizes than a query without sequences reads. */
    @Test
    void ofManySizesOnlyTheLastIsCompared() throws IOException {
        int most = 1 << 18;
        assertThatThrownBy(() -> folder(ones(most), most + 8).shown("x.bin"))
                .hasMessageContaining("declares " + most + " tokens of |u1, expected as many, but the file has "
                        + (most + 8) + " bytes");
        assertThat(folder(ones(most), most).shown("x.bin"))
                .isEqualTo("/d/x.bin megatron#tokens: |u1 (" + most + ",) at 0");
        byte[] longer = ones(most + 1);
        ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN).putInt(26, 7);
        assertThat(folder(longer, most + 1).shown("x.bin"))
                .isEqualTo("/d/x.bin megatron#tokens: |u1 (" + (most + 1) + ",) at 0");
    }

    /** Sequences of one token each. */
    private static byte[] ones(int count) {
        ByteBuffer index = ByteBuffer.allocate(26 + 12 * count).order(ByteOrder.LITTLE_ENDIAN);
        index.put(MAPPED).putLong(1).put((byte) 1).putLong(count);
        for (int i = 0; i < count; i++) {
            index.putInt(26 + 4 * i, 1).putLong(26 + 4 * count + 8 * i, i);
        }
        return index.array();
    }

    @Test
    void anEmptyIndexIsEmpty() {
        assertThatThrownBy(() -> folder(new byte[0], 10).shown("x.idx"))
                .hasMessage(
                        "Cannot read /d/x.idx: it is empty, expected an index of Megatron or fairseq; it is truncated"
                                + " or still being written");
    }

    @Test
    void anIndexOfDatatroveMustFitOneLengthOfATokenOrTheOther() throws IOException {
        Folder folder = new Folder().with("y.ds", new byte[12]).with("y.ds.index", Folder.bytes(3L, 7L));
        assertThatThrownBy(() -> folder.shown("y.ds"))
                .hasMessage("Cannot read /d/y.ds: its index y.ds.index ends with token 7, but the file has 12 bytes,"
                        + " expected 2 or 4 for each token; one of the two is truncated or still being written");
        Folder none = new Folder().with("y.ds", new byte[0]).with("y.ds.index", new byte[0]);
        assertThatThrownBy(() -> none.shown("y.ds"))
                .hasMessage("Cannot read /d/y.ds: nothing says whether its tokens have 2 or 4 bytes, expected"
                        + " y.ds.metadata beside it, or the option dtype (dtype='<u2' or '<u4')");
    }
}
