package io.memmap.benchmark;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** All contenders, in the order of the table; those that this machine lacks are left out, and it is said why. */
final class Contenders {
    private static final Map<String, String> NOTHING_PUSHED = Map.of("pushAggregates", "false", "pushFilters", "false");

    private Contenders() {}

    /** Opens a contender. */
    private interface Opener {
        Contender open() throws IOException, SQLException;
    }

    static List<Contender> open(Arguments arguments, SparkSession spark) throws IOException {
        Map<String, Opener> openers = new LinkedHashMap<>();
        openers.put("memmap", () -> SparkContender.memmap(spark));
        openers.put("scalar", () -> SparkChild.start("scalar", "vectors off", "-Dmemmap.vectors=false"));
        openers.put("always", () -> SparkChild.start("always", "vectors always", "-Dmemmap.vectors=always"));
        openers.put("unpushed", () -> SparkContender.memmap(spark, "unpushed", "nothing pushed", NOTHING_PUSHED));
        openers.put("read", () -> SparkContender.memmap(spark, "read", "access=read", Map.of("access", "read")));
        openers.put("parquet", () -> SparkContender.parquet(spark, "parquet", "uncompressed"));
        openers.put("snappy", () -> SparkContender.parquet(spark, "snappy", "snappy"));
        openers.put("orc", () -> SparkContender.orc(spark));
        openers.put("binaryRecords", () -> new BinaryRecordsContender(spark));
        openers.put("java", MappedLoop::start);
        openers.put("blocks", () -> ChildContender.vectorLoop("blocks"));
        openers.put("straight", () -> ChildContender.vectorLoop("straight"));
        openers.put("numpy", () -> ChildContender.arrays("numpy", arguments.python()));
        openers.put("dask", () -> ChildContender.arrays("dask", arguments.python()));
        openers.put("duckdb", DuckDbContender::connect);
        openers.put("polars", () -> ChildContender.polars(arguments.node(), arguments.polars()));

        List<Contender> opened = new ArrayList<>();
        for (int i = 0; i < arguments.jars().size(); i++) {
            opened.add(SparkChild.ofJar(i, arguments.jars().get(i)));
        }
        openers.forEach((name, opener) -> {
            if (arguments.contenders().contains(name)) {
                try {
                    opened.add(opener.open());
                } catch (IOException | SQLException e) {
                    System.out.println("without " + name + ": " + e.getMessage());
                }
            }
        });
        return opened;
    }
}
