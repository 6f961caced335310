package io.memmap.array;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.layout.Shape;
import io.memmap.memory.Mapping;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files beyond 4 GiB; sparse, so that they cost neither time nor disk. */
class MemmapArrayLargeTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path directory;

    @AfterEach
    void leavesNoMapping() {
        assertThat(Mapping.liveCount()).isZero();
    }

    private RawMemmap sparse(String dtype, long nbytes) throws IOException {
        Path path = directory.resolve("large.dat");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(nbytes);
        }
        return MemmapArray.raw(path).dtype(dtype);
    }

    @Test
    void reachesTheLastElement() throws IOException {
        long count = 5 * GIB / 8;
        try (MemmapArray a = sparse("<f8", 5 * GIB).open()) {
            assertThat(Mapping.liveCount()).isEqualTo(5);
            assertThat(a.shape()).isEqualTo(Shape.of(count));
            a.putDouble(1.5, -1);
            assertThat(a.getDouble(count - 1)).isEqualTo(1.5);
            assertThat(a.slice("-3:").sum()).isEqualTo(1.5);
            a.flush(count - 1, count);
        }
        try (MemmapArray a = MemmapArray.raw(directory.resolve("large.dat"))
                .dtype("<f8")
                .mode("r")
                .offset(5 * GIB - 8)
                .open()) {
            assertThat(a.getDouble(0)).isEqualTo(1.5);
        }
    }

    @Test
    void crossesTheBordersOfWindows() throws IOException {
        // 12 does not divide 1 GiB: a window that ignored elements would split one here.
        long rows = (4 * GIB + 1200) / 12;
        try (MemmapArray a = sparse("[('i', '<i4'), ('x', '>f8')]", rows * 12).open()) {
            long border = GIB / 12;
            for (String slice : new String[] {"%d:%d", "%d:%d:3"}) {
                MemmapArray view = a.slice(String.format(slice, border - 5000, border + 5000));
                double[] values = new double[(int) view.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = i + 0.5;
                }
                view.field("x").copyFrom(values);
                double[] read = new double[values.length];
                view.field("x").copyTo(read);
                assertThat(read).isEqualTo(values);
                assertThat(view.field("x").slice("::-1").getDouble(-3)).isEqualTo(2.5);
                view.field("i").fill(1);
                assertThat(view.slice("::-1").field("i").sumLong()).isEqualTo(values.length);
                view.flush(0, values.length);
            }
            MemmapArray far = a.slice(Slice.every(rows / 7));
            far.field("i").fill(9);
            assertThat(far.field("i").min()).isEqualTo(9);
            assertThat(a.field("i").getInt(rows / 7 * 7)).isEqualTo(9);
        }
    }

    @Test
    void slicesAColumnOfRowsThatAreLargerThanAWindow() throws IOException {
        long columns = GIB + 100;
        try (MemmapArray a = sparse("u1", 4 * columns).shape(4, columns).open()) {
            MemmapArray column = a.slice("::-1, -1");
            column.copyFrom(new short[] {4, 3, 2, 1});
            assertThat(a.getInt(3, columns - 1)).isEqualTo(4);
            assertThat(column.sumLong()).isEqualTo(10);
            assertThat(a.transpose().slice("-1, 1").getInt()).isEqualTo(2);
        }
    }
}
