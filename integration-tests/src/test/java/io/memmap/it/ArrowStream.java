package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.Function1;

/**
 * The rows of a DataFrame as PySpark's {@code toPandas} gets them: Spark converts them to Arrow in its tasks and serves
 * the stream of batches on a local socket, which this class reads instead of Python.
 */
final class ArrowStream {

    private ArrowStream() {}

    static List<Row> collect(Dataset<Row> table) throws IOException, ReflectiveOperationException {
        // Public for PySpark alone: not part of the Dataset that Java programs are compiled against.
        Object[] server =
                (Object[]) table.getClass().getMethod("collectAsArrowToPython").invoke(table);
        List<Row> rows;
        SparkSession active = SparkSession.active();
        SparkSession.setActiveSession(table.sparkSession());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), (Integer) server[0])) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            login(in, new DataOutputStream(socket.getOutputStream()), (String) server[1]);
            rows = ordered(batches(in, table.schema()), in);
        } finally {
            SparkSession.setActiveSession(active);
            // Ends when the server has ended, and throws what made it end early.
            server[2].getClass().getMethod("getResult").invoke(server[2]);
        }
        return rows;
    }

    private static void login(DataInputStream in, DataOutputStream out, String secret) throws IOException {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
        assertThat(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8))
                .isEqualTo("ok");
    }

    private static List<List<Row>> batches(DataInputStream in, StructType schema) throws IOException {
        Function1<Object, Object> converter = CatalystTypeConverters.createToScalaConverter(schema);
        List<List<Row>> batches = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            // Closing the reader would close the socket, on which the order of the batches follows.
            ArrowStreamReader reader = new ArrowStreamReader(in, allocator);
            while (reader.loadNextBatch()) {
                batches.add(rows(reader.getVectorSchemaRoot(), converter));
            }
            reader.close(false);
        }
        return batches;
    }

    private static List<Row> rows(VectorSchemaRoot root, Function1<Object, Object> converter) {
        ColumnVector[] columns = root.getFieldVectors().stream()
                .map((FieldVector vector) -> new ArrowColumnVector(vector))
                .toArray(ColumnVector[]::new);
        List<Row> rows = new ArrayList<>();
        new ColumnarBatch(columns, root.getRowCount())
                .rowIterator()
                .forEachRemaining(row -> rows.add((Row) converter.apply(row)));
        return rows;
    }

    /** Batches come in the order in which tasks end; behind them stands which is first. */
    private static List<Row> ordered(List<List<Row>> batches, DataInputStream in) throws IOException {
        int count = in.readInt();
        assertThat(count).as("batches, or -1 for an error").isEqualTo(batches.size());
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.addAll(batches.get(in.readInt()));
        }
        return rows;
    }
}
