package io.memmap.format;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A container of arrays, such as .npy: recognizes its files and lists the arrays in them. {@link ArrayFormats} knows all of
 * them; nothing else names a container, a suffix or a magic. Stateless, so threads may share one. Runs on the driver, and
 * reads headers only: tasks get the {@link ArrayFile}s that it describes, and need no class of it.
 *
 * <p>A service: a jar whose {@code META-INF/services/io.memmap.format.ArrayFormat} names a public class with a public
 * constructor without arguments brings a format of its own. The context class loader finds it, also after {@code ADD JAR}. It
 * is offered files after the built-in formats.
 */
public interface ArrayFormat {
    /** The value of the option {@code container} that names this format, in lower case. */
    String name();

    /** Returns true if the file itself states dtype and shape, false if options, a sidecar or a manifest must. */
    default boolean describesItself() {
        return true;
    }

    /** Returns true if the arrays of a file may have names, so that the file is a namespace of SQL. */
    default boolean namesMembers() {
        return false;
    }

    /** Returns true if a file of this name is of this format, so that a directory is searched for such names. */
    boolean hasName(String fileName);

    /**
     * Returns true if a file that starts with these bytes is of this format.
     *
     * @param prefix the first {@link FormatInput#PREFIX_NBYTES} bytes of the file, or all of a shorter one
     */
    default boolean hasMagic(byte[] prefix, long fileNbytes) {
        return false;
    }

    /**
     * Returns true if a file is of this format by its first bytes, or by those of a companion.
     *
     * @throws IOException when either cannot be read
     */
    default boolean recognizes(FormatInput input) throws IOException {
        return hasMagic(input.prefix(), input.fingerprint().nbytes());
    }

    /**
     * Returns true if a file without any description seems to be of this format, of which {@link #hasMagic} asks more, such as
     * the length: the error of this format then says what is wrong.
     */
    default boolean resembles(byte[] prefix) {
        return false;
    }

    /**
     * Returns true if a file resembles this format by its first bytes, or by its name.
     *
     * @throws IOException when it cannot be read
     */
    default boolean resembles(FormatInput input) throws IOException {
        return resembles(input.prefix());
    }

    /** Returns true if a file of this name only belongs to another file, so that patterns leave it out. */
    default boolean isCompanion(String fileName) {
        return false;
    }

    /** Suffixes of the files that a path without them may name: {@code /d/x} for {@code /d/x.idx}. */
    default List<String> impliedSuffixes() {
        return List.of();
    }

    /** The member that is read if the option {@code member} is not given; empty for the only readable one. */
    default Optional<String> defaultMember() {
        return Optional.empty();
    }

    /** The suffixes that choose this format for a new file, in lower case with their dot; shards get the first one. Empty for
     * a format that is only read. */
    default List<String> writtenSuffixes() {
        return List.of();
    }

    /** Returns true if rows can be added to a file of this format: it is written, and not only as a whole. */
    default boolean takesRows() {
        return !writtenSuffixes().isEmpty() && !namesMembers();
    }

    /**
     * Lists the arrays of a file in its own order, as far as its directory tells of them: {@link Member#describe} reads on.
     *
     * @return at least one; a file without any is refused
     * @throws IOException naming the file, when it is not of this format, or is truncated
     */
    List<Member> members(FormatInput input, Reading reading) throws IOException;
}
