package io.memmap.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Takes locks in a JVM whose hard links do not work, and prints what came of it. Argument: an empty directory. */
public final class LockNames {
    public static final String WINNERS = "winners ";
    public static final String PUT_BACK = "put back ";
    public static final String TAKEN = "taken ";

    private static final int CONTENDERS = 3;
    private static final int ROUNDS = 300;

    private LockNames() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        LockFile file = new LockFile(directory.resolve(".x.npy.lock"));
        System.out.println(WINNERS + winners(file));
        System.out.println(PUT_BACK + putBack(file));
        String target = directory.resolve("x.npy").toString();
        TargetLock lock = TargetLock.take(new LocalStorage(), target, "a test", false);
        lock.checkHeld(target);
        System.out.println(TAKEN + Files.readString(file.path()).contains("\"owner\": \"a test\""));
        lock.release();
    }

    /** The most and the fewest of contenders that got the name in a round. */
    private static String winners(LockFile file) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CONTENDERS);
        CyclicBarrier start = new CyclicBarrier(CONTENDERS);
        int most = 0;
        int fewest = CONTENDERS;
        for (int round = 0; round < ROUNDS; round++) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < CONTENDERS; i++) {
                all.add(threads.submit(() -> {
                    Path own = file.inProgress();
                    LockFile.create(own, new byte[] {'{', '}'}).close();
                    start.await();
                    boolean named = file.nameIs(own);
                    Files.deleteIfExists(own);
                    return named;
                }));
            }
            int winners = 0;
            for (Future<Boolean> each : all) {
                winners += each.get() ? 1 : 0;
            }
            most = Math.max(most, winners);
            fewest = Math.min(fewest, winners);
            Files.delete(file.path());
        }
        threads.shutdown();
        return fewest + " to " + most;
    }

    /** Whether a lock is there again that was removed in place of another one. */
    private static boolean putBack(LockFile file) throws IOException {
        try (FileChannel channel = LockFile.create(file.path(), new byte[] {'{', '}'})) {
            Object key = file.attributes().fileKey();
            file.remove("another key");
            return channel.isOpen()
                    && Files.exists(file.path())
                    && file.attributes().fileKey().equals(key);
        } catch (IOException e) {
            return false;
        } finally {
            Files.deleteIfExists(file.path());
        }
    }
}
