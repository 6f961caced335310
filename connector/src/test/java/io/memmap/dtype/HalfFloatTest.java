package io.memmap.dtype;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfFloatTest {
    private static final int PATTERNS = 1 << 16;

    @Test
    void widensEveryPatternAsNumPyDoes() throws Exception {
        ByteBuffer floats = ByteBuffer.allocate(4 * PATTERNS);
        for (int half = 0; half < PATTERNS; half++) {
            floats.putInt(Float.floatToRawIntBits(HalfFloat.toFloat((short) half)));
        }
        assertThat("floats " + sha256(floats)).isEqualTo(golden().get(0));
    }

    @Test
    void narrowsEveryWidenedPatternAsNumPyDoes() throws Exception {
        ByteBuffer halves = ByteBuffer.allocate(2 * PATTERNS);
        for (int half = 0; half < PATTERNS; half++) {
            float value = HalfFloat.toFloat((short) half);
            short back = HalfFloat.ofDouble(value);
            // Java itself makes a signalling NaN quiet when it widens.
            boolean quieted = Float.isNaN(value) && back == (short) (half | 0x200);
            halves.putShort(quieted ? (short) half : back);
        }
        assertThat("back " + sha256(halves)).isEqualTo(golden().get(1));
    }

    @Test
    void narrowsDoublesAsNumPyDoes() throws IOException {
        List<String> lines = golden();
        assertThat(lines).hasSizeGreaterThan(900);
        for (String line : lines.subList(2, lines.size())) {
            long bits = Long.parseUnsignedLong(line.substring(0, 16), 16);
            short half = HalfFloat.ofDouble(Double.longBitsToDouble(bits));
            assertThat(line.substring(0, 17) + HexFormat.of().toHexDigits(half)).isEqualTo(line);
        }
    }

    @Test
    void roundsBetweenAnyTwoNeighboursToTheNearestAndTiesToEven() {
        for (int half = 0; half < 0x7bff; half++) {
            double low = HalfFloat.toFloat((short) half);
            double middle = (low + HalfFloat.toFloat((short) (half + 1))) / 2;
            int even = half + (half & 1);
            assertThat(HalfFloat.ofDouble(Math.nextDown(middle))).isEqualTo((short) half);
            assertThat(HalfFloat.ofDouble(middle)).isEqualTo((short) even);
            assertThat(HalfFloat.ofDouble(Math.nextUp(middle))).isEqualTo((short) (half + 1));
            assertThat(HalfFloat.ofDouble(-middle)).isEqualTo((short) (0x8000 | even));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.0, 0000",
        "-0.0, 8000",
        "1.0, 3c00",
        "-2.0, c000",
        "65504, 7bff",
        "65519.999999999, 7bff",
        "65520, 7c00",
        "1e300, 7c00",
        "-1e300, fc00",
        "Infinity, 7c00",
        "-Infinity, fc00",
        "6.103515625e-05, 0400",
        "5.9604644775390625e-08, 0001",
        "2.98023223876953125e-08, 0000",
        "2.9802322387695316e-08, 0001",
        "4.9e-324, 0000",
        "-4.9e-324, 8000"
    })
    void narrowsTheCornersOfItsRange(double value, String half) {
        assertThat(HexFormat.of().toHexDigits(HalfFloat.ofDouble(value))).isEqualTo(half);
    }

    @Test
    void roundsADoubleOnlyOnce() {
        double justAboveATie = 1 + 0x1p-11 + 0x1p-40;
        assertThat(HalfFloat.ofDouble(justAboveATie)).isEqualTo((short) 0x3c01);
        assertThat(HalfFloat.ofDouble((float) justAboveATie)).isEqualTo((short) 0x3c00);
    }

    @Test
    void keepsANaNWhosePayloadIsCutOff() {
        assertThat(HalfFloat.ofDouble(Double.longBitsToDouble(0x7ff0000000000001L)))
                .isEqualTo((short) 0x7c01);
        assertThat(HalfFloat.ofDouble(Double.NaN)).isEqualTo((short) 0x7e00);
        assertThat(HalfFloat.bfloatOf(Float.intBitsToFloat(0xff800001))).isEqualTo((short) 0xffc0);
    }

    @Test
    void bfloatsComeBackFromFloats() {
        for (int bfloat = 0; bfloat < PATTERNS; bfloat++) {
            float value = HalfFloat.bfloatToFloat((short) bfloat);
            int quiet = Float.isNaN(value) ? bfloat | 0x40 : bfloat;
            assertThat(HalfFloat.bfloatOf(value)).isEqualTo((short) quiet);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "3f800000, 3f80",
        "3f807fff, 3f80",
        "3f808000, 3f80",
        "3f808001, 3f81",
        "3f818000, 3f82",
        "7f7f7fff, 7f7f",
        "7f7f8000, 7f80",
        "ff7fffff, ff80",
        "80000000, 8000",
        "00008000, 0000",
        "00008001, 0001",
        "80018000, 8002"
    })
    void roundsFloatsToTheNearestBfloatAndTiesToEven(String bits, String bfloat) {
        float value = Float.intBitsToFloat(HexFormat.fromHexDigits(bits));
        assertThat(HexFormat.of().toHexDigits(HalfFloat.bfloatOf(value))).isEqualTo(bfloat);
    }

    private static List<String> golden() throws IOException {
        try (InputStream in = HalfFloatTest.class.getResourceAsStream("half_float.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
    }

    private static String sha256(ByteBuffer bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    }
}
