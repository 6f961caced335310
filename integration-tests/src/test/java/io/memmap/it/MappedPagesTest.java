package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of a file a task maps, as the system lists it. */
class MappedPagesTest {
    private static final long LARGEST_PAGE_NBYTES = 64 << 10;

    /** Pages of each file that this process maps while a row of it is in Spark's hands. */
    private static final Queue<Long> MAPPED_NBYTES = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    @Test
    void mapsAPageForOneRowAndNothingAfterwards() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/maps")), "maps are looked up in /proc");
        Path large = Npy.doubles(
                directory.resolve("large.npy"),
                LongStream.range(0, 1 << 20).mapToDouble(i -> i).toArray());
        String name = large.toString();
        MAPPED_NBYTES.clear();
        ForeachPartitionFunction<Row> look = rows -> {
            List<Double> values = new ArrayList<>();
            while (rows.hasNext()) {
                values.add(rows.next().getDouble(0));
                MAPPED_NBYTES.add(mappedNbytes(name));
            }
            assertThat(values).containsExactly(12.0);
        };
        SharedSpark.session()
                .read()
                .format("memmap")
                .option("access", "map")
                .load(name)
                .where("_row = 12")
                .foreachPartition(look);
        assertThat(MAPPED_NBYTES)
                .singleElement()
                .satisfies(nbytes -> assertThat(nbytes).isPositive().isLessThanOrEqualTo(LARGEST_PAGE_NBYTES));
        assertThat(mappedNbytes(name)).as("mapped after the query").isZero();
    }

    private static long mappedNbytes(String file) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.endsWith(" " + file))
                .mapToLong(MappedPagesTest::nbytes)
                .sum();
    }

    private static long nbytes(String line) {
        int dash = line.indexOf('-');
        return Long.parseUnsignedLong(line.substring(dash + 1, line.indexOf(' ')), 16)
                - Long.parseUnsignedLong(line.substring(0, dash), 16);
    }
}
