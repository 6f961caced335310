package io.memmap.it;

import io.memmap.spark.MemmapDataSource;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.catalog.DelegatingCatalogExtension;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;

/** Another's session catalog: it makes tables without telling their names, and lists a database that it cannot open. */
public final class OddSessionCatalog extends DelegatingCatalogExtension {

    @Override
    @SuppressWarnings("deprecation") // what replaces schema() is not in Spark 3.5
    public Table loadTable(Identifier table) throws NoSuchTableException {
        Table found = super.loadTable(table);
        return found.properties().getOrDefault("provider", "").equals("memmap")
                ? new MemmapDataSource().getTable(found.schema(), found.partitioning(), found.properties())
                : found;
    }

    @Override
    public String[][] listNamespaces() throws NoSuchNamespaceException {
        return Stream.concat(
                        Stream.<String[]>of(new String[] {"a_lost_database"}), Arrays.stream(super.listNamespaces()))
                .toArray(String[][]::new);
    }
}
