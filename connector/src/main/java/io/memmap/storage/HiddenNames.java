package io.memmap.storage;

import io.memmap.format.HiddenName;
import io.memmap.format.Manifest;
import io.memmap.format.Sidecar;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of what writes put beside a target, all hidden: {@code .x.npy.lock} for {@code x.npy}. Of a long name they hold
 * its beginning and a hash, so that they fit wherever the name itself does.
 */
public final class HiddenNames {
    static final String LOCK = ".lock";
    static final String RECORD = HiddenName.RECORD;
    /** A record, sidecar or manifest in a staging directory, which is not the target's yet. */
    static final String STAGED_TEXT = ".text";

    /** The new file, complete, before it gets the name of the target. */
    public static final String ASSEMBLED = ".assembled";

    /** The old file, or the old bytes of all patches in their order. */
    static final String BEFORE = ".before";

    /** The directory in a staging directory that becomes a new array. */
    public static final String STAGED_ARRAY = "array";

    private static final String STAGING = ".staging";
    private static final String IN_PROGRESS = ".inprogress";
    private static final String BODY = ".body";

    private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final Pattern TEMPORARY =
            Pattern.compile("(\\..+)\\." + UUID + "(" + STAGING + "|" + IN_PROGRESS + ")", Pattern.DOTALL);
    /** Pieces, patches and shards of tasks; what the driver makes of them; notes. */
    private static final Pattern STAGED =
            Pattern.compile("\\.part-\\d+-\\d+-\\d+(?:\\.F|\\" + BODY + ")?|\\.patch-\\d+-\\d+"
                    + "|part-\\d+-[0-9a-f]{8}(?:-\\d+-\\d+)?\\.(?:npy|dat)|\\.between-\\d+|\\.assembled|\\.before|\\.tail|\\.text"
                    + "|\\.shards\\.json"
                    + "|" + STAGED_ARRAY + "|_SUCCESS|" + Pattern.quote(Manifest.NAME) + "|\\..+\\.upload");

    private HiddenNames() {}

    /** The path of the staging directory of one query. */
    public static String staging(String target, String queryId) {
        return Storage.sibling(target, "." + queryId + STAGING);
    }

    /** Another name for a staging directory, both names plain; empty for the name of anything else. */
    static Optional<String> otherStaging(String name) {
        Matcher matcher = TEMPORARY.matcher(name);
        return matcher.matches() && matcher.group(2).equals(STAGING)
                ? Optional.of(matcher.group(1) + "." + java.util.UUID.randomUUID() + STAGING)
                : Optional.empty();
    }

    /** The path of the rows of a file in a staging directory, where its head can only be written before them. */
    public static String body(String path) {
        return path + BODY;
    }

    /** The path of a file that becomes another one when it is whole. */
    static String inProgress(String path) {
        return Storage.sibling(path, "." + java.util.UUID.randomUUID() + IN_PROGRESS);
    }

    /** A hidden name for a plain one, without a suffix. */
    static String of(String name) {
        return HiddenName.of(name);
    }

    /** Returns true if a directory of this name was staged for a target, both names plain. */
    static boolean isStaging(String name, String target) {
        Matcher matcher = TEMPORARY.matcher(name);
        return matcher.matches()
                && matcher.group(2).equals(STAGING)
                && matcher.group(1).equals(of(target));
    }

    /** Returns true if a file of this name was to become a target, its sidecar, its lock or its record. */
    static boolean isInProgress(String name, String target) {
        Matcher matcher = TEMPORARY.matcher(name);
        String lock = of(target) + LOCK;
        return matcher.matches()
                && matcher.group(2).equals(IN_PROGRESS)
                && List.of(of(target), of(Sidecar.pathOf(target)), of(of(target) + RECORD), of(lock), lock)
                        .contains(matcher.group(1));
    }

    /** Returns true if a write gives this name to a file in its staging directory. */
    static boolean isStaged(String name) {
        Matcher matcher = TEMPORARY.matcher(name);
        if (matcher.matches()) {
            return matcher.group(2).equals(IN_PROGRESS)
                    && isStaged(matcher.group(1).substring(1));
        }
        String array = Sidecar.isSidecar(name) ? Sidecar.arrayOf(name) : name;
        return STAGED.matcher(array).matches();
    }
}
