package io.memmap.format;

import io.memmap.layout.Layout;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * One array in one file, as it was found when the query was planned. Crosses the wire.
 *
 * @param path the file's full name, as Hadoop prints it
 * @param header the bytes that describe it, from {@link Origin#headerOffset}; empty for a raw file. Tasks compare them, so a
 *     format hands out at most some KiB
 * @param layout the position of its elements
 * @param constants the values that the names of its directories give to all its rows, as the table's columns hold them; may
 *     hold null
 * @param sequences its rows if they differ in length; null where they are those of the layout
 */
public record ArrayFile(
        String path,
        Fingerprint fingerprint,
        ByteString header,
        Layout layout,
        Origin origin,
        List<Object> constants,
        Sequences sequences)
        implements Serializable {

    public ArrayFile {
        Objects.requireNonNull(path);
        Objects.requireNonNull(fingerprint);
        Objects.requireNonNull(header);
        Objects.requireNonNull(layout);
        Objects.requireNonNull(origin);
        constants = Collections.unmodifiableList(new ArrayList<>(constants));
    }

    /** A file without constants. */
    public ArrayFile(String path, Fingerprint fingerprint, ByteString header, Layout layout, Origin origin) {
        this(path, fingerprint, header, layout, origin, List.of(), null);
    }

    /** The same with the header as text, one char a byte: formats of other jars call this. */
    public ArrayFile(String path, Fingerprint fingerprint, String header, Layout layout, Origin origin) {
        this(path, fingerprint, ByteString.ofLatin1(header), layout, origin);
    }

    /** A raw file. */
    public ArrayFile(String path, Fingerprint fingerprint, Layout layout) {
        this(path, fingerprint, ByteString.EMPTY, layout, Origin.RAW);
    }

    /** Rows of the table that it alone is. */
    public long rowCount() {
        return sequences == null ? layout.rowCount() : sequences.rowCount();
    }

    /** The path and the name of the member, as in {@code /d/x.npz#features}. */
    public String shownName() {
        return shownName(path, origin.member());
    }

    static String shownName(String path, String member) {
        return member.isEmpty() ? path : path + "#" + member;
    }

    /** Returns true if its bytes can only be read from front to back, by one task. */
    public boolean isSequential() {
        return origin.deflated() != null;
    }

    /** The start of the array in the file. */
    public long start() {
        return isSequential() ? origin.deflated().start() : layout.offset();
    }

    /** The end of the array in the file. */
    public long end() {
        return isSequential() ? origin.deflated().end() : layout.end();
    }

    /** Bytes after the array, which it does not claim. Those of other members are not counted. */
    public long trailingNbytes() {
        return origin.growing() ? fingerprint.nbytes() - layout.end() : 0;
    }

    /** The difference between the planned file and the file as it is now; null if the planned bytes are still there. */
    public String changeTo(Fingerprint now) {
        return origin.growing() || now.nbytes() <= fingerprint.nbytes()
                ? fingerprint.changeTo(now)
                : "its length went from " + fingerprint.nbytes() + " to " + now.nbytes() + " bytes";
    }

    /** Returns true if writes may change this array; those of other containers are only read, or written as a whole. */
    public boolean isWritable() {
        return format().takesRows();
    }

    /** The format of its container. Driver only. */
    public ArrayFormat format() {
        return ArrayFormats.find(origin.format())
                .orElseThrow(() -> new IllegalStateException("Cannot find the format " + origin.format() + " of " + path
                        + ", expected it to be registered"));
    }

    /** The statements of its header. */
    Claims claims() {
        return new Claims(
                Claims.Source.HEADER,
                layout.dtype(),
                Claims.dims(layout.shape()),
                layout.order(),
                isSequential() ? null : layout.offset(),
                format(),
                List.of(),
                null);
    }

    /** The same file seen through another layout of the same bytes. */
    public ArrayFile withLayout(Layout other) {
        return new ArrayFile(path, fingerprint, header, other, origin, constants, sequences);
    }

    /** The same file with other constants. */
    public ArrayFile withConstants(List<Object> others) {
        return new ArrayFile(path, fingerprint, header, layout, origin, others, sequences);
    }

    /** The same array whose rows all begin with its header. */
    ArrayFile repeatingHeader() {
        return new ArrayFile(path, fingerprint, header, layout, origin.repeatingHeader(), constants, sequences);
    }

    /** The same elements in rows of their own lengths. */
    ArrayFile withSequences(Sequences rows) {
        return new ArrayFile(path, fingerprint, header, layout, origin, constants, rows);
    }

    /** This file with the objects of {@code other} where they are equal: less memory, and less to send. */
    ArrayFile sharing(ArrayFile other) {
        Layout like = layout.equals(other.layout)
                ? other.layout
                : layout.dtype().equals(other.layout.dtype())
                        ? new Layout(other.layout.dtype(), layout.shape(), layout.order(), layout.offset())
                        : layout;
        return new ArrayFile(
                path,
                fingerprint,
                header.equals(other.header) ? other.header : header,
                like,
                origin.equals(other.origin) ? other.origin : origin,
                constants,
                sequences);
    }
}
