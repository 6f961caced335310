package io.memmap.it;

import static io.memmap.it.SavedFiles.everything;
import static io.memmap.it.SavedFiles.readLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.memmap.spark.MemmapRecovery;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.LeftChange;
import io.memmap.storage.Storage;
import io.memmap.storage.TargetLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that lie beside an array and were made by somebody else: in a shared directory such as {@code /tmp}, by another user
 * where the test may become one. They change nothing.
 */
class PlantedFilesTest {
    private static final String UUID = "0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f";
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    /** Like {@code /tmp}: all may add files, and remove their own. */
    private Path shared;

    private Path array;
    private Path victim;

    @BeforeEach
    void setUp() throws IOException {
        AnotherUser.admit(directory);
        shared = AnotherUser.admit(Files.createDirectory(directory.resolve("shared")));
        array = Npy.of("'<i8'", "(3,)").write(shared.resolve("x.npy"), Npy.i8(1, 2, 3));
        victim = Files.createDirectory(directory.resolve("victim"));
        Files.writeString(victim.resolve("key"), "secret");
        Files.createDirectory(victim.resolve("below"));
        Files.writeString(victim.resolve("below/file"), "kept");
    }

    private DataFrameWriter<Row> numbers(long start, long end) {
        return spark.range(start, end, 1, 2).selectExpr("id AS value").write().format("memmap");
    }

    /** Plants the record of an update, after a change to its text. */
    private void plant(UnaryOperator<String> change) throws IOException {
        LeftChange.of(array).patch(128, Npy.i8(7)).begin();
        Path record = LeftChange.record(array);
        String text = LeftChange.tampered(array, change);
        Files.delete(record);
        AnotherUser.write(record, text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\\.patch-0-0|../victim/key|(its patches is [[../victim/key, 20]], expected names of staged files)",
                "\"pieces\": \\[|\"pieces\": [[\"../victim/key\", 6]|"
                        + "(its pieces is [[../victim/key, 6]], expected names of staged files)",
                "\"staging\": \"[^\"]*|\"staging\": \"../victim|"
                        + "(its staging is ../victim, expected a staging directory of x.npy)",
                "\"staging\": \"[^\"]*|\"staging\": \"victim|"
                        + "(its staging is victim, expected a staging directory of x.npy)",
                "$^|nothing changes|a change of it is not finished, by app-1 query-1 on host elsewhere, process 4711,"
            })
    void aReadDoesNothingThatARecordSays(String from, String to, String message) throws IOException {
        Files.setPosixFilePermissions(array, PosixFilePermissions.fromString("rw-rw-rw-"));
        plant(text -> text.replaceFirst(from, to));
        Map<String, List<Byte>> before = everything(directory);
        for (Path read : List.of(array, shared)) {
            assertThatThrownBy(() -> readLongs(spark, read))
                    .hasMessageStartingWith("Cannot read " + array + ": ")
                    .hasMessageContaining(message);
        }
        assertThat(everything(directory)).isEqualTo(before);
    }

    /** Nobody but its owner could have changed the array, so that a record of others says nothing about it. */
    @Test
    void aRecordOfSomebodyWhoCannotWriteTheArrayKeepsNobodyFromReading() throws IOException {
        AnotherUser.assume();
        plant(UnaryOperator.identity());
        assertThat(readLongs(spark, array)).containsExactly(1, 2, 3);
    }

