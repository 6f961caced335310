package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The IDX files of a directory, below {@code -Dmemmap.samples=DIRECTORY}, sum up to what NumPy adds up. {@code
 * simple-containers/fetch_samples.sh DIRECTORY} fetches MNIST's.
 */
class RealContainersTest {
    private static final String SUM = "import sys, numpy as np; f = open(sys.argv[1], 'rb').read();"
            + " print(np.frombuffer(f, 'u1', offset=4 + 4 * f[3]).sum(dtype='i8'))";

    @TempDir
    static Path directory;

    @TestFactory
    Stream<DynamicTest> sumsUpAsNumpyDoes() throws IOException, InterruptedException {
        String samples = System.getProperty("memmap.samples");
        assumeTrue(samples != null, "-Dmemmap.samples=DIRECTORY is not set, so there are no real files");
        Python.assumeNumpy(directory);
        List<Path> files;
        try (Stream<Path> found = Files.walk(Path.of(samples))) {
            files = found.filter(file -> file.getFileName().toString().matches(".*-idx\\d-ubyte"))
                    .sorted()
                    .toList();
        }
        assertThat(files).as("IDX files below %s", samples).isNotEmpty();
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> assertSum(file)));
    }

    private static void assertSum(Path file) throws IOException, InterruptedException {
        SparkSession spark = SharedSpark.session();
        Python.Outcome numpy = Python.run(directory, "-c", SUM, file.toString());
        assertThat(spark.read()
                        .format("memmap")
                        .option("layout", "elements")
                        .load(file.toString())
                        .selectExpr("sum(value)")
                        .first()
                        .get(0)
                        .toString())
                .isEqualTo(numpy.output().strip());
    }
}
