package io.memmap.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
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
}
