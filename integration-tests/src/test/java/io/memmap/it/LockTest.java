package io.memmap.it;

import static io.memmap.it.SavedFiles.names;
import static io.memmap.it.SavedFiles.npyLongs;
import static io.memmap.it.SavedFiles.readLongs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.storage.HadoopSettings;
import io.memmap.storage.LateWriter;
import io.memmap.storage.LeftChange;
import io.memmap.storage.Storage;
import io.memmap.storage.TargetLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Locks between processes that see each other only through the file system. Most methods wait: they run side by side. */
@Execution(ExecutionMode.CONCURRENT)
class LockTest {
    @TempDir
    private Path directory;

    private final SparkSession spark = SharedSpark.session();

    private DataFrameWriter<Row> numbers(long start, long end) {
        return spark.range(start, end, 1, 1).selectExpr("id AS value").write().format("memmap");
    }

    private static TargetLock take(Path target) throws IOException {
        Storage storage = Storage.of(target.toString(), new HadoopSettings(new Configuration(), Map.of()));
        return TargetLock.take(storage, target.toString(), "a test", false);
    }

    /** Its process ids are those of other processes here, or of none. */
    @Test
    void aWriterInAnotherProcessNamespaceHoldsItsLockUntilItDies() throws Exception {
        ProcessNamespace.assume();
        Path target = directory.resolve("x.npy");
        try (LockHolder holder = LockHolder.of(target, ProcessNamespace.STARTER)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> numbers(0, 10).save(target.toString()))
                        .hasMessageContaining("another writer holds " + directory.resolve(".x.npy.lock"));
            }
            assertThat(names(directory)).containsExactly(".x.npy.lock");
            holder.kill();
        }
        numbers(0, 10).save(target.toString());
        assertThat(names(directory)).containsExactly("x.npy");
    }

    @Test
    void aWriterOfAnotherUserHoldsItsLockUntilItDies() throws Exception {
        AnotherUser.assume();
        Path shared = AnotherUser.admit(Files.createDirectory(directory.resolve("shared")));
        Path target = shared.resolve("x.npy");
        try (LockHolder holder = LockHolder.of(target, AnotherUser.WITH_OUR_CLASSES)) {
            assertThatThrownBy(() -> numbers(0, 10).save(target.toString()))
                    .hasMessageContaining("another writer holds " + shared.resolve(".x.npy.lock"));
            holder.kill();
        }
        numbers(0, 10).save(target.toString());
        assertThat(names(shared)).containsExactly("x.npy");
    }

    /** POSIX drops a process's locks on a file when it closes any descriptor of it. */
    @Test
    void whoIsRefusedInThisJvmDoesNotFreeTheLockForOthers() throws IOException {
        Path target = directory.resolve("x.npy");
        TargetLock own = take(target);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> take(target)).hasMessageContaining("another writer holds");
        }
        assertThatThrownBy(() -> LockHolder.of(target).close())
                .hasMessageContaining("the other JVM ended")
                .hasMessageContaining("Cannot write " + target + ": another writer holds "
                        + directory.resolve(".x.npy.lock") + " {owner=a test, host=");
        own.checkHeld(target.toString());
        own.release();
        assertThat(names(directory)).isEmpty();
    }

    /** As one that was stopped for minutes, or whose server still keeps the lock of a host that died. */
    @Test
    void aLeaseThatEndedLetsNobodyChangeTheTargetInPlaceHoweverOftenHeTries() throws Exception {
        Path target = directory.resolve("x.npy");
        numbers(0, 10).save(target.toString());
        Path staging = directory.resolve(".x.npy.0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f.staging");
        try (LockHolder holder = LockHolder.of(target)) {
            Files.createDirectory(staging);
            suspend(holder, target);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> numbers(10, 12).mode("append").save(target.toString()))
                        .hasMessageContaining(
                                "Cannot change " + target + " in place: the lease of {owner=a test, host=")
                        .hasMessageContaining(", pid=" + holder.pid() + ", since=")
                        .hasMessageContaining("has ended, but a process still has the system's lock on "
                                + directory.resolve(".x.npy.lock")
                                + "; wait until it ends, or set breakLock=true if it is gone");
                assertThat(staging).exists();
            }
            assertThat(npyLongs(target)).hasSize(10);
        }
        numbers(10, 12).mode("append").save(target.toString());
        assertThat(npyLongs(target)).hasSize(12);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    private static void suspend(LockHolder holder, Path target) throws Exception {
        OtherProcess.run("kill -STOP $0", holder.pid());
        Path lock = target.resolveSibling("." + target.getFileName() + ".lock");
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(70)));
    }

    /** It looks at its lock, sleeps for minutes, and then goes on with what it has staged. */
    @ParameterizedTest
    @EnumSource(LateWriter.Kind.class)
    void aWriterThatWakesUpLateChangesNothingThatItsSuccessorsWrote(LateWriter.Kind kind) throws Exception {
        Path target = directory.resolve("x.npy");
        numbers(0, 10).save(target.toString());
        try (LateWriter late = LateWriter.of(kind, target)) {
            late.suspend();
            numbers(20, 23).mode("overwrite").save(target.toString());
            numbers(23, 25).mode("append").save(target.toString());
            assertThat(late.goOn()).startsWith("refused: ");
            assertThat(readLongs(spark, target)).containsExactly(20, 21, 22, 23, 24);
        }
        numbers(25, 26).mode("append").save(target.toString());
        assertThat(npyLongs(target)).containsExactly(20, 21, 22, 23, 24, 25);
        assertThat(names(directory)).containsExactly("x.npy");
    }

    /** After a laptop slept, the first process to run finds that the other one has not renewed its lease for hours. */
    @Test
    void aHolderThatGoesOnKeepsItsLock() throws Exception {
        Path target = directory.resolve("x.npy");
        try (LockHolder holder = LockHolder.of(target)) {
            OtherProcess.run("kill -STOP $0", holder.pid());
            Files.setLastModifiedTime(
                    directory.resolve(".x.npy.lock"),
                    FileTime.from(Instant.now().minusSeconds(7000)));
            Process waker = OtherProcess.start("sleep 2; kill -CONT $0", holder.pid());
            assertThatThrownBy(() -> take(target).release())
                    .hasMessageContaining("another writer holds " + directory.resolve(".x.npy.lock"));
            waker.waitFor();
        }
    }

    /** The second writer must know of the first holder as well as the first writer did. */
    @Test
    void aLeaseThatEndedLetsNobodyEndAChange() throws Exception {
        Path target = directory.resolve("x.npy");
        numbers(0, 10).save(target.toString());
        try (LockHolder holder = LockHolder.of(target)) {
            LeftChange.of(target).patch(128, Npy.i8(10)).begin();
            LeftChange.write(target, 128, Npy.i8(10));
            suspend(holder, target);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> numbers(10, 12).mode("append").save(target.toString()))
                        .hasMessageContaining("Cannot change " + target
                                + " while a change of it is pending: the lease of {owner=a test, host=")
                        .hasMessageContaining("wait until it ends, or set breakLock=true if it is gone");
            }
        }
        numbers(10, 12).mode("append").save(target.toString());
        assertThat(npyLongs(target)).hasSize(12).startsWith(10, 1, 2);
    }

    @Test
    void aLeaseThatEndedLetsOthersReplaceTheTarget() throws Exception {
        Path target = directory.resolve("x.npy");
        numbers(0, 10).save(target.toString());
        try (LockHolder holder = LockHolder.of(target)) {
            suspend(holder, target);
            numbers(20, 22).mode("overwrite").save(target.toString());
            assertThat(npyLongs(target)).containsExactly(20, 21);
        }
        assertThat(names(directory)).containsExactly("x.npy");
    }
}
