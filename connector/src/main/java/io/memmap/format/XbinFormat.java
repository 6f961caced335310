package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.format.Reading.TrailingBytes;
import io.memmap.layout.Layout;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A set of vectors of DiskANN, cuVS and the big-ann-benchmarks: two unsigned integers, which are the number of vectors and
 * their length, and then the vectors. The suffix has the dtype: {@code .fbin}, {@code .f16bin}, {@code .u8bin},
 * {@code .i8bin} or {@code .ibin}. An {@code .ibin} of neighbours may have the distances to them after their ids.
 */
final class XbinFormat implements ArrayFormat {
    private static final Pattern NAME = Pattern.compile(".+\\.(fbin|f16bin|u8bin|i8bin|ibin)(?:\\.crop_nb_\\d+)?");
    private static final Map<String, String> DTYPES =
            Map.of("fbin", "<f4", "f16bin", "<f2", "u8bin", "u1", "i8bin", "i1", "ibin", "<i4");
    private static final int HEADER_NBYTES = 8;

    @Override
    public String name() {
        return "xbin";
    }

    @Override
    public boolean namesMembers() {
        return true;
    }

    @Override
    public boolean hasName(String fileName) {
        return NAME.matcher(fileName).matches();
    }

    @Override
    public List<Member> members(FormatInput input, Reading reading) throws IOException {
        FixedHeader header = FixedHeader.of(this, input, reading, HEADER_NBYTES);
        DType dtype = dtype(header);
        long rows = header.u4(0, ByteOrder.LITTLE_ENDIAN);
        long dim = header.u4(4, ByteOrder.LITTLE_ENDIAN);
        Layout vectors = header.layout(dtype, HEADER_NBYTES, rows, dim);
        long nbytes = input.fingerprint().nbytes();
        boolean twice = nbytes > HEADER_NBYTES && nbytes - vectors.end() == vectors.nbytes();
        if (twice && dtype.equals(DType.parse("<i4")) && reading.trailingBytes() != TrailingBytes.IGNORE) {
            Layout distances = header.layout(DType.parse("<f4"), vectors.end(), rows, dim);
            return List.of(Member.of(header.array("ids", vectors)), Member.of(header.array("distances", distances)));
        }
        checkNotXvecs(header, vectors);
        return List.of(Member.of(header.wholeFile(vectors)));
    }

    private static DType dtype(FixedHeader header) throws IOException {
        Matcher name = NAME.matcher(header.input().name());
        DType given = header.reading().claims().dtype();
        if (name.matches()) {
            return DType.parse(DTYPES.get(name.group(1)));
        }
        if (given == null) {
            throw header.refusal(
                    "its name does not say the dtype of its vectors, expected one that ends in .fbin, .f16bin,"
                            + " .u8bin, .i8bin or .ibin, or the option dtype (for example dtype='<f4')");
        }
        return given;
    }

    /** The two kinds of files are often confused: both begin with a length. */
    private static void checkNotXvecs(FixedHeader header, Layout vectors) throws IOException {
        long nbytes = header.input().fingerprint().nbytes();
        long rowNbytes = Integer.BYTES
                + header.u4(0, ByteOrder.LITTLE_ENDIAN) * vectors.dtype().itemsize();
        if (vectors.end() != nbytes && rowNbytes > Integer.BYTES && nbytes % rowNbytes == 0) {
            throw header.refusal("its xbin header declares shape " + vectors.shape() + " of " + vectors.dtype()
                    + ", but its " + nbytes + " bytes are " + nbytes / rowNbytes
                    + " rows of .fvecs files and their kin, each with its own length, expected " + vectors.end()
                    + " bytes; rename it, or read it by container=raw and a record dtype");
        }
    }
}
