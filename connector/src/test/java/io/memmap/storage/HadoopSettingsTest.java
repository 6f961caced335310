package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class HadoopSettingsTest {

    @Test
    void aKnownSettingKeepsItsCaseHoweverItIsGiven() {
        Configuration base = new Configuration(false);
        base.set("fs.AbstractFileSystem.x.impl", "old");
        Configuration found = new HadoopSettings(
                        base, Map.of("fs.abstractfilesystem.x.impl", "new", "fs.mine.Own", "kept"))
                .configuration();
        assertThat(found.get("fs.AbstractFileSystem.x.impl")).isEqualTo("new");
        assertThat(found.get("fs.abstractfilesystem.x.impl")).isNull();
        assertThat(found.get("fs.mine.Own")).isEqualTo("kept");
        assertThat(base.get("fs.AbstractFileSystem.x.impl")).isEqualTo("old");
    }

    @Test
    void ofTwoThatDifferInCaseOnlyTheOneIsSetThatIsMeant() {
        Configuration base = new Configuration(false);
        base.set("fs.a", "1");
        base.set("fs.A", "2");
        Configuration found = new HadoopSettings(base, Map.of("fs.a", "3")).configuration();
        assertThat(found.get("fs.a")).isEqualTo("3");
        assertThat(found.get("fs.A")).isEqualTo("2");
    }
}
