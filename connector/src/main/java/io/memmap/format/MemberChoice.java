package io.memmap.format;

import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses the members of a container that a query reads: those that are named, else all of supported kinds if they have
 * equal numbers of rows. Arrays without axes count only if there are no others.
 *
 * @param members at least one
 */
record MemberChoice(String path, ArrayFormat format, List<Member> members, List<Claims> claims) {
    private static final int MAX_LISTED = 20;

    /**
     * Describes the chosen members.
     *
     * @param names of one member, or of several with commas between them or as Python's list; null where the option
     *     {@code member} is not given
     * @return at least one; several have equal numbers of rows
     * @throws UnreadableMemberException when one that is meant is damaged
     * @throws IOException that lists the members with dtype and shape, when those that are meant are not there, or are no
     *     table
     */
    List<ArrayFile> choose(String names) throws IOException {
        boolean unnamed = members.size() == 1 && members.get(0).name().isEmpty();
        if (names != null && unnamed) {
            throw new IOException("Cannot read " + path + " with member=" + names + ": a file of container="
                    + format.name() + " holds one array without a name, expected no option member");
        }
        String wanted = names != null ? names : format.defaultMember().orElse(null);
        List<Member> chosen = wanted != null ? named(wanted) : members.size() == 1 ? members : readable();
        List<ArrayFile> files = new ArrayList<>();
        for (Member member : chosen) {
            files.add(member.describe(claims));
        }
        for (ArrayFile file : files) {
            if (file.layout().rowCount() != files.get(0).layout().rowCount()) {
                throw new IOException("Cannot read " + path + ": its members "
                        + files.get(0).origin().member() + " and "
                        + file.origin().member() + " have "
                        + files.get(0).layout().rowCount() + " and "
                        + file.layout().rowCount() + " rows, expected equal row counts side by side; choose"
                        + " some by the option member: " + listed());
            }
        }
        return files;
    }

    /** A name that holds commas or brackets comes before a list of names. */
    private List<Member> named(String names) throws IOException {
        for (Member member : members) {
            if (member.name().equals(names)) {
                return List.of(member);
            }
        }
        Map<String, Member> byName = new HashMap<>();
        members.forEach(member -> byName.putIfAbsent(member.name(), member));
        Set<Member> chosen = new LinkedHashSet<>();
        for (Object name : items(names)) {
            Member member = byName.get(name);
            if (member == null) {
                throw new IOException("Cannot read " + path + " with member=" + names + ": it holds no member " + name
                        + "; " + listing());
            }
            chosen.add(member);
        }
        return List.copyOf(chosen);
    }

    /** The items of a Python or JSON list of strings; the names between commas of any other text. */
    private static List<?> items(String names) {
        if (names.startsWith("[") || names.startsWith("(")) {
            try {
                Object literal = Literal.parseRepr(names);
                Object items = literal instanceof Literal.Tuple tuple ? tuple.items() : literal;
                if (items instanceof List<?> list
                        && !list.isEmpty()
                        && list.stream().allMatch(String.class::isInstance)) {
                    return list;
                }
            } catch (LiteralException e) {
                // Names may begin with a bracket.
            }
        }
        return Arrays.stream(names.split(",", -1)).map(String::strip).toList();
    }

    private List<Member> readable() throws IOException {
        List<Member> arrays = new ArrayList<>();
        List<Member> scalars = new ArrayList<>();
        for (Member member : members) {
            try {
                ArrayFile file = member.describe(List.of());
                (file.layout().shape().ndim() == 0 ? scalars : arrays).add(member);
            } catch (UnreadableMemberException e) {
                if (!e.isUnsupported()) {
                    throw e.amongOthers();
                }
                // The listing gives the reason.
            }
        }
        List<Member> readable = arrays.isEmpty() ? scalars : arrays;
        if (readable.isEmpty()) {
            throw new IOException("Cannot read " + path + ": it holds no readable member; " + listing());
        }
        return readable;
    }

    private String listing() throws IOException {
        return "expected the option member to be one of these: " + listed();
    }

    private String listed() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Member member : members.subList(0, Math.min(members.size(), MAX_LISTED))) {
            lines.add(member.name() + ": " + shown(member));
        }
        if (members.size() > MAX_LISTED) {
            lines.add((members.size() - MAX_LISTED) + " more");
        }
        return String.join("; ", lines);
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
