package io.memmap.it;

import java.io.IOException;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every dtype, byte order, order, rank, offset and .npy version shows in Spark exactly what NumPy holds. The files and
 * the expected rows are in {@code golden/}, beside {@code make_golden.py} that wrote them.
 */
class GoldenTest {

    @TestFactory
    Stream<DynamicTest> showsWhatNumpyWrote() throws IOException {
        SparkSession session = GoldenCase.session();
        return GoldenCase.readAll(ResourceFile.of("golden")).stream().flatMap(golden -> golden.tests(session));
    }
}
