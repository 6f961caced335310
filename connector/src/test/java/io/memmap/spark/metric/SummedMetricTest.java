package io.memmap.spark.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.junit.jupiter.api.Test;

class SummedMetricTest {
    private static String shown(CustomMetric metric, long... ofTasks) {
        return metric.description() + ": " + metric.aggregateTaskMetrics(ofTasks);
    }

    @Test
    void addUpAndShowTheirUnit() {
        assertThat(shown(new WriteMetric.Rows(), 1000, 500)).isEqualTo("rows written: 1,500");
        assertThat(shown(new WriteMetric.Nbytes(), 20)).isEqualTo("bytes written: 20 B");
        assertThat(shown(new ScanMetric.BytesRead(), 1024, 512)).isEqualTo("bytes mapped or read: 1.5 KiB");
        assertThat(shown(new ScanMetric.PlanningTime(), 1_250_000)).isEqualTo("time planning: 1.3 ms");
        assertThat(shown(new ScanMetric.FilesOpened())).isEqualTo("files opened: 0");
    }

    /** Spark matches what tasks report with what the plan shows by name, and makes each by its public constructor. */
    @Test
    void areMadeByNameAsSparkDoes() throws ReflectiveOperationException {
        List<CustomMetric> all = Stream.concat(Arrays.stream(ScanMetric.all()), Arrays.stream(WriteMetric.all()))
                .toList();
        for (CustomMetric metric : all) {
            CustomMetric made = metric.getClass().getConstructor().newInstance();
            assertThat(made.name()).isEqualTo(metric.name()).isNotBlank();
        }
        assertThat(all).extracting(CustomMetric::name).doesNotHaveDuplicates().contains("bytesWritten", "RowsRead");
    }
}
