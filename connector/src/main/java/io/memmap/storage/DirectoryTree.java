package io.memmap.storage;

import io.memmap.format.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** Lists directories below a directory, those of a level side by side. Driver only. */
record DirectoryTree(Storage storage, HadoopSettings settings) {

    /**
     * The children of all directories below one, by their paths. Leaves out hidden directories, those below a directory
     * with a manifest, and links that lead upwards.
     *
     * @param children of the root itself
     */
    Map<String, List<StoredFile>> below(StoredFile root, List<StoredFile> children) throws IOException {
        Map<String, List<StoredFile>> listings = new HashMap<>();
        ListingsBelow below = new ListingsBelow(storage, root.path());
        List<StoredFile> level = directories(root, children);
        while (!level.isEmpty()) {
            List<List<StoredFile>> answers =
                    below.of(level.stream().map(StoredFile::path).toList(), storage::list);
            List<StoredFile> next = new ArrayList<>();
            for (int i = 0; i < level.size(); i++) {
                listings.put(level.get(i).path(), answers.get(i));
                next.addAll(directories(level.get(i), answers.get(i)));
            }
            level = next;
        }
        return listings;
    }

    private List<StoredFile> directories(StoredFile parent, List<StoredFile> children) throws IOException {
        List<StoredFile> searched = new ArrayList<>();
        if (children.stream().anyMatch(child -> child.name().equals(Manifest.NAME))) {
            return searched;
        }
        for (StoredFile child : children) {
            boolean visible = !child.hidden() || StoredFile.isHiddenPartition(child.name());
            if (child.directory() && visible && !leadsUpwards(child, parent)) {
                searched.add(child.checkSpelled());
            }
        }
        return searched;
    }

    /** Returns true for a link to one of the directories on the way to it, or to one above them: links may form a circle. */
    private boolean leadsUpwards(StoredFile child, StoredFile parent) throws IOException {
        if (storage.real(child.path()).equals(child.path())) {
            return false;
        }
        Path target = PathOverlap.real(child.path(), settings);
        for (Path above = new Path(parent.path()); above != null; above = above.getParent()) {
            if (PathOverlap.isWithin(PathOverlap.real(above.toString(), settings), target)) {
                return true;
            }
        }
        return false;
    }
}
