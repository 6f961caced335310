package io.memmap.format;

import io.memmap.format.ZipDirectory.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * A .npz file: a zip archive of .npy files, stored or deflated. Names are those that {@code np.load} lists. A stored array
 * may begin at any byte.
 */
final class NpzFormat implements ArrayFormat {
    static final String NAME = "npz";
    static final String NPY_SUFFIX = ".npy";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean namesMembers() {
        return true;
    }

    @Override
    public boolean hasName(String fileName) {
        return fileName.endsWith(".npz");
    }

    @Override
    public boolean hasMagic(byte[] prefix, long fileNbytes) {
        return FileStart.of(prefix, fileNbytes).startsWith("PK\3\4", "PK\5\6");
    }

    @Override
    public List<String> writtenSuffixes() {
        return List.of(".npz");
    }

    @Override
    public List<Member> members(FormatInput input, Reading reading) throws IOException {
        ZipDirectory directory = ZipDirectory.read(input);
        List<Member> members = new ArrayList<>();
        Set<String> all = new HashSet<>();
        Set<String> twice = new HashSet<>();
        for (Entry entry : directory.entries()) {
            if (!all.add(entry.name())) {
                twice.add(entry.name());
            }
        }
        NavigableSet<Long> starts = new TreeSet<>(Set.of(directory.start()));
        directory.entries().forEach(entry -> starts.add(entry.offset()));
        Set<String> names = new HashSet<>();
        for (Entry entry : directory.entries()) {
            if (entry.name().endsWith(NPY_SUFFIX) && names.add(entry.name())) {
                String name = nameOf(entry);
                String problem = twice.contains(entry.name())
                        ? "the archive has two entries of this name, expected one; write the file again"
                        : all.contains(name) && !name.equals(entry.name())
                                ? "the archive has the entries " + name + " and " + entry.name() + ", and np.load takes"
                                        + " the first one for this name, expected one; write the file again"
                                : null;
                members.add(
                        problem == null
                                ? new ZippedArray(input, reading, limit(starts, entry.offset()), entry, name)
                                : Member.refused(input.path(), name, problem));
            }
        }
        if (members.isEmpty()) {
            boolean torch =
                    directory.entries().stream().anyMatch(entry -> entry.name().endsWith("data.pkl"));
            throw new IOException("Cannot read " + input.path() + ": it is a zip archive "
                    + (torch
                            ? "of PyTorch, whose pickle says what its storages are; load it in Python and write its"
                                    + " tensors with np.savez or safetensors"
                            : "(.npz?) of " + directory.entries().size() + " entries without any .npy file")
                    + ", expected a .npy file in it; to read its bytes as they are, set container=raw");
        }
        return members;
    }

    /** An entry that is all suffix keeps it: an array without a name is not one of several. */
    private static String nameOf(Entry entry) {
        int end = entry.name().length() - NPY_SUFFIX.length();
        return end == 0 ? entry.name() : entry.name().substring(0, end);
    }

    /** The next start of an entry, or of the directory. */
    private static long limit(NavigableSet<Long> starts, long offset) {
        Long next = starts.higher(offset);
        return next == null ? offset : next;
    }
}
