package io.memmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.array.MemmapArray;
import io.memmap.array.NpyFile;
import io.memmap.array.NumPy;
import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.format.Reading;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code convert} to and from the members of {@code .npz} files. */
class ConversionTest {
    @TempDir
    private Path directory;

    private static String run(int status, Object... arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        int found = new Main(stream, stream, false)
                .run(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        String output = printed.toString(StandardCharsets.UTF_8);
        assertThat(found).as(output).isEqualTo(status);
        return output;
    }

    private Path random(String name, String dtype, long... shape) throws IOException {
        Path path = directory.resolve(name);
        NpyFile.createMemmap(path, DType.parse(dtype), Shape.of(shape), Order.C).close();
        byte[] all = Files.readAllBytes(path);
        byte[] values = new byte[all.length - 128];
        new Random(18).nextBytes(values);
        System.arraycopy(values, 0, all, 128, values.length);
        return Files.write(path, all);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "<i4;1000,300",
                ">u2;7,3,5",
                "<U3;4",
                "<M8[ns];9",
                "<u8;2,2",
                "|b1;0,4",
                "[('a', 'u1'), ('b', '>f8')];5",
                "<f2;"
            })
    void writesAMemberThatOtherProgramsRead(String dtype, String shape) throws IOException, InterruptedException {
        long[] lengths = shape == null
                ? new long[0]
                : Stream.of(shape.split(",")).mapToLong(Long::parseLong).toArray();
        Path file = random("x.npy", dtype, lengths);
        Path npz = directory.resolve("x.npz");
        assertThat(run(0, "convert", file, npz)).contains("format    npz, member arr_0\n", "problems  none\n");
        try (ZipFile zip = new ZipFile(npz.toFile())) {
            ZipEntry entry = zip.getEntry("arr_0.npy");
            assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
            assertThat(zip.getInputStream(entry).readAllBytes()).isEqualTo(Files.readAllBytes(file));
        }
        Path back = directory.resolve("back.npy");
        run(0, "convert", npz, back);
        assertThat(back).hasSameBinaryContentAs(file);
        assertThat(
                        NumPy.run(
                                directory,
                                """
                        import zipfile
                        z = np.load("x.npz"); a = np.load("x.npy")
                        print(z.files, z["arr_0"].dtype == a.dtype, z["arr_0"].tobytes() == a.tobytes(), z["arr_0"].shape == a.shape)
                        print(zipfile.ZipFile("x.npz").testzip())
                        """))
                .isEqualTo("['arr_0'] True True True\nNone");
    }

    /** By way of a double 2^63 + 2^39 + 1 would become the float before. */
    @ParameterizedTest
    @ValueSource(strings = {"<u8", "<i8"})
    void roundsAnIntegerToAFloatOnce(String dtype) throws IOException, InterruptedException {
        long odd = dtype.equals("<u8") ? (1L << 63) + (1L << 39) + 1 : (1L << 62) + (1L << 38) + 1;
        byte[] integer = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(odd)
                .array();
        Path file = Files.write(directory.resolve("x.dat"), integer);
        run(0, "convert", file, directory.resolve("y.npy"), "--dtype", dtype, "--to", "<f4");
        assertThat(NumPy.run(
                        directory,
                        "print((np.load('y.npy') == np.fromfile('x.dat', '" + dtype + "').astype('<f4')).all())"))
                .isEqualTo("True");
    }

