package io.memmap.format;

import java.io.IOException;

/** A member of a container cannot be read because of its kind, such as a dtype or a compression; others may be readable. */
public final class UnreadableMemberException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String problem;

    /** @param problem to follow a colon, with the remedy */
    public UnreadableMemberException(String path, String member, String problem) {
        super("Cannot read " + ArrayFile.shownName(path, member) + ": " + problem);
        this.problem = problem;
    }

    String problem() {
        return problem;
    }
}
