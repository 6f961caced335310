package io.memmap.spark.read.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;

class SequenceVectorTest {
    @Test
    void countsFromWhereItIsAimed() {
        SequenceVector vector = new SequenceVector();
        ColumnarBatch batch = new ColumnarBatch(new ColumnVector[] {vector}, 100);
        assertThat(batch.getRow(99).getLong(0)).isEqualTo(99);
        vector.reset(1L << 40);
        assertThat(batch.getRow(0).getLong(0)).isEqualTo(1L << 40);
        assertThat(batch.getRow(99).getLong(0)).isEqualTo((1L << 40) + 99);
        assertThat(vector.getLongs(1, 2)).containsExactly((1L << 40) + 1, (1L << 40) + 2);
        assertThat(vector.isNullAt(5)).isFalse();
    }

    @Test
    void axesGiveTheIndicesOfEachElementInCOrder() {
        long[] shape = {5, 3, 4};
        AxisVector i0 = new AxisVector(12, Long.MAX_VALUE);
        AxisVector i1 = new AxisVector(4, 3);
        AxisVector i2 = new AxisVector(1, 4);
        for (int first : new int[] {0, 1, 17, 40}) {
            i0.reset(first);
            i1.reset(first);
            i2.reset(first);
            ColumnarBatch batch = new ColumnarBatch(new ColumnVector[] {i0, i1, i2}, 20);
            for (int row = 0; row < 20; row++) {
                long element = (batch.getRow(row).getLong(0) * shape[1]
                                        + batch.getRow(row).getLong(1))
                                * shape[2]
                        + batch.getRow(row).getLong(2);
                assertThat(element).isEqualTo(first + row);
                assertThat(batch.getRow(row).getLong(1)).isBetween(0L, 2L);
                assertThat(batch.getRow(row).getLong(2)).isBetween(0L, 3L);
            }
        }
    }

    @Test
    void refusesAnAxisWithoutElements() {
        assertThatThrownBy(() -> new AxisVector(0, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot make an axis vector: divisor 0 and modulus 3, expected 1 or more");
    }
}
