package io.memmap.format;

import static io.memmap.format.NpyBytes.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
        assertThat(FileMagic.advice(bytes.toByteArray())).isEqualTo(advice);
        assertThat(FileMagic.advice(bytes("PK\5\6"))).isEqualTo(advice);
    }

    @Test
    void knowsGzip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new GZIPOutputStream(bytes).close();
        assertThat(FileMagic.advice(bytes.toByteArray()))
                .isEqualTo(
                        "is compressed with gzip, not an .npy file; decompress it first, only plain bytes can be mapped");
    }

    @Test
    void knowsHdf5AndParquetAndPickle() {
        assertThat(FileMagic.advice(bytes("\211HDF\r\n\032\n")))
                .isEqualTo("is an HDF5 file, not an .npy file; export its dataset first, with h5py and np.save");
        assertThat(FileMagic.advice(bytes("PAR1")))
                .isEqualTo("is a Parquet file, not an .npy file; read it with spark.read.parquet");
        for (String protocol : new String[] {"\2", "\3", "\4", "\5"}) {
            assertThat(FileMagic.advice(bytes("\200" + protocol)))
                    .isEqualTo("is a Python pickle, not an .npy file; load it in Python, if you trust it,"
                            + " and write it with np.save");
        }
    }

    @Test
    void isSilentAboutOthers() {
        assertThat(FileMagic.advice(new byte[0])).isNull();
        assertThat(FileMagic.advice(bytes("P"))).isNull();
        assertThat(FileMagic.advice(bytes("\200\1"))).isNull();
        assertThat(FileMagic.advice(bytes("\223NUMPY"))).isNull();
        assertThat(FileMagic.advice(new byte[12])).isNull();
    }
}
