package io.memmap.spark.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.options.Redaction;
import io.memmap.storage.HadoopSettings;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteTargetTest {
    private static WriteTarget named(String path) throws IOException {
        MemmapOptions options =
                MemmapOptions.parse(new CaseInsensitiveStringMap(Map.of("path", path)), Redaction.DEFAULT);
        return WriteTarget.named(options, new HadoopSettings(new Configuration(false), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "./", "sub/..", "x"})
    void theWorkingDirectoryIsNoRoot(String path) throws IOException {
        assertThat(named(path).path()).startsWith("file:" + System.getProperty("user.dir"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "file:/", "file:///", "/x/.."})
    void aRootIsNone(String path) {
        assertThatThrownBy(() -> named(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        ": it is the root of a file system, and a write is prepared beside its target, expected"
                                + " a path below it, as in ");
    }
}
