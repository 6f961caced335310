package io.memmap.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * An array of numbers or times, of a random dtype and layout, with every value that is easily got wrong.
 *
 * @param rows what the table holds, decoded without the product
 * @param shards files of equal row counts
 * @param tableRowsPerRow table rows of one row of the array
 * @param wild whether integers of 64 bits may add up to more than 64 bits hold
 */
record RandomArray(
        String path,
        Map<String, String> options,
        List<Column> columns,
        List<Row> rows,
        int shards,
        int tableRowsPerRow,
        boolean wild,
        String description) {

    private static final String[] DTYPES = {
        "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "M8[D]", "M8[s]", "M8[us]", "M8[ns]", "M8[M]"
    };
    private static final int[] LENGTHS = {0, 1, 2, 7, 8, 9, 1000, 5000};

    /** A column of the table. */
    record Column(String name, String dtype) {
        boolean isFloat() {
            return dtype.startsWith("f");
        }

        boolean isTime() {
            return dtype.startsWith("M");
        }

        boolean isLong() {
            return dtype.equals("i8") || dtype.equals("u4");
        }

        int itemsize() {
            return isTime() ? 8 : dtype.charAt(1) - '0';
        }
    }

    static RandomArray write(Path directory, long seed) throws IOException {
        Random random = new Random(seed * 31);
        boolean wild = random.nextBoolean();
        String order = random.nextInt(4) == 0 ? ">" : "<";
        int rows = LENGTHS[random.nextInt(LENGTHS.length)];
        int shards = 1 + random.nextInt(2);
        Path path = directory.resolve("array-" + seed);
        int layout = random.nextInt(5);
        List<Column> columns = new ArrayList<>();
        String descr;
        String trailing = "";
        Map<String, String> options = new TreeMap<>(Map.of("access", random.nextBoolean() ? "map" : "read"));
        if (layout == 0) {
            columns.add(new Column("value", dtype(random)));
            descr = descr(order, columns.get(0).dtype());
        } else if (layout == 1) {
            StringBuilder fields = new StringBuilder("[");
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                columns.add(new Column("f" + i, dtype(random)));
                fields.append("('f")
                        .append(i)
                        .append("', ")
                        .append(descr(order, columns.get(i).dtype()))
                        .append("), ");
            }
            descr = fields.append("]").toString();
        } else {
            String dtype = dtype(random);
            int width = 1 + random.nextInt(5);
            trailing = " " + width + ",";
            descr = descr(order, dtype);
            for (int i = 0; i < width; i++) {
                columns.add(new Column("c" + i, dtype));
            }
            if (layout == 4) {
                options.put("layout", "elements");
            }
        }
        boolean fortran = layout >= 3 || (layout == 2 && random.nextBoolean());
        List<Row> expected = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            ByteBuffer data = data(columns, rows, order, wild, random);
            Npy npy = Npy.of(descr, "(" + rows + "," + trailing + ")");
            (fortran ? npy.inFortranOrder() : npy).write(path.resolve(shard + ".npy"), data.array());
            expected.addAll(ExpectedRows.of(columns, rows, fortran, layout == 4, data));
        }
        List<Column> table =
                layout == 4 ? List.of(new Column("value", columns.get(0).dtype())) : columns;
        return new RandomArray(
                path.toString(),
                options,
                table,
                expected,
                shards,
                layout == 4 ? columns.size() : 1,
                wild,
                descr + (fortran ? " F" : " C") + " (" + rows + "," + trailing + ") x " + shards + " " + options);
    }

    /** The rows, and the columns {@code _row}, {@code _file_row} and {@code _file} of each. */
    List<Row> rowsWithPositions() {
        List<Row> positioned = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<Object> values = new ArrayList<>();
            for (int k = 0; k < rows.get(i).length(); k++) {
                values.add(rows.get(i).get(k));
            }
            int shardRows = rows.size() / shards;
            values.add((long) (i / tableRowsPerRow));
            values.add((long) (i % shardRows / tableRowsPerRow));
            values.add(file(i / shardRows));
            positioned.add(RowFactory.create(values.toArray()));
        }
        return positioned;
    }

    /** A file as {@code _file} shows it. */
    String file(int shard) {
        return "file:" + path + "/" + shard + ".npy";
    }

    private static String dtype(Random random) {
        return DTYPES[random.nextInt(DTYPES.length)];
    }

    private static String descr(String order, String dtype) {
        return "'" + (dtype.endsWith("1") ? "|" : order) + dtype + "'";
    }

    /** Any bytes will do for what they belong to: each number of a column is drawn alike. */
    private static ByteBuffer data(List<Column> columns, int rows, String order, boolean wild, Random random) {
        int rowNbytes = columns.stream().mapToInt(Column::itemsize).sum();
        ByteBuffer bytes = ByteBuffer.allocate(rows * rowNbytes)
                .order(order.equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        // A column whose every number is null, or special, is a case of its own.
        boolean onlySpecial = random.nextInt(8) == 0;
        for (int row = 0; row < rows; row++) {
            for (Column column : columns) {
                put(bytes, column, onlySpecial || random.nextInt(6) == 0, onlySpecial, wild, random);
            }
        }
        return bytes;
    }

    private static void put(
            ByteBuffer bytes, Column column, boolean special, boolean same, boolean wild, Random random) {
        if (column.isTime()) {
            bytes.putLong(special ? Long.MIN_VALUE : time(column.dtype(), random));
        } else if (column.isFloat()) {
            double[] specials = {Double.NaN, 0.0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1, -1};
            double value = special ? specials[same ? 0 : random.nextInt(7)] : random.nextInt(4000) / 8.0 - 250;
            switch (column.itemsize()) {
                case 2 -> bytes.putShort(half(value));
                case 4 -> bytes.putFloat((float) value);
                default -> bytes.putDouble(value);
            }
        } else {
            long[] specials = {0, -1, 1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE + 1};
            int bits = 8 * column.itemsize();
            long top = special && random.nextBoolean() ? 1L << (bits - 1) : 0;
            long value = special ? specials[random.nextInt(6)] : random.nextLong() >> random.nextInt(64);
            value = bits < 64 ? value ^ top : wild ? value : value >> 20;
            switch (column.itemsize()) {
                case 1 -> bytes.put((byte) value);
                case 2 -> bytes.putShort((short) value);
                case 4 -> bytes.putInt((int) value);
                default -> bytes.putLong(column.dtype().equals("u8") && !wild ? value & 0xffffffffffL : value);
            }
        }
    }

    private static long time(String dtype, Random random) {
        long days = random.nextInt(20_000) - 5_000;
        return switch (dtype) {
            case "M8[D]" -> days;
            case "M8[M]" -> days / 30;
            case "M8[s]" -> days * 86_400 + random.nextInt(86_400);
            case "M8[us]" -> days * 86_400_000_000L + random.nextInt(1_000_000);
            default -> days * 86_400_000_000_000L + random.nextInt(1_000_000) * 1_000L;
        };
    }

    /** The bits of a float16 that holds the value exactly: an eighth of an integer below 250, or no number. */
    private static short half(double value) {
        int bits = Float.floatToRawIntBits((float) value);
        int sign = bits >>> 16 & 0x8000;
        if (value == 0) {
            return (short) sign;
        }
        if (!Double.isFinite(value)) {
            return (short) (sign | (Double.isNaN(value) ? 0x7e00 : 0x7c00));
        }
        int exponent = (bits >>> 23 & 0xff) - 127 + 15;
        return (short) (sign | exponent << 10 | bits >>> 13 & 0x3ff);
    }

    @Override
    public String toString() {
        return description;
    }
}
