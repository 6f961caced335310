package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Crc32Test {

    private static int sum(byte[] bytes) {
        java.util.zip.CRC32 sum = new java.util.zip.CRC32();
        sum.update(bytes);
        return (int) sum.getValue();
    }

    @Test
    void partsJoinToTheWhole() {
        Random random = new Random(17);
        for (int run = 0; run < 500; run++) {
            byte[] bytes = new byte[random.nextInt(3000)];
            random.nextBytes(bytes);
            int one = random.nextInt(bytes.length + 1);
            int two = one + random.nextInt(bytes.length - one + 1);
            Crc32 joined = Crc32.of(Arrays.copyOf(bytes, one))
                    .then(Crc32.of(Arrays.copyOfRange(bytes, one, two)))
                    .then(Crc32.of(Arrays.copyOfRange(bytes, two, bytes.length)));
            assertThat(joined).as("%d %d of %d", one, two, bytes.length).isEqualTo(new Crc32(sum(bytes), bytes.length));
        }
    }

    @Test
    void nothingChangesNothing() {
        Crc32 some = Crc32.of(new byte[] {1, 2, 3});
        assertThat(some.then(Crc32.EMPTY)).isEqualTo(some);
        assertThat(Crc32.EMPTY.then(some)).isEqualTo(some);
    }

    /** zlib's own answer, by {@code zlib.crc32} of Python over 4 GiB and one byte of zeros. */
    @Test
    void lengthsAbove32BitsJoin() {
        Crc32 zeros = Crc32.of(new byte[1 << 20]);
        for (int doubled = 20; doubled < 32; doubled++) {
            zeros = zeros.then(zeros);
        }
        assertThat(zeros.nbytes()).isEqualTo(1L << 32);
        assertThat(Integer.toUnsignedString(zeros.then(Crc32.of(new byte[1])).value(), 16))
                .isEqualTo("41d912ff");
    }
}
