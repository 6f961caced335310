package io.memmap.cli;

import io.memmap.dtype.DType;
import io.memmap.format.ArrayFormats;
import io.memmap.format.NpyHeader;
import io.memmap.format.ReadBack;
import io.memmap.layout.Layout;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.nio.file.Path;

/** The bytes around the only array of a new file. */
interface NewContainer {
    NewContainer RAW = (target, dtype, shape, order) -> new byte[0];

    NewContainer NPY = (target, dtype, shape, order) -> {
        ReadBack.checkHeader(
                target,
                dtype,
                shape,
                order,
                NpyHeader.MAX_TEXT_NBYTES,
                length -> "write a raw file, whose name ends in .dat");
        return NpyHeader.write(dtype, shape, order);
    };

    /**
     * Returns the container that the name of a file means.
     *
     * @param member the name that the array of a {@code .npz} shall have, or null
     * @param known the name that the array has where it is; empty if it has none
     * @throws IllegalArgumentException for another name of the file, or a name of the member that is refused
     */
    static NewContainer of(String target, String member, String known) {
        String format = ArrayFormats.ofWrittenName(target)
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "Cannot write " + target
                                        + ": its name has no suffix of an array, expected .npy, .npz, .dat, .bin, .mmap, .memmap or .raw"))
                .name();
        if (format.equals("npz")) {
            return new NewMember(target, member == null ? known.isEmpty() ? NewMember.UNNAMED : known : member);
        }
        if (member != null) {
            throw new IllegalArgumentException("Cannot write " + target + " with toMember=" + member
                    + ": only the arrays of a .npz have names, expected a name that ends in .npz; leave toMember out");
        }
        return format.equals("npy") ? NPY : RAW;
    }

    /** The bytes before the array. Those of one layout are of one length. */
    byte[] head(String target, DType dtype, Shape shape, Order order);

    /** Adds what depends on the values, when they are all in the file. */
    default void complete(Path file, Layout layout) throws IOException {}
}
