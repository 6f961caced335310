package io.memmap.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrayTextTest {
    /** Arrays as NumPy makes them, each saved under its place in the list. */
    private static final String ARRAYS =
            """
            rng = np.random.default_rng(1)
            arrays = [
                np.arange(3.0), np.arange(12.0).reshape(3, 4), np.arange(-4, 4).reshape(2, 4), np.zeros((100, 100)),
                np.arange(1001), np.arange(24).reshape(2, 3, 4), np.arange(5000.0).reshape(10, 10, 50), np.array(2.5),
                np.array(7), np.array([0.1, -0.25, 1 / 3]), np.array([1e-5, 1.0]), np.array([1e10, 2.5e10, -1.0]),
                np.array([np.nan, 1.0, np.inf]), np.array([np.nan, -np.inf]), np.array([1e300, -1e-300, np.nan]),
                np.array([-0.0, 0.0]), np.array([123456.789, 0.001]), np.array([1e100, 1e-100]), np.array([1e100, 1.5]), np.array([3.0, 1e-7, np.nan], "f4"),
                rng.random((5, 7)), rng.random((40, 9)).astype("f4") * 100, np.array([0.1, 0.2, 100.5], "f2"),
                np.array([0.1, 16777216, 3.3], "f4") / 100, rng.normal(size=30) * 1e-7, np.array([99999999.5, 1.0]),
                np.array([1234.5678901234, 2.0]), np.array([0.99999999999]), np.array([5e-324, 1.7976931348623157e308]),
                np.array([True, False]), np.array([[True], [True]]), np.array([255, 0], "u1"), np.array([2**64 - 1, 1], "u8"),
                np.array(["a", "it's", "é\\n"]), np.array([b"ab", b"\\xff'"]), np.array([b"a\\0\\1", b"zz"], "V3"),
                np.array(["2020-01-31", "NaT", "1969-12-01"], "M8[D]"), np.array(["2020", "1969"], "M8[Y]"),
                np.array(["2020-05", "1969-12"], "M8[M]"), np.array(["2020-01-31T01"], "M8[h]"),
                np.array(["2020-01-31T01:02", "1969-12-31T23:59"], "M8[m]"), np.array([0, -1, 10**9], "M8[s]"),
                np.array([0, -1, 10**12], "M8[ms]"), np.array([0, -1], "M8[25us]"), np.array([0, -1, 10**18], "M8[ns]"),
                np.array([-62167219201, -62167219200, 253402300800], "M8[s]"), np.array([-14000, -1971, 8030], "M8[Y]"),
                np.array([-23649, 96360], "M8[M]"), np.array([-720000, 4000000], "M8[D]"), np.array([300000, 500000], "M8[W]"),
                np.array([1, "NaT", -20], "m8[s]"), np.array([1 + 2j, 0.5 - 1j]), np.array([[1e10 + 1j]]),
                np.array([(1, 2.5, "x"), (30, 4.25, "yz")], [("a", "<i4"), ("b", ">f8"), ("c", "U2")]),
                np.array([(1,), (2,)], [("a", "<i4")]), np.arange(60) * 1000003, np.arange(12.0).reshape(3, 4).T,
                np.zeros((0, 3)), np.zeros((2000, 1)), np.arange(2000.0).reshape(2, 1000), rng.random((8, 200)),
                np.array([([1.5, 2], 3, [[b"a"], [b"b"]]), ([0, -1], 40, [[b""], [b"it's"]])], "(2,)f4, i2, (2, 1)S4"),
                np.zeros((2, 2), [("p", [("x", "<i4", (2,)), ("y", "u1")], (2,))]),
                np.zeros(1200, [("v", "<i4", (2, 8)), ("w", "?")]), np.zeros(2, [("v", "<c8", (3, 400))]),
                np.zeros((), [("v", "M8[s]", (3,))]),
            ]
            for i, a in enumerate(arrays):
                np.save(f"{i}.npy", a)
                print(np.array2string(a, separator=", ") + "%%")
            """;

    @TempDir
    private Path directory;

    @Test
    void showsValuesAsNumpyDoes() throws IOException, InterruptedException {
        String[] expected = NumPy.run(directory, ARRAYS).split("%%\n?");
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < expected.length; i++) {
            try (MemmapArray a = NpyFile.openMemmap(directory.resolve(i + ".npy"), "r")) {
                shown.add(a.toString().split("\n", 2)[1]);
            }
        }
        assertThat(shown).hasSizeGreaterThan(50).containsExactly(expected);
    }

    @Test
    void showsWhatItIsFirst() throws IOException {
        Path path = directory.resolve("x.dat");
        Files.write(path, new byte[] {1, 2, 30});
        try (MemmapArray a = MemmapArray.raw(path).open()) {
            assertThat(a).hasToString("memmap(3,) of |u1, mode r+, " + path + "\n[ 1,  2, 30]");
            assertThat(a.slice("1:")).hasToString("memmap(2,) of |u1, mode r+, " + path + "\n[ 2, 30]");
        }
    }

    @Test
    void neverThrows() throws IOException {
        Path path = directory.resolve("x.dat");
        Files.write(path, new byte[1 << 16]);
        MemmapArray a = MemmapArray.raw(path).open();
        a.close();
        assertThat(a).hasToString("memmap(65536,) of |u1, mode r+, " + path + ", closed");
        MemmapArray cut = MemmapArray.raw(path).mode("r").open();
        try (cut;
                RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(0);
            assertThat(cut.toString()).startsWith("memmap(65536,) of |u1, mode r, " + path + "\nCannot read ");
        }
        Files.write(path, new byte[] {0, 0, 0x11, 0, 65, 0, 0, 0});
        try (MemmapArray text = MemmapArray.raw(path).dtype("<U1").open()) {
            assertThat(text.toString()).endsWith("\n[b'\\x00\\x00\\x11\\x00', 'A']");
        }
    }
}
