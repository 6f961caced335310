package io.memmap.format;

import io.memmap.array.Layout;
import io.memmap.array.Order;
import io.memmap.array.Shape;
import io.memmap.dtype.DType;
import io.memmap.dtype.Kind;
import io.memmap.dtype.ScalarDType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.format.Claims.Container;
import io.memmap.format.Claims.TrailingBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out what one file holds, from its header or sidecar and from what the user says; where two of them speak they must
 * agree. Reads the first bytes of the file only.
 */
public final class ArrayDescriber {
    private final String path;
    private final Fingerprint fingerprint;
    private final Bytes bytes;
    private final Optional<Sidecar> sidecar;
    private final Claims claims;

    /**
     * @param path the file's name for messages and for later
     * @param bytes fetches parts of the file
     */
    public ArrayDescriber(String path, Fingerprint fingerprint, Bytes bytes, Optional<Sidecar> sidecar, Claims claims) {
        this.path = path;
        this.fingerprint = fingerprint;
        this.bytes = bytes;
        this.sidecar = sidecar;
        this.claims = claims;
    }

    /**
     * Describes the file.
     *
     * @throws IOException naming the file, when it is no array, its parts contradict each other, or it is shorter than
     *     they say
     */
    public ArrayFile describe() throws IOException {
        checkWrittenLength();
        return claims.container() != Container.RAW && isNpy() ? npy() : raw();
    }

    private void checkWrittenLength() throws IOException {
        long written = sidecar.isPresent() ? sidecar.get().fileNbytes().orElse(0) : 0;
        if (fingerprint.nbytes() < written) {
            throw new IOException(
                    "Cannot read " + path + ": it has " + fingerprint.nbytes() + " bytes, expected at least "
                            + written + " as when its sidecar " + Sidecar.pathOf(path)
                            + " was written; it was truncated, or say sidecar=ignore");
        }
    }

    private boolean isNpy() throws IOException {
        if (claims.container() == Container.NPY || path.endsWith(".npy")) {
            return true;
        }
        byte[] prefix = bytes.read(0, NpyHeader.PREFIX_NBYTES);
        if (NpyHeader.hasMagic(prefix)) {
            return true;
        }
        if (rawDType().isEmpty()) {
            String advice = FileMagic.advice(prefix);
            String problem = "Cannot read " + path + ": "
                    + (advice == null ? "it is no .npy file and nothing says what it holds" : "it " + advice)
                    + ", expected a .npy file, a sidecar " + Sidecar.pathOf(path)
                    + ", or the option dtype (for example dtype='<f8')";
            throw advice == null ? new UndescribedFileException(path, problem) : new IOException(problem);
        }
        return false;
    }

    private ArrayFile npy() throws IOException {
        byte[] prefix = bytes.read(0, NpyHeader.PREFIX_NBYTES);
        int nbytes = NpyHeader.headerNbytes(prefix, path, fingerprint.nbytes());
        byte[] header = bytes.read(0, nbytes);
        Layout stated = NpyHeader.parse(header, path, fingerprint.nbytes()).layout();
        Layout layout = new Layout(npyDType(stated), stated.shape(), stated.order(), stated.offset());
        checkAgrees("its header says", layout);
        if (sidecar.isPresent()) {
            checkSidecarAgrees(sidecar.get(), layout);
        }
        ArrayFile file = new ArrayFile(path, fingerprint, new String(header, StandardCharsets.ISO_8859_1), layout);
        if (claims.trailingBytes() == TrailingBytes.ERROR && file.trailingNbytes() > 0) {
            throw new IOException(
                    "Cannot read " + path + ": " + file.trailingNbytes() + " bytes follow the array of shape "
                            + layout.shape() + " that its header declares, expected none under trailingBytes=error");
        }
        return file;
    }

