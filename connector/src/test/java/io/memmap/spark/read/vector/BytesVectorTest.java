package io.memmap.spark.read.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class BytesVectorTest {
    @Test
    void stringsAreRangesOfTheData() {
        byte[] data = "abc\0\0żó\0".getBytes(StandardCharsets.UTF_8);
        BytesVector vector = new BytesVector(DataTypes.StringType);
        vector.reset(data, new int[] {0, 5, 9}, new int[] {3, 4, 0});
        ColumnarBatch batch = new ColumnarBatch(new ColumnVector[] {vector}, 3);
        assertThat(batch.getRow(0).getUTF8String(0)).isEqualTo(UTF8String.fromString("abc"));
        assertThat(batch.getRow(1).getString(0)).isEqualTo("żó");
        assertThat(batch.getRow(2).getString(0)).isEmpty();
        assertThat(batch.getRow(1).copy().getString(0)).isEqualTo("żó");
    }

    /** Spark keeps the last pattern of a {@code regexp_replace} as a clone. */
    @Test
    void whatSparkClonesOutlivesABatchOfOneRow() {
        byte[] data = "ab".getBytes(StandardCharsets.UTF_8);
        BytesVector vector = new BytesVector(DataTypes.StringType);
        vector.reset(data, new int[1], new int[] {2});
        UTF8String kept = vector.getUTF8String(0).clone();
        data[0] = 'x';
        assertThat(kept).isEqualTo(UTF8String.fromString("ab"));
        assertThat(vector.getUTF8String(0)).isEqualTo(UTF8String.fromString("xb"));
    }

    @Test
    void binariesAreCopies() {
        byte[] data = {1, 2, 3, 4};
        BytesVector vector = new BytesVector(DataTypes.BinaryType);
        vector.reset(data, new int[] {0, 2}, new int[] {2, 2});
        byte[] second =
                new ColumnarBatch(new ColumnVector[] {vector}, 2).getRow(1).getBinary(0);
        data[2] = 9;
        assertThat(second).containsExactly(3, 4);
        assertThat(vector.getBinary(1)).containsExactly(9, 4);
    }

    @Test
    void nullsAreNeverLookedUp() {
        BytesVector vector = new BytesVector(DataTypes.BinaryType);
        vector.reset(new byte[0], new int[1], new int[1]);
        vector.resetNulls(new boolean[] {true}, 1);
        assertThat(new ColumnarBatch(new ColumnVector[] {vector}, 1).getRow(0).isNullAt(0))
                .isTrue();
    }

    @Test
    void aConstantIsInEveryRow() {
        ConstantVector vector = new ConstantVector(DataTypes.StringType, UTF8String.fromString("/d/ż.npy"));
        vector.reset(1000);
        ColumnarBatch batch = new ColumnarBatch(new ColumnVector[] {vector}, 1000);
        assertThat(batch.getRow(999).getString(0)).isEqualTo("/d/ż.npy");
        assertThat(vector.hasNull()).isFalse();
        assertThat(vector.numNulls()).isZero();
        ConstantVector nulls = new ConstantVector(DataTypes.DateType, null);
        nulls.reset(3);
        assertThat(nulls.isNullAt(2)).isTrue();
        assertThat(nulls.numNulls()).isEqualTo(3);
    }
}
