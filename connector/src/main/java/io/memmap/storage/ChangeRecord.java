package io.memmap.storage;

import io.memmap.dtype.Literal;
import io.memmap.format.ByteString;
import io.memmap.format.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The evidence of one change to one target, written beside it before the change begins: who makes it, how the target was
 * before, and which files of the staging directory hold the new bytes. It names files of the staging directory only.
 *
 * @param staging the plain name of the staging directory, beside the target
 * @param before the target before the change
 * @param after the target after it, of which the length counts; of an update that is about to begin also the time of
 *     modification, which is that of the target before its first byte changes in place
 * @param sidecarBefore the text of the target's sidecar before the change, empty where there is none
 * @param pieces what is appended, in row order
 * @param patches files of changed bytes, as {@link PatchOutput} makes them
 * @param head the target's first bytes after the change; empty where they do not change
 */
record ChangeRecord(
        Kind kind,
        Writer writer,
        String staging,
        Fingerprint before,
        Fingerprint after,
        Optional<String> sidecarBefore,
        Optional<String> sidecarAfter,
        List<Staged> pieces,
        List<Staged> patches,
        ByteString head,
        ByteString headBefore) {
    /** The largest record that is read or written. Everything that grows with the change is a file of its own. */
    static final int MAX_NBYTES = 16 << 20;

    private static final long VERSION = 2;

    enum Kind {
        /** Rows are being appended; all earlier rows are unchanged. */
        APPEND,
        /** Bytes are being changed in place; all appended rows are there. */
        UPDATE
    }

    /** The writer of a change: for messages only, as a record is no proof. */
    record Writer(String owner, String host, long pid, String since) {
        /** The one that a lock names. */
        static Writer of(Map<String, Object> lock) {
            return new Writer((String) lock.get("owner"), (String) lock.get("host"), (Long) lock.get("pid"), (String)
                    lock.get("since"));
        }

        @Override
        public String toString() {
            return owner + " on host " + host + ", process " + pid + ", since " + since;
        }
    }

    /** A file of the staging directory, by its plain name. */
    record Staged(String name, long nbytes) {}

    ChangeRecord {
        pieces = List.copyOf(pieces);
        patches = List.copyOf(patches);
    }

    long nbytesBefore() {
        return before.nbytes();
    }

    /**
     * The same change when all rows are appended.
     *
     * @param modified when the target was modified, in nanoseconds
     */
    ChangeRecord asUpdate(long modified) {
        return new ChangeRecord(
                Kind.UPDATE,
                writer,
                staging,
                before,
                new Fingerprint(after.key(), after.nbytes(), modified),
                sidecarBefore,
                sidecarAfter,
                pieces,
                patches,
                head,
                headBefore);
    }

    String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", VERSION);
        json.put("kind", kind.name());
        json.put("owner", writer.owner);
        json.put("host", writer.host);
        json.put("pid", writer.pid);
        json.put("since", writer.since);
        json.put("staging", staging);
        json.put("before", list(before));
        json.put("after", list(after));
        sidecarBefore.ifPresent(text -> json.put("sidecarBefore", text));
        sidecarAfter.ifPresent(text -> json.put("sidecarAfter", text));
        json.put("pieces", list(pieces));
        json.put("patches", list(patches));
        json.put("head", head.latin1());
        json.put("headBefore", headBefore.latin1());
        json.put("checksum", checksum(json));
        return Literal.toJson(json);
    }

    private static List<Object> list(Fingerprint fingerprint) {
        return List.of(fingerprint.key(), fingerprint.nbytes(), fingerprint.modified());
    }

    private static List<Object> list(List<Staged> files) {
        return files.stream()
                .<Object>map(file -> List.of(file.name, file.nbytes))
                .toList();
    }

    /** The checksum of all other fields, as they are written. */
    private static long checksum(Map<?, ?> json) {
        Map<Object, Object> others = new LinkedHashMap<>(json);
        others.remove("checksum");
        CRC32C checksum = new CRC32C();
        checksum.update(Literal.toJson(others).getBytes(StandardCharsets.UTF_8));
        return checksum.getValue();
    }

    /**
     * Reads a record.
     *
     * @param target the plain name of the target
     * @throws IOException saying what is wrong with it, without naming the file
     */
    static ChangeRecord parse(String text, String target) throws IOException {
        try {
            if (!(Literal.parseJson(text) instanceof Map<?, ?> fields)) {
                throw new IOException("it is no JSON object");
            }
            return new Fields(fields).record(target);
        } catch (ClassCastException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The fields of a record, each read with its check. */
    private record Fields(Map<?, ?> json) {
        ChangeRecord record(String target) throws IOException {
            check(Long.valueOf(VERSION).equals(json.get("version")), "version", "version " + VERSION);
            check(Long.valueOf(checksum(json)).equals(json.get("checksum")), "checksum", checksum(json));
            String staging = text("staging");
            check(HiddenNames.isStaging(staging, target), "staging", "a staging directory of " + target);
            Kind kind = Kind.valueOf(text("kind"));
            ChangeRecord record = new ChangeRecord(
                    kind,
                    new Writer(text("owner"), text("host"), count(json.get("pid"), "pid"), text("since")),
                    staging,
                    fingerprint("before"),
                    fingerprint("after"),
                    json.containsKey("sidecarBefore") ? Optional.of(text("sidecarBefore")) : Optional.empty(),
                    json.containsKey("sidecarAfter") ? Optional.of(text("sidecarAfter")) : Optional.empty(),
                    files("pieces"),
                    files("patches"),
                    ByteString.ofLatin1(text("head")),
                    ByteString.ofLatin1(text("headBefore")));
            check(record.head.length() == record.headBefore.length(), "head", "as many bytes as before");
            check(record.head.length() <= record.nbytesBefore(), "head", "at most the target's bytes");
            long appended = record.pieces.stream().mapToLong(Staged::nbytes).sum();
            check(
                    record.after.nbytes() - appended == record.nbytesBefore(),
                    "after",
                    "a length of " + record.nbytesBefore() + " bytes before and " + appended + " of pieces");
            return record;
        }

        private void check(boolean right, String key, Object expected) throws IOException {
            if (!right) {
                throw new IOException("its " + key + " is " + json.get(key) + ", expected " + expected);
            }
        }

        private String text(String key) throws IOException {
            check(json.get(key) instanceof String, key, "a text");
            return (String) json.get(key);
        }

        private long count(Object value, String key) throws IOException {
            check(value instanceof Long number && number >= 0, key, "numbers of 0 or more");
            return (Long) value;
        }

        private Fingerprint fingerprint(String key) throws IOException {
            check(json.get(key) instanceof List<?> list && list.size() == 3, key, "key, length and time");
            List<?> parts = (List<?>) json.get(key);
            return new Fingerprint((String) parts.get(0), count(parts.get(1), key), (Long) parts.get(2));
        }

        private List<Staged> files(String key) throws IOException {
            check(json.get(key) instanceof List<?>, key, "a list of files");
            List<Staged> files = new ArrayList<>();
            long total = 0;
            for (Object file : (List<?>) json.get(key)) {
                check(file instanceof List<?> parts && parts.size() == 2, key, "names and lengths");
                String name = (String) ((List<?>) file).get(0);
                check(HiddenNames.isStaged(name), key, "names of staged files");
                long nbytes = count(((List<?>) file).get(1), key);
                total += nbytes;
                check(total >= 0, key, "lengths within 64 bits");
                files.add(new Staged(name, nbytes));
            }
            return files;
        }
    }
}
