package io.memmap.format;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One array of a container.
 *
 * @param name unique in the container; empty where the container holds one array only
 */
public record Member(String name, ArrayFile file) {
    public Member {
        Objects.requireNonNull(name);
        Objects.requireNonNull(file);
    }

    /** @throws IOException that lists the members, if there is not exactly one */
    static Member only(String path, List<Member> members) throws IOException {
        if (members.size() == 1) {
            return members.get(0);
        }
        String found = members.stream()
                .map(member -> member.name + ": " + member.file.layout().dtype() + " of shape "
                        + member.file.layout().shape())
                .collect(Collectors.joining("; "));
        throw new IOException("Cannot read " + path + ": it holds " + members.size() + " arrays"
                + (members.isEmpty() ? "" : " (" + found + ")") + ", expected one");
    }
}
