package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.junit.jupiter.api.Test;

class UploadTest {
    private static final HadoopSettings SETTINGS = new HadoopSettings(new Configuration(false), Map.of());

    @Test
    void everyTaskHasNumbersOfItsOwnUpTo10000() {
        for (int tasks : new int[] {1, 2, 3, 63, 4999, 5000, 5001, 9999, 10_000}) {
            Upload upload = new Upload(SETTINGS, "s3a://b/x", "s3a://b/s", "00", tasks);
            assertThat(upload.firstNumber(0)).isEqualTo(1);
            for (int task = 1; task < tasks; task++) {
                assertThat(upload.firstNumber(task) - upload.firstNumber(task - 1))
                        .isEqualTo(upload.numbersPerTask())
                        .isPositive();
            }
            int last = upload.firstNumber(tasks - 1) + upload.numbersPerTask() - 1;
            assertThat(last).isBetween(10_000 - tasks + 1, 10_000);
        }
    }

    /** HDFS, for one, plays uploads by files that are there before the upload is complete. */
    @Test
    void onlyStoresWhoseFilesAppearWhenClosedGetParts() throws IOException {
        String uploads = CommonPathCapabilities.FS_MULTIPART_UPLOADER;
        String appearing = CommonPathCapabilities.ABORTABLE_STREAM;
        assertThat(Upload.isPossible("store:/x.npy", StoreFileSystem.settings(uploads, appearing)))
                .isTrue();
        assertThat(Upload.isPossible("store:/x.npy", StoreFileSystem.settings(uploads)))
                .isFalse();
        assertThat(Upload.isPossible("store:/x.npy", StoreFileSystem.settings(appearing)))
                .isFalse();
    }
}
