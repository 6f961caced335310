package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.DType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The files of a directory that are its arrays, as far as names tell. */
class DirectoryRuleTest {

    private static Reading reading(String dtype, boolean sidecars) {
        DType parsed = dtype == null ? null : DType.parse(dtype);
        Claims claims = new Claims(Claims.Source.OPTIONS, parsed, null, null, null, null, List.of(), null);
        return new Reading(claims, null, Reading.TrailingBytes.AUTO, sidecars, NpyHeader.MAX_TEXT_NBYTES, null);
    }

    private static Optional<List<String>> arrays(Reading reading, String... names) throws IOException {
        DirectoryRule rule = new DirectoryRule(reading);
        List<String> all = List.of(names);
        return rule.arrays("/d", all.stream().filter(rule::mayBeArray).toList(), all);
    }

    @Test
    void takesTheFirstKindThatThereIs() throws IOException {
        Reading reading = reading(null, true);
        String sidecar = Sidecar.pathOf("a.bin");
        assertThat(arrays(reading, "a.npy", "b.npy", "a.bin", sidecar, "c.npz")).contains(List.of("a.npy", "b.npy"));
        assertThat(arrays(reading, "a.bin", sidecar, "b.bin", "c.npz")).contains(List.of("a.bin"));
        assertThat(arrays(reading, "a.bin", "c.npz", "d.npz")).contains(List.of("c.npz", "d.npz"));
        assertThat(arrays(reading, "a.bin", "b.bin")).isEmpty();
        assertThat(arrays(reading("<f8", true), "a.bin", "b.bin")).contains(List.of("a.bin", "b.bin"));
        assertThat(arrays(reading(null, false), "a.bin", sidecar)).isEmpty();
    }

    @Test
    void takesNoHiddenFile() throws IOException {
        assertThat(arrays(reading(null, true), ".a.npy", "_b.npy", "c.npy")).contains(List.of("c.npy"));
    }

    @Test
    void refusesTwoFormats() {
        assertThatThrownBy(() -> arrays(reading(null, true), "a.npz", "b.safetensors"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Cannot read /d: its files a.npz and b.safetensors are of two formats")
                .hasMessageContaining("set container=safetensors");
    }
}
