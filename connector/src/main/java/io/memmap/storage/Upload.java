package io.memmap.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

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

    /** Whether files are made of parts here. */
    public static boolean isPossible(String target, HadoopSettings settings) throws IOException {
        Path path = new Path(target);
        // Others only play it, by files that they then put together.
        return Storage.of(target, settings).appearsWhenClosed(target)
                && path.getFileSystem(settings.configuration())
                        .hasPathCapability(path, CommonPathCapabilities.FS_MULTIPART_UPLOADER);
    }

    /** Whether there is a number for each of so many tasks, and one for what follows the last of them. */
    public static boolean hasNumbersFor(int tasks) {
        return tasks > 0 && tasks < MAX_PARTS;
    }

    /** Begins a file. */
    public static Upload start(String target, String staging, int tasks, HadoopSettings settings) throws IOException {
        Path path = new Path(target);
        try (PartUploader uploader = new PartUploader(path.getFileSystem(settings.configuration()), path)) {
            Upload upload = new Upload(settings, target, staging, uploader.start(), tasks);
            try {
                Storage.of(staging, settings).createText(upload.note(), upload.handle + " " + target);
            } catch (IOException e) {
                uploader.abort(upload.handle);
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
        return SpooledOutput.ofPiece(fileSystem(), new Path(path), this, task);
    }

    /** Creates all of the file, for its only task; {@link FileOutput#publishable} puts its parts. */
    public FileOutput createWhole(int reservedNbytes) throws IOException {
        return SpooledOutput.ofWhole(fileSystem(), this, reservedNbytes);
    }

    /**
     * Makes one file of a head and the pieces that tasks added, at least one, in this order.
     *
     * @throws IOException when it is not made, and what was there still is
     */
    public void complete(byte[] head, List<Storage.Part> pieces) throws IOException {
        try (UploadAssembly assembly = new UploadAssembly(fileSystem(), this)) {
            assembly.complete(head, pieces);
        }
        deleteNote();
    }

    /**
     * Makes files of which all parts were put.
     *
     * @throws IOException when not all are made
     */
    public static void completeAll(Map<Upload, List<UploadedPart>> uploads) throws IOException {
        List<Callable<Void>> requests = new ArrayList<>();
        uploads.forEach((upload, parts) -> requests.add(() -> {
            try (PartUploader uploader = new PartUploader(upload.fileSystem(), new Path(upload.target))) {
                uploader.complete(upload.handle, parts);
            }
            upload.deleteNote();
            return null;
        }));
        SideBySide.all("complete the uploads", requests);
    }

    private void deleteNote() throws IOException {
        Storage.of(staging, settings).delete(note());
    }

    /** Ends the uploads noted in a staging directory. */
    public static void abandonAll(String staging, HadoopSettings settings) throws IOException {
        Storage storage = Storage.of(staging, settings);
        List<Callable<Void>> requests = new ArrayList<>();
        for (StoredFile file : storage.list(staging)) {
            if (file.name().endsWith(NOTE)) {
                requests.add(() -> {
                    String[] note = storage.readText(file.path()).split(" ", 2);
                    new Upload(settings, note[1], staging, note[0], 1).abandon();
                    return null;
                });
            }
        }
        SideBySide.all("end the uploads", requests);
    }

    /** Ends it, unless it is completed or ended. */
    public void abandon() throws IOException {
        try (PartUploader uploader = new PartUploader(fileSystem(), new Path(target))) {
            uploader.abort(handle);
        } catch (FileNotFoundException e) {
            // Somebody else did, or the store by its own rule for uploads that nobody ends.
        }
    }

    private FileSystem fileSystem() throws IOException {
        return new Path(target).getFileSystem(settings.configuration());
    }

    int firstNumber(int task) {
        return 1 + task * numbersPerTask();
    }

    /** The last number is left for what follows the last task. */
    int numbersPerTask() {
        return (MAX_PARTS - 1) / tasks;
    }
}
