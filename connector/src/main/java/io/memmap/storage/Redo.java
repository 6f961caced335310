package io.memmap.storage;

import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A change of several steps to one target, made whole or not at all: all of it is first written down in a record
 * {@code .<name>.redo.json} beside the target, which appears in one step. From then on the change happens, if need be when
 * the target is next looked at. Each step may be done again without harm.
 *
 * @param move a file to put in place of the target, or empty
 * @param copies whole files to put into the target, after the move
 * @param patches patch files to apply to it, after the copies
 * @param head the target's first bytes, one char each, written after all data; empty for none
 * @param before what they were, and {@code leastNbytes} how long the target was at least
 * @param texts small files to write in the end, by path: sidecars
 * @param staging the directory of the files named here, deleted in the very end
 */
public record Redo(
        String move,
        List<Copy> copies,
        List<String> patches,
        String head,
        String before,
        long leastNbytes,
        Map<String, String> texts,
        String staging) {
    private static final Logger LOG = LoggerFactory.getLogger(Redo.class);
    private static final String SUFFIX = ".redo.json";

    /** A file and where in the target its bytes go. */
    public record Copy(String path, long nbytes, long at) {}

    public Redo {
        copies = List.copyOf(copies);
        patches = List.copyOf(patches);
        texts = Map.copyOf(texts);
    }

    /** Only moves a file over the target and writes texts. */
    public static Redo ofMove(String from, Map<String, String> texts, String staging) {
        return new Redo(from, List.of(), List.of(), "", "", 0, texts, staging);
    }

    private static String pathOf(String target) {
        return Storage.sibling(target, SUFFIX);
    }

    /**
     * The change is made when this returns, and will be made once the record is there. In a thread that nobody interrupts:
     * an interrupt would close the file half way.
     */
    public void commit(Storage storage, String target) throws IOException {
        SideBySide.undisturbed("change " + target, () -> {
            Redo written = copiesFirst(storage, target);
            storage.writeText(pathOf(target), written.toJson(Storage.parent(target)));
            written.apply(storage, target);
            return null;
        });
    }

    /**
     * Copies before there is a record, where nobody looks behind the rows that the header tells of: a disk that is full is
     * then found out while nothing is changed.
     */
    private Redo copiesFirst(Storage storage, String target) throws IOException {
        if (head.isEmpty() || copies.isEmpty()) {
            return this;
        }
        storage.change(target, copies, List.of(), new byte[0]);
        long end =
                copies.stream().mapToLong(copy -> copy.at + copy.nbytes).max().orElseThrow();
        return new Redo(move, List.of(), patches, head, before, Math.max(leastNbytes, end), texts, staging);
    }

    private void apply(Storage storage, String target) throws IOException {
        if (!move.isEmpty() && storage.exists(move)) {
            // Without its sidecar a raw file is an error to readers; with that of the old one it would be a wrong
            // array.
            for (String text : texts.keySet()) {
                storage.delete(text);
            }
            storage.move(move, target);
        }
        if (!copies.isEmpty() || !patches.isEmpty() || !head.isEmpty()) {
            storage.change(target, copies, patches, head.getBytes(StandardCharsets.ISO_8859_1));
        }
        for (Map.Entry<String, String> text : texts.entrySet()) {
            storage.writeText(text.getKey(), text.getValue());
        }
        storage.delete(pathOf(target));
        try {
            storage.delete(staging);
        } catch (IOException e) {
            LOG.warn("{}: changed, but {} could not be removed; the next write does", target, staging, e);
        }
    }

    /** Somebody may have put another file in the target's place since. */
    private void checkTarget(Storage storage, String target) throws IOException {
        if (!move.isEmpty()) {
            return;
        }
        long nbytes = storage.stat(target).fingerprint().nbytes();
        String found = new String(storage.read(target, 0, before.length()), StandardCharsets.ISO_8859_1);
        if (nbytes < leastNbytes || !(found.equals(before) || found.equals(head))) {
            throw new IOException(target + " has " + nbytes + " bytes, expected at least " + leastNbytes
                    + ", and the header that it had; it is another file than the one to change");
        }
    }

    /** Whether a change to this target was committed and is not finished: then its staging must stay. */
    public static boolean isPending(Storage storage, String target) throws IOException {
        return storage.exists(pathOf(target));
    }

    /** Makes a change that was written down and not finished, and says so in the log. Needs the target's lock. */
    static void finish(Storage storage, String target) throws IOException {
        String path = pathOf(target);
        if (isPending(storage, target)) {
            LOG.warn("{}: finishing a change that its writer had committed when it died", target);
            Redo redo = parse(storage.readText(path), path);
            if (redo.move.isEmpty() && !storage.exists(target)) {
                LOG.warn("{}: is gone, and with it the change", target);
                storage.delete(path);
                storage.delete(redo.staging);
                return;
            }
            try {
                redo.checkTarget(storage, target);
                redo.apply(storage, target);
            } catch (IOException e) {
                throw new IOException(
                        "Cannot finish the change of " + target + " that " + path + " tells of: " + e.getMessage()
                                + ", expected the file as its writer left it; restore it, or remove the record to give"
                                + " the change up",
                        e);
            }
        }
    }

    /**
     * For readers: finishes what a dead writer committed. A change that a living writer is making is left to it. Only local
     * files are ever changed in place.
     *
     * @throws IOException when a change is committed and cannot be finished from here
     */
    static void recover(Storage storage, String target) throws IOException {
        if (!(storage instanceof LocalStorage) || !isPending(storage, target)) {
            return;
        }
        boolean held = TargetLock.isHeld(storage, target);
        // Once more after the lock: its holder may have finished between the two looks.
        if (!isPending(storage, target)) {
            return;
        }
        if (held) {
            LOG.warn("{}: read while another process changes it: its rows may be old, new or a mixture", target);
            return;
        }
        try {
            TargetLock.take(storage, target, "recovery", false).release();
        } catch (IOException e) {
            // Of several readers at once one finishes the change, and the others are none the worse.
            if (isPending(storage, target) && !TargetLock.isHeld(storage, target)) {
                throw e;
            }
        }
    }

    /** The same for all files of a directory; says whether there was anything to finish. */
    static boolean recover(Storage storage, String directory, List<StoredFile> children) throws IOException {
        boolean found = false;
        for (StoredFile child : children) {
            if (child.hidden() && child.name().endsWith(SUFFIX)) {
                String name = child.name().substring(1, child.name().length() - SUFFIX.length());
                recover(storage, directory + "/" + name);
                found = true;
            }
        }
        return found;
    }

    /** Files by their names below the directory of the target: it may be copied or renamed with all that is in it. */
    private String toJson(String directory) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("move", below(directory, move));
        json.put(
                "copies",
                copies.stream()
                        .map(copy -> List.of(below(directory, copy.path), copy.nbytes, copy.at))
                        .toList());
        json.put(
                "patches",
                patches.stream().map(patch -> below(directory, patch)).toList());
        json.put("head", head);
        json.put("before", before);
        json.put("leastNbytes", leastNbytes);
        Map<String, String> named = new LinkedHashMap<>();
        texts.forEach((path, text) -> named.put(below(directory, path), text));
        json.put("texts", named);
        json.put("staging", below(directory, staging));
        return Literal.toJson(json);
    }

    private static String below(String directory, String path) {
        if (path.isEmpty() || path.startsWith(prefix(directory))) {
            return path.isEmpty() ? path : path.substring(prefix(directory).length());
        }
        if (!Storage.parent(path).equals(directory)) {
            throw new IllegalArgumentException(path + " is not below " + directory);
        }
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String within(String directory, Object name) {
        String path = (String) name;
        return path.isEmpty() ? path : prefix(directory) + path;
    }

    private static String prefix(String directory) {
        return directory.endsWith("/") ? directory : directory + "/";
    }

    private static Redo parse(String text, String path) throws IOException {
        String directory = Storage.parent(path);
        try {
            Map<?, ?> json = (Map<?, ?>) Literal.parseJson(text);
            List<Copy> copies = new ArrayList<>();
            for (Object copy : (List<?>) json.get("copies")) {
                List<?> parts = (List<?>) copy;
                copies.add(new Copy(within(directory, parts.get(0)), (Long) parts.get(1), (Long) parts.get(2)));
            }
            List<String> patches = new ArrayList<>();
            for (Object patch : (List<?>) json.get("patches")) {
                patches.add(within(directory, patch));
            }
            Map<String, String> texts = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) json.get("texts")).entrySet()) {
                texts.put(within(directory, entry.getKey()), (String) entry.getValue());
            }
            return new Redo(
                    within(directory, json.get("move")),
                    copies,
                    patches,
                    (String) json.get("head"),
                    (String) json.get("before"),
                    (Long) json.get("leastNbytes"),
                    texts,
                    within(directory, json.get("staging")));
        } catch (LiteralException | ClassCastException | NullPointerException e) {
            throw new IOException(
                    "Cannot read " + path + ": " + e.getMessage() + ", expected the record of a change", e);
        }
    }
}
