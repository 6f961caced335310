package io.memmap.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.ByteOrder;
import io.memmap.dtype.DatetimeUnit;
import io.memmap.dtype.HalfFloat;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderTest {
    private static final long SEED = 20;
    private static final int CAPACITY = 1 << 14;

    static Stream<ScalarDType> dtypes() {
        List<ScalarDType> dtypes = new ArrayList<>();
        for (ByteOrder order : List.of(ByteOrder.LITTLE, ByteOrder.BIG)) {
            for (int itemsize : new int[] {2, 4, 8}) {
                for (Kind kind : List.of(Kind.INT, Kind.UINT, Kind.FLOAT)) {
                    dtypes.add(new ScalarDType(kind, itemsize, order, null, 1));
                }
            }
            dtypes.add(new ScalarDType(Kind.BFLOAT16, 2, order, null, 1));
            dtypes.add(new ScalarDType(Kind.UNICODE, 12, order, null, 1));
            dtypes.add(new ScalarDType(Kind.DATETIME, 8, order, DatetimeUnit.NANOSECOND, 1));
            dtypes.add(new ScalarDType(Kind.TIMEDELTA, 8, order, DatetimeUnit.DAY, 1));
        }
        for (Kind kind : List.of(Kind.BOOL, Kind.INT, Kind.UINT)) {
            dtypes.add(ScalarDType.of(kind, 1));
        }
        dtypes.add(ScalarDType.of(Kind.BYTES, 5));
        dtypes.add(ScalarDType.of(Kind.VOID, 1));
        return dtypes.stream();
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void decodesEveryStrideRunAndStep(ScalarDType dtype) {
        Random random = new Random(SEED);
        for (int round = 0; round < 400; round++) {
            int run = pick(random, 0, 1, 1, 1, 2, 3, 7, 8, 9, 40);
            int items = random.nextInt(20);
            int gap = pick(random, 0, 0, 1, 3, 8, dtype.itemsize());
            int stride = (run * dtype.itemsize() + gap) * pick(random, 1, 1, -1, 0);
            int step = run + pick(random, 0, 0, 1, 5);
            int at = random.nextInt(4);
            int reach = Math.max(items - 1, 0) * stride;
            int position = random.nextInt(9) + Math.max(-reach, 0);
            ByteBuffer source = source(random);
            String failure = "seed " + SEED + " round " + round + ": position " + position + " stride " + stride
                    + " items " + items + " run " + run + " at " + at + " step " + step;

            Decoder decoder = Decoder.of(dtype);
            Object out = decoder.allocate(at + items * step + run);
            Object expected = decoder.allocate(at + items * step + run);
            decoder.decode(source, position, stride, items, run, out, at, step);
            for (int i = 0; i < items; i++) {
                for (int k = 0; k < run; k++) {
                    put(expected, at + i * step + k, source, position + i * stride + k * dtype.itemsize(), dtype);
                }
            }
            assertThat(same(out, expected)).as(failure).isTrue();
        }
    }

    @Test
    void allocatesTheTypesThatTheDocSays() {
        assertThat(allocated(Kind.BOOL, 1)).isEqualTo(new byte[3]);
        assertThat(allocated(Kind.INT, 1)).isEqualTo(new byte[3]);
        assertThat(allocated(Kind.INT, 2)).isEqualTo(new short[3]);
        assertThat(allocated(Kind.INT, 4)).isEqualTo(new int[3]);
        assertThat(allocated(Kind.INT, 8)).isEqualTo(new long[3]);
        assertThat(allocated(Kind.UINT, 1)).isEqualTo(new short[3]);
        assertThat(allocated(Kind.UINT, 2)).isEqualTo(new int[3]);
        assertThat(allocated(Kind.UINT, 4)).isEqualTo(new long[3]);
        assertThat(allocated(Kind.UINT, 8)).isEqualTo(new long[3]);
        assertThat(allocated(Kind.FLOAT, 2)).isEqualTo(new float[3]);
        assertThat(allocated(Kind.BFLOAT16, 2)).isEqualTo(new float[3]);
        assertThat(allocated(Kind.FLOAT, 4)).isEqualTo(new float[3]);
        assertThat(allocated(Kind.FLOAT, 8)).isEqualTo(new double[3]);
        assertThat(allocated(Kind.BYTES, 5)).isEqualTo(new byte[15]);
        assertThat(allocated(Kind.UNICODE, 8)).isEqualTo(new byte[24]);
        assertThat(allocated(Kind.VOID, 16)).isEqualTo(new byte[48]);
    }

    @Test
    void leavesTheSourceAsItWas() {
        ByteBuffer source = ByteBuffer.allocateDirect(64)
                .order(java.nio.ByteOrder.BIG_ENDIAN)
                .position(3)
                .limit(60);
        Decoder.of(ScalarDType.of(Kind.FLOAT, 8)).decode(source, 4, 8, 7, 1, new double[7], 0, 1);
        assertThat(source.position()).isEqualTo(3);
        assertThat(source.limit()).isEqualTo(60);
        assertThat(source.order()).isEqualTo(java.nio.ByteOrder.BIG_ENDIAN);
    }

    @Test
    void refusesWhatLiesBeyondTheLimitBeforeItWritesAnything() {
        Decoder decoder = Decoder.of(ScalarDType.of(Kind.INT, 4));
        ByteBuffer source = ByteBuffer.allocate(100).limit(40);
        source.putInt(0, -1);
        int[] out = new int[16];
        assertThatThrownBy(() -> decoder.decode(source, 0, 4, 11, 1, out, 0, 1))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("Range [0, 0 + 44) out of bounds for length 40");
        assertThatThrownBy(() -> decoder.decode(source, 32, 8, 2, 1, out, 0, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> decoder.decode(source, 4, -4, 3, 1, out, 0, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> decoder.decode(source, 0, Integer.MAX_VALUE, 3, 1, out, 0, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> decoder.decode(source, 0, 4, 10, 1, new int[9], 0, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(out).containsOnly(0);
        decoder.decode(source, 0, 4, 10, 1, out, 0, 1);
        assertThat(out[0]).isEqualTo(-1);
    }

    @Test
    void refusesComplexNumbersAndTooManyBytes() {
        assertThatThrownBy(() -> Decoder.of(new ScalarDType(Kind.COMPLEX, 8, ByteOrder.LITTLE, null, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot decode <c8 into an array, expected b1, i1 to i8, u1 to u8, f2 to f8, bfloat16, S,"
                        + " U, V, M8 or m8");
        assertThatThrownBy(() -> Decoder.of(ScalarDType.of(Kind.VOID, 1 << 20)).allocate(1 << 11))
                .isInstanceOf(ArithmeticException.class);
    }

    private static Object allocated(Kind kind, int itemsize) {
        Decoder decoder = Decoder.of(ScalarDType.of(kind, itemsize));
        assertThat(decoder.itemsize()).isEqualTo(itemsize);
        return decoder.allocate(3);
    }

    private static int pick(Random random, int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static ByteBuffer source(Random random) {
        byte[] bytes = new byte[CAPACITY];
        random.nextBytes(bytes);
        return switch (random.nextInt(3)) {
            case 0 -> ByteBuffer.wrap(bytes);
            case 1 -> ByteBuffer.allocateDirect(CAPACITY).put(bytes);
            default -> ByteBuffer.allocateDirect(CAPACITY).put(bytes).asReadOnlyBuffer();
        };
    }

    /** What the slow, obvious way makes of one element. */
    private static void put(Object out, int index, ByteBuffer source, int position, ScalarDType dtype) {
        int itemsize = dtype.itemsize();
        byte[] bytes = new byte[itemsize];
        source.get(position, bytes);
        long bits = 0;
        for (int i = 0; i < Math.min(itemsize, 8); i++) {
            int shift = dtype.byteOrder() == ByteOrder.BIG ? itemsize - 1 - i : i;
            bits |= (bytes[i] & 0xffL) << (8 * shift);
        }
        switch (dtype.kind()) {
            case BYTES, UNICODE, VOID -> System.arraycopy(bytes, 0, out, index * itemsize, itemsize);
            case FLOAT -> {
                switch (itemsize) {
                    case 2 -> Array.setFloat(out, index, HalfFloat.toFloat((short) bits));
                    case 4 -> Array.setFloat(out, index, Float.intBitsToFloat((int) bits));
                    default -> Array.setDouble(out, index, Double.longBitsToDouble(bits));
                }
            }
            case BFLOAT16 -> Array.setFloat(out, index, HalfFloat.bfloatToFloat((short) bits));
            case UINT -> {
                switch (itemsize) {
                    case 1 -> Array.setShort(out, index, (short) bits);
                    case 2 -> Array.setInt(out, index, (int) bits);
                    default -> Array.setLong(out, index, bits);
                }
            }
            default -> {
                switch (itemsize) {
                    case 1 -> Array.setByte(out, index, (byte) bits);
                    case 2 -> Array.setShort(out, index, (short) bits);
                    case 4 -> Array.setInt(out, index, (int) bits);
                    default -> Array.setLong(out, index, bits);
                }
            }
        }
    }

    private static boolean same(Object a, Object b) {
        return Arrays.deepEquals(new Object[] {a}, new Object[] {b});
    }
}
