package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Sidecar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file that was looked into: the arrays that are read of it, and its sidecar.
 *
 * @param arrays at least one
 */
record DescribedFile(int argument, List<ArrayFile> arrays, Optional<Sidecar> sidecar) {

    String path() {
        return arrays.get(0).path();
    }

    /**
     * The arrays of all files, those of each member together. Arrays that are alone in their files belong together whatever
     * their names are.
     *
     * @throws IOException when a file has other members than the first
     */
    static List<List<ArrayFile>> byMember(List<DescribedFile> files) throws IOException {
        DescribedFile first = files.get(0);
        List<List<ArrayFile>> members = new ArrayList<>();
        for (ArrayFile member : first.arrays) {
            List<ArrayFile> arrays = new ArrayList<>();
            for (DescribedFile file : files) {
                arrays.add(file.like(member, first));
            }
            members.add(arrays);
        }
        return members;
    }

    /** The number of files that are no part of any array. */
    static int unused(List<StoredFile> others, List<DescribedFile> files) {
        Set<String> used = new HashSet<>();
        for (DescribedFile file : files) {
            used.add(file.path());
            file.arrays.forEach(array -> array.origin().companions().forEach(companion -> used.add(companion.path())));
        }
        return (int) others.stream().filter(file -> !used.contains(file.path())).count();
    }

    private ArrayFile like(ArrayFile member, DescribedFile first) throws IOException {
        boolean alone = arrays.size() == 1 && first.arrays.size() == 1;
        Optional<ArrayFile> found = arrays.stream()
                .filter(array ->
                        alone || array.origin().member().equals(member.origin().member()))
                .findFirst();
        if (found.isEmpty() || arrays.size() != first.arrays.size()) {
            throw new IOException("Cannot read " + path() + " together with " + first.path() + ": its members are "
                    + names() + ", expected " + first.names()
                    + "; choose members that all files have by the option member");
        }
        return found.get();
    }

    private List<String> names() {
        return arrays.stream().map(array -> array.origin().member()).toList();
    }
}
