package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.Literal;
import io.memmap.format.ByteString;
import io.memmap.format.Fingerprint;
import io.memmap.storage.ChangeRecord.Kind;
import io.memmap.storage.ChangeRecord.Staged;
import io.memmap.storage.ChangeRecord.Writer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChangeRecordTest {
    private static final String STAGING = ".x.npy.01234567-89ab-cdef-0123-456789abcdef.staging";

    private static ChangeRecord record(ByteString head, ByteString headBefore) {
        return new ChangeRecord(
                Kind.APPEND,
                new Writer("app-1", "host", 7, "2026-01-02T03:04:05Z"),
                STAGING,
                new Fingerprint("ino=1", 128, 9),
                new Fingerprint("ino=1", 136, 0),
                Optional.empty(),
                Optional.empty(),
                List.of(new Staged(".part-0-0-0", 8)),
                List.of(),
                head,
                headBefore);
    }

    @Test
    void headsAreTextOfOneCharAByte() throws IOException {
        ChangeRecord record = record(ByteString.ofLatin1("\u0093N\0\u00ff"), ByteString.ofLatin1("\u0093N\0\u0080"));
        Map<?, ?> json = (Map<?, ?>) Literal.parseJson(record.toJson());
        assertThat(json.get("head")).isEqualTo("\u0093N\0\u00ff");
        assertThat(json.get("headBefore")).isEqualTo("\u0093N\0\u0080");
        assertThat(ChangeRecord.parse(record.toJson(), "x.npy")).isEqualTo(record);
    }

    /** A record that an older version wrote. */
    @Test
    void readsWhatWasWrittenBefore() throws IOException {
        String text =
                "{\"version\": 2, \"kind\": \"APPEND\", \"owner\": \"app-1\", \"host\": \"host\", \"pid\": 7, \"since\": \"2026-01-02T03:04:05Z\", "
                        + "\"staging\": \".x.npy.01234567-89ab-cdef-0123-456789abcdef.staging\", \"before\": [\"ino=1\", 128, 9], \"after\": [\"ino=1\", 136, 0], "
                        + "\"pieces\": [[\".part-0-0-0\", 8]], \"patches\": [], \"head\": \"\u0093NUMPY\", \"headBefore\": \"\u0093numpy\", \"checksum\": 2241823302}";
        assertThat(ChangeRecord.parse(text, "x.npy"))
                .isEqualTo(record(ByteString.ofLatin1("\u0093NUMPY"), ByteString.ofLatin1("\u0093numpy")));
    }

    @Test
    void refusesHeadsOfDifferentLength() {
        ChangeRecord record = record(ByteString.ofLatin1("ab"), ByteString.EMPTY);
        assertThatThrownBy(() -> ChangeRecord.parse(record.toJson(), "x.npy"))
                .hasMessage("its head is ab, expected as many bytes as before");
    }
}
