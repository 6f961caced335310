package io.memmap.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Tables of Spark's own catalog, which Spark 4 loads without telling their names. Driver side. */
final class SessionTables {

    private SessionTables() {}

    /** The names of the tables over an array. */
    static List<String> at(SparkSession session, String path) {
        List<String> names = new ArrayList<>();
        for (Row database : session.sql("SHOW DATABASES IN spark_catalog").collectAsList()) {
            String namespace = "spark_catalog." + quoted(database.getString(0));
            for (Row table : session.sql("SHOW TABLE EXTENDED IN " + namespace + " LIKE '*'")
                    .collectAsList()) {
                List<String> lines = table.getString(3).lines().toList();
                boolean ours = lines.stream().anyMatch("Provider: memmap"::equalsIgnoreCase);
                if (ours && lines.contains("Location: " + path)) {
                    names.add(namespace + "." + quoted(table.getString(1)));
                }
            }
        }
        return names;
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
