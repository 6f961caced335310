package io.memmap.spark;

import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.OptionKey;
import io.memmap.spark.options.OptionUse.Operation;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.PathOverlap;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The options of one read or write of a table, which count beside those of the table. Driver side. */
record QueryOptions(Map<String, String> options, Operation operation) {

    /**
     * The options of the table, and these on top. Spark hands over a table's path again where a writer has it.
     *
     * @throws IllegalArgumentException for an option that the operation would ignore, and for another path than the table's
     */
    MemmapOptions on(String table, Map<String, String> properties) throws IOException {
        SessionSettings session = SessionSettings.active();
        MemmapOptions query = session.ofQuery(options).checkedFor(operation);
        MemmapOptions stored = session.options(properties);
        if (!query.paths().isEmpty() && !isSame(query.paths(), stored.paths(), session.hadoop(stored.hadoop()))) {
            throw new IllegalArgumentException("Cannot " + operation + " " + table + " with option path: found "
                    + query.paths() + ", expected that of the table, " + stored.paths()
                    + "; leave the option out, or name the other table");
        }
        Map<String, String> merged = MemmapOptions.given(options);
        merged.remove(OptionKey.PATH.name());
        merged.remove(OptionKey.PATHS.name());
        MemmapOptions.given(properties).forEach(merged::putIfAbsent);
        return session.options(merged);
    }

    private static boolean isSame(List<String> paths, List<String> others, HadoopSettings settings) throws IOException {
        if (paths.equals(others)) {
            return true;
        }
        boolean same = paths.size() == others.size();
        for (int i = 0; same && i < paths.size(); i++) {
            same = new PathOverlap(settings, settings, false).isSame(paths.get(i), others.get(i));
        }
        return same;
    }
}
