package io.memmap.spark.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.memmap.spark.options.OptionUse.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which values of options are left out of messages. */
class RedactionTest {
    private static final Redaction CUSTOM = new Redaction(Pattern.compile("hunter[0-9]"));

    @ParameterizedTest
    @CsvSource({
        "fs.azure.account.key.x, abc, *********(redacted)",
        "FS.S3A.Endpoint, abc, *********(redacted)",
        "option.fs.s3a.endpoint, abc, *********(redacted)",
        "my.secret, abc, *********(redacted)",
        "accessKey, abc, *********(redacted)",
        "nullValue, Password1, *********(redacted)",
        "layout, abc, abc",
        "path, /d/tokens.bin, /d/tokens.bin",
        "paths, '[\"/d/tokens.bin\"]', '[\"/d/tokens.bin\"]'",
        "location, file:/d/tokens.bin, file:/d/tokens.bin",
        "path, 's3a://key:pass/w@bucket/x.npy', 's3a://key:*********(redacted)@bucket/x.npy'",
        "header, 'ftp://me:pw@host/x', 'ftp://me:*********(redacted)@host/x'",
        "path, abfs://container@account/x.npy, abfs://container@account/x.npy",
        "path, hdfs://host:8020/a@b, hdfs://host:8020/a@b",
        "path, 'mongodb://h1:27017,h2:27017/a@b', 'mongodb://h1:27017,h2:27017/a@b'",
        "path, 'o3fs://h1:1,h2/a:b@c', 'o3fs://h1:1,h2/a:b@c'",
        "path, 'mongodb://me:1a@h1:27017,h2:27017/a', 'mongodb://me:*********(redacted)@h1:27017,h2:27017/a'",
        "path, 's3a://key:12/ab@bucket/x.npy', 's3a://key:*********(redacted)@bucket/x.npy'",
        "path, 'S3://key:8020/@bucket/x.npy', 'S3://key:*********(redacted)@bucket/x.npy'",
        "path, 's3n://key:/ab@bucket/x.npy', 's3n://key:*********(redacted)@bucket/x.npy'",
        "path, 'ftp://me:/ab@host/x.npy', 'ftp://me:*********(redacted)@host/x.npy'",
        "path, s3a://bucket/a:b@c, s3a://bucket/a:b@c",
    })
    void followsSparkAndHidesAllOfHadoop(String name, String value, String shown) {
        assertThat(Redaction.DEFAULT.shown(name, value)).isEqualTo(shown);
    }

    @Test
    void leavesTheValueOfAnOptionOutOfItsErrorWithAllThatTellsIt() {
        assertThat(catchThrowable(() -> parse("layout", "hunter2")))
                .hasMessage("Cannot read option layout: found '*********(redacted)', expected one of auto, columns,"
                        + " array, elements, sequences, documents, sideBySide")
                .hasNoCause();
        assertThat(catchThrowable(() -> parse("shape", "4,hunter2")))
                .hasMessage("Cannot read option shape: found '*********(redacted)', expected a shape such as 1000,8"
                        + " or -1,8")
                .hasNoCause();
        assertThat(catchThrowable(() -> parse("columnDtypes", "hunter2 <u9"))).hasNoCause();
    }

    @Test
    void leavesOutTheValueOfARefusedOption() {
        assertThatThrownBy(() -> parse("delimiter", "hunter2"))
                .hasMessageStartingWith(
                        "Cannot read option delimiter: found '*********(redacted)', expected no such option; ");
    }

    @Test
    void leavesOutTheValueOfAnOptionThatIsForSomethingElse() {
        assertThatThrownBy(() -> parse("rowColumn", "hunter2").checkedFor(Operation.READ))
                .hasMessage("Cannot read with option rowColumn: found '*********(redacted)', expected no such option;"
                        + " it is for writing only; leave it out here, and set it where the array is written");
    }

    @ParameterizedTest
    @ValueSource(strings = {"my.secret", "fs", "fsx.hunter2"})
    void neverShowsTheValueOfAnUnknownOption(String name) {
        assertThatThrownBy(() -> parse(name, "hunter2"))
                .hasMessageStartingWith("Cannot read option '" + name + "': unknown, expected ")
                .message()
                .doesNotContain("'hunter2'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "paths"})
    void refusesAPasswordInAPath(String name) {
        String path = "ftp://me:pw1@host/x.npy";
        assertThat(catchThrowable(() -> parse(name, name.equals("path") ? path : "[\"" + path + "\"]")))
                .hasMessageStartingWith("Cannot read option " + name + ": found ")
                .hasMessageContaining("ftp://me:*********(redacted)@host/x.npy")
                .hasMessageEndingWith(
                        "', expected no password in a path, which plans and logs show; give it as an fs.* option")
                .hasNoCause();
    }

    @Test
    void showsOptionsWithoutSecrets() {
        MemmapOptions options =
                parse("layout", "array", "nullValue", "a=hunter2", "rowColumn", "hunter2", "fs.s3a.x", "hunter2");
        assertThat(options).hasToString("[layout=array, rowColumn=*********(redacted), nullValue=*********(redacted)]");
        assertThat(options.nullValue().of("a")).contains("hunter2");
        assertThat(options.nullValue().toString()).doesNotContain("hunter2");
        assertThat(options.shown(OptionKey.ROW_COLUMN, "hunter2")).isEqualTo("*********(redacted)");
        assertThat(options.shown(OptionKey.LAYOUT, "array")).isEqualTo("array");
    }

    private static MemmapOptions parse(String... namesAndValues) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            options.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return MemmapOptions.parse(new CaseInsensitiveStringMap(options), CUSTOM);
    }
}
