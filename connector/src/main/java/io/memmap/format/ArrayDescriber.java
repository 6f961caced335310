package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.format.Claims.Container;
import io.memmap.format.Claims.Source;
import io.memmap.format.Reading.TrailingBytes;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds out what one file holds, from its header, its sidecar, the manifest of its directory and the options, which must
 * agree. Reads the first bytes of the file only.
 */
public final class ArrayDescriber {
    private final String path;
    private final Fingerprint fingerprint;
    private final Bytes bytes;
    private final Optional<Sidecar> sidecar;
    private final Reading reading;
    private final List<Claims> claims = new ArrayList<>();
    private final boolean listed;
    private byte[] prefix;

    /**
     * @param path the file's name for messages and for later
     * @param bytes fetches parts of the file
     * @param listed the claims of a manifest
     */
    public ArrayDescriber(
            String path,
            Fingerprint fingerprint,
            Bytes bytes,
            Optional<Sidecar> sidecar,
            Optional<Claims> listed,
            Reading reading) {
        this.path = path;
        this.fingerprint = fingerprint;
        this.bytes = bytes;
        this.sidecar = sidecar;
        this.reading = reading;
        claims.add(reading.claims());
        sidecar.map(found -> found.claims(path)).ifPresent(claims::add);
        this.listed = listed.isPresent();
        listed.ifPresent(claims::add);
    }

    /**
     * Describes the file.
     *
     * @throws IOException naming the file, when it is no array, its descriptions contradict each other, or it is shorter
     *     than they say
     */
    public ArrayFile describe() throws IOException {
        checkWrittenLength();
        if (reading.claims().container() == Container.RAW) {
            checkNoHeader();
            return raw();
        }
        return isNpy() ? npy() : raw();
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

    /** A raw array may begin behind a .npy header, but no part of a header is data. */
    private void checkNoHeader() throws IOException {
        if (!NpyHeader.hasMagic(prefix())) {
            return;
        }
        NpyHeader header;
        try {
            header = header(head());
        } catch (NpyFormatException notAHeader) {
            return;
        }
        if (offset(agreed()) < header.dataOffset()) {
            claims.add(header.claims());
            agreed();
        }
    }

    private boolean isNpy() throws IOException {
        if (reading.claims().container() == Container.NPY || path.endsWith(".npy")) {
            return true;
        }
        if (NpyHeader.hasMagic(prefix())) {
            return true;
        }
        boolean undescribed = reading.schemaDtype() == null && !hasDType();
        checkNotForeign(undescribed);
        if (undescribed) {
            throw new UndescribedFileException(
                    path,
                    "Cannot read " + path + ": it is no .npy file and nothing says what it holds, expected a .npy file,"
                            + " a sidecar " + Sidecar.pathOf(path) + ", or the option dtype (for example dtype='<f8')");
        }
        return false;
    }

    /** The header of another format is no data, unless a sidecar, a manifest or an offset says where the data begin. */
    private void checkNotForeign(boolean undescribed) throws IOException {
        boolean insisted = sidecar.isPresent() || listed || offset(reading.claims()) > 0;
        String advice = insisted ? null : FileMagic.advice(prefix(), fingerprint.nbytes());
        if (advice != null) {
            throw new NpyFormatException(
                    path,
                    "it " + advice + ", expected a .npy file; to read its bytes as they are, set container=raw"
                            + (undescribed
                                    ? " and give a sidecar " + Sidecar.pathOf(path)
                                            + " or the option dtype (for example dtype='<f8')"
                                    : "")
                            + "; to read other files of its directory, set pathGlobFilter (for example *.bin)");
        }
    }

    private byte[] prefix() throws IOException {
        if (prefix == null) {
            prefix = bytes.read(0, FileMagic.PREFIX_NBYTES);
        }
        return prefix;
    }

    private boolean hasDType() {
        return claims.stream().anyMatch(claim -> claim.dtype() != null);
    }

    private byte[] head() throws IOException {
        if (!NpyHeader.hasMagic(prefix()) && prefix().length > 0) {
            throw new NpyFormatException(
                    path,
                    NpyHeader.noMagic(prefix(), fingerprint.nbytes())
                            + "; to read a file without a header, set container=raw and dtype");
        }
        int nbytes = NpyHeader.headerNbytes(prefix(), path, fingerprint.nbytes(), reading.maxHeaderNbytes());
        return nbytes <= prefix().length ? Arrays.copyOf(prefix(), nbytes) : bytes.read(0, nbytes);
    }

    private NpyHeader header(byte[] head) throws NpyFormatException {
        return NpyHeader.parse(head, path, fingerprint.nbytes());
    }

    private Claims agreed() throws IOException {
        return Agreement.of("Cannot read " + path, claims);
    }

    private ArrayFile npy() throws IOException {
        byte[] head = head();
        NpyHeader header = header(head);
        claims.add(header.claims());
        Layout layout = new Layout(agreed().dtype(), header.shape(), header.order(), header.dataOffset());
        ArrayFile file = new ArrayFile(path, fingerprint, new String(head, StandardCharsets.ISO_8859_1), layout);
        if (reading.trailingBytes() == TrailingBytes.ERROR && file.trailingNbytes() > 0) {
            throw new IOException(
                    "Cannot read " + path + ": " + file.trailingNbytes() + " bytes follow the array of shape "
                            + layout.shape() + " that its header declares, expected none under trailingBytes=error");
        }
        return file;
    }

    private static long offset(Claims agreed) {
        return agreed.offset() == null ? 0 : agreed.offset();
    }

    private ArrayFile raw() throws IOException {
        if (!hasDType() && reading.schemaDtype() != null) {
            claims.add(Claims.ofDType(Source.SCHEMA, reading.schemaDtype()));
        } else if (!hasDType()) {
            throw new UndescribedFileException(
                    path,
                    "Cannot read " + path
                            + " as a raw array: nothing says what it holds, expected the option dtype (for example "
                            + "dtype='<f8'), a schema, or a sidecar " + Sidecar.pathOf(path));
        }
        Layout layout = rawLayout(agreed());
        checkEnds(layout);
        return new ArrayFile(path, fingerprint, "", layout);
    }

    private Layout rawLayout(Claims agreed) throws IOException {
        Order order = agreed.order() == null ? Order.C : agreed.order();
        if (order == Order.F) {
            checkNoSubArray();
        }
        long[] dims = (agreed.shape() == null ? List.of(Claims.ANY_ROWS) : agreed.shape())
                .stream().mapToLong(Long::longValue).toArray();
        if (dims.length > Shape.MAX_NDIM) {
            throw new IOException("Cannot read " + path + ": shape and dtype have " + dims.length
                    + " axes, expected at most " + Shape.MAX_NDIM);
        }
        boolean counted = dims.length > 0 && dims[0] == Claims.ANY_ROWS;
        if (counted) {
            dims[0] = 1;
        }
        long offset = offset(agreed);
        Layout row = layout(agreed.dtype(), Shape.of(dims), order, offset);
        return counted
                ? new Layout(agreed.dtype(), row.shape().withRows(countRows(row.nbytes(), offset)), order, offset)
                : row;
    }

    private Layout layout(DType dtype, Shape shape, Order order, long offset) throws IOException {
        try {
            return new Layout(dtype, shape, order, offset);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "Cannot read " + path + ": shape " + shape + " of " + dtype + " from offset " + offset
                            + " leaves 64 bits, expected at most 2^63-1 bytes",
                    e);
        }
    }

