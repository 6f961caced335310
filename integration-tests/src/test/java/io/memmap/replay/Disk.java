package io.memmap.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Files and directories as operations make them: what is on the disk for sure, and the effects that a power loss may
 * still undo. Data is for sure after an fsync of its file, a name after one of its directory; nothing else is promised.
 */
final class Disk {
    /** A file, a directory or a symbolic link, whatever its names. */
    private static final class Node {
        private final long inode;
        private final Content created;
        private final boolean directory;
        /** Of a symbolic link, else null. */
        private final String link;

        private int mode;

        private Node(Operation operation, boolean directory, String link) {
            this.mode = operation == null ? 0 : (int) operation.number();
            this.inode = operation == null ? 0 : operation.inode();
            this.created = new Content(new byte[0], operation == null ? 0 : operation.mtime());
            this.directory = directory;
            this.link = link;
        }
    }

    /** A name in a directory, given to a node, or taken away where that is null. */
    private record Name(Node directory, String name, Node node) {}

    /** Bytes of a file and when they were written. */
    private record Content(byte[] bytes, long mtime) {
        Content after(Operation operation) {
            int at = Math.toIntExact(operation.number());
            byte[] changed =
                    switch (operation.what()) {
                        case WRITE -> Arrays.copyOf(bytes, Math.max(bytes.length, at + operation.data().length));
                        case TRUNCATE -> Arrays.copyOf(bytes, at);
                        case ALLOCATE -> Arrays.copyOf(bytes, Math.max(bytes.length, at));
                        default -> bytes;
                    };
            System.arraycopy(operation.data(), 0, changed, Math.min(at, changed.length), operation.data().length);
            return new Content(changed, operation.mtime());
        }
    }

    /** An effect of an operation that is not on the disk for sure: of names, or of data, where {@code file} is not null. */
    private record Effect(Operation operation, Node file, List<Name> names) {
        boolean isAbout(Set<Node> nodes) {
            return names.stream().anyMatch(name -> nodes.contains(name.node));
        }
    }

    /** The contents of files and directories. */
    private static final class Contents {
        private final Map<Node, Content> files = new IdentityHashMap<>();
        private final Map<Node, SortedMap<String, Node>> directories = new IdentityHashMap<>();

        Contents copy() {
            Contents copy = new Contents();
            copy.files.putAll(files);
            directories.forEach((node, names) -> copy.directories.put(node, new TreeMap<>(names)));
            return copy;
        }

        SortedMap<String, Node> names(Node directory) {
            return directories.computeIfAbsent(directory, node -> new TreeMap<>());
        }

        void apply(Effect effect) {
            if (effect.file != null) {
                files.put(
                        effect.file,
                        files.getOrDefault(effect.file, effect.file.created).after(effect.operation));
            }
            for (Name name : effect.names) {
                if (name.node == null) {
                    names(name.directory).remove(name.name);
                } else {
                    names(name.directory).put(name.name, name.node);
                }
            }
        }

        Node find(Node root, String path) {
            Node node = root;
            for (String name : path.split("/")) {
                node = node == null || name.isEmpty() ? node : names(node).get(name);
            }
            return node;
        }
    }

    private final Node root = new Node(null, true, null);
    private final Contents live = new Contents();
    private final Contents sure = new Contents();
    private final List<Effect> pending = new ArrayList<>();

    /** What a power loss may undo. */
    int pendingCount() {
        return pending.size();
    }

    /** Whether it is data, else names. */
    boolean isData(int effect) {
        return pending.get(effect).file != null;
    }

    String name(int effect) {
        return pending.get(effect).operation.toString();
    }

    /** As if all of it was on the disk. */
    void settle() {
        pending.forEach(sure::apply);
        pending.clear();
    }

    void apply(Operation operation) {
        Effect effect = effect(operation);
        if (operation.what() == Operation.What.SYNC) {
            sync(live.find(root, operation.path()));
        } else if (effect != null) {
            live.apply(effect);
            pending.add(effect);
        }
    }

