package io.memmap.format;

import java.io.IOException;

/**
 * A member of a container cannot be read; others may be readable. A query that names no member leaves out those of a kind
 * that is not supported, such as Python objects. It fails for all others, which are damaged.
 */
public final class UnreadableMemberException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String member;
    private final String problem;
    private final boolean supported;

    private UnreadableMemberException(String path, String member, String problem, boolean supported) {
        super("Cannot read " + ArrayFile.shownName(path, member) + ": " + problem);
        this.path = path;
        this.member = member;
        this.problem = problem;
        this.supported = supported;
    }

    /**
     * An intact member of a kind that is not supported, such as a dtype or a compression.
     *
     * @param problem to follow a colon, with the remedy
     */
    public static UnreadableMemberException unsupported(String path, String member, String problem) {
        return new UnreadableMemberException(path, member, problem, false);
    }

    /**
     * A member that is damaged, or that only an option makes readable.
     *
     * @param problem as above
     */
    public static UnreadableMemberException refused(String path, String member, String problem) {
        return new UnreadableMemberException(path, member, problem, true);
    }

    /** Returns true if the member may be left out where others are read. */
    public boolean isUnsupported() {
        return !supported;
    }

    String problem() {
        return problem;
    }

    /** The same where no member is named, with that as a remedy. */
    UnreadableMemberException amongOthers() {
        return new UnreadableMemberException(
                path, member, problem + ", or choose another member by the option member", supported);
    }
}
