package io.memmap.format;

import io.memmap.layout.Layout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One array of a container, as the directory of the container lists it. Threads may share it if they may share its
 * {@link FormatInput}.
 */
public interface Member {
    /** Unique in the container; empty where the container holds one array only. */
    String name();

    /**
     * Describes the array. May read its header.
     *
     * @param claims the statements of the options, a sidecar and a manifest, with which it must agree; none to list it
     * @throws UnreadableMemberException if it is of a kind that cannot be read, or damaged
     * @throws IOException naming the file, when the array contradicts the claims, or the file cannot be read
     */
    ArrayFile describe(List<Claims> claims) throws IOException;

    /** A member whose header has been read. */
    static Member of(ArrayFile file) {
        return new Member() {
            @Override
            public String name() {
                return file.origin().member();
            }

            @Override
            public ArrayFile describe(List<Claims> claims) throws IOException {
                return agreed(file, claims);
            }
        };
    }

    /** An intact member of a kind that is not supported, and the reason, as in {@link UnreadableMemberException}. */
    static Member unsupported(String path, String name, String problem) {
        return unreadable(name, () -> UnreadableMemberException.unsupported(path, name, problem));
    }

    /** A member that is damaged, and the reason, as in {@link UnreadableMemberException}. */
    static Member refused(String path, String name, String problem) {
        return unreadable(name, () -> UnreadableMemberException.refused(path, name, problem));
    }

    private static Member unreadable(String name, Supplier<UnreadableMemberException> reason) {
        return new Member() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public ArrayFile describe(List<Claims> claims) throws IOException {
                throw reason.get();
            }
        };
    }

    /** Compares a described array with claims; the dtype may become a more precise one of the same bytes. */
    static ArrayFile agreed(ArrayFile file, List<Claims> claims) throws IOException {
        List<Claims> all = new ArrayList<>(claims);
        all.add(file.claims());
        Claims agreed = Agreement.of("Cannot read " + file.shownName(), all);
        Layout layout = file.layout();
        return file.withLayout(new Layout(agreed.dtype(), layout.shape(), layout.order(), layout.offset()));
    }
}