    @Test
    void aRecordThatIsAFifoHoldsNobodyUp() throws Exception {
        AnotherUser.run("mkfifo " + shared.resolve(".x.npy.redo.json"));
        CompletableFuture<Void> read = OwnThread.run(() -> catchThrowable(() -> readLongs(spark, array)));
        read.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        CompletableFuture<Void> write = OwnThread.run(
                () -> assertThatThrownBy(() -> numbers(0, 2).mode("overwrite").save(array.toString()))
                        .hasMessageContaining(".x.npy.redo.json"));
        write.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aLockThatIsAFifoHoldsNobodyUp() throws Exception {
        AnotherUser.run("mkfifo " + shared.resolve(".x.npy.lock"));
        CompletableFuture<Void> write = OwnThread.run(
                () -> assertThatThrownBy(() -> numbers(0, 2).mode("overwrite").save(array.toString()))
                        .hasMessageContaining(".x.npy.lock"));
        write.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(readLongs(spark, array)).containsExactly(1, 2, 3);
    }

    /** Hadoop's uploader for local files takes the handle for a path, and ends an upload by deleting that. */
    @Test
    void aNoteOfAnUploadEndsNothingElse() throws IOException {
        Path staging = shared.resolve(".x.npy." + UUID + ".staging");
        String handle = HexFormat.of().formatHex(victim.toString().getBytes(StandardCharsets.UTF_8));
        Map<String, List<Byte>> before = everything(victim);
        AnotherUser.run("mkdir " + staging);
        AnotherUser.write(staging.resolve(".x.npy.upload"), handle + " " + array);
        numbers(0, 2).mode("overwrite").save(array.toString());
        Files.createDirectory(shared.resolve(".x.npy." + UUID.replace('0', '1') + ".staging"));
        Files.writeString(
                shared.resolve(".x.npy." + UUID.replace('0', '1') + ".staging/.x.npy.upload"), handle + " " + array);
        numbers(0, 2).mode("overwrite").save(array.toString());
        assertThat(everything(victim)).isEqualTo(before);
    }

    @Test
    void whatOnlyLooksLikeAStagingDirectoryStays() throws IOException {
        Path staging = shared.resolve(".x.npy." + UUID + ".staging");
        Files.createDirectory(staging);
        Files.writeString(staging.resolve("thesis.tex"), "mine");
        numbers(0, 2).mode("overwrite").save(array.toString());
        assertThat(staging.resolve("thesis.tex")).hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "link", "dangling", "loop", "fifo"})
    void whatHasTheNameOfAStagingDirectoryAndIsNoneStays(String kind) throws Exception {
        OtherProcess.assume();
        for (String name : List.of("x.npy", "x.dat", "x")) {
            Path target = shared.resolve(name);
            numbers(0, 3).mode("overwrite").save(target.toString());
            Path planted = shared.resolve("." + name + "." + UUID + ".staging");
            switch (kind) {
                case "file" -> Files.writeString(planted, "mine");
                case "link" -> Files.createSymbolicLink(planted, victim);
                case "dangling" -> Files.createSymbolicLink(planted, directory.resolve("none"));
                case "loop" -> Files.createSymbolicLink(planted, planted);
                default -> OtherProcess.run("mkfifo $0", planted);
            }
            for (String mode : List.of("append", "overwrite")) {
                assertThat(LogLines.of(() -> numbers(0, 2).mode(mode).save(target.toString())))
                        .containsExactly(target + ": file:" + planted + " is left alone, as it is no directory");
            }
            assertThat(readLongs(spark, target)).containsExactly(0, 1);
            assertThat(Files.exists(planted, LinkOption.NOFOLLOW_LINKS)).isTrue();
        }
        assertThat(victim.resolve("key")).hasContent("secret");
    }

