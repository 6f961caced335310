package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.compute.KernelChoice;
import org.junit.jupiter.api.Test;

/** The kernels that the tests of this JVM use, as its flags choose them. */
class KernelSettingTest {

    @Test
    void kernelsAreThoseOfTheFlags() {
        String expected =
                switch (System.getProperty("memmap.vectors", "")) {
                    case "always" -> "vector kernels: memmap.vectors=always";
                    case "false" -> "scalar kernels: memmap.vectors=false";
                    default -> "scalar kernels";
                };
        assertThat(KernelChoice.description()).startsWith(expected);
    }
}