    /** A bfloat16 array is saved as V2, which only the user knows. */
    private DType npyDType(Layout stated) {
        DType claimed = claims.dtype() != null
                ? claims.dtype()
                : sidecar.map(Sidecar::dtype).orElse(claims.schemaDtype());
        if (claimed instanceof SubArrayDType rows) {
            claimed = rows.base();
        }
        boolean savedBfloat16 = claimed instanceof ScalarDType wanted
                && wanted.kind() == Kind.BFLOAT16
                && stated.dtype() instanceof ScalarDType saved
                && saved.kind() == Kind.VOID
                && saved.itemsize() == 2;
        return savedBfloat16 ? claimed : stated.dtype();
    }

    private void checkSidecarAgrees(Sidecar sidecar, Layout layout) throws IOException {
        boolean agrees = sidecar.dtype().equals(layout.dtype())
                && sidecar.shape().map(layout.shape()::equals).orElse(true)
                && (sidecar.order() == layout.order() || layout.shape().ndim() < 2);
        if (!agrees) {
            throw new IOException("Cannot read " + path + ": its sidecar " + Sidecar.pathOf(path) + " says "
                    + sidecar.dtype() + " of shape "
                    + sidecar.shape().map(Shape::toString).orElse("(any)") + " in order " + sidecar.order()
                    + ", its header says " + text(layout) + "; remove the one that is wrong, or say sidecar=ignore");
        }
    }

    private static String text(Layout layout) {
        return layout.dtype() + " of shape " + layout.shape() + " in order " + layout.order() + " from byte "
                + layout.offset();
    }

    /** Holds the user's options against what the header says. */
    private void checkAgrees(String who, Layout layout) throws IOException {
        checkAgrees(who, "dtype", claims.dtype(), layout.dtype());
        checkAgrees(who, "order", claims.order(), layout.shape().ndim() < 2 ? claims.order() : layout.order());
        checkAgrees(who, "offset", claims.offset(), layout.offset());
        checkShapeAgrees(who, layout.shape());
    }

    /** Holds the user's options against what the sidecar of a raw file says. */
    private void checkAgrees(Sidecar sidecar) throws IOException {
        String who = "its sidecar " + Sidecar.pathOf(path) + " says";
        boolean flat = sidecar.shape().map(Shape::ndim).orElse(1) < 2;
        checkAgrees(who, "dtype", claims.dtype(), sidecar.dtype());
        checkAgrees(who, "order", claims.order(), flat ? claims.order() : sidecar.order());
        checkAgrees(who, "offset", claims.offset(), sidecar.offset());
        if (sidecar.shape().isPresent()) {
            checkShapeAgrees(who, sidecar.shape().get());
        }
    }

    /** A leading -1 agrees with any number of rows. */
    private void checkShapeAgrees(String who, Shape shape) throws IOException {
        List<Long> claimed = claims.shape();
        if (claimed == null) {
            return;
        }
        List<Long> stated = new ArrayList<>();
        for (long dim : shape.toArray()) {
            stated.add(stated.isEmpty() && !claimed.isEmpty() && claimed.get(0) == -1 ? -1L : dim);
        }
        if (!stated.equals(claimed)) {
            throw contradiction(who, "shape", claimed, shape);
        }
    }

    private void checkAgrees(String who, String option, Object claimed, Object stated) throws IOException {
        if (claimed != null && !claimed.equals(stated)) {
            throw contradiction(who, option, claimed, stated);
        }
    }

    private IOException contradiction(String who, String option, Object claimed, Object stated) {
        return new IOException("Cannot read " + path + ": the option " + option + "=" + claimed + " was given, but "
                + who + " " + option + " " + stated + "; remove the option, or correct it");
    }

    private Optional<DType> rawDType() {
        return claims.dtype() != null
                ? Optional.of(claims.dtype())
                : sidecar.map(Sidecar::dtype).or(() -> Optional.ofNullable(claims.schemaDtype()));
    }

