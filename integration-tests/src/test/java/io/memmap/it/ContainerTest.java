package io.memmap.it;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every member of a container shows in Spark exactly what NumPy holds. The files and the expected rows are in {@code
 * containers/}, beside {@code make_containers.py} that wrote them. Deflated members cannot be mapped.
 */
class ContainerTest {

    @TestFactory
    Stream<DynamicTest> showsWhatNumpyWrote() throws IOException {
        SparkSession session = GoldenCase.session();
        return GoldenCase.readAll(ResourceFile.of("containers")).stream().flatMap(golden -> {
            boolean deflated =
                    golden.name().startsWith("deflated") || golden.name().endsWith("#packed");
            return golden.tests(session, deflated ? List.of("auto", "read") : List.of("auto", "read", "map"));
        });
    }
}
