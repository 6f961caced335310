package io.memmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Test;

class ByteStringTest {

    @Test
    void isItsBytes() {
        ByteString bytes = ByteString.of((byte) 0x93, (byte) 'N', (byte) 0);
        assertThat(bytes)
                .isEqualTo(ByteString.ofLatin1("\u0093N\0"))
                .hasSameHashCodeAs(ByteString.ofLatin1("\u0093N\0"))
                .isNotEqualTo(ByteString.ofLatin1("\u0093N"))
                .isNotEqualTo("\u0093N\0");
        assertThat(bytes.length()).isEqualTo(3);
        assertThat(ByteString.of()).isSameAs(ByteString.EMPTY).isEqualTo(ByteString.ofLatin1(""));
    }

    @Test
    void isImmutable() {
        byte[] source = {1, 2};
        ByteString bytes = ByteString.of(source);
        source[0] = 9;
        assertThat(bytes).isEqualTo(ByteString.of((byte) 1, (byte) 2));
        assertThatThrownBy(() -> bytes.buffer().put(0, (byte) 9)).isInstanceOf(ReadOnlyBufferException.class);
    }
}
