package io.memmap.spark;

import io.memmap.spark.options.ColumnNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of Spark's own catalog, which Spark 4 loads without telling their names. Lists the catalog of a session at
 * most once, when it is asked for a name. Driver side; confined to one thread.
 */
final class SessionTables {
    private static final Logger LOG = LoggerFactory.getLogger(SessionTables.class);

    private final Map<SparkSession, List<Found>> listed = new HashMap<>();

    private record Found(String name, String location, boolean manyPaths) {}

    /** The names that the table of a cached plan may have. */
    List<String> names(SparkSession session, MemmapCatalogTable table) {
        return listed.computeIfAbsent(session, SessionTables::list).stream()
                .filter(found -> table.isOfManyPaths() ? found.manyPaths : found.location.equals(table.path()))
                .map(Found::name)
                .toList();
    }

    /** All tables of this source. Leaves out what cannot be listed: it may be another's, or gone by now. */
    private static List<Found> list(SparkSession session) {
        List<Found> tables = new ArrayList<>();
        for (Row database : session.sql("SHOW DATABASES IN spark_catalog").collectAsList()) {
            String namespace = "spark_catalog." + ColumnNames.quoted(database.getString(0));
            try {
                for (Row table : session.sql("SHOW TABLE EXTENDED IN " + namespace + " LIKE '*'")
                        .collectAsList()) {
                    found(namespace + "." + ColumnNames.quoted(table.getString(1)), table.getString(3))
                            .ifPresent(tables::add);
                }
            } catch (Exception e) {
                // Spark throws checked exceptions undeclared.
                LOG.warn("Cannot list the tables of {}: {}", namespace, e.getMessage());
            }
        }
        return tables;
    }

    private static Optional<Found> found(String name, String description) {
        List<String> lines = description.lines().toList();
        boolean ours =
                value(lines, "Provider").filter(MemmapDataSource::isNamed).isPresent();
        boolean manyPaths = value(lines, "Table Properties")
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .contains("paths=");
        return ours ? Optional.of(new Found(name, value(lines, "Location").orElse(""), manyPaths)) : Optional.empty();
    }

    private static Optional<String> value(List<String> lines, String key) {
        String start = key + ": ";
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst();
    }
}