    private ArrayFile raw() throws IOException {
        DType dtype = rawDType()
                .orElseThrow(() -> new UndescribedFileException(
                        path,
                        "Cannot read " + path
                                + " as a raw array: nothing says what it holds, expected the option dtype (for example "
                                + "dtype='<f8'), a schema, or a sidecar " + Sidecar.pathOf(path)));
        Order order = claims.order() != null
                ? claims.order()
                : sidecar.map(Sidecar::order).orElse(Order.C);
        long offset = claims.offset() != null
                ? claims.offset()
                : sidecar.map(Sidecar::offset).orElse(0L);
        if (sidecar.isPresent()) {
            checkAgrees(sidecar.get());
        }
        Layout layout = rawLayout(dtype, order, offset);
        checkEnds(layout);
        return new ArrayFile(path, fingerprint, "", layout);
    }

    /** A sub-array as the whole dtype adds its axes to the shape, as in NumPy. */
    private Layout rawLayout(DType dtype, Order order, long offset) throws IOException {
        List<Long> dims = new ArrayList<>(rawShape());
        DType item = dtype;
        if (dtype instanceof SubArrayDType array) {
            if (order == Order.F) {
                throw new IOException("Cannot read " + path + ": dtype " + dtype
                        + " with order=F, expected order=C; give the axes of the sub-array in the shape instead");
            }
            item = array.base();
            array.shape().forEach(dim -> dims.add((long) dim));
        }
        boolean counted = !dims.isEmpty() && dims.get(0) == -1;
        if (counted) {
            dims.set(0, 1L);
        }
        Layout row = new Layout(
                item, Shape.of(dims.stream().mapToLong(Long::longValue).toArray()), order, offset);
        return counted ? new Layout(item, row.shape().withRows(countRows(row.nbytes(), offset)), order, offset) : row;
    }

    private List<Long> rawShape() {
        if (claims.shape() != null) {
            return claims.shape();
        }
        Optional<Shape> shape = sidecar.flatMap(Sidecar::shape);
        List<Long> dims = new ArrayList<>();
        if (shape.isEmpty()) {
            return List.of(-1L);
        }
        for (long dim : shape.get().toArray()) {
            dims.add(dim);
        }
        return dims;
    }

    private long countRows(long rowNbytes, long offset) throws IOException {
        long available = fingerprint.nbytes() - offset;
        if (available < 0) {
            throw new IOException(
                    "Cannot read " + path + ": offset " + offset + " lies behind the end of the file, expected "
                            + "at most its length of " + fingerprint.nbytes() + " bytes");
        }
        long rest = rowNbytes == 0 ? 0 : available % rowNbytes;
        if (rest != 0 && claims.trailingBytes() != TrailingBytes.IGNORE) {
            throw new IOException("Cannot read " + path + ": " + available + " bytes from offset " + offset
                    + " are no whole number of rows of " + rowNbytes + " bytes, expected " + (available - rest) + " or "
                    + (available - rest + rowNbytes)
                    + "; check dtype and shape, or say trailingBytes=ignore to drop the partial row");
        }
        return rowNbytes == 0 ? 0 : available / rowNbytes;
    }

    /** The wrong dtype on a file without header is garbage that nobody notices, but for the length of the file. */
    private void checkEnds(Layout layout) throws IOException {
        long nbytes = fingerprint.nbytes();
        if (layout.end() > nbytes) {
            throw new IOException("Cannot read " + path + ": shape " + layout.shape() + " of " + layout.dtype() + " is "
                    + layout.nbytes() + " bytes from offset " + layout.offset() + ", but the file ends after " + nbytes
                    + ", expected at least " + layout.end() + "; it is truncated, or dtype or shape are not its own");
        }
        boolean mayTrail = claims.trailingBytes() == TrailingBytes.IGNORE
                || (claims.trailingBytes() == TrailingBytes.AUTO && sidecar.isPresent() && claims.shape() == null);
        if (layout.end() < nbytes && !mayTrail) {
            throw new IOException("Cannot read " + path + ": shape " + layout.shape() + " of " + layout.dtype()
                    + " from offset " + layout.offset() + " ends at byte " + layout.end()
                    + ", expected the end of the file at "
                    + nbytes + "; check dtype and shape, or say trailingBytes=ignore to read a section of the file");
        }
    }
}
