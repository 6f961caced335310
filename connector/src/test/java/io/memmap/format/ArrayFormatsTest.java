package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import io.memmap.format.Reading.TrailingBytes;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArrayFormatsTest {
    private static final byte[] NPY = file(NpyHeader.write(DType.parse("<f8"), Shape.of(3), Order.C), 24);
    private static final Claims NOTHING =
            new Claims(Claims.Source.OPTIONS, null, null, null, null, null, List.of(), null);
    private static final Claims FLOATS = Claims.ofDType(Claims.Source.OPTIONS, DType.parse("<f4"));

    @Test
    void findsFormatsByName() {
        assertThat(ArrayFormats.builtIn().all())
                .extracting(ArrayFormat::name)
                .containsExactly(
                        "npy", "npz", "safetensors", "raw", "idx", "llmc", "megatron", "datatrove", "xbin", "xvecs");
        assertThat(ArrayFormats.builtIn().ofName("/d/x.npy")).contains(ArrayFormats.NPY);
        assertThat(ArrayFormats.builtIn().ofName("/d/x.NPY")).isEmpty();
        assertThat(ArrayFormats.builtIn().ofName("/d/x.dat")).isEmpty();
        assertThat(ArrayFormats.ofWrittenName("/d/X.NPY")).contains(ArrayFormats.NPY);
        assertThat(ArrayFormats.ofWrittenName("/d/x.Bin")).contains(ArrayFormats.RAW);
        assertThat(ArrayFormats.ofWrittenName("/d/npy")).isEmpty();
        assertThat(ArrayFormats.isForeignSuffix("npz")).isTrue();
        assertThat(ArrayFormats.isForeignSuffix("npy")).isFalse();
        assertThat(ArrayFormats.isForeignSuffix("bin")).isFalse();
        for (String suffix :
                List.of("idx", "ds", "fbin", "f16bin", "u8bin", "i8bin", "ibin", "fvecs", "ivecs", "bvecs")) {
            assertThat(ArrayFormats.builtIn().ofName("x." + suffix)).as(suffix).isPresent();
            assertThat(ArrayFormats.isForeignSuffix(suffix)).as(suffix).isTrue();
            assertThat(ArrayFormats.ofWrittenName("x." + suffix)).as(suffix).isEmpty();
        }
    }

    @Test
    void aSidecarOrAnOffsetDecidesBeforeTheMagic() throws IOException {
        byte[] idx = file(new byte[] {0, 0, 8, 1, 0, 0, 0, 3}, 3);
        Reading reading = new Reading(NOTHING, null, TrailingBytes.AUTO, true, NpyHeader.MAX_TEXT_NBYTES, null);
        Sidecar sidecar = Sidecar.parse("{\"dtype\": \"u1\"}", "/d/x.memmap.json");
        ArrayFile described =
                ArrayDescriber.describe(new InMemory("/d/x", idx), Optional.of(sidecar), Optional.empty(), reading);
        assertThat(Folder.shown(described)).isEqualTo("/d/x raw: |u1 (11,) at 0");
        Claims behind = new Claims(Claims.Source.OPTIONS, DType.parse("i1"), null, null, 8L, null, List.of(), null);
        assertThat(Folder.shown(describe("/d/x", idx, behind))).isEqualTo("/d/x raw: |i1 (3,) at 8");
        assertThat(Folder.shown(describe("/d/x", idx, NOTHING))).isEqualTo("/d/x idx: |u1 (3,) at 8");
        assertThat(Folder.shown(describe("/d/x.fbin", Folder.bytes(3, 0, 1), behind)))
                .isEqualTo("/d/x.fbin raw: |i1 (4,) at 8");
    }

    /** Two bytes are one token, and a file may begin with any. */
    @Test
    void noFormatKnowsRandomNumbersOrTwoBytes() throws IOException {
        Random random = new Random(17);
        byte[] file = new byte[FormatInput.PREFIX_NBYTES];
        for (int i = 0; i < 1 << 16; i++) {
            random.nextBytes(file);
            file[0] = (byte) i;
            file[1] = (byte) (i >> 8);
            assertThat(ArrayFormats.builtIn().recognized(new InMemory("/d/x.bin", file)))
                    .as("file %d", i)
                    .isEmpty();
        }
    }

    @Test
    void theMagicDecidesBeforeTheName() throws IOException {
        ArrayFile file = describe("/d/x.dat", NPY, NOTHING);
        assertThat(file.layout()).isEqualTo(new Layout(DType.parse("<f8"), Shape.of(3), Order.C, NPY.length - 24));
        assertThat(file.header()).isEqualTo(ByteString.of(Arrays.copyOf(NPY, NPY.length - 24)));
        assertThatThrownBy(() -> describe("/d/x.npy", new byte[24], NOTHING))
                .isInstanceOf(NpyFormatException.class)
                .hasMessage(
                        "Cannot read /d/x.npy: it starts with the bytes 00 00 00 00 00 00, expected 93 4e 55 4d 50 59"
                                + " as every .npy file; to read a file without a header, set container=raw and dtype");
    }

    @Test
    void whatNoFormatKnowsIsRawIfDescribed() throws IOException {
        ArrayFile file = describe("/d/x", new byte[24], FLOATS);
        assertThat(file.layout()).isEqualTo(new Layout(DType.parse("<f4"), Shape.of(6), Order.C, 0));
        assertThat(file.header()).isEqualTo(ByteString.EMPTY);
        assertThatThrownBy(() -> describe("/d/x", new byte[24], NOTHING))
                .isInstanceOf(UndescribedFileException.class)
                .hasMessageStartingWith("Cannot read /d/x: it is no .npy file and nothing says what it holds");
        assertThatThrownBy(() ->
                        describe("/d/x", file("RIFF\0\0\0\0WAVE".getBytes(StandardCharsets.US_ASCII), 24), FLOATS))
                .isInstanceOf(NpyFormatException.class)
                .hasMessage(
                        "Cannot read /d/x: it is a WAV file, not an .npy file; read it in Python and export its numbers"
                                + " with np.save, expected a .npy file; to read its bytes as they are, set container=raw; to read"
                                + " other files of its directory, set pathGlobFilter (for example *.bin)");
    }

    @Test
    void theOptionDecidesBeforeMagicAndName() {
        Claims raw = new Claims(
                Claims.Source.OPTIONS, DType.parse("<f4"), null, null, null, ArrayFormats.RAW, List.of(), null);
        assertThatThrownBy(() -> describe("/d/x.npy", NPY, raw))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Cannot read /d/x.npy: the option container=raw was given, but its header says"
                        + " container npy;");
    }

    private static ArrayFile describe(String path, byte[] bytes, Claims options) throws IOException {
        Reading reading = new Reading(options, null, TrailingBytes.AUTO, true, NpyHeader.MAX_TEXT_NBYTES, null);
        return ArrayDescriber.describe(new InMemory(path, bytes), Optional.empty(), Optional.empty(), reading);
    }

    private static byte[] file(byte[] head, int dataNbytes) {
        return Arrays.copyOf(head, head.length + dataNbytes);
    }

    /** Its own header says what a file holds: it is never read as plain numbers. */
    @Test
    void anExplicitDtypeDoesNotMakeAContainerRaw() throws IOException {
        Zip zip = new Zip();
        zip.add("x.npy", file(NpyHeader.write(DType.parse("<f8"), Shape.of(3), Order.C), 24));
        String tensor = "{\"w\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}";
        byte[] mapped = NpyBytes.bytes("MMIDIDX\0\0");
        byte[] cached = NpyBytes.bytes("TNTIDX\0\0");
        Folder folder = new Folder()
                .with("a", NPY)
                .with("b", zip.bytes())
                .with("c", file(Folder.bytes((long) tensor.length(), NpyBytes.bytes(tensor)), 8))
                .with("d", Folder.bytes(java.nio.ByteOrder.BIG_ENDIAN, 0x0B02, 2, 3, new byte[12]))
                .with("e", Arrays.copyOf(Folder.bytes(20240520, 1, 3), 1030))
                .with("f.idx", Folder.bytes(mapped, 1L, (byte) 8, 1L, 3, 0L))
                .with("f.bin", new byte[6])
                .with("g.idx", Folder.bytes(cached, 1L, 8L, 2L, 1L, 1L, 0L, 1L, 0L, 3L, 3L))
                .with("g.bin", new byte[6]);
        for (String name : List.of("a", "b", "c", "d", "e", "f.idx", "f.bin", "g.idx", "g.bin")) {
            assertThat(folder.describe(name)).as(name).isNotNull();
            assertThatThrownBy(() -> folder.describe(name, FLOATS))
                    .as(name)
                    .hasMessageStartingWith("Cannot read /d/")
                    .hasMessageContaining("the option dtype=<f4 was given, but its header says dtype ");
        }
    }

    @Test
    void aCompanionIsInTheSameDirectory() throws IOException {
        for (String name : List.of("", ".", "..", "../x", "/etc/passwd", "a/b", "a\\b", "hdfs://h/x", "file:/x")) {
            assertThatThrownBy(() -> FormatInput.checkCompanion("/d/x.idx", name))
                    .hasMessage("Cannot read /d/x.idx: it names the file " + name
                            + ", expected a plain name of its own directory");
        }
        FormatInput.checkCompanion("/d/x.idx", "..x.bin");
    }
}
