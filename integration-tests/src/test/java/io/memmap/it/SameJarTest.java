package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.spark.MemmapDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** That all rows of {@code integration-tests/matrix}, which sets the property, test the very same jar. */
class SameJarTest {
    private static final String PROPERTY = "connector.sha256";

    @Test
    @EnabledIfSystemProperty(
            named = PROPERTY,
            matches = ".+",
            disabledReason = "only the matrix says which jar to test")
    void theTestsUseTheJarOfTheMatrix() throws Exception {
        Path jar = Path.of(MemmapDataSource.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(System.getProperty(PROPERTY));
    }
}
