package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** A mapped column that is cut while it is read, beside a column that is small and so not mapped. */
class CutColumnTest {
    private static final int ROWS = 65_000;
    /** The file that is to be cut; null once it was. */
    /** By their paths: a task of the query before may still run, and must not take the file of this one. */
    private static final Set<String> UNCUT = ConcurrentHashMap.newKeySet();

    @TempDir
    private Path directory;

    private static byte cutOnce(String file, byte value) throws IOException {
        if (UNCUT.remove(file)) {
            try (FileChannel channel = FileChannel.open(Path.of(file), StandardOpenOption.WRITE)) {
                channel.truncate(128);
            }
        }
        return value;
    }

    /** On Java 17 the fault comes late, when the small column is looked at. It must not reach Spark, which it would end. */
    @RepeatedTest(10)
    void theQueryFailsAndSparkGoesOn() throws IOException {
        Path large = Npy.of("'<f8'", "(" + ROWS + ", 16)").write(directory.resolve("a.npy"), new byte[128 * ROWS]);
        Path small = Npy.of("'|i1'", "(" + ROWS + ",)").write(directory.resolve("b.npy"), new byte[ROWS]);
        SparkSession spark = SharedSpark.session().newSession();
        String cut = large.toString();
        spark.udf().register("cut_once", (UDF1<Byte, Byte>) value -> cutOnce(cut, value), DataTypes.ByteType);
        UNCUT.add(cut);
        assertThatThrownBy(() -> spark.read()
                        .format("memmap")
                        .option("access", "map")
                        .option("columnPaths", "{'a': '" + large + "', 'b': '" + small + "'}")
                        .load()
                        .selectExpr("cut_once(b) AS b", "a[15] AS a")
                        .where("b + a >= 0")
                        .selectExpr("sum(b)", "max(a)")
                        .collectAsList())
                .hasStackTraceContaining("Cannot read file:" + large + ": ");
    }
}
