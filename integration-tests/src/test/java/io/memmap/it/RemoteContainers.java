package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Containers with and without companions on another file system, whose rows must be those of the same local files. */
final class RemoteContainers {
    private static final List<String> FILES = List.of(
            "containers/savez.npz",
            "containers/deflated.npz",
            "containers/one.safetensors",
            "simple-containers/arrays/megatron-4.bin",
            "simple-containers/arrays/megatron-4.idx");

    /** What is read, and the options that read it. */
    private static final Map<String, Map<String, String>> READS = new LinkedHashMap<>();

    static {
        READS.put("savez.npz", Map.of("member", "features"));
        READS.put("deflated.npz", Map.of("member", "features,labels"));
        READS.put("one.safetensors", Map.of());
        READS.put("megatron-4", Map.of());
        READS.put("megatron-4.bin", Map.of("layout", "sequences"));
        READS.put("megatron-4.idx", Map.of("layout", "documents"));
    }

    private RemoteContainers() {}

    /**
     * Copies them there and reads them.
     *
     * @param directory with the scheme of the file system
     * @param settings options that reach it
     */
    static void check(SparkSession session, FileSystem files, String directory, Map<String, String> settings)
            throws IOException {
        for (String file : FILES) {
            Path local = ResourceFile.of("containers").resolveSibling(file);
            try (OutputStream copy =
                    files.create(new org.apache.hadoop.fs.Path(directory + "/" + local.getFileName()))) {
                Files.copy(local, copy);
            }
        }
        READS.forEach((name, options) -> {
            String folder = name.startsWith("megatron") ? "simple-containers/arrays" : "containers";
            Dataset<Row> local = reader(session, options)
                    .load(ResourceFile.of("containers")
                            .resolveSibling(folder)
                            .resolve(name)
                            .toString());
            Dataset<Row> remote = reader(session, options).options(settings).load(directory + "/" + name);
            List<String> rows = RowText.of(local.collectAsList());
            assertThat(rows).as(name).isNotEmpty();
            assertThat(RowText.of(remote.collectAsList())).as(name).isEqualTo(rows);
            assertThat(RowText.of(remote.where("_row = 1").collectAsList()))
                    .as(name)
                    .containsExactly(rows.get(1));
        });
    }

    private static DataFrameReader reader(SparkSession session, Map<String, String> options) {
        return session.read().format("memmap").options(options);
    }
}
