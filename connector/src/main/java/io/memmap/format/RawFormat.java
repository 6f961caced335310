package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.format.Claims.Source;
import io.memmap.format.Reading.TrailingBytes;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A file without a header: options, a sidecar, a manifest or a schema describe the one array in it. */
final class RawFormat implements ArrayFormat {

    @Override
    public String name() {
        return "raw";
    }

    @Override
    public boolean describesItself() {
        return false;
    }

    @Override
    public boolean hasName(String fileName) {
        return false;
    }

    @Override
    public boolean hasMagic(byte[] prefix, long fileNbytes) {
        return false;
    }

    @Override
    public List<String> writtenSuffixes() {
        return List.of(".dat", ".bin", ".mmap", ".memmap", ".raw");
    }

    @Override
    public List<Member> members(FormatInput input, Reading reading) {
        return List.of(new Member() {
            @Override
            public String name() {
                return "";
            }

            @Override
            public ArrayFile describe(List<Claims> claims) throws IOException {
                return new RawFile(input, reading, claims).describe();
            }
        });
    }

    static boolean hasDType(List<Claims> claims) {
        return claims.stream().anyMatch(claim -> claim.dtype() != null);
    }

    static long offset(Claims claims) {
        return claims.offset() == null ? 0 : claims.offset();
    }

    /** One file that is being described. */
    private static final class RawFile {
        private final FormatInput input;
        private final Reading reading;
        private final List<Claims> claims;
        private final String path;
        private final Fingerprint fingerprint;

        RawFile(FormatInput input, Reading reading, List<Claims> claims) {
            this.input = input;
            this.reading = reading;
            this.claims = new ArrayList<>(claims);
            this.path = input.path();
            this.fingerprint = input.fingerprint();
        }

        ArrayFile describe() throws IOException {
            checkNoHeader();
            if (!hasDType(claims) && reading.schemaDtype() != null) {
                claims.add(Claims.ofDType(Source.SCHEMA, reading.schemaDtype()));
            } else if (!hasDType(claims)) {
                throw new UndescribedFileException(
                        path,
                        "Cannot read " + path
                                + " as a raw array: nothing says what it holds, expected the option dtype (for example "
                                + "dtype='<f8'), a schema, or a sidecar " + Sidecar.pathOf(path));
            }
            Layout layout = layout(agreed());
            checkEnds(layout);
            return new ArrayFile(path, fingerprint, layout);
        }

        private Claims agreed() throws IOException {
            return Agreement.of("Cannot read " + path, claims);
        }

        /** A raw array may begin after a .npy header, but no part of a header is data. */
        private void checkNoHeader() throws IOException {
            if (!NpyHeader.hasMagic(input.prefix())) {
                return;
            }
            NpyHeader header;
            try {
                header = NpyHeader.parse(NpyFormat.head(input, reading), path, fingerprint.nbytes());
            } catch (NpyFormatException e) {
                checkBehindHeader(e);
                return;
            }
            if (offset(agreed()) < header.dataOffset()) {
                claims.add(header.claims());
                agreed();
            }
        }

        /** A header that cannot be read, or is longer than the limit, still says where it ends. */
        private void checkBehindHeader(NpyFormatException cause) throws IOException {
            int end;
            try {
                end = NpyHeader.headerNbytes(input.prefix(), path, Long.MAX_VALUE, Integer.MAX_VALUE);
            } catch (NpyFormatException noHeader) {
                return;
            }
            long offset = offset(agreed());
            if (offset < end) {
                throw new IOException(
                        "Cannot read " + path + " as a raw array from byte " + offset
                                + ": its .npy header ends at byte "
                                + end + ", expected an offset of " + end + " or more. It cannot be read as a .npy file"
                                + " either: " + cause.getMessage(),
                        cause);
            }
        }

        private Layout layout(Claims agreed) throws IOException {
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
                        "Cannot read " + path + ": offset " + offset + " lies after the end of the file, expected "
                                + "at most its length of " + fingerprint.nbytes() + " bytes");
            }
            long rest = rowNbytes == 0 ? 0 : available % rowNbytes;
            if (rest != 0 && reading.trailingBytes() != TrailingBytes.IGNORE) {
                throw new IOException("Cannot read " + path + ": " + available + " bytes from offset " + offset
                        + " are no whole number of rows of " + rowNbytes + " bytes, expected " + (available - rest)
                        + " or "
                        + (available - rest + rowNbytes)
                        + "; check dtype and shape, or set trailingBytes=ignore to drop the partial row");
            }
            return rowNbytes == 0 ? 0 : available / rowNbytes;
        }

        /** The wrong dtype on a file without header is garbage that goes unnoticed, but for the length of the file. */
        private void checkEnds(Layout layout) throws IOException {
            long nbytes = fingerprint.nbytes();
            if (layout.end() > nbytes) {
                throw new IOException("Cannot read " + path + ": " + shape(layout) + " is "
                        + layout.nbytes() + " bytes from offset " + layout.offset() + ", but the file ends after "
                        + nbytes
                        + ", expected at least " + layout.end()
                        + "; it is truncated, or dtype or shape are not its own");
            }
            boolean sidecarEnds = statesShape(Source.sidecar(Sidecar.pathOf(path))) && !statesShape(Source.OPTIONS);
            boolean mayTrail = reading.trailingBytes() == TrailingBytes.IGNORE
                    || (reading.trailingBytes() == TrailingBytes.AUTO && sidecarEnds);
            if (layout.end() < nbytes && !mayTrail) {
                throw new IOException("Cannot read " + path + ": " + shape(layout) + " from offset " + layout.offset()
                        + " ends at byte " + layout.end()
                        + ", expected the end of the file at "
                        + nbytes
                        + "; check dtype and shape, or set trailingBytes=ignore to read a section of the file");
            }
        }

        private boolean statesShape(Source source) {
            return claims.stream().anyMatch(claim -> claim.source().equals(source) && claim.shape() != null);
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
}