    /** Null where it has none, as the file has no name any more. */
    private Effect effect(Operation operation) {
        Node node = live.find(root, operation.path());
        return switch (operation.what()) {
            case CREATE -> names(operation, name(operation.path(), new Node(operation, false, null)));
            case MKDIR -> names(operation, name(operation.path(), new Node(operation, true, null)));
            case SYMLINK -> names(operation, name(operation.path(), new Node(operation, false, operation.other())));
            case UNLINK, RMDIR -> names(operation, name(operation.path(), null));
            case LINK -> names(operation, name(operation.other(), node));
            case RENAME -> names(operation, name(operation.path(), null), name(operation.other(), node));
            case WRITE, TRUNCATE, ALLOCATE -> node == null ? null : new Effect(operation, node, List.of());
            case ATTRIBUTES -> attributes(operation, node);
            case SYNC, MARK -> null;
        };
    }

    /** Modes are on the disk at once, as no file is looked for behind them. */
    private static Effect attributes(Operation operation, Node node) {
        if (node != null && operation.number() != 0) {
            node.mode = (int) operation.number();
        }
        boolean time = node != null && operation.inode() != 0 && !node.directory && operation.number() == 0;
        return time ? new Effect(operation, node, List.of()) : null;
    }

    private static Effect names(Operation operation, Name... names) {
        return new Effect(operation, null, List.of(names));
    }

    private Name name(String path, Node node) {
        int slash = path.lastIndexOf('/');
        Node directory = slash < 0 ? root : live.find(root, path.substring(0, slash));
        return new Name(directory, path.substring(slash + 1), node);
    }

    /** A directory's names take along what else happened to the files that they name. */
    private void sync(Node node) {
        Set<Node> named = new HashSet<>();
        Set<Effect> synced = new HashSet<>();
        for (int i = pending.size() - 1; i >= 0; i--) {
            Effect effect = pending.get(i);
            boolean here = effect.names.stream().anyMatch(name -> name.directory == node);
            if (effect.file == node || here || effect.isAbout(named)) {
                synced.add(effect);
                effect.names.stream().filter(name -> name.node != null).forEach(name -> named.add(name.node));
            }
        }
        pending.stream().filter(synced::contains).forEach(sure::apply);
        pending.removeIf(synced::contains);
    }

    /** A file, a directory or a symbolic link that a crash left. */
    record Left(byte[] bytes, long mtime, long inode, int mode, String link) {
        boolean directory() {
            return bytes == null && link == null;
        }
    }

    /**
     * What a crash leaves below a directory.
     *
     * @param kept the pending effects that come to the disk all the same
     * @param last an operation that was under way, or null
     */
    SortedMap<String, Left> crash(String directory, BitSet kept, Operation last) {
        Contents contents = sure.copy();
        for (int i = 0; i < pending.size(); i++) {
            if (kept.get(i)) {
                contents.apply(pending.get(i));
            }
        }
        if (last != null && effect(last) != null) {
            contents.apply(effect(last));
        }
        SortedMap<String, Left> left = new TreeMap<>();
        Node top = contents.find(root, directory);
        if (top != null) {
            collect(contents, top, "", left);
        }
        return left;
    }

    private static void collect(Contents contents, Node directory, String prefix, SortedMap<String, Left> left) {
        for (Map.Entry<String, Node> entry : contents.names(directory).entrySet()) {
            Node node = entry.getValue();
            String path = prefix + entry.getKey();
            if (node.directory) {
                left.put(path, new Left(null, 0, 0, node.mode, null));
                collect(contents, node, path + "/", left);
            } else if (node.link != null) {
                left.put(path, new Left(null, 0, 0, 0, node.link));
            } else {
                Content content = contents.files.getOrDefault(node, node.created);
                left.put(path, new Left(content.bytes, content.mtime, node.inode, node.mode, null));
            }
        }
    }
}