    /** Arrays of several blocks, from each order to each. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "<i4;100,9001;<i4",
                "<i2;90001,7;<f8",
                "<f4;13,70,501;<f8",
                "<u8;40,9001;<u8",
                "<U3;30,50;<U3",
                "<i8;5;<i8"
            })
    void copiesEachOrderIntoEach(String dtype, String shape, String target) throws IOException, InterruptedException {
        long[] lengths = Stream.of(shape.split(",")).mapToLong(Long::parseLong).toArray();
        random("x.npy", dtype.startsWith("<f") ? "<i4" : dtype, lengths);
        if (dtype.startsWith("<f")) {
            NumPy.run(directory, "np.save('x.npy', np.load('x.npy').astype('%s'))".formatted(dtype));
        }
        for (String order : new String[] {"F", "C"}) {
            Path from = directory.resolve("from" + order + ".npy");
            run(0, "convert", directory.resolve("x.npy"), from, "--toOrder", order);
            for (String to : new String[] {"F", "C"}) {
                run(0, "convert", from, directory.resolve(order + to + ".npy"), "--to", target, "--toOrder", to);
            }
        }
        assertThat(NumPy.run(
                        directory,
                        """
                        x = np.load("x.npy"); x = x.astype("%s")
                        print(all(np.array_equal(np.load(f"{a}{b}.npy"), x) and np.load(f"{a}{b}.npy").flags[f"{b}_CONTIGUOUS"]
                            for a in "CF" for b in "CF"))
                        """
                                .formatted(target)))
                .isEqualTo("True");
    }

    @Test
    void writesAnotherDtypeAndOrderUnderAName() throws IOException, InterruptedException {
        Path raw = directory.resolve("x.dat");
        run(0, "convert", random("x.npy", "<i2", 400, 1000), raw);
        Path npz = directory.resolve("y.npz");
        run(0, "convert", raw, npz, "--to", "f8", "--toOrder", "F", "--toMember", "größe/a");
        assertThat(
                        NumPy.run(
                                directory,
                                """
                        z = np.load("y.npz"); a = z["größe/a"]
                        print(z.files, a.dtype, a.flags.f_contiguous, np.array_equal(a, np.load("x.npy")))
                        """))
                .isEqualTo("['größe/a'] float64 True True");
        run(0, "convert", npz, directory.resolve("again.npz"), "--to", "i2");
        try (MemmapArray a = MemmapArray.open(directory.resolve("again.npz"), "größe/a");
                MemmapArray x = NpyFile.openMemmap(directory.resolve("x.npy"), "r")) {
            assertThat(a.getLong(399, 999)).isEqualTo(x.getLong(399, 999));
        }
    }

    /** A .npz of one deflated member. */
    private Path deflated(Path npy) throws IOException {
        Path npz = directory.resolve("packed.npz");
        try (OutputStream out = Files.newOutputStream(npz);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("a.npy"));
            zip.write(Files.readAllBytes(npy));
        }
        return npz;
    }

    @ParameterizedTest
    @ValueSource(strings = {"head", "stats", "verify"})
    void inflatesCompressedMembers(String command) throws IOException {
        Path npy = random("x.npy", "<i4", 300, 2);
        Path npz = deflated(npy);
        assertThat(withoutFirstLine(run(0, command, npz))).isEqualTo(withoutFirstLine(run(0, command, npy)));
        assertThat(run(0, "head", npz)).startsWith("memmap(5, 2) of <i4, mode r, " + npz + "\n");
        Path back = directory.resolve("back.npy");
        run(0, "convert", npz, back);
        assertThat(back).hasSameBinaryContentAs(npy);
    }

    private static String withoutFirstLine(String text) {
        return text.substring(text.indexOf('\n'));
    }

    @Test
    void refusesADamagedMember() throws IOException {
        Path npz = deflated(random("x.npy", "<f8", 500_000));
        byte[] bytes = Files.readAllBytes(npz);
        bytes[bytes.length / 2] ^= 1;
        Files.write(npz, bytes);
        Path target = directory.resolve("y.npy");
        assertThat(run(1, "convert", npz, target))
                .isEqualTo("Cannot read " + npz
                        + "#a: its bytes do not have the length and checksum that the archive says;"
                        + " the file is damaged\n");
        assertThat(run(1, "verify", npz)).contains("its bytes do not have the checksum that the archive says");
        assertThat(target).doesNotExist();
    }

    /** Few bytes can inflate to a thousand times as many. */
    @Test
    void aMemberIsInflatedToItsLengthAtMost() throws IOException {
        Path npy = random("x.npy", "<f8", 100);
        int nbytes = (int) Files.size(npy);
        Files.write(npy, Arrays.copyOf(Files.readAllBytes(npy), 64 << 20));
        Path npz = deflated(npy);
        ByteBuffer zip = ByteBuffer.wrap(Files.readAllBytes(npz)).order(ByteOrder.LITTLE_ENDIAN);
        int directory = zip.getInt(zip.limit() - 6);
        assertThat(zip.getInt(directory + 24)).isEqualTo(64 << 20);
        Files.write(npz, zip.putInt(directory + 24, nbytes).array());
        ArrayFile file =
                LocalTable.of(npz.toString(), Reading.of(null)).only().files().get(0);
        ByteArrayOutputStream inflated = new ByteArrayOutputStream();
        assertThat(new DeflatedMember(file).copyTo(inflated)).isFalse();
        assertThat(inflated.size()).isLessThanOrEqualTo(nbytes);
        assertThat(run(1, "head", npz))
                .isEqualTo("Cannot read " + npz
                        + "#a: its bytes do not have the length and checksum that the archive says;"
                        + " the file is damaged\n");
    }

    @Test
    void verifiesTheChecksumOfAStoredMember() throws IOException {
        Path npz = directory.resolve("y.npz");
        run(0, "convert", random("x.npy", "<f8", 500_000), npz);
        assertThat(run(0, "verify", npz)).isEqualTo("ok " + npz + "#arr_0 (500000,) of <f8\n");
        byte[] bytes = Files.readAllBytes(npz);
        bytes[bytes.length / 2] ^= 1;
        Files.write(npz, bytes);
        assertThat(run(1, "verify", npz))
                .isEqualTo(npz + "#arr_0: its bytes do not have the checksum that the archive says\n");
    }

    @Test
    void refusesNamesOfMembers() throws IOException {
        Path file = random("x.npy", "<i4", 3);
        Path npz = directory.resolve("y.npz");
        assertThat(run(2, "convert", file, npz, "--toMember", "../a"))
                .startsWith("Cannot write " + npz + " with the member '../a': an archive is unpacked into a directory")
                .endsWith("; set another with --toMember\n");
        assertThat(run(2, "convert", file, directory.resolve("y.npy"), "--toMember", "a"))
                .isEqualTo("Cannot write " + directory.resolve("y.npy")
                        + " with toMember=a: only the arrays of a .npz have"
                        + " names, expected a name that ends in .npz; leave toMember out\n");
        run(0, "convert", file, npz);
        assertThat(run(1, "convert", file, npz))
                .isEqualTo("Cannot write " + npz + ": it exists, expected no file; remove it\n");
        assertThat(run(2, "convert", file, directory.resolve("y.txt"))).contains("expected .npy, .npz, .dat");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("x.npy", "y.npz");
        }
    }
}
