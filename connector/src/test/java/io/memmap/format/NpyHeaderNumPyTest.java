package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.array.NumPy;
import io.memmap.dtype.DType;
import io.memmap.dtype.DTypeTree;
import io.memmap.dtype.Literal;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.SubArrayDType;
import io.memmap.layout.Order;
import io.memmap.layout.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Odd headers, read by the NumPy of this machine and here: what NumPy refuses is refused, and what is read is the same
 * dtype, shape, order and offset, and so the same values. {@code -Dmemmap.seed=…} runs one seed again.
 */
class NpyHeaderNumPyTest {
    private static final int COUNT = 600;

    /** What NumPy reads and is refused here, by the reason. */
    private static final List<Pattern> STRICTER = Stream.of(
                    "does not end in a newline",
                    "the key '.*' again",
                    "its elements have zero bytes",
                    "it has no unit and so no meaning",
                    "expected 1 to 2\\^31-1$",
                    "only the escapes that repr writes",
                    "no half of a surrogate pair",
                    "half a surrogate pair",
                    "a plain decimal integer",
                    "an integer from -2\\^63",
                    "comma-separated fields and shapes",
                    "longdouble",
                    "unknown unit '[a-zA-Z]+/[0-9]+'",
                    "unknown unit '.*μs'",
                    "dtype '(unicode|[^']*[ +][^']*)'.*unknown type",
                    "has descr (\\[]|\\{}|\\('.*', .*\\)), expected a string or a list",
                    "a title of a field without a name",
                    "lengths of 1 or more",
                    "the shape .*, expected an integer",
                    "no field with a name",
                    "bracket 33",
                    "found a tuple of [0-9]+, expected [(]dtype, shape[)]",
                    "expected (a string|',' or '.'|':'|the end of the text|a closing).*$")
            .map(Pattern::compile)
            .toList();

    @TempDir
    static Path directory;

    @TestFactory
    Stream<DynamicTest> readsWhatNumPyReads() throws IOException, InterruptedException {
        int seed = Integer.getInteger("memmap.seed", ThreadLocalRandom.current().nextInt(1_000_000_000));
        int count = Integer.getInteger("memmap.count", COUNT);
        String script;
        try (InputStream in = getClass().getResourceAsStream("odd_headers.py")) {
            script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String verdicts = NumPy.run(directory, "SEED, COUNT = " + seed + ", " + count + "\n" + script);
        return verdicts.lines().map(line -> {
            Map<?, ?> numPy = (Map<?, ?>) Literal.parseJson(line);
            return DynamicTest.dynamicTest("seed " + seed + ", " + numPy.get("file"), () -> check(numPy));
        });
    }

    /** NumPy loads each header that is written here, and saves the same bytes. */
    @Test
    void writesWhatNumPyWrites() throws IOException, InterruptedException {
        int seed = Integer.getInteger("memmap.seed", ThreadLocalRandom.current().nextInt(1_000_000_000));
        Random random = new Random(seed);
        for (int i = 0; i < COUNT / 3; i++) {
            DType dtype = record(random, 0);
            Order order = random.nextBoolean() ? Order.C : Order.F;
            byte[] header = NpyHeader.write(dtype, Shape.of(2, 3), order);
            Files.write(
                    directory.resolve("written-" + i + ".npy"),
                    Arrays.copyOf(header, header.length + 6 * dtype.itemsize()));
        }
        String different = NumPy.run(
                directory,
                """
                import io, pathlib, warnings
                warnings.simplefilter("ignore")
                for path in sorted(pathlib.Path(".").glob("written-*.npy")):
                    saved = io.BytesIO()
                    np.save(saved, np.load(path))
                    if saved.getvalue() != path.read_bytes():
                        print(ascii(path.read_bytes()[:400]), "but NumPy", ascii(saved.getvalue()[:400]))
                """);
        assertThat(different).as("seed %d", seed).isEmpty();
    }

    private static RecordDType record(Random random, int depth) {
        List<RecordDType.Field> fields = new ArrayList<>();
        int end = 0;
        for (int i = random.nextInt(4); i >= 0; i--) {
            DType dtype = depth < 3 && random.nextInt(5) == 0 ? record(random, depth + 1) : DType.parse("<i2");
            if (random.nextInt(4) == 0) {
                dtype = new SubArrayDType(dtype, List.of(1 + random.nextInt(3), 2));
            }
            int offset = end + (random.nextInt(4) == 0 ? 3 : 0);
            fields.add(new RecordDType.Field(
                    i + name(random), random.nextInt(9) == 0 ? i + "t" + name(random) : null, dtype, offset));
            end = fields.get(fields.size() - 1).end();
        }
        return new RecordDType(fields, end);
    }

    /** Of characters whose kind is the same in every Unicode since 13, which Java 17 knows. */
    private static String name(Random random) {
        int[] ranges = {
            0, 0x377, 0x2000, 0x2050, 0x3000, 0x3020, 0xD7F0, 0xD7FF, 0xE000, 0xE010, 0xFDD0, 0xFDEF, 0xFFF0, 0xFFFF,
            0x1F600, 0x1F610, 0xE0001, 0xE007F, 0x10FFF0, 0x10FFFF
        };
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int range = 2 * random.nextInt(ranges.length / 2);
            name.appendCodePoint(ranges[range] + random.nextInt(ranges[range + 1] - ranges[range] + 1));
        }
        return name.toString();
    }

    private static void check(Map<?, ?> numPy) throws IOException {
        byte[] file = Files.readAllBytes(directory.resolve((String) numPy.get("file")));
        String text = Literal.quote(new String(file, 0, Math.min(file.length, 400), StandardCharsets.ISO_8859_1));
        NpyHeader header;
        try {
            header = NpyBytes.read(file);
        } catch (NpyFormatException e) {
            if (!numPy.containsKey("error")) {
                assertThat(STRICTER).as("%s; NumPy reads %s", text, numPy).anySatisfy(reason -> assertThat(e)
                        .hasMessageFindingMatch(reason.pattern()));
            }
            return;
        }
        assertThat(numPy.get("error")).as(text).isNull();
        assertThat(header.shape()).as(text).hasToString((String) numPy.get("shape"));
        assertThat((long) header.dataOffset()).as(text).isEqualTo(numPy.get("offset"));
        if (!numPy.get("order").equals("")) {
            assertThat(header.order()).as(text).hasToString((String) numPy.get("order"));
        }
        String dtype = (String) numPy.get("dtype");
        if (!dtype.matches("(?s).*[ {]@[0-9]+ .*")) {
            // A field without a name has one here.
            assertThat(DTypeTree.of(header.dtype())).as(text).isEqualTo(dtype);
        }
    }
}
