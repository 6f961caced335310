package io.memmap.format;

import static io.memmap.format.NaturalOrder.NATURAL_ORDER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {

    @Test
    void ordersDigitsByTheirValue() {
        assertOrdered("2.npy", "10.npy");
        assertOrdered("part-9", "part-10", "part-11");
        assertOrdered("a1b2", "a1b10", "a2b1");
        assertOrdered("1", "1a", "2");
    }

    @Test
    void ordersNumbersBeyondALong() {
        String nines = "9".repeat(40);
        assertOrdered("x" + nines, "x1" + "0".repeat(40), "x2" + "0".repeat(40));
    }

    @Test
    void ordersDatesAndZeroPaddedNamesAsTheyRead() {
        assertOrdered("2023-01-09", "2023-01-10", "2023-02-01", "2024-01-01");
        assertOrdered("part-000009-x", "part-000010-x", "part-1000000-x");
    }

    @Test
    void ordersFewerLeadingZerosFirstWhereTheRestIsEqual() {
        assertOrdered("1", "01", "001", "2");
        assertOrdered("a1-01", "a01-1", "a01-01", "a01-2");
        assertOrdered("0", "00", "000", "1");
    }

    @Test
    void ordersAllElseByItsCodeUnits() {
        assertOrdered("", "A", "B", "a", "aa", "b", "é");
        assertOrdered("a-1", "a.1", "a1", "aB");
        assertThat(NATURAL_ORDER.compare("٣", "10"))
                .as("digits of other scripts are letters")
                .isPositive();
    }

    @Test
    void isATotalOrderConsistentWithEquals() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                names.add(name(random));
            }
            for (String a : names) {
                for (String b : names) {
                    int ab = Integer.signum(NATURAL_ORDER.compare(a, b));
                    assertThat(ab)
                            .as("seed %d: %s, %s turned round", seed, a, b)
                            .isEqualTo(-Integer.signum(NATURAL_ORDER.compare(b, a)));
                    assertThat(ab == 0).as("seed %d: %s equals %s", seed, a, b).isEqualTo(a.equals(b));
                    for (String c : names) {
                        if (ab < 0 && NATURAL_ORDER.compare(b, c) < 0 && NATURAL_ORDER.compare(a, c) >= 0) {
                            throw new AssertionError(
                                    "seed " + seed + ": " + a + " < " + b + " < " + c + ", but not " + a + " < " + c);
                        }
                    }
                }
            }
        }
    }

    private static String name(Random random) {
        String letters = "00129a-";
        StringBuilder name = new StringBuilder();
        for (int length = random.nextInt(7); length > 0; length--) {
            name.append(letters.charAt(random.nextInt(letters.length())));
        }
        return name.toString();
    }

    private static void assertOrdered(String... expected) {
        List<String> shuffled = new ArrayList<>(List.of(expected));
        Collections.shuffle(shuffled, new Random(expected.length));
        shuffled.sort(NATURAL_ORDER);
        assertThat(shuffled).containsExactly(expected);
    }
}
