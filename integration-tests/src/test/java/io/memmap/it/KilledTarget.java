package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The target of a job that another process runs, as the file system shows it. */
final class KilledTarget {

    /** How far a write has come, by what stands on the disk. */
    enum Artefact {
        /** The lock, and nothing else yet. */
        LOCK,
        /** The staging directory, and less than all rows in it. */
        STAGING,
        /** All rows, in the staging directory. */
        SEGMENTS,
        /** The file that will be moved over the target, complete or not. */
        ASSEMBLED,
        /** New shards under their final names, not listed by the manifest. */
        SHARDS,
        /** Rows behind those that the header tells of, which nobody reads. */
        BEHIND,
        /** The record of a change that has not begun. */
        RECORD,
        /** The record of a change, and a target that is being changed. */
        HALF_DONE,
        /** The new array: after the move, the manifest or the end of the change. */
        PUBLISHED;

        /** Whether the new array is what a reader gets from here on. */
        boolean committed() {
            return compareTo(RECORD) >= 0;
        }
    }

    private final KilledJob job;
    private final Path target;
    private final Path directory;
    private volatile int generation;
    private Object before;
    private int beforeGeneration;
    private int shardsBefore;
    private long nbytesBefore;
    /** When the lock was first seen after {@link #before} was; negative when it was not. */
    private int lockGeneration = -1;

    KilledTarget(KilledJob job, Path root) {
        this.job = job;
        this.target = job.target(root);
        this.directory = target.getParent();
    }

    /** The number of the last job that was begun. */
    int generation() {
        return generation;
    }

    void begin(int newGeneration) {
        generation = newGeneration;
    }

    Path path() {
        return target;
    }

    Path record() {
        return directory.resolve("." + target.getFileName() + ".redo.json");
    }

    /** What a job has made by now; null when none runs or nobody can say. Remembers how the target was before. */
    Artefact look() throws IOException {
        try {
            return lookOnce();
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Something went while it was looked at.
            return null;
        } catch (UncheckedIOException e) {
            return null;
        }
    }

    private Artefact lookOnce() throws IOException {
        List<Path> beside = children(directory);
        if (beside.stream().noneMatch(path -> path.toString().endsWith(".lock"))) {
            beforeGeneration = generation;
            before = version();
            shardsBefore = shards();
            nbytesBefore = Files.size(target);
            lockGeneration = -1;
            return null;
        }
        if (lockGeneration < 0) {
            lockGeneration = generation;
        }
        if (lockGeneration != generation || beforeGeneration != generation) {
            // The moment between two jobs was missed, and with it how the target was.
            return null;
        }
        boolean changed = !version().equals(before);
        if (job == KilledJob.APPEND_NPY && !changed && Files.size(target) > nbytesBefore) {
            return Artefact.BEHIND;
        }
        if (Files.exists(record())) {
            return changed ? Artefact.HALF_DONE : Artefact.RECORD;
        }
        if (changed) {
            return Artefact.PUBLISHED;
        }
        if (job.directory() && shards() > shardsBefore) {
            return Artefact.SHARDS;
        }
        for (Path path : beside) {
            if (path.toString().endsWith(".staging")) {
                return staged(path);
            }
        }
        return Artefact.LOCK;
    }

    private Artefact staged(Path staging) throws IOException {
        long nbytes = 0;
        for (Path path : children(staging)) {
            if (path.endsWith(".assembled")) {
                return Artefact.ASSEMBLED;
            }
            nbytes += Files.size(path);
        }
        return nbytes >= job.newRows(generation) * KilledJob.ROW_NBYTES ? Artefact.SEGMENTS : Artefact.STAGING;
    }

    /** Changes when the array does, or begins to. */
    private Object version() throws IOException {
        Path file = job.directory() ? target.resolve("_memmap.json") : target;
        if (job == KilledJob.APPEND_NPY) {
            return SavedFiles.header(file);
        }
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return List.of(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
    }

    private int shards() throws IOException {
        return job.directory() ? SavedFiles.shards(target).size() : 0;
    }

    private static List<Path> children(Path directory) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return children;
    }

    /** What lies around that is no part of the array. */
    List<String> leftovers() throws IOException {
        List<String> left = new ArrayList<>(SavedFiles.names(directory));
        left.remove(target.getFileName().toString());
        left.remove(target.getFileName() + (job.raw() ? ".memmap.json" : ""));
        if (job.directory()) {
            String manifest = Files.readString(target.resolve("_memmap.json"));
            Stream.concat(SavedFiles.names(target).stream(), SavedFiles.shards(target).stream())
                    .filter(name -> !name.equals("_memmap.json") && !name.equals("_SUCCESS"))
                    .filter(name -> !manifest.contains(name))
                    .forEach(left::add);
        }
        return left;
    }

    /** Returns true if the sidecar describes the old and the new file. */
    boolean inTransit() throws IOException {
        return Files.exists(sidecar()) && Files.readString(sidecar()).contains("\"inTransit\"");
    }

    private Path sidecar() {
        return Path.of(target + ".memmap.json");
    }

    /** A raw file whose sidecar is of another one would be read as a wrong array; without a sidecar it is an error. */
    void assertNoOtherSidecar() throws IOException {
        if (Files.exists(sidecar())) {
            String own = inTransit()
                    ? "\"ino=" + Files.getAttribute(target, "unix:ino") + "\\) " + Files.size(target) + " [0-9]+\": \""
                    : "";
            assertThat(sidecar())
                    .as("beside the data, before any reader")
                    .content()
                    .containsPattern(own + "[^}]*fileNbytes\\\\?\": *" + Files.size(target) + "\\b");
        }
    }

    /** Removes the target and all that lies beside it. */
    void delete() throws IOException {
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
