package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
        assertThat(GivenSecrets.hidden((String) null)).isNull();
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

    @Test
    void hidesThemInCausesAndInWhatIsSuppressed() {
        settings("hunter2000");
        IOException plain = new IOException("no rows", new IllegalStateException("no key"));
        assertThat(GivenSecrets.hidden(plain)).isSameAs(plain);
        plain.addSuppressed(new IOException("403 for hunter2000"));
        plain.getCause().addSuppressed(plain);
        StringWriter shown = new StringWriter();
        GivenSecrets.hidden(plain).printStackTrace(new PrintWriter(shown));
        assertThat(shown.toString())
                .contains("no rows", "no key", "403 for *********(redacted)")
                .doesNotContain("hunter2000");
    }

    @Test
    void aLongChainIsGoneThrough() {
        IOException chain = new IOException("first");
        for (int i = 0; i < 20_000; i++) {
            IOException next = new IOException("next");
            next.addSuppressed(chain);
            chain = next;
        }
        assertThat(GivenSecrets.hidden(chain)).isSameAs(chain);
    }

    /** Exceptions of Hadoop may quote them. */
    @Test
    void everyLoggedExceptionIsFreeOfThem() throws IOException {
        Pattern logged = Pattern.compile("LOG\\.(?:warn|error|info|debug)\\((?:[^;\"]|\"(?:[^\"\\\\]|\\\\.)*\")*;");
        List<String> bare = new ArrayList<>();
        int hidden = 0;
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                for (MatchResult line :
                        logged.matcher(Files.readString(source)).results().toList()) {
                    hidden += line.group().contains("GivenSecrets.hidden(") ? 1 : 0;
                    if (line.group().matches("(?s).*,\\s*(?:e|ex|again|cause|failure|thrown|error|exception)\\);")) {
                        bare.add(source + ": " + line.group());
                    }
                }
            }
        }
        assertThat(bare).isEmpty();
        assertThat(hidden).isGreaterThan(10);
    }
}
