package io.memmap.storage;

import io.memmap.format.FileMagic;
import io.memmap.format.FormatInput;
import java.io.IOException;
import java.util.List;

/** Errors of directories without an array: each names what was found and the option that reads it. Driver side. */
final class EmptyDirectory {
    private static final int FILES = 16;

    private EmptyDirectory() {}

    /** Names the first file of a known foreign format, as the end of a sentence; empty if there is none. */
    static String foreign(Storage storage, List<StoredFile> files) {
        for (StoredFile file : files.subList(0, Math.min(files.size(), FILES))) {
            if (file.fingerprint() == null) {
                continue;
            }
            try {
                byte[] prefix = storage.read(file.path(), 0, FormatInput.PREFIX_NBYTES);
                String advice = FileMagic.advice(prefix, file.fingerprint().nbytes());
                if (advice != null) {
                    return ", and " + file.name() + " " + advice;
                }
            } catch (IOException e) {
                // It would only make an error clearer.
            }
        }
        return "";
    }

    /** The error of a directory that holds these files and directories, and no array. */
    static IOException refusal(
            Storage storage, StoredFile directory, List<StoredFile> files, List<StoredFile> directories) {
        String path = directory.path();
        if (files.isEmpty() && !directories.isEmpty()) {
            return new EmptyDirectoryException(
                    path,
                    "it holds only directories, such as " + directories.get(0).name(),
                    "arrays; set recursiveFileLookup=true to search them");
        }
        if (files.isEmpty()) {
            return new EmptyDirectoryException(
                    path, "the directory holds no array", "*.npy, or raw files with a dtype");
        }
        String foreign = foreign(storage, files);
        if (!foreign.isEmpty()) {
            return new EmptyDirectoryException(
                    path,
                    "none of its " + files.size() + " files ends in .npy" + foreign,
                    "*.npy files; for raw files set container=raw and dtype, and pathGlobFilter (for example"
                            + " *.bin) to leave others out");
        }
        return new EmptyDirectoryException(
                path,
                "none of its " + files.size() + " files, such as "
                        + files.get(0).name() + ", ends in .npy",
                "*.npy files; for raw files set dtype, or container=raw with sidecars");
    }
}
