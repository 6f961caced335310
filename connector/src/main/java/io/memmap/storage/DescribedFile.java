package io.memmap.storage;

import io.memmap.format.ArrayFile;
import io.memmap.format.Sidecar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
        first.arrays.forEach(member -> members.add(new ArrayList<>()));
        for (DescribedFile file : files) {
            List<ArrayFile> arrays = file.like(first);
            for (int i = 0; i < arrays.size(); i++) {
                members.get(i).add(arrays.get(i));
            }
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

    /** Its arrays in the order of those of the first file. */
    private List<ArrayFile> like(DescribedFile first) throws IOException {
        if (arrays.size() == 1 && first.arrays.size() == 1) {
            return arrays;
        }
        Map<String, ArrayFile> byName = new HashMap<>();
        arrays.forEach(array -> byName.put(array.origin().member(), array));
        List<ArrayFile> like = new ArrayList<>();
        for (String name : first.names()) {
            if (byName.size() != first.arrays.size() || !byName.containsKey(name)) {
                throw new IOException("Cannot read " + path() + " together with " + first.path() + ": its members are "
                        + names() + ", expected " + first.names()
                        + "; choose members that all files have by the option member");
            }
            like.add(byName.get(name));
        }
        return like;
    }

    private List<String> names() {
        return arrays.stream().map(array -> array.origin().member()).toList();
    }
}
