package io.memmap.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.layout.Order;
import io.memmap.memory.Mapping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this JVM writes NumPy reads, and the other way round. */
class MemmapArrayNumPyTest {
    private static final List<String> DTYPES = List.of(
            "i1", "u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", ">u4", "<i8", ">i8", "<u8", ">u8", "<f2",
            ">f2", "<f4", ">f4", "<f8", ">f8", "?");

    @TempDir
    Path directory;

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    @Test
    void writesWhatNumPyReads() throws Exception {
        StringBuilder script = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (String dtype : DTYPES) {
            for (Order order : Order.values()) {
                String name = "a" + expected.size() + ".dat";
                try (MemmapArray a = MemmapArray.raw(directory.resolve(name))
                        .dtype(dtype)
                        .mode("w+")
                        .offset(expected.size())
                        .shape(3, 4)
                        .order(order)
                        .open()) {
                    int[] values = new int[12];
                    for (int i = 0; i < 12; i++) {
                        values[i] = dtype.equals("?") ? i % 2 : i * 9;
                    }
                    a.copyFrom(values);
                    a.putInt(1, 2, 1);
                    a.flush();
                }
                script.append(String.format(
                        "print([int(x) for x in np.memmap('%s','%s','r',%d,(3,4),'%s').ravel()])%n",
                        name, dtype, expected.size(), order));
                expected.add(
                        dtype.equals("?")
                                ? "[0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]"
                                : "[0, 9, 18, 27, 36, 45, 54, 63, 72, 1, 90, 99]");
            }
        }
        assertThat(NumPy.run(directory, script.toString()).lines().toList()).isEqualTo(expected);
    }

    @Test
    void writesTextTimesAndRecordsThatNumPyReads() throws Exception {
        try (MemmapArray a = MemmapArray.raw(directory.resolve("a.dat"))
                .dtype("[('s', 'S5'), ('u', '>U3'), ('t', '<M8[s]'), ('c', '<c8'), ('v', '>f4', (2,))]")
                .mode("w+")
                .shape(2)
                .open()) {
            a.field("s").putString("né", 0);
            a.field("u").putString("né😀", 1);
            a.field("t").putLong(86400, 1);
            a.field("c").imag().fill(2);
            a.field("v").slice(":, 1").fill(1.5);
        }
        assertThat(NumPy.run(
                        directory,
                        "a = np.memmap('a.dat', [('s','S5'),('u','>U3'),('t','<M8[s]'),('c','<c8'),('v','>f4',(2,))],"
                                + " 'r')\nprint(ascii(a[['s', 'u', 't', 'c']].tolist()), a['v'].tolist())"))
                .isEqualTo("[(b'n\\xc3\\xa9', '', datetime.datetime(1970, 1, 1, 0, 0), 2j), (b'',"
                        + " 'n\\xe9\\U0001f600', datetime.datetime(1970, 1, 2, 0, 0), 2j)] [[0.0, 1.5], [0.0, 1.5]]");
    }

    @Test
    void slicesAndReducesAsNumPyDoes() throws Exception {
        long seed = Long.getLong("memmap.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> slices = new ArrayList<>(List.of("...", "10:15, ::-1", "-1", "..., -3:, 2", "::-4, 1, 5:0:-2"));
        for (int i = 0; i < 40; i++) {
            slices.add(range(random) + ", " + range(random) + ", " + (random.nextInt(4) - 2));
        }
        for (String order : List.of("C", "F")) {
            String output = NumPy.run(
                    directory,
                    """
                    a = np.memmap('a.dat', '>f8', 'w+', 40, (20, 7, 4), '%s')
                    a[...] = np.random.default_rng(%d).integers(-1000, 1000, a.shape)
                    a.flush()
                    for s in '%s'.split(';'):
                        v = eval('a[' + s + ']')
                        print(v.shape, v.T.ravel().tolist(), float(v.sum()),
                              *[v.min(), v.max(), v.mean()] if v.size else [], sep='|')
                    """
                            .formatted(order, seed & 0xffff, String.join(";", slices)));
            List<String> lines = output.lines().toList();
            try (MemmapArray a = MemmapArray.raw(directory.resolve("a.dat"))
                    .dtype(">f8")
                    .mode("r")
                    .offset(40)
                    .shape(20, 7, 4)
                    .order(Order.valueOf(order))
                    .open()) {
                for (int i = 0; i < slices.size(); i++) {
                    assertIsReported(a.slice(slices.get(i)), lines.get(i), slices.get(i) + ", seed " + seed);
                }
            }
            Files.delete(directory.resolve("a.dat"));
        }
    }

    private static String range(Random random) {
        int step = random.nextInt(9) - 4;
        return (random.nextInt(30) - 15) + ":" + (random.nextInt(30) - 15) + ":" + (step == 0 ? 1 : step);
    }

    private static void assertIsReported(MemmapArray view, String line, String what) {
        List<String> parts = List.of(line.split("\\|"));
        double[] values = new double[(int) view.size()];
        view.transpose().copyTo(values);
        assertThat(view.shape()).as(what).hasToString(parts.get(0));
        assertThat(Arrays.toString(values)).as(what).isEqualTo(parts.get(1));
        assertThat(view.sum()).as(what).isEqualTo(Double.parseDouble(parts.get(2)));
        if (view.size() > 0) {
            assertThat(new double[] {view.min(), view.max(), view.mean()})
                    .as(what)
                    .isEqualTo(parts.stream()
                            .skip(3)
                            .mapToDouble(Double::parseDouble)
                            .toArray());
        }
    }

    @Test
    void refusesWhatNumPyRefusesAndDoesNotGrowWhatNumPyGrows() throws Exception {
        assertThat(
                        NumPy.run(
                                directory,
                                """
                open('a.dat', 'wb').write(bytes(10))
                def attempt(*a):
                    try: return np.memmap('a.dat', *a).shape
                    except Exception as e: return type(e).__name__
                print(attempt('u1', 'r', 10), attempt('u1', 'r', 11), attempt('<i4', 'r'), attempt('u1', 'q'),
                      attempt('u1', 'r', 0, (11,)), attempt('u1', 'r', 0, (-1,)), attempt('u1', 'r', -1, (1,)))
                """))
                .isEqualTo("(0,) ValueError ValueError ValueError ValueError OverflowError OverflowError");
    }
}
