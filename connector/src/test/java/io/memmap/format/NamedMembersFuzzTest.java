package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.memmap.format.Reading.TrailingBytes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged .npz and .safetensors files are described or refused with an IOException that names the file, without much memory
 * or time.
 * {@code -Dmemmap.fuzz=10000000} sets the number of mutations of each, {@code -Dmemmap.seed=…} the first of their seeds, which a
 * failure names.
 */
class NamedMembersFuzzTest {
    private static final int MUTATIONS = Integer.getInteger("memmap.fuzz", 25_000);
    private static final long SEED = Long.getLong("memmap.seed", 17);
    private static final long MAX_NBYTES = 64L << 20;
    private static final long MAX_NANOS = 1_000_000_000;
    private static final long[] EDGES = {0, 1, -1, 46, 0xFFFF, 0x7FFFFFFF, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE};

    static List<Arguments> files() {
        Zip zip = new Zip();
        zip.add("a.npy", Zip.npy("<f4", 3, 2)).localExtra = new byte[20];
        zip.deflated("b.npy", Zip.npy("u1", 5));
        zip.comment = "made by hand";
        byte[] stored = zip.bytes();
        zip.comment = "";
        String header =
                "{\"__metadata__\":{\"k\":\"v\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"U8\",\"shape\":[3,1],\"data_offsets\":[8,11]}}";
        byte[] tensors = Zip.integers(8 + header.length() + 11)
                .putLong(header.length())
                .put(header.getBytes(StandardCharsets.US_ASCII))
                .array();
        return List.of(
                Arguments.of("x.npz", stored),
                Arguments.of("zip64.npz", Zip.withZip64End(zip.bytes())),
                Arguments.of("x.safetensors", tensors),
                Arguments.of("x.bin", tensors));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void refusesOrDescribesAnyBytes(String name, byte[] bytes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int described = 0;
        for (long seed = SEED; seed < SEED + MUTATIONS; seed++) {
            Random random = new Random(seed);
            byte[] mutated = mutated(bytes, random);
            long before = threads.getCurrentThreadAllocatedBytes();
            long started = threads.getCurrentThreadCpuTime();
            described += isDescribed(new InMemory("/d/" + name, mutated), random, seed) ? 1 : 0;
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated by seed %d of %s", seed, name)
                    .isLessThan(MAX_NBYTES);
            assertThat(threads.getCurrentThreadCpuTime() - started)
                    .as("nanoseconds that seed %d of %s ran on a processor", seed, name)
                    .isLessThan(MAX_NANOS);
        }
        assertThat(described).as("files that were described").isBetween(MUTATIONS / 100, MUTATIONS - MUTATIONS / 100);
    }

    private static boolean isDescribed(FormatInput input, Random random, long seed) {
        String[] members = {null, "a", "b", "c"};
        Reading reading = new Reading(
                Reading.of(null).claims(),
                null,
                TrailingBytes.values()[random.nextInt(TrailingBytes.values().length)],
                false,
                NpyHeader.MAX_TEXT_NBYTES,
                members[random.nextInt(members.length)]);
        try {
            ArrayFile file = ArrayDescriber.describe(input, Optional.empty(), Optional.empty(), reading);
            assertThat(file.end())
                    .as("end of %s of seed %d", file, seed)
                    .isLessThanOrEqualTo(file.fingerprint().nbytes());
            return true;
        } catch (IOException e) {
            assertThat(e.getMessage())
                    .as("seed %d", seed)
                    .startsWith("Cannot read ")
                    .contains(input.path());
            return false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + " of " + input.path(), e);
        }
    }

    /** Most of what is described is in the last bytes of a zip archive and in the first of tensors. */
    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] mutated =
                random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 9)) : bytes.clone();
        for (int i = random.nextInt(4); i > 0 && mutated.length > 0; i--) {
            int at = random.nextInt(mutated.length);
            if (random.nextBoolean()) {
                mutated[at] = (byte) random.nextInt();
            } else {
                long edge = EDGES[random.nextInt(EDGES.length)];
                int nbytes = 1 << random.nextInt(4);
                for (int j = at; j < Math.min(at + nbytes, mutated.length); j++, edge >>= 8) {
                    mutated[j] = (byte) edge;
                }
            }
        }
        return mutated;
    }
}
