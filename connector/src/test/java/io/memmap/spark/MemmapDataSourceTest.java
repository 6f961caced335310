package io.memmap.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemmapDataSourceTest {
    private static final StructType SCHEMA = new StructType().add("value", DataTypes.LongType);

    @TempDir
    Path directory;

    private static void assertMakesATable(String path) {
        Table table = new MemmapDataSource().getTable(SCHEMA, new Transform[0], Map.of("path", path));
        assertThat(table.name()).isEqualTo("memmap " + path);
        assertThat(((MemmapTable) table).stored()).containsEntry("path", path);
    }

    /** Nothing of it can be listed, opened or reached. A save to it makes the same call as a read of it. */
    @Test
    void getTableLooksAtNoFile() {
        assertMakesATable(directory.resolve("missing.npy").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hdfs://missing.invalid/x.npy", "unknown:/x.npy", "/missing/[a-z]*.npy"})
    void getTableReachesNoFileSystem(String path) {
        assertMakesATable(path);
    }
}
