package io.memmap.spark;

import io.memmap.format.ArrayFile;
import io.memmap.format.ShardedArray;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.read.DescribedTable;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Storage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.catalog.TableCatalog;

/** The properties of a table that {@code DESCRIBE} shows, as its files say them. Driver side. */
final class ShownProperties {
    private static final int SHOWN_FILES = 3;

    private ShownProperties() {}

    static Map<String, String> of(DescribedTable described, Map<String, String> options) throws IOException {
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put(TableCatalog.PROP_PROVIDER, "memmap");
        SessionSettings session = SessionSettings.active();
        HadoopSettings hadoop = session.hadoop(session.options(options).hadoop());
        shown.put(TableCatalog.PROP_LOCATION, Storage.absolute(options.get("path"), hadoop));
        // Its files are not the catalog's, which else calls it MANAGED.
        shown.put(TableCatalog.PROP_EXTERNAL, "true");
        if (!described.arrays().isSideBySide()) {
            shown.put(
                    OptionKey.LAYOUT.name(), described.options().layout().name().toLowerCase(Locale.ROOT));
        }
        List<String> columns = described.arrays().names();
        for (int i = 0; i < described.arrays().arrays().size(); i++) {
            String ofColumn = columns.isEmpty() ? "" : " of " + columns.get(i);
            show(described.arrays().arrays().get(i), ofColumn, shown);
        }
        if (described.partitionCount() > 0) {
            // Only the headers of the first partition are read.
            shown.remove("shape");
            shown.remove("nbytes");
            shown.put("partitions", Integer.toString(described.partitionCount()));
        }
        return shown;
    }

    private static void show(ShardedArray array, String ofColumn, Map<String, String> shown) {
        ArrayFile first = array.first();
        int count = array.shards().size();
        String files =
                array.shards().stream().limit(SHOWN_FILES).map(ArrayFile::path).collect(Collectors.joining(", "));
        long nbytes = array.shards().stream()
                .mapToLong(file -> file.layout().nbytes())
                .sum();
        shown.put("container" + ofColumn, first.origin().format());
        if (!first.origin().member().isEmpty()) {
            shown.put("member" + ofColumn, first.origin().member());
        }
        shown.put("dtype" + ofColumn, first.layout().dtype().toString());
        shown.put("shape" + ofColumn, array.shape().toString());
        shown.put("nbytes" + ofColumn, Long.toString(nbytes));
        shown.put("order" + ofColumn, first.layout().order().toString());
        shown.put("offset" + ofColumn, Long.toString(first.layout().offset()));
        shown.put("files" + ofColumn, files + (count > SHOWN_FILES ? " and " + (count - SHOWN_FILES) + " more" : ""));
        if (array.ignoredFiles() > 0) {
            shown.put("ignoredFiles" + ofColumn, Integer.toString(array.ignoredFiles()));
        }
    }
}