    /** A full disk leaves a note cut short; a user may have put any text there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[[",
                "[[\"part-000007-0f0f0f0f.npy\"",
                "{}",
                "null",
                "[1]",
                "[null]",
                "[[]]",
                "[[1]]",
                "[[\"part-000007-0f0f0f0f.npy\"], [null, \"ino=1\", 4, 1]]"
            })
    void aNoteOfShardsThatIsNoneStopsNoWrite(String text) throws IOException {
        Path target = shared.resolve("x");
        numbers(0, 4).save(target.toString());
        Path orphan = Files.writeString(target.resolve("part-000007-0f0f0f0f.npy"), "mine");
        Path staging = Files.createDirectory(shared.resolve(".x." + UUID + ".staging"));
        Path note = Files.writeString(staging.resolve(".shards.json"), text);
        for (String mode : List.of("append", "overwrite")) {
            assertThat(LogLines.of(() -> numbers(4, 6).mode(mode).save(target.toString())))
                    .hasSize(2)
                    .last()
                    .asString()
                    .startsWith(target + ": not all of file:" + staging + " could be removed")
                    .contains("Cannot read file:" + note + ": ", "expected the files of a write that died")
                    .contains("left in " + target + "; remove file:" + staging);
        }
        assertThat(note).hasContent(text);
        assertThat(orphan).exists();
        assertThat(readLongs(spark, target)).containsExactly(4, 5);
    }

    /** A user who can rename a directory must not have its files deleted by it. */
    @Test
    void anArrayThatGotTheNameOfAStagingDirectoryStays() throws IOException {
        Path precious = shared.resolve("precious");
        numbers(0, 5).save(precious.toString());
        Path renamed = Files.move(precious, shared.resolve(".x.npy." + UUID + ".staging"));
        numbers(0, 2).mode("overwrite").save(array.toString());
        Files.move(renamed, precious);
        assertThat(readLongs(spark, precious)).containsExactly(0, 1, 2, 3, 4);

        LeftChange left = LeftChange.of(array).patch(128, new byte[8]).begin();
        Files.move(Files.copy(array, shared.resolve("copy")), array, StandardCopyOption.REPLACE_EXISTING);
        Files.move(left.staging(), shared.resolve("aside"));
        Files.move(precious, left.staging());
        assertThat(MemmapRecovery.discard(array.toString())).isTrue();
        Files.move(left.staging(), precious);
        assertThat(readLongs(spark, precious)).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aStagingDirectoryOfSomebodyElseStays() throws IOException {
        AnotherUser.assume();
        Path staging = shared.resolve(".x.npy." + UUID + ".staging");
        AnotherUser.run("mkdir " + staging);
        AnotherUser.write(staging.resolve(".part-0-0-0"), "theirs");
        numbers(0, 2).mode("overwrite").save(array.toString());
        assertThat(staging.resolve(".part-0-0-0")).hasContent("theirs");
    }

    /** In a directory such as {@code /tmp} it cannot be renamed, and would keep a lock from being taken over. */
    @Test
    void aStagingDirectoryOfSomebodyElseIsNotTheHoldersOfALock() throws IOException {
        AnotherUser.assume();
        Path theirs = shared.resolve(".x.npy." + UUID + ".staging");
        AnotherUser.run("mkdir " + theirs);
        Path holders = Files.createDirectory(shared.resolve(".x.npy." + UUID.replace('0', '1') + ".staging"));
        Storage storage = Storage.of(array.toString(), new HadoopSettings(new Configuration(false), Map.of()));
        TargetLock broken = TargetLock.take(storage, array.toString(), "the holder", false);
        TargetLock own = TargetLock.take(storage, array.toString(), "who breaks the lock", true);
        assertThat(theirs).exists();
        assertThat(holders).doesNotExist();
        broken.release();
        own.release();
    }

    @ParameterizedTest
    @ValueSource(strings = {"append", "overwrite"})
    void aShardThatWasCopiedIntoADirectoryStays(String mode) throws IOException {
        Path target = shared.resolve("x");
        numbers(0, 4).save(target.toString());
        Path copied = target.resolve("part-000007-0f0f0f0f.npy");
        Files.copy(array, copied);
        byte[] bytes = Files.readAllBytes(copied);
        numbers(4, 6).mode(mode).save(target.toString());
        assertThat(copied).hasBinaryContent(bytes);
        assertThat(readLongs(spark, target)).hasSize(mode.equals("append") ? 6 : 2);
    }

    /** {@code np.save} and then {@code pickle.dump} into one open file. */
    @Test
    void bytesBehindAnArrayAreNotOverwritten() throws IOException {
        Files.write(array, "a pickle".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);
        byte[] before = Files.readAllBytes(array);
        assertThatThrownBy(() -> numbers(0, 2).mode("append").save(array.toString()))
                .hasMessageContaining("Cannot append to " + array + ": 8 bytes follow its rows from byte 152 on");
        assertThat(array).hasBinaryContent(before);
    }
}
