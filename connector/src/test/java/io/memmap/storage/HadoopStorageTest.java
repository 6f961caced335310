package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.format.Fingerprint;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class HadoopStorageTest {
    /** An object as one answer of a store has it. */
    private static final class ObjectStatus extends FileStatus implements EtagSource {
        private static final long serialVersionUID = 1;
        private final String etag;

        ObjectStatus(String etag, long modified) {
            super(8, false, 1, 8, modified, new Path("s3a://bucket/x.npy"));
            this.etag = etag;
        }

        @Override
        public String getEtag() {
            return etag;
        }
    }

    private static Fingerprint fingerprint(String etag, long modified) {
        return HadoopStorage.fingerprint(new ObjectStatus(etag, modified));
    }

    /** MinIO lists milliseconds and has seconds in the headers of an object; others put ETags in quotes in one of them. */
    @Test
    void oneObjectIsTheSameInAllAnswersOfAStore() {
        Fingerprint listed = fingerprint("\"0cc175b9\"", 1_700_000_000_821L);
        assertThat(fingerprint("0cc175b9", 1_700_000_000_000L)).isEqualTo(listed);
        assertThat(fingerprint("W/\"0cc175b9\"", 1_700_000_001_000L)).isEqualTo(listed);
        assertThat(fingerprint("92eb5ffe", 1_700_000_000_821L)).isNotEqualTo(listed);
    }

    @Test
    void aFileWithoutAnETagHasItsTime() {
        for (String none : new String[] {null, "", "\"\""}) {
            assertThat(fingerprint(none, 7)).isEqualTo(new Fingerprint("", 8, 7));
        }
    }
}
