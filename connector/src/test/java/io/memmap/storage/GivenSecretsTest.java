package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class GivenSecretsTest {

    private static HadoopSettings settings(String value) {
        return new HadoopSettings(new Configuration(false), Map.of("fs.given.key", value));
    }

    @Test
    void hidesWhatOptionsGaveWhereItIsAWord() {
        settings("s3cr$t");
        settings("s3cr$t/more");
        assertThat(GivenSecrets.hidden("401 for key 's3cr$t/more', s3cr$t: no"))
                .isEqualTo("401 for key '*********(redacted)', *********(redacted): no");
        assertThat(GivenSecrets.hidden("s3cr$tX")).isEqualTo("s3cr$tX");
        assertThat(GivenSecrets.hidden(null)).isNull();
    }

    @Test
    void showsWhatIsPartOfAnyMessage() {
        settings("true");
        settings("401");
        settings("1000");
        settings("512m");
        settings("hdfs://localhost:8020");
        String message = "401 is true: 1000 rows of 512m at hdfs://localhost:8020/x.npy";
        assertThat(GivenSecrets.hidden(message)).isEqualTo(message);
        settings("hdfs://me:pass@localhost");
        assertThat(GivenSecrets.hidden("no hdfs://me:pass@localhost")).isEqualTo("no *********(redacted)");
    }

    @Test
    void keepsTheLastOnes() {
        settings("the first of many");
        IntStream.range(0, 256).forEach(i -> settings("many-" + i));
        assertThat(GivenSecrets.hidden("the first of many, many-255"))
                .isEqualTo("the first of many, *********(redacted)");
    }

    /** An executor learns of them with the settings. */
    @Test
    void crossTheWire() throws Exception {
        HadoopSettings sent = settings("sent over");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sent);
        }
        IntStream.range(0, 256).forEach(i -> settings("others-" + i));
        assertThat(GivenSecrets.hidden("sent over")).isEqualTo("sent over");
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            in.readObject();
        }
        assertThat(GivenSecrets.hidden("sent over")).isEqualTo("*********(redacted)");
    }
}
