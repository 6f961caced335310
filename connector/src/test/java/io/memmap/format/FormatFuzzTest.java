package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.memmap.format.Reading.TrailingBytes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged headers are described or refused with an IOException that names the file, whatever their bytes, without much
 * memory or time. {@code -Dmemmap.fuzz=10000000} sets the number of mutations of each format, {@code -Dmemmap.seed=…} the first of
 * their seeds, which a failure names.
 */
class FormatFuzzTest {
    private static final int MUTATIONS = Integer.getInteger("memmap.fuzz", 12_500);
    private static final long SEED = Long.getLong("memmap.seed", 17);
    private static final long MAX_NBYTES = 64L << 20;
    private static final long MAX_NANOS = 1_000_000_000;
    private static final long[] EDGES = {
        0, 1, -1, 127, 128, 255, 1L << 31, (1L << 31) - 1, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE
    };

    /** Names of files, of which the first is described, and their bytes before any mutation. */
    static List<Arguments> files() {
        byte[] mapped = NpyBytes.bytes("MMIDIDX\0\0");
        byte[] fairseq = Folder.bytes(mapped, 1L, (byte) 7, 3L, 2, 0, 3, 0L, 16L, 16L);
        byte[] megatron = Folder.bytes(mapped, 1L, (byte) 8, 2L, 2L, 2, 3, 0L, 4L, 0L, 2L);
        byte[] cached = Folder.bytes(NpyBytes.bytes("TNTIDX\0\0"), 1L, 4L, 4L, 2L, 2L, 0L, 1L, 2L, 0L, 2L, 5L, 2L, 3L);
        byte[] idx = Folder.bytes(java.nio.ByteOrder.BIG_ENDIAN, 0x0B02, 2, 3, new byte[12]);
        List<Arguments> files = new ArrayList<>();
        files.add(arguments("x-idx2-short", idx));
        files.add(arguments("x.bin", Arrays.copyOf(Folder.bytes(20240520, 1, 3), 1030)));
        files.add(arguments("x.idx", fairseq, "x.bin", new byte[40]));
        files.add(arguments("x.bin", new byte[10], "x.idx", megatron));
        files.add(arguments("x.idx", cached, "x.bin", new byte[20]));
        files.add(arguments(
                "x.ds",
                new byte[10],
                "x.ds.metadata",
                NpyBytes.bytes("gpt2|2\n5\n5"),
                "x.ds.index",
                Folder.bytes(2L, 5L),
                "x.ds.loss",
                new byte[5]));
        files.add(arguments("x.ibin", Folder.bytes(2, 3, new byte[48])));
        files.add(arguments("x.fvecs", Folder.bytes(2, 0L, 2, 0L, 2, 0L)));
        return files;
    }

    private static Arguments arguments(Object... namesAndBytes) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < namesAndBytes.length; i += 2) {
            files.put((String) namesAndBytes[i], (byte[]) namesAndBytes[i + 1]);
        }
        return Arguments.of(String.join(" ", files.keySet()), files);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    @Timeout(3600)
    void refusesOrDescribesAnyBytes(String names, Map<String, byte[]> files) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int described = 0;
        for (long seed = SEED; seed < SEED + MUTATIONS; seed++) {
            Random random = new Random(seed);
            Folder folder = new Folder();
            files.forEach((name, bytes) -> folder.with(name, mutated(bytes, random)));
            long before = threads.getCurrentThreadAllocatedBytes();
            long started = threads.getCurrentThreadCpuTime();
            described += isDescribed(folder, files.keySet().iterator().next(), random, seed) ? 1 : 0;
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated by seed %d of %s", seed, names)
                    .isLessThan(MAX_NBYTES);
            assertThat(threads.getCurrentThreadCpuTime() - started)
                    .as("nanoseconds that seed %d of %s ran on a processor", seed, names)
                    .isLessThan(MAX_NANOS);
        }
        assertThat(described).as("files that were described").isBetween(MUTATIONS / 1000, MUTATIONS - MUTATIONS / 1000);
    }

    private static boolean isDescribed(Folder folder, String name, Random random, long seed) {
        String[] members = {null, null, "tokens", "sizes", "pointers", "documents", "ends", "loss", "ids", "distances"};
        TrailingBytes trailing = TrailingBytes.values()[random.nextInt(TrailingBytes.values().length)];
        Sequences.Rows rows = random.nextInt(4) > 0
                ? Sequences.Rows.ELEMENTS
                : Sequences.Rows.values()[random.nextInt(Sequences.Rows.values().length)];
        String member = members[random.nextInt(members.length)];
        try {
            ArrayFile file = folder.describe(
                    name,
                    new Reading(
                            Folder.NOTHING,
                            null,
                            trailing,
                            true,
                            NpyHeader.MAX_TEXT_NBYTES,
                            member,
                            rows,
                            ArrayFormats.builtIn()));
            assertThat(file.layout().end())
                    .as("end of %s of seed %d", file, seed)
                    .isLessThanOrEqualTo(file.fingerprint().nbytes());
            return true;
        } catch (IOException e) {
            assertThat(e.getMessage())
                    .as("seed %d", seed)
                    .startsWith("Cannot read ")
                    .contains("/d/x");
            return false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + " of " + name, e);
        }
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] mutated =
                random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 9)) : bytes.clone();
        for (int i = random.nextInt(4); i > 0 && mutated.length > 0; i--) {
            int at = random.nextInt(Math.min(mutated.length, 96));
            if (random.nextBoolean()) {
                mutated[at] = (byte) random.nextInt();
            } else {
                long edge = EDGES[random.nextInt(EDGES.length)];
                for (int j = at; j < Math.min(at + 8, mutated.length); j++, edge >>= 8) {
                    mutated[j] = (byte) edge;
                }
            }
        }
        return mutated;
    }
}
