package io.memmap.storage;

import io.memmap.format.Manifest.Shard;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of an object store that tasks put together out of numbered parts: nothing of it is there before the driver
 * completes it, in place of an old one. Crosses the wire.
 *
 * @param staging a directory with a note of each upload, for who comes after a driver that died
 * @param handle what the store calls it, in hexadecimal
 * @param tasks how many put parts; each has as many numbers of its own
 */
public record Upload(HadoopSettings settings, String target, String staging, String handle, int tasks)
        implements Serializable {
    /** Stores number the parts of a file from 1 to this. */
    private static final int MAX_PARTS = 10_000;

    private static final String NOTE = ".upload";
    private static final Logger LOG = LoggerFactory.getLogger(Upload.class);

    /** Returns true if files can be uploaded in parts here. The settings are those of the bucket; {@code viewfs} uploads none. */
    public static boolean isPossible(String target, HadoopSettings settings) throws IOException {
        Path path = new Path(target);
        FileSystem fileSystem = path.getFileSystem(settings.configuration());
        // Others only play it, by files that they then put together.
        return HadoopStorage.appearsWhenClosed(fileSystem, path)
                && fileSystem.hasPathCapability(path, CommonPathCapabilities.FS_MULTIPART_UPLOADER)
                && fileSystem.getConf().getBoolean("fs.s3a.multipart.uploads.enabled", true)
                && !fileSystem.getUri().getScheme().equals("viewfs");
    }

    /**
     * Returns true if this many tasks can upload parts of one file: each has numbers of its own, so there are gaps, which S3 refuses
     * with checksums of parts, nor in its directory buckets.
     */
    public static boolean isPossible(String target, HadoopSettings settings, int tasks) throws IOException {
        Path path = new Path(target);
        FileSystem fileSystem = path.getFileSystem(settings.configuration());
        return isPossible(target, settings)
                && tasks <= MAX_PARTS
                && fileSystem
                        .getConf()
                        .getTrimmed("fs.s3a.create.checksum.algorithm", "")
                        .isEmpty()
                && !fileSystem.hasPathCapability(path, "fs.s3a.capability.s3express.storage");
    }

    /** Begins a file. */
    public static Upload start(String target, String staging, int tasks, HadoopSettings settings) throws IOException {
        Path path = new Path(target);
        try (PartUploader uploader = new PartUploader(path.getFileSystem(settings.configuration()), path)) {
            Upload upload = new Upload(settings, target, staging, uploader.start(), tasks);
            try {
                Storage.of(staging, settings).writeText(upload.note(), upload.handle + " " + target);
            } catch (IOException | RuntimeException e) {
                upload.abandon();
                throw e;
            }
            return upload;
        }
    }

    private String note() {
        return staging + "/." + Storage.name(target) + NOTE;
    }

    /** Creates the piece of one of several tasks; {@link FileOutput#complete} puts its parts. */
    public FileOutput createPiece(String path, int task) throws IOException {
        return new SpooledOutput(fileSystem(), new Path(path), this, task, 0);
    }

    /** Creates all of the file, for its only task; {@link FileOutput#seal} puts its parts. */
    public FileOutput createWhole(int reservedNbytes) throws IOException {
        return new SpooledOutput(fileSystem(), new Path(target), this, 0, reservedNbytes);
    }

    /**
     * Makes one file of a head and the pieces that tasks added, at least one, in this order.
     *
     * @throws IOException when it is not made, and what was there still is
     */
    public void complete(byte[] head, List<Part> pieces) throws IOException {
        try (UploadAssembly assembly = new UploadAssembly(fileSystem(), this)) {
            assembly.complete(head, pieces);
        }
        deleteNote();
    }

    /**
     * Makes files of which all parts were put. When this returns or throws, no request is under way.
     *
     * @throws IOException when not all are made
     */
    public static void completeAll(Map<Upload, List<UploadedPart>> uploads) throws IOException {
        List<Map.Entry<Upload, List<UploadedPart>>> all = List.copyOf(uploads.entrySet());
        Optional<IOException> failure = SideBySide.uninterruptibly(
                        "complete the uploads",
                        () -> SideBySide.all("complete the uploads", all, upload -> upload.getKey()
                                .complete(upload.getValue())))
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private Optional<IOException> complete(List<UploadedPart> parts) {
        try (PartUploader uploader = new PartUploader(fileSystem(), new Path(target))) {
            uploader.complete(handle, parts);
            deleteNote();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        } catch (RuntimeException e) {
            return Optional.of(new IOException("Cannot complete the upload of " + target + ": " + e, e));
        }
    }

    /** One that stays is of no harm: what it names is ended. */
    private void deleteNote() {
        try {
            Storage.of(staging, settings).delete(note());
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: cannot be removed", note(), GivenSecrets.hidden(e));
        }
    }

    /** Ends the uploads noted in this write's own staging directory. */
    public static void abandonAll(String staging, HadoopSettings settings) throws IOException {
        abandonAll(staging, settings, target -> true);
    }

    /** Ends the uploads noted in an abandoned staging directory: those to the target and to its shards. */
    public static void abandonAll(String staging, String target, HadoopSettings settings) throws IOException {
        FileSystem fileSystem = new Path(target).getFileSystem(settings.configuration());
        String own = qualified(fileSystem, target);
        abandonAll(staging, settings, noted -> {
            String path = qualified(fileSystem, noted);
            return path.equals(own) || (path.startsWith(own + "/") && Shard.isPath(path.substring(own.length() + 1)));
        });
    }

    /** The path in its only spelling; what is none of this file system stays as it is. */
    private static String qualified(FileSystem fileSystem, String path) {
        try {
            return fileSystem.makeQualified(new Path(path)).toString();
        } catch (IllegalArgumentException e) {
            return path;
        }
    }

    private static void abandonAll(String staging, HadoopSettings settings, Predicate<String> ours) throws IOException {
        Storage storage = Storage.of(staging, settings);
        if (!storage.appearsWhenClosed(staging)) {
            return;
        }
        List<StoredFile> notes = storage.list(staging).stream()
                .filter(file -> file.name().endsWith(NOTE))
                .toList();
        SideBySide.each("end the uploads", notes, file -> {
            String[] note = storage.readText(file.path()).split(" ", 2);
            if (note.length == 2 && ours.test(note[1])) {
                new Upload(settings, note[1], staging, note[0], 1).abandon();
            } else {
                LOG.warn("{}: notes no upload to the target, and is left alone", file.path());
            }
        });
    }

    /** Ends it, unless it is completed or ended. */
    public void abandon() throws IOException {
        try (PartUploader uploader = new PartUploader(fileSystem(), new Path(target))) {
            uploader.abort(handle);
        } catch (FileNotFoundException e) {
            // Another writer did, or the store by its own rule for abandoned uploads.
        }
        deleteNote();
    }

    private FileSystem fileSystem() throws IOException {
        return new Path(target).getFileSystem(settings.configuration());
    }

    int firstNumber(int task) {
        return 1 + task * numbersPerTask();
    }

    int numbersPerTask() {
        return MAX_PARTS / tasks;
    }
}
