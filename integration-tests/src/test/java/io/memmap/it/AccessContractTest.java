package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mapped and positioned reads give the same: every kind of row, in sizes around one batch, at odd offsets, in both
 * orders. What a value must be follows from its row and its place in the row.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessContractTest {
    private static final int[] OFFSETS = {0, 1, 127};
    private static final int MANY_ROWS = 2_000_000;

    @TempDir
    Path directory;

    AccessContractTest() {
        SharedSpark.session();
    }

    /** Rows of one dtype, and what Spark must see of them. */
    private enum Kind {
        DOUBLES("<f8", "", 8) {
            @Override
            void put(ByteBuffer row, long number) {
                row.putDouble(number * 0.5);
            }

            @Override
            void check(ColumnarBatch batch, int row, long number) {
                equal(batch.column(0).getDouble(row), number * 0.5, number);
            }
        },
        BIG_ENDIAN_SHORTS(">i2", "", 2) {
            @Override
            void put(ByteBuffer row, long number) {
                row.putShort(Short.reverseBytes((short) number));
            }

            @Override
            void check(ColumnarBatch batch, int row, long number) {
                equal(batch.column(0).getShort(row), (short) number, number);
            }
        },
        COLUMNS("<i4", ",3", 12) {
            @Override
            void put(ByteBuffer row, long number) {
                for (int i = 0; i < 3; i++) {
                    row.putInt((int) (3 * number + i));
                }
            }

            @Override
            void check(ColumnarBatch batch, int row, long number) {
                for (int i = 0; i < 3; i++) {
                    equal(batch.column(i).getInt(row), (int) (3 * number + i), number);
                }
            }
        },
        FORTRAN_COLUMNS("<i4", ",3", 12) {
            @Override
            void put(ByteBuffer row, long number) {
                COLUMNS.put(row, number);
            }

            @Override
            void check(ColumnarBatch batch, int row, long number) {
                COLUMNS.check(batch, row, number);
            }

            @Override
            byte[] stored(byte[] rows) {
                return planes(rows, nbytes, Integer.BYTES);
            }
        },
        ARRAYS("<i4", ",130", 520) {
            @Override
            void put(ByteBuffer row, long number) {
                for (int i = 0; i < 130; i++) {
                    row.putInt((int) (130 * number + i));
                }
            }

            @Override
            void check(ColumnarBatch batch, int row, long number) {
                ColumnarArray array = batch.column(0).getArray(row);
                equal(array.numElements(), 130, number);
                for (int i = 0; i < 130; i++) {
                    equal(array.getInt(i), (int) (130 * number + i), number);
                }
            }
        },
        FORTRAN_ARRAYS("<i4", ",130", 520) {
            @Override
            void put(ByteBuffer row, long number) {
                ARRAYS.put(row, number);
            }

            @Override
            void check(ColumnarBatch batch, int row, long number) {
                ARRAYS.check(batch, row, number);
            }

            @Override
            byte[] stored(byte[] rows) {
                return planes(rows, nbytes, Integer.BYTES);
            }
        },
        RECORDS("[('i', '<i4'), ('v', '<f4', (2,)), ('b', '?')]", "", 13) {
            @Override
            void put(ByteBuffer row, long number) {
                row.putInt((int) number).putFloat(number).putFloat(-number).put((byte) (number % 2));
            }

            @Override
            void check(ColumnarBatch batch, int row, long number) {
                equal(batch.column(0).getInt(row), (int) number, number);
                equal(batch.column(1).getArray(row).getFloat(0), (float) number, number);
                equal(batch.column(1).getArray(row).getFloat(1), (float) -number, number);
                equal(batch.column(2).getBoolean(row), number % 2 == 1, number);
            }
        },
        BYTE_STRINGS("S6", "", 6) {
            @Override
            void put(ByteBuffer row, long number) {
                row.put(String.format(Locale.ROOT, "%x", number & 0xffffff).getBytes(StandardCharsets.US_ASCII));
            }

            @Override
            void check(ColumnarBatch batch, int row, long number) {
                String text = batch.column(0).getUTF8String(row).toString();
                equal(text, Long.toHexString(number & 0xffffff), number);
            }
        },
        UNICODE_STRINGS("<U3", "", 12) {
            @Override
            void put(ByteBuffer row, long number) {
                row.putInt(0x20ac).putInt((int) ('a' + number % 26));
            }

            @Override
            void check(ColumnarBatch batch, int row, long number) {
                String text = batch.column(0).getUTF8String(row).toString();
                equal(text, "€" + (char) ('a' + number % 26), number);
            }
        };

        private final String dtype;
        private final String trailing;
        final int nbytes;

        Kind(String dtype, String trailing, int nbytes) {
            this.dtype = dtype;
            this.trailing = trailing;
            this.nbytes = nbytes;
        }

        /** Puts a row; what it leaves is zeros. */
        abstract void put(ByteBuffer row, long number);

        abstract void check(ColumnarBatch batch, int row, long number);

        /** Rows as the file has them. */
        byte[] stored(byte[] rows) {
            return rows;
        }

        Map<String, String> options(String access, int rows, int offset) {
            Map<String, String> options = new HashMap<>();
            options.put("dtype", dtype);
            options.put("shape", "(" + rows + "," + trailing.replaceFirst(",", "") + ")");
            options.put("order", name().startsWith("FORTRAN") ? "F" : "C");
            options.put("offset", Integer.toString(offset));
            options.put("access", access);
            options.put("minPartitions", "1");
            options.put("maxPartitionBytes", "1g");
            return options;
        }

        byte[] rows(int count) {
            ByteBuffer rows = ByteBuffer.allocate(count * nbytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int number = 0; number < count; number++) {
                put(rows.position(number * nbytes), number);
            }
            return stored(rows.array());
        }
    }

    private static void equal(Object found, Object expected, long number) {
        if (!found.equals(expected)) {
            assertThat(found).as("row %d", number).isEqualTo(expected);
        }
    }

    /** Rows taken apart: all first elements, then all second ones, and so on. */
    private static byte[] planes(byte[] rows, int rowNbytes, int itemsize) {
        byte[] planes = new byte[rows.length];
        int count = rows.length / rowNbytes;
        for (int i = 0; i < rows.length; i += itemsize) {
            int row = i / rowNbytes;
            int element = i % rowNbytes / itemsize;
            System.arraycopy(rows, i, planes, (element * count + row) * itemsize, itemsize);
        }
        return planes;
    }

    @AfterEach
    void leavesNothingOpen() throws IOException {
        OpenFiles.assertNoneBelow(directory);
    }

    @TestFactory
    Stream<DynamicContainer> readsEveryRowAroundABatch() {
        return Stream.of("map", "read", "auto")
                .map(access -> DynamicContainer.dynamicContainer(
                        access,
                        Stream.of(Kind.values())
                                .map(kind -> DynamicTest.dynamicTest(kind.name(), () -> check(access, kind)))));
    }

    private void check(String access, Kind kind) throws IOException {
        int batch = batchRows(access, kind);
        for (int rows : new int[] {0, 1, batch - 1, batch, batch + 1, 2 * batch + 1}) {
            for (int offset : OFFSETS) {
                Path file = write(kind, rows, offset);
                assertThat(read(file, access, kind, rows, offset)).isEqualTo(rows);
                Files.delete(file);
            }
        }
    }

    /** The rows that the decoder puts into one batch of many. */
    private int batchRows(String access, Kind kind) throws IOException {
        int rows = Math.min(MANY_ROWS, (64 << 20) / kind.nbytes);
        Path file = SparseFile.create(directory.resolve("many"), (long) rows * kind.nbytes, Map.of());
        DirectRead scan = DirectRead.of(file.toString(), kind.options(access, rows, 0));
        try (PartitionReader<ColumnarBatch> reader = scan.reader(0)) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.get().numRows()).isGreaterThan(1).isLessThan(rows);
            return reader.get().numRows();
        } finally {
            Files.delete(file);
        }
    }

    private Path write(Kind kind, int rows, int offset) throws IOException {
        byte[] before = new byte[offset];
        Arrays.fill(before, (byte) 0x55);
        return Files.write(directory.resolve("rows"), Npy.join(before, kind.rows(rows)));
    }

    private static long read(Path file, String access, Kind kind, int rows, int offset) throws IOException {
        DirectRead scan = DirectRead.of(file.toString(), kind.options(access, rows, offset));
        long number = 0;
        for (int partition = 0; partition < scan.partitionCount(); partition++) {
            try (PartitionReader<ColumnarBatch> reader = scan.reader(partition)) {
                while (reader.next()) {
                    ColumnarBatch batch = reader.get();
                    for (int row = 0; row < batch.numRows(); row++) {
                        kind.check(batch, row, number++);
                    }
                }
            }
        }
        return number;
    }
}
