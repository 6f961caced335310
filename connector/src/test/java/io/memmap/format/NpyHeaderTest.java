package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.memmap.dtype.DType;
import io.memmap.dtype.Literal;
import io.memmap.dtype.RecordDType;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyHeaderTest {
    private static final String WIDE =
            IntStream.range(0, 4000).mapToObj(i -> "('f" + i + "', '<f4')").collect(Collectors.joining(", ", "[", "]"));

    private static final String ALPHABET = "'\"()[]{},:0123456789<>|=-LOSUVMmfiub \n\\\377\200\0";

    /** Written by NumPy, see make_headers.py beside it. */
    static Stream<Arguments> headers() throws IOException {
        try (InputStream tsv = NpyHeaderTest.class.getResourceAsStream("headers.tsv")) {
            return new String(tsv.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replace("4000 fields", WIDE).split("\t", -1))
                    .map(row -> Arguments.of(
                            row[0],
                            row[1],
                            Order.valueOf(row[2]),
                            (int) Integer.valueOf(row[3]),
                            row[4],
                            row[5],
                            row[6]));
        }
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("headers")
    void writesAndReadsWhatNumPyWrites(
            String dtypeText, String shapeText, Order order, int major, String nbytes, String sha256, String text)
            throws IOException, NoSuchAlgorithmException {
        DType dtype = DType.parse(dtypeText);
        Shape shape = shape(shapeText);

        byte[] header = NpyHeader.write(dtype, shape, order);

        int textOffset = major == 1 ? 10 : 12;
        String written = new String(header, textOffset, header.length - textOffset, NpyHeader.charset(major));
        if (!text.isEmpty()) {
            assertThat(written.stripTrailing()).isEqualTo(text);
        }
        assertThat(header[6]).isEqualTo((byte) major);
        assertThat(String.valueOf(header.length)).isEqualTo(nbytes);
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(header)))
                .isEqualTo(sha256);
        if (header.length <= NpyHeader.MAX_TEXT_NBYTES && shape.ndim() < 3 && shape.size() < 1L << 50) {
            NpyHeader read = NpyHeader.parse(header, "x.npy", Long.MAX_VALUE);
            assertThat(read.shape()).isEqualTo(shape);
            assertThat(read.order()).isEqualTo(order);
            assertThat(read.dataOffset()).isEqualTo(header.length);
            if (!dtypeText.contains("bfloat16")) {
                assertThat(read.dtype()).isEqualTo(dtype);
                assertThat(NpyHeader.write(read.dtype(), read.shape(), read.order()))
                        .isEqualTo(header);
            }
        }
    }

    private static Shape shape(String text) {
        Literal.Tuple tuple = (Literal.Tuple) Literal.parsePython(text);
        return Shape.of(tuple.items().stream().mapToLong(dim -> (Long) dim).toArray());
    }

    @Test
    void readsTheLayout() throws IOException {
        byte[] header = NpyHeader.write(DType.parse("<f4"), Shape.of(1000000, 16), Order.F);
        NpyHeader read = NpyHeader.parse(header, "/d/x.npy", 64000128);
        assertThat(read).isEqualTo(new NpyHeader(DType.parse("<f4"), Shape.of(1000000, 16), Order.F, 1, 128));
        assertThat(read.layout()).isEqualTo(new Layout(DType.parse("<f4"), Shape.of(1000000, 16), Order.F, 128));
    }

    @Test
    void saysHowShortAFileIs() {
        byte[] header = NpyHeader.write(DType.parse("<f4"), Shape.of(1000000, 16), Order.C);
        assertThatThrownBy(() -> NpyHeader.parse(header, "/d/x.npy", 63000000))
                .isInstanceOf(NpyFormatException.class)
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot read /d/x.npy: header declares shape (1000000, 16) of <f4, 64000000 bytes from"
                        + " offset 128, but the file ends after 63000000; it is truncated or still being written");
    }

    @Test
    void refusesHalfAHeader() {
        byte[] header = NpyHeader.write(DType.parse("<f4"), Shape.of(4), Order.C);
        assertThatThrownBy(() -> NpyHeader.parse(Arrays.copyOf(header, 100), "/d/x.npy", 144))
                .isInstanceOf(NpyFormatException.class)
                .hasMessage("Cannot read /d/x.npy: the file ends after 100 bytes, expected its header up to byte 128;"
                        + " it is truncated or still being written");
    }

    @Test
    void tellsItsMagic() {
        byte[] header = NpyHeader.write(DType.parse("<f4"), Shape.of(4), Order.C);
        assertThat(NpyHeader.hasMagic(header)).isTrue();
        assertThat(NpyHeader.hasMagic(Arrays.copyOf(header, 5))).isFalse();
        assertThat(NpyHeader.hasMagic(new byte[12])).isFalse();
    }

    @Test
    void refusesToWriteWhatADescrCannotSay() {
        DType reordered = DType.parse("{'names': ['b', 'a'], 'formats': ['<i4', '<i4'], 'offsets': [4, 0]}");
        assertThatThrownBy(() -> NpyHeader.write(reordered, Shape.of(4), Order.C))
                .hasMessageStartingWith("Cannot write a descr: field 'a' starts at byte 0, expected at least 8");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void returnsOrThrowsItsOneException(long seed) {
        Random random = new Random(seed);
        List<byte[]> good = List.of(
                NpyBytes.v1("{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }"),
                NpyBytes.v3("{'descr': [('日', '<i4'), ('v', '>f4', (3,))], 'fortran_order': True, 'shape': (1, 2), }"),
                NpyHeader.write(
                        DType.parse("[('p', [('x', 'M8[25s]')], (2,)), ('', 'V3'), ('s', 'U4')]"),
                        Shape.of(),
                        Order.C));
        for (int i = 0; i < 10_000; i++) {
            byte[] file = good.get(random.nextInt(good.size())).clone();
            for (int edit = random.nextInt(4); edit >= 0; edit--) {
                int at = random.nextInt(random.nextBoolean() ? 14 : file.length);
                byte value = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
                file[at] = random.nextBoolean() ? value : (byte) random.nextInt();
            }
            file = random.nextInt(4) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
            try {
                NpyHeader header = NpyBytes.read(file);
                assertThat(header.layout().end()).isLessThanOrEqualTo(file.length);
            } catch (NpyFormatException e) {
                if (!e.getMessage().startsWith("Cannot read /d/x.npy: ")) {
                    throw new AssertionError(
                            "seed " + seed + ", file " + HexFormat.of().formatHex(file), e);
                }
            } catch (Throwable e) {
                throw new AssertionError(
                        "seed " + seed + ", file " + HexFormat.of().formatHex(file), e);
            }
        }
    }

    /** Counts all that is allocated; what lives at one time is a fraction of it. */
    @Test
    void takesLittleHeapForTheWorstHeaders() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (String descr : List.of(
                "[" + "('a','f4'),".repeat(850) + "]",
                "[" + "('a',[".repeat(14) + "]",
                "[('a','f4',(" + "1,".repeat(4900) + "))]",
                "["
                        + IntStream.range(0, 700)
                                .mapToObj(i -> "('f" + i + "','f4'),")
                                .collect(Collectors.joining()) + "]")) {
            byte[] file = NpyBytes.v1("{'descr': " + descr + ", 'fortran_order': False, 'shape': (), }");
            long allocated = Long.MAX_VALUE;
            for (int run = 0; run < 30; run++) {
                long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
                try {
                    NpyBytes.read(file);
                } catch (NpyFormatException e) {
                    assertThat(e).hasMessageStartingWith("Cannot read /d/x.npy: ");
                }
                allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - allocatedBefore);
            }
            assertThat(allocated).as(descr.substring(0, 40)).isLessThan(4 << 20);
        }
    }

    /** NumPy decodes a header of version 3 and then counts characters. */
    @Test
    void theLimitIsOfCharacters() throws NpyFormatException {
        String dtype = "[('" + "\u65e5".repeat(4000) + "', '<f8'), ('" + "\ud83d\ude00".repeat(1000) + "', '<f8')]";
        byte[] header = NpyHeader.write(DType.parse(dtype), Shape.of(1), Order.C);
        String text = new String(header, 12, header.length - 12, StandardCharsets.UTF_8);
        int length = text.codePointCount(0, text.length());
        assertThat(length).isBetween(5000, 5200);
        assertThat(NpyHeader.headerNbytes(header, "/d/x.npy", header.length + 16, length))
                .isEqualTo(header.length);
        NpyHeader.checkLength(header, "/d/x.npy", length);
        assertThatThrownBy(() -> NpyHeader.checkLength(header, "/d/x.npy", length - 1))
                .hasMessage("Cannot read /d/x.npy: its header has " + length + " characters, expected at most "
                        + (length - 1));
        assertThatThrownBy(() -> NpyHeader.headerNbytes(header, "/d/x.npy", header.length + 16, 1000))
                .hasMessageContaining("its header has " + (header.length - 12) + " bytes, expected at most 1000");
    }

    @Test
    void refusesToReadBackItsOwnHugeHeader() throws NpyFormatException {
        byte[] header = NpyHeader.write(DType.parse(WIDE), Shape.of(1), Order.C);
        assertThat(((RecordDType) DType.parse(WIDE)).fields()).hasSize(4000);
        int nbytes = header.length - 12;
        assertThatThrownBy(() -> NpyHeader.headerNbytes(header, "/d/x.npy", header.length + 16000, 10_000))
                .hasMessage("Cannot read /d/x.npy: its header has " + nbytes + " bytes, expected at most 10000");
        assertThat(NpyHeader.headerNbytes(header, "/d/x.npy", header.length + 16000, nbytes))
                .isEqualTo(header.length);
    }
}
