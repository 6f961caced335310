package io.memmap.replay;

import io.memmap.replay.Disk.Left;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The files that one crash of a write leaves.
 *
 * @param done how many of the write's operations were done
 * @param of how many it has
 * @param how what became of them, and the last one
 * @param powerLoss whether anything that was done is gone
 */
record Crash(WriteKind kind, int done, int of, String how, boolean powerLoss, SortedMap<String, Left> left) {
    private static final int SECTOR_NBYTES = 512;

    /** Whether the write had answered. */
    boolean answered() {
        return done == of;
    }

    @Override
    public String toString() {
        return kind + " after " + done + " of " + of + " operations, " + how;
    }

    /** All crashes of a write that leave different files. */
    static List<Crash> all(WriteKind kind, Disk disk, List<Operation> operations) {
        List<Crash> crashes = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int done = 0; done <= operations.size(); done++) {
            if (done > 0) {
                disk.apply(operations.get(done - 1));
            }
            Operation next = done < operations.size() ? operations.get(done) : null;
            new Prefix(kind, disk, done, operations.size(), done == 0 ? null : operations.get(done - 1), crashes, seen)
                    .add(next);
        }
        return crashes;
    }

    /** The crashes after some operations. */
    private record Prefix(
            WriteKind kind, Disk disk, int done, int of, Operation last, List<Crash> crashes, Set<String> seen) {

        void add(Operation next) {
            BitSet all = new BitSet();
            all.set(0, disk.pendingCount());
            add("killed", false, all, null);
            if (next != null && next.what() == Operation.What.WRITE) {
                int first = SECTOR_NBYTES - (int) (next.number() % SECTOR_NBYTES);
                for (int nbytes = first; nbytes < next.data().length; nbytes += SECTOR_NBYTES) {
                    add("killed within " + next + " after " + nbytes + " bytes", false, all, next.cut(nbytes));
                }
            }
            BitSet data = new BitSet();
            BitSet names = new BitSet();
            for (int i = 0; i < disk.pendingCount(); i++) {
                (disk.isData(i) ? data : names).set(i);
            }
            add("all that was not flushed is lost", true, new BitSet(), null);
            add("data that was not flushed is lost", true, names, null);
            add("names that were not flushed are lost", true, data, null);
            for (int i = 0; i < disk.pendingCount(); i++) {
                BitSet but = (BitSet) all.clone();
                but.clear(i);
                add("lost: " + disk.name(i), true, but, null);
                BitSet only = new BitSet();
                only.set(i);
                add("lost is all but: " + disk.name(i), true, only, null);
            }
        }

        private void add(String how, boolean powerLoss, BitSet kept, Operation within) {
            SortedMap<String, Left> left = disk.crash(kind.name(), kept, within);
            if (seen.add(digest(left) + (done == of))) {
                String after = last == null ? "" : " (last: " + last + ")";
                crashes.add(new Crash(kind, done, of, how + after, powerLoss, left));
            }
        }
    }

    private static String digest(SortedMap<String, Left> left) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            left.forEach((path, file) -> {
                digest.update((path + "\0" + file.link() + file.directory() + file.inode()).getBytes());
                if (file.bytes() != null) {
                    digest.update(file.bytes());
                }
            });
            return new java.math.BigInteger(1, digest.digest()).toString(Character.MAX_RADIX);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the files, and says which inode numbers they have and had. */
    Map<Long, Long> create(Path home) throws IOException {
        delete(home);
        Files.createDirectories(home);
        Map<Long, Long> inodes = new HashMap<>();
        for (Map.Entry<String, Left> entry : left.entrySet()) {
            Path path = home.resolve(entry.getKey());
            Left file = entry.getValue();
            if (file.directory()) {
                Files.createDirectory(path);
            } else if (file.link() != null) {
                Files.createSymbolicLink(path, Path.of(file.link()));
            } else {
                Files.write(path, file.bytes());
                Files.setLastModifiedTime(path, FileTime.from(file.mtime(), TimeUnit.NANOSECONDS));
                inodes.put((Long) Files.getAttribute(path, "unix:ino"), file.inode());
            }
            if (file.link() == null) {
                Files.setAttribute(path, "unix:mode", file.mode());
            }
        }
        return inodes;
    }

    static void delete(Path home) throws IOException {
        if (!Files.exists(home)) {
            return;
        }
        try (Stream<Path> below = Files.walk(home)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
