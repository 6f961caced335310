package io.memmap.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Chooses the member of a container that a query reads: the one that is named, else the only readable
 * one, where arrays without axes count only if there are no others. Reads no more headers than it needs.
 *
 * @param members at least one
 */
record MemberChoice(String path, ArrayFormat format, List<Member> members, List<Claims> claims) {
    private static final int MAX_LISTED = 20;

    /**
     * Describes the chosen member.
     *
     * @param name null where the option {@code member} is not given
     * @throws IOException that lists the members with dtype and shape, when none or several could be meant
     */
    ArrayFile choose(String name) throws IOException {
        boolean unnamed = members.size() == 1 && members.get(0).name().isEmpty();
        if (name != null && unnamed) {
            throw new IOException("Cannot read " + path + " with member=" + name + ": a file of container="
                    + format.name() + " holds one array without a name, expected no option member");
        }
        Member chosen = name != null ? named(name) : members.size() == 1 ? members.get(0) : onlyReadable();
        return chosen.describe(claims);
    }

    private Member named(String name) throws IOException {
        for (Member member : members) {
            if (member.name().equals(name)) {
                return member;
            }
        }
        boolean several = List.of(name.split(",")).stream().allMatch(part -> members.stream()
                .anyMatch(member -> member.name().equals(part.strip())));
        throw new IOException("Cannot read " + path + " with member=" + name + ": "
                + (several ? "several members are not read side by side" : "it holds no such member") + "; "
                + listing());
    }

    private Member onlyReadable() throws IOException {
        List<Member> arrays = new ArrayList<>();
        List<Member> scalars = new ArrayList<>();
        for (Member member : members) {
            try {
                ArrayFile file = member.describe(List.of());
                (file.layout().shape().ndim() == 0 ? scalars : arrays).add(member);
            } catch (UnreadableMemberException e) {
                // The listing gives the reason.
                continue;
            }
            if (arrays.size() > 1) {
                break;
            }
        }
        List<Member> readable = arrays.isEmpty() ? scalars : arrays;
        if (readable.size() != 1) {
            throw new IOException("Cannot read " + path + ": it holds "
                    + (readable.isEmpty() ? "no readable member" : members.size() + " members") + "; " + listing());
        }
        return readable.get(0);
    }

    private String listing() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Member member : members.subList(0, Math.min(members.size(), MAX_LISTED))) {
            lines.add(member.name() + ": " + shown(member));
        }
        if (members.size() > MAX_LISTED) {
            lines.add((members.size() - MAX_LISTED) + " more");
        }
        return "expected the option member to be one of these: "
                + lines.stream().collect(Collectors.joining("; "));
    }

    private static String shown(Member member) throws IOException {
        try {
            ArrayFile file = member.describe(List.of());
            return file.layout().dtype() + " of shape " + file.layout().shape();
        } catch (UnreadableMemberException e) {
            return "cannot be read, " + e.problem();
        }
    }
}
