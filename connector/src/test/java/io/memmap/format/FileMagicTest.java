package io.memmap.format;

import static io.memmap.format.NpyBytes.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class FileMagicTest {

    @Test
    void knowsZip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("a.npy"));
        }
        String advice = "is a zip archive (.npz?), not an .npy file; unzip it first, its members are .npy files";
        assertThat(advice(bytes.toByteArray())).isEqualTo(advice);
        assertThat(advice(bytes("PK\5\6"))).isEqualTo(advice);
    }

    @Test
    void knowsGzip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new GZIPOutputStream(bytes).close();
        assertThat(advice(bytes.toByteArray()))
                .isEqualTo(
                        "is compressed with gzip, not an .npy file; decompress it first, only plain bytes can be mapped");
    }

    @Test
    void knowsHdf5AndParquetAndPickle() {
        assertThat(advice(bytes("\211HDF\r\n\032\n")))
                .isEqualTo("is an HDF5 file, not an .npy file; export its dataset first, with h5py and np.save");
        assertThat(advice(bytes("PAR1")))
                .isEqualTo("is a Parquet file, not an .npy file; read it with spark.read.parquet");
        for (String pickle : new String[] {"\2}q\0", "\3cnumpy.core.multiarray\n_reconstruct\n", "\4\225", "\5\225"}) {
            assertThat(advice(bytes("\200" + pickle)))
                    .isEqualTo("is a Python pickle, not an .npy file; load it in Python, if you trust it,"
                            + " and write it with np.save");
        }
    }

    @Test
    void isSilentAboutOthers() {
        assertThat(advice(new byte[0])).isNull();
        assertThat(advice(bytes("P"))).isNull();
        assertThat(advice(bytes("\200\1"))).isNull();
        assertThat(advice(bytes("\200\2\1\2"))).isNull();
        assertThat(advice(bytes("\223NUMPY"))).isNull();
        assertThat(advice(new byte[12])).isNull();
        assertThat(advice(bytes("ORCHIDS grow in the shade"))).isNull();
        assertThat(advice(bytes("<mediawiki xmlns=\"http://www.mediawiki.org/xml/export-0.10/\">")))
                .isNull();
    }

    /** Padded strings, dates as numbers, and records of a number and a text. */
    @Test
    void isSilentAboutArraysThatBeginAlike() {
        assertThat(advice(bytes("root\0\0\0\0alice\0\0\0"))).isNull();
        assertThat(advice(bytes("ORC\0JFK\0LAX\0"))).isNull();
        assertThat(advice(bytes(".snd\0\0\0\0.wav\0\0\0\0"))).isNull();
        assertThat(advice(bytes("v/1\1w/1\1"))).isNull();
        assertThat(advice(bytes("v/1\1\0\0\0\0"))).isNull();
        assertThat(advice(bytes("\10\0\0\0\0\0\0\0{\"a\": 1}\0\0"))).isNull();
        assertThat(advice(bytes("\0\0\0\0\0\0\0\0\0\0\10\0\0\0\0\0"))).isNull();
        assertThat(advice(bytes("\236\250abcdefg\0"))).isNull();
        assertThat(advice(bytes("\320\317\21\340\0\0\0\0"))).isNull();
        assertThat(advice(bytes("\377\377\377\377\10\0\0\0\20\0\0\0\1\0\0\0"))).isNull();
    }

    @Test
    void knowsFormatsWhoseMagicIsShort() {
        assertThat(advice(bytes("root\0\0\363\300\0\0\0d"))).startsWith("is a ROOT file");
        assertThat(advice(bytes("ORC\13\0\0\n\6\22\4"))).startsWith("is an ORC file");
        assertThat(advice(bytes(".snd\0\0\0\30"))).startsWith("is an AU file");
        assertThat(advice(bytes("v/1\1\2\0\0\0channels"))).startsWith("is an OpenEXR image");
        assertThat(advice(bytes("\377\377\377\377\10\0\0\0\20\0\0\0\0\0\n\0"))).startsWith("is an Arrow file");
    }

    @Test
    void knowsDatabasesFramesAndDocuments() {
        String lmdb = "is an LMDB database, not an .npy file; read it in Python and export its numbers with np.save";
        String magic = "\336\300\357\276\1\0\0\0";
        assertThat(advice(bytes("\0\0\0\0\0\0\0\0\0\0\10\0\0\0\0\0" + magic))).isEqualTo(lmdb);
        assertThat(advice(bytes("\0\0\0\0\0\0\10\0\0\0\0\0" + magic))).isEqualTo(lmdb);
        assertThat(advice(bytes("\336\300\357\276\2\0\10\0"))).isEqualTo(lmdb);
        assertThat(advice(bytes("\236\250b2frame\0\322\0\0\0\202")))
                .isEqualTo("is compressed with Blosc2, not an .npy file; decompress it first, only plain bytes can be"
                        + " mapped");
        assertThat(advice(bytes("\320\317\21\340\241\261\32\341\0\0")))
                .startsWith("is an OLE2 document, not an .npy file; ");
    }

    /** Every kind of header, with an explicit dtype too. */
    @Test
    void headersOfFormatsThatAreNotReadAreNoNumbers() {
        String odd = "LIST\3\0\0\0abc\0";
        byte[] las14 = Arrays.copyOf(bytes("LASF"), 400);
        las14[24] = 1;
        las14[25] = 4;
        las14[104] = (byte) 0x86;
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("WAV", bytes("RIFF\44\1\0\0WAVE" + odd + "fmt "));
        files.put("WAV, extensible", bytes("RIFF\44\1\0\0WAVEfmt \50\0\0\0\376\377"));
        files.put("WAV, 24 bit", bytes("RIFF\44\1\0\0WAVEfmt \20\0\0\0\1\0\1\0\104\254\0\0\314\4\2\0\3\0\30\0"));
        files.put("WAV, big-endian", bytes("RIFX\0\0\1\44WAVEfmt "));
        files.put("WAV, 64 bit", bytes("RF64\377\377\377\377WAVEds64"));
        files.put("WAV, cut", bytes("RIFF\0\0\0\0WAVE"));
        files.put("LAS", Arrays.copyOf(bytes("LASF\0\0\0\0"), 400));
        files.put("LAS, compressed", las14);
        files.put("NIfTI, big-endian", NpyBytes.concat(Arrays.copyOf(bytes("\0\0\1\134"), 344), bytes("n+1\0")));
        files.put("NIfTI, version 2", bytes("\34\2\0\0n+2\0\r\n\32\n"));
        files.put("NIfTI, gzip", bytes("\37\213\10\0\0\0\0\0"));
        files.put("FITS", bytes("SIMPLE  =                    T"));
        files.put("NRRD", bytes("NRRD0004\ntype: short\n"));
        files.put("PLY", bytes("ply\nformat binary_little_endian 1.0\n"));
        files.put("PCD", bytes("# .PCD v.7 - Point Cloud Data file format\n"));
        files.put("MRC", NpyBytes.concat(new byte[208], bytes("MAP DA\0\0")));
        Claims floats = Claims.ofDType(Claims.Source.OPTIONS, DType.parse("<f4"));
        files.forEach((name, bytes) -> {
            Folder folder = new Folder().with("x", bytes).with("x.dat", bytes);
            for (String file : List.of("x", "x.dat")) {
                for (Claims claims : List.of(Folder.NOTHING, floats)) {
                    assertThatThrownBy(() -> folder.describe(file, claims))
                            .as(name)
                            .isInstanceOf(NpyFormatException.class)
                            .hasMessageStartingWith("Cannot read /d/" + file + ": it is ")
                            .hasMessageContaining("to read its bytes as they are, set container=raw");
                }
            }
        });
    }

    /** Two bytes are one token, and a file may begin with any. */
    @Test
    void refusesNoFileForItsFirstTwoBytes() {
        byte[] file = new byte[FormatInput.PREFIX_NBYTES];
        for (int filler : new int[] {0, 1, 50, 198, 220, 255}) {
            Arrays.fill(file, (byte) filler);
            for (int token = 0; token < 1 << 16; token++) {
                file[0] = (byte) token;
                file[1] = (byte) (token >> 8);
                assertThat(advice(file)).as("%x before %d", token, filler).isNull();
            }
        }
    }

    @Test
    void refusesNoRandomNumbers() {
        Random random = new Random(20);
        byte[] file = new byte[FormatInput.PREFIX_NBYTES];
        for (int i = 0; i < 100_000; i++) {
            random.nextBytes(file);
            assertThat(advice(file)).isNull();
        }
    }

    private static String advice(byte[] file) {
        return FileMagic.advice(file, file.length);
    }
}
