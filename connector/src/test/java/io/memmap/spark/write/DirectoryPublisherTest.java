package io.memmap.spark.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.format.ArrayFormats;
import io.memmap.format.Crc32;
import io.memmap.format.Manifest;
import io.memmap.format.Manifest.Shard;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.Redaction;
import io.memmap.spark.schema.WrittenArray;
import io.memmap.spark.schema.WrittenPartition;
import io.memmap.spark.schema.WrittenSchema;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Part;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A writer that was suspended until another one had taken its lock over, and with it its staging directory. */
class DirectoryPublisherTest {
    private static final String ID = "0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f";
    private static final String NEWER = "the manifest of the newer writer";
    private static final WrittenArray LONGS = WrittenSchema.of(
                    new StructType().add("value", DataTypes.LongType, false),
                    MemmapOptions.parse(CaseInsensitiveStringMap.empty(), Redaction.DEFAULT),
                    false)
            .resolved()
            .orElseThrow();

    @TempDir
    private Path directory;

    private Path target;
    private Path staging;
    private Path manifest;
    private DirectoryPublisher publisher;

    @BeforeEach
    void stage() throws IOException {
        target = directory.resolve("x");
        manifest = target.resolve(Manifest.NAME);
        staging = Files.createDirectory(directory.resolve(".x." + ID + ".staging"));
        publisher = publisher(Map.of());
    }

    private DirectoryPublisher publisher(Map<String, String> partitionTypes, String... partitionBy) throws IOException {
        HadoopSettings settings = new HadoopSettings(new Configuration(), Map.of());
        return new DirectoryPublisher(
                Storage.of(target.toString(), settings),
                new WriteTarget(target.toString(), false, ArrayFormats.ofNewArrays(true)),
                staging.toString(),
                ID,
                Stream.of(partitionBy)
                        .map(name -> new WrittenPartition(name, 1, DataTypes.StringType))
                        .toList(),
                partitionTypes,
                settings,
                () -> {});
    }

    private void takeOver() {
        try {
            Files.move(staging, directory.resolve(".x.taken.staging"));
            Files.createDirectories(target);
            Files.writeString(manifest, NEWER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One segment of one row; after it has its final name, the lock is taken over. */
    private List<Segment> takenOverOncePublished() throws IOException {
        Path piece = Files.write(staging.resolve("part-0-0f0f0f0f.npy"), new byte[8]);
        Segment segment = new Segment(new Part(piece.toString(), 8), 1, null, "", Crc32.EMPTY);
        return new AbstractList<>() {
            @Override
            public Segment get(int index) {
                return segment;
            }

            @Override
            public int size() {
                return 1;
            }

            @Override
            public Iterator<Segment> iterator() {
                Iterator<Segment> all = super.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        boolean more = all.hasNext();
                        if (!more && !Files.exists(piece)) {
                            takeOver();
                        }
                        return more;
                    }

                    @Override
                    public Segment next() {
                        return all.next();
                    }
                };
            }
        };
    }

    private void assertOnlyTheNewerIsThere() throws IOException {
        assertThat(manifest).hasContent(NEWER);
        try (Stream<Path> files = Files.list(target)) {
            assertThat(files).containsExactly(manifest);
        }
        assertThat(staging).doesNotExist();
    }

    private static Manifest listing(String shard) {
        return LONGS.manifest(List.of(new Shard(shard, 1)));
    }

    private void assertRefused(List<Segment> segments, Optional<ExistingTarget> before) {
        assertThatThrownBy(() -> publisher.publish(LONGS, segments, before, Replaced.ALL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(staging.toString());
    }

    @Test
    void itsLateManifestTakesTheNewerOnesPlaceNeither() throws IOException {
        Files.createDirectory(target);
        Files.writeString(manifest, listing("part-000000-a.npy").toJson());
        assertRefused(
                takenOverOncePublished(),
                Optional.of(new ExistingTarget(
                        Optional.empty(), List.of(), Map.of(), "", true, Optional.empty(), Optional.empty())));
        assertOnlyTheNewerIsThere();
    }

    @Test
    void itDoesNotRemoveTheNewerManifestWhenItsFirstOneFails() throws IOException {
        Files.createDirectory(target);
        assertRefused(takenOverOncePublished(), Optional.of(ExistingTarget.NOTHING));
        assertOnlyTheNewerIsThere();
    }

    /** The first manifest of a directory, which lists what is there so far. */
    @Test
    void itsFirstManifestIsLateToo() throws IOException {
        takeOver();
        assertRefused(List.of(), Optional.of(ExistingTarget.NOTHING));
        assertOnlyTheNewerIsThere();
    }

    @Test
    void itMakesNoDirectoryAnew() {
        takeOver();
        assertThat(manifest.toFile().delete() && target.toFile().delete()).isTrue();
        assertRefused(List.of(), Optional.empty());
        assertThat(target).doesNotExist();
        assertThat(staging).doesNotExist();
    }

    /** Rows that are replaced by none leave a file without rows. */
    private void replaceByNone(Map<String, String> partitionTypes, String... partitionBy) throws IOException {
        Files.createDirectories(target);
        Files.writeString(manifest, listing("part-000000-a.npy").toJson());
        publisher(partitionTypes, partitionBy)
                .publish(
                        LONGS,
                        List.of(),
                        Optional.of(new ExistingTarget(
                                Optional.empty(), List.of(), Map.of(), "", true, Optional.empty(), Optional.empty())),
                        Replaced.ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "p"})
    void aFileWithoutRowsWhoseWriterDiedGoesWithTheNextWrite(String partitionBy) throws IOException {
        String[] columns = partitionBy.isEmpty() ? new String[0] : partitionBy.split(",");
        Map<String, String> killed = new AbstractMap<>() {
            @Override
            public Set<Entry<String, String>> entrySet() {
                throw new AssertionError("killed before the manifest");
            }
        };
        assertThatThrownBy(() -> replaceByNone(killed, columns)).hasMessage("killed before the manifest");
        try (Stream<Path> files = Files.walk(target)) {
            assertThat(files.filter(file -> file.toString().endsWith(".npy"))).hasSize(1);
        }
        new DeadWrites(publisher.storage(), publisher.target(), publisher.settings()).remove();
        try (Stream<Path> files = Files.list(target)) {
            assertThat(files).containsExactly(manifest);
        }
        assertThat(staging).doesNotExist();
    }

    @Test
    void aFileWithoutRowsIsNotMadeBehindALink() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createDirectory(target);
        Path link = Files.createSymbolicLink(target.resolve("p=__HIVE_DEFAULT_PARTITION__"), outside);
        assertThatThrownBy(() -> replaceByNone(Map.of(), "p")).hasMessageContaining(link + " is a link");
        assertThat(outside).isEmptyDirectory();
    }
}