    private void checkNoSubArray() throws IOException {
        for (Claims claim : claims) {
            if (claim.dtype() instanceof SubArrayDType) {
                throw new IOException("Cannot read " + path + ": dtype " + claim.dtype()
                        + " with order=F, expected order=C; give the axes of the sub-array in the shape instead");
            }
        }
    }

    private long countRows(long rowNbytes, long offset) throws IOException {
        long available = fingerprint.nbytes() - offset;
        if (available < 0) {
            throw new IOException(
                    "Cannot read " + path + ": offset " + offset + " lies behind the end of the file, expected "
                            + "at most its length of " + fingerprint.nbytes() + " bytes");
        }
        long rest = rowNbytes == 0 ? 0 : available % rowNbytes;
        if (rest != 0 && reading.trailingBytes() != TrailingBytes.IGNORE) {
            throw new IOException("Cannot read " + path + ": " + available + " bytes from offset " + offset
                    + " are no whole number of rows of " + rowNbytes + " bytes, expected " + (available - rest) + " or "
                    + (available - rest + rowNbytes)
                    + "; check dtype and shape, or say trailingBytes=ignore to drop the partial row");
        }
        return rowNbytes == 0 ? 0 : available / rowNbytes;
    }

    /** The wrong dtype on a file without header is garbage that goes unnoticed, but for the length of the file. */
    private void checkEnds(Layout layout) throws IOException {
        long nbytes = fingerprint.nbytes();
        if (layout.end() > nbytes) {
            throw new IOException("Cannot read " + path + ": " + shape(layout) + " is "
                    + layout.nbytes() + " bytes from offset " + layout.offset() + ", but the file ends after " + nbytes
                    + ", expected at least " + layout.end() + "; it is truncated, or dtype or shape are not its own");
        }
        boolean sidecarEnds =
                sidecar.flatMap(Sidecar::shape).isPresent() && reading.claims().shape() == null;
        boolean mayTrail = reading.trailingBytes() == TrailingBytes.IGNORE
                || (reading.trailingBytes() == TrailingBytes.AUTO && sidecarEnds);
        if (layout.end() < nbytes && !mayTrail) {
            throw new IOException("Cannot read " + path + ": " + shape(layout) + " from offset " + layout.offset()
                    + " ends at byte " + layout.end()
                    + ", expected the end of the file at "
                    + nbytes + "; check dtype and shape, or say trailingBytes=ignore to read a section of the file");
        }
    }

    private String shape(Layout layout) {
        String authors = claims.stream()
                .filter(claim -> claim.shape() != null && !claim.source().equals(Source.OPTIONS))
                .map(claim -> claim.source().name())
                .collect(Collectors.joining(" and "));
        return "shape " + layout.shape() + " of " + layout.dtype()
                + (authors.isEmpty() ? "" : " (from " + authors + ")");
    }
}
