package io.memmap.cli;

import io.memmap.array.MemmapArray;
import io.memmap.array.Mode;
import io.memmap.array.Slice;
import io.memmap.dtype.ByteOrder;
import io.memmap.dtype.DType;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.format.ArrayFile;
import io.memmap.format.Sidecar;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.memory.LocalPath;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * {@code convert}: an array into one new file, whose name says what it is: {@code .npy}, {@code .npz} with one member, or raw
 * with a sidecar. Changes dtype or order on request. Copies a block at a time; the file gets its name when it is whole.
 */
record Conversion(LocalArray array, Path target, NewContainer container, DType dtype, Order order) {
    /**
     * @param dtype the dtype of the new array; null for that of the old one
     * @param order the order of the new array; null for that of the old one
     * @param member the name in a new {@code .npz}; null for that of the old array, or the one that {@code np.savez} gives
     */
    static Conversion of(LocalArray array, String target, DType dtype, Order order, String member) {
        Path path = LocalPath.of(target).toAbsolutePath().normalize();
        ArrayFile first = array.files().get(0);
        return new Conversion(
                array,
                path,
                NewContainer.of(path.toString(), member, first.origin().member()),
                dtype == null ? array.dtype() : dtype,
                order == null ? first.layout().order() : order);
    }

    void run(LongConsumer progress) throws IOException {
        Path sidecar = Path.of(Sidecar.pathOf(target.toString()));
        for (Path path : List.of(target, sidecar)) {
            if (Files.exists(path)) {
                throw new FileAlreadyExistsException(
                        "Cannot write " + path + ": it exists, expected no file; remove it");
            }
        }
        if (!isSameDtype() && !(NumberColumns.isNumber(dtype) && NumberColumns.isNumber(array.dtype()))) {
            throw new IllegalArgumentException("Cannot convert " + array.path() + " from " + array.dtype() + " to "
                    + dtype + ": expected numbers, or the same dtype");
        }
        Path unfinished = target.resolveSibling("." + target.getFileName() + ".converting");
        try {
            copy(unfinished, progress);
            if (container == NewContainer.RAW) {
                Files.writeString(sidecar, sidecar().toJson());
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private boolean isSameDtype() {
        return dtype.equals(array.dtype());
    }

    private void copy(Path file, LongConsumer progress) throws IOException {
        byte[] head = container.head(target.toString(), dtype, array.shape(), order);
        Layout layout = new Layout(dtype, array.shape(), order, head.length);
        MemmapArray.create(file, head, layout).close();
        try (MemmapArray written = MemmapArray.open(file, Mode.READ_WRITE, isSameDtype() ? bits(layout) : layout)) {
            long start = 0;
            for (ArrayFile part : array.files()) {
                start += copy(part, written, start, progress);
            }
            written.flush();
        }
        container.complete(file, layout);
    }

    /** The same elements without their meaning: as integers where there are some of their size, else as bytes. */
    private static Layout bits(Layout layout) {
        int nbytes = layout.dtype().itemsize();
        boolean integers = nbytes <= Long.BYTES && Integer.bitCount(nbytes) == 1;
        ScalarDType element = integers
                ? new ScalarDType(Kind.INT, nbytes, nbytes == 1 ? ByteOrder.NONE : ByteOrder.LITTLE, null, 1)
                : new ScalarDType(Kind.VOID, nbytes, ByteOrder.NONE, null, 1);
        return new Layout(element, layout.shape(), layout.order(), layout.offset());
    }

    private Sidecar sidecar() {
        Layout layout = new Layout(dtype, array.shape(), order, 0);
        return new Sidecar(
                dtype,
                Optional.of(array.shape()),
                Optional.of(order),
                OptionalLong.empty(),
                List.of(),
                null,
                OptionalLong.of(layout.nbytes()));
    }

    /** Appends the rows of a file; returns their number. */
    private long copy(ArrayFile part, MemmapArray written, long start, LongConsumer progress) throws IOException {
        try (MemmapArray source = LocalArray.open(isSameDtype() ? part.withLayout(bits(part.layout())) : part)) {
            long rows = source.ndim() == 0 ? 1 : source.shape().dim(0);
            MemmapArray target = source.ndim() == 0 ? written : written.slice(Slice.of(start, start + rows));
            // In the order of the new file, in which a view of it is C order.
            MemmapArray from = order == Order.F ? source.transpose() : source;
            MemmapArray to = order == Order.F ? target.transpose() : target;
            Consumer<Slice[]> block = place -> {
                MemmapArray some = from.slice(place);
                copy(some, to.slice(place));
                progress.accept(some.nbytes());
            };
            if (part.layout().order() == order || source.ndim() < 2) {
                Blocks.forEach(from.shape(), block);
            } else {
                Blocks.forEachTile(from.shape(), source.dtype().itemsize(), block);
            }
            return rows;
        }
    }

    private static void copy(MemmapArray from, MemmapArray to) {
        if (!NumberColumns.isNumber(from.dtype())) {
            copyEach(from, new long[from.ndim()], 0, index -> to.putBytes(from.getBytes(index), index));
        } else if (isUnsignedLong(from.dtype()) && isInteger(to.dtype())) {
            copyEach(from, new long[from.ndim()], 0, index -> to.putBigInteger(from.getBigInteger(index), index));
        } else {
            int size = Math.toIntExact(from.size());
            boolean longs = isInteger(from.dtype()) && !isUnsignedLong(from.dtype());
            // Of the width of the target, as numbers are rounded once.
            boolean single = isUnsignedLong(from.dtype()) && to.dtype().itemsize() <= Float.BYTES;
            Object numbers = longs ? new long[size] : single ? new float[size] : new double[size];
            from.copyTo(numbers);
            to.copyFrom(numbers);
        }
    }

    private static void copyEach(MemmapArray from, long[] index, int axis, Consumer<long[]> copy) {
        if (axis == index.length) {
            copy.accept(index);
            return;
        }
        for (long i = 0; i < from.shape().dim(axis); i++) {
            index[axis] = i;
            copyEach(from, index, axis + 1, copy);
        }
    }

    /** Not all of these are longs. */
    private static boolean isUnsignedLong(DType dtype) {
        return ((ScalarDType) dtype).kind() == Kind.UINT && dtype.itemsize() == Long.BYTES;
    }

    private static boolean isInteger(DType dtype) {
        Kind kind = ((ScalarDType) dtype).kind();
        return kind == Kind.INT || kind == Kind.UINT;
    }
}
