package io.memmap.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file of an object store that tasks put together out of numbered parts: nothing of it is there before the driver
 * completes it, in place of an old one. Crosses the wire.
 *
 * @param handle what the store calls it, in hexadecimal
 * @param note a file with the handle, for who comes after a driver that died
 * @param tasks how many put parts; each has as many numbers of its own
 */
public record Upload(HadoopSettings settings, String target, String handle, String note, int tasks)
        implements Serializable {
    /** Stores number the parts of a file from 1 to this. */
    private static final int MAX_PARTS = 10_000;

    /**
     * Begins a file.
     *
     * @param staging a directory that goes when the file is there, or will not be
     * @return empty where files are not made of parts, or not of so many
     */
    public static Optional<Upload> start(String target, String staging, int tasks, HadoopSettings settings)
            throws IOException {
        Path path = new Path(target);
        FileSystem fileSystem = path.getFileSystem(settings.configuration());
        // Others only play it, by files that they then put together.
        boolean parts = HadoopStorage.appearsWhenClosed(fileSystem, path)
                && fileSystem.hasPathCapability(path, CommonPathCapabilities.FS_MULTIPART_UPLOADER);
        if (!parts || tasks == 0 || tasks >= MAX_PARTS) {
            return Optional.empty();
        }
        try (PartUploader uploader = new PartUploader(fileSystem, path)) {
            Upload upload = new Upload(settings, target, uploader.start(), note(staging), tasks);
            try {
                Storage.of(target, settings).createText(upload.note, upload.handle);
            } catch (IOException e) {
                uploader.abort(upload.handle);
                throw e;
            }
            return Optional.of(upload);
        }
    }

    private static String note(String staging) {
        return staging + "/.upload";
    }

    /** Creates the piece that a task adds; {@link FileOutput#complete} adds it. */
    public FileOutput createPiece(String path, int task) throws IOException {
        return SpooledOutput.ofPiece(fileSystem(), new Path(path), this, task);
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
        Storage.of(target, settings).delete(note);
    }

    /** Ends the upload that was begun with this staging directory, if any, unless it is complete. */
    public static void abandon(String target, String staging, HadoopSettings settings) throws IOException {
        Storage storage = Storage.of(target, settings);
        if (!(storage instanceof HadoopStorage) || !storage.exists(note(staging))) {
            return;
        }
        String handle = storage.readText(note(staging));
        Path path = new Path(target);
        try (PartUploader uploader = new PartUploader(path.getFileSystem(settings.configuration()), path)) {
            uploader.abort(handle);
        } catch (FileNotFoundException e) {
            // Complete, or gone with the store's own rule for such.
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
