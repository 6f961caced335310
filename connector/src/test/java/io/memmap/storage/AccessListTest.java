package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.storage.FileIdentity.AccessList;
import org.junit.jupiter.api.Test;

class AccessListTest {
    /** Such as {@code setfacl} without one of its libraries: the ACL is not kept then, and the write goes on. */
    @Test
    void aCommandThatFailsBeforeItReadsItsInputHasNoOutput() {
        String moreThanAPipeHolds = "user::rw-\n".repeat(100_000);
        assertThat(AccessList.run(moreThanAPipeHolds, "false")).isNull();
        assertThat(AccessList.run("user::rw-\n", "cat")).isEqualTo("user::rw-\n");
        assertThat(AccessList.run("", "no-such-command")).isNull();
    }
}
