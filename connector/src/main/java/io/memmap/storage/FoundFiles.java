package io.memmap.storage;

import io.memmap.format.Agreement;
import io.memmap.format.ArrayDescriber;
import io.memmap.format.ArrayFile;
import io.memmap.format.Claims;
import io.memmap.format.PartitionPath;
import io.memmap.format.Reading;
import io.memmap.format.ShardedArray;
import io.memmap.format.Sidecar;
import io.memmap.storage.FoundDirectory.Contents;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that paths name, directory by directory, of which only names are known: their headers and manifests are read
 * when they are described. Immutable; driver only.
 *
 * @param partitions the directories in row order
 * @param columns the columns that a manifest puts side by side, each of the directory at its position; empty if it does not
 */
public record FoundFiles(
        List<String> paths,
        List<FoundDirectory> directories,
        List<PartitionPath> partitions,
        List<StoredFile> ignored,
        HeaderBytes headers,
        List<String> columns) {
    private static final Logger LOG = LoggerFactory.getLogger(FoundFiles.class);

    public FoundFiles {
        paths = List.copyOf(paths);
        directories = List.copyOf(directories);
        partitions = List.copyOf(partitions);
        ignored = List.copyOf(ignored);
        columns = List.copyOf(columns);
    }

    /** SQL's names of the types that a manifest declares for partition columns, by the columns' names. */
    public Map<String, String> partitionTypes() {
        return directories.get(0).partitionTypes();
    }

    /** Returns true if a directory's name says a value. */
    public boolean isPartitioned() {
        return partitions.stream().anyMatch(PartitionPath::isPartitioned);
    }

    /** Describes all files, without what their directories' names say: of columns side by side an array for each. */
    public List<ShardedArray> describeAll(Reading reading) throws IOException {
        List<Integer> all = IntStream.range(0, directories.size()).boxed().toList();
        if (columns.isEmpty()) {
            return describe(reading, all, directory -> List.of());
        }
        return SideBySide.all(
                        "read the headers of the columns",
                        all,
                        column -> describe(reading, List.of(column), directory -> List.of()))
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Describes the files of some directories by their headers, many at a time: one array, or of containers one for each of
     * the members that are read.
     *
     * @param chosen positions among {@link #partitions}, ascending; at least one
     * @param constants the values of a directory's partition columns, by the position of the directory
     * @throws IOException naming the file, when one cannot be read
     */
    public List<ShardedArray> describe(Reading reading, List<Integer> chosen, IntFunction<List<Object>> constants)
            throws IOException {
        List<Contents> contents = SideBySide.all(
                "read the manifests",
                chosen,
                directory -> directories.get(directory).source().call());
        List<Callable<DescribedFile>> descriptions = new ArrayList<>();
        List<Claims> tables = new ArrayList<>();
        tables.add(reading.claims().ofTable());
        List<StoredFile> unlisted = new ArrayList<>(ignored);
        for (int i = 0; i < contents.size(); i++) {
            List<Object> values = constants.apply(chosen.get(i));
            contents.get(i)
                    .candidates()
                    .forEach(candidate -> descriptions.add(() -> describe(candidate, reading, values)));
            tables.addAll(contents.get(i).tables());
            unlisted.addAll(contents.get(i).ignored());
        }
        Set<List<Object>> seen = new HashSet<>();
        // One pattern may match both files of an array, which is read once.
        List<DescribedFile> described = SideBySide.all("read the headers", descriptions, Callable::call).stream()
                .filter(file -> seen.add(List.of(file.argument(), file.path())))
                .toList();
        for (DescribedFile file : described) {
            file.sidecar().map(sidecar -> sidecar.claims(file.path()).ofTable()).ifPresent(tables::add);
        }
        Claims table = Agreement.of("Cannot read " + String.join(", ", paths), tables);
        int others = DescribedFile.unused(unlisted, described);
        if (others > 0 && isPartitioned()) {
            LOG.warn("{}: {} other files are no part of the table and not read", String.join(", ", paths), others);
        }
        return DescribedFile.byMember(described).stream()
                .map(files -> new ShardedArray(files, table.columnNames(), table.layout(), others))
                .toList();
    }

    /** A file that cannot be described while a change of it is not finished is one to wait for, or to recover. */
    private DescribedFile describe(Candidate candidate, Reading reading, List<Object> constants) throws IOException {
        try {
            return described(candidate, reading, constants);
        } catch (IOException | IllegalArgumentException e) {
            Recovery.checkDescribed(candidate.storage(), candidate.file().path(), e);
            throw e;
        }
    }

    private DescribedFile described(Candidate candidate, Reading reading, List<Object> constants) throws IOException {
        StoredFile file = candidate.file();
        if (file.fingerprint().nbytes() == 0) {
            candidate.storage().checkEmpty(file.path());
        }
        Optional<Sidecar> sidecar = candidate.sidecar().isPresent() ? sidecar(candidate) : Optional.empty();
        List<ArrayFile> described = ArrayDescriber.describeMembers(
                new StoredInput(candidate.storage(), file, headers), sidecar, candidate.listed(), reading);
        return new DescribedFile(
                candidate.argument(),
                described.stream().map(array -> array.withConstants(constants)).toList(),
                sidecar);
    }

    private static Optional<Sidecar> sidecar(Candidate candidate) throws IOException {
        StoredFile file = candidate.file();
        String path = candidate.sidecar().orElseThrow();
        String text;
        try {
            text = candidate.storage().readText(path);
        } catch (FileNotFoundException e) {
            // A write that replaced the file has removed the sidecar of the old one.
            return Optional.empty();
        }
        return Sidecar.of(text, file.fingerprint(), file.path(), path);
    }
}
