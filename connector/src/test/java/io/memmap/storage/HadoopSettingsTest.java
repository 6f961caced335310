package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
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

    private static byte[] sent(HadoopSettings settings) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
            stream.writeObject(settings);
        }
        return bytes.toByteArray();
    }

    /** Another id, as in another JVM, where no settings are at hand. */
    private static Configuration received(byte[] sent, HadoopSettings settings) throws Exception {
        Field id = HadoopSettings.class.getDeclaredField("id");
        id.setAccessible(true);
        try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(sent))) {
            HadoopSettings found = (HadoopSettings) stream.readObject();
            assertThat(id.get(found)).isEqualTo(id.get(settings));
            id.set(found, UUID.randomUUID());
            return found.configuration();
        }
    }

    @Test
    void arriveAsTheyWereSent() throws Exception {
        Configuration base = new Configuration(false);
        base.set("fs.plain", "1");
        base.set("fs.empty", "");
        base.set("fs.long", "long".repeat(20_000));
        base.set("fs.größe", "€\uD83D\uDE00\n");
        base.set("fs.unresolved", "${fs.plain}2");
        HadoopSettings settings = new HadoopSettings(base, Map.of("fs.own", "3"));
        Configuration found = received(sent(settings), settings);
        Map<String, String> raw = new TreeMap<>();
        found.forEach(setting -> raw.put(setting.getKey(), setting.getValue()));
        assertThat(raw)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "fs.plain", "1",
                        "fs.empty", "",
                        "fs.long", "long".repeat(20_000),
                        "fs.größe", "€\uD83D\uDE00\n",
                        "fs.unresolved", "${fs.plain}2",
                        "fs.own", "3"));
        assertThat(found.get("fs.unresolved")).isEqualTo("12");
    }

    @Test
    void tasksOfLocalFilesGetNone() throws Exception {
        Configuration base = new Configuration(false);
        base.set("fs.plain", "1");
        HadoopSettings settings = new HadoopSettings(base, Map.of("fs.own", "3"));
        assertThat(settings.forTasks(Stream.of("file:/a", "hdfs://host/b"))).isSameAs(settings);
        HadoopSettings local = settings.forTasks(Stream.of("file:/a", "file:/b"));
        assertThat(received(sent(local), local)).isEmpty();
    }

    @Test
    void withoutOptionsThereIsNoCopy() {
        Configuration base = new Configuration(false);
        assertThat(new HadoopSettings(base, Map.of()).configuration()).isSameAs(base);
    }

    @Test
    void takeLittleMoreThanTheirNamesAndValues() throws IOException {
        HadoopSettings settings = new HadoopSettings(new Configuration(), Map.of());
        long[] nbytes = {0, 0};
        settings.configuration().forEach(setting -> {
            nbytes[0] += setting.getKey().length() + setting.getValue().length();
            nbytes[1]++;
        });
        assertThat(nbytes[1]).isGreaterThan(100);
        assertThat((long) sent(settings).length).isLessThan(nbytes[0] + 8 * nbytes[1] + 500);
    }
}
