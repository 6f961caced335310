package io.memmap.spark.write;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.util.CollectionAccumulator;

/**
 * The reports of one write's tasks to the driver: bytes in an accumulator, beside commit messages that are null. Spark reads
 * the results of tasks with a class loader that may not have this jar, or have classes of its own of it, as after
 * {@code ADD JAR}; bytes need none. Spark adds the report of one attempt of each task, the one whose commit message it
 * passes on. Crosses the wire to the tasks; the driver holds it until the commit.
 */
final class CommitReports implements Serializable {
    private final CollectionAccumulator<byte[]> reports;

    CommitReports(SparkContext spark) {
        reports = spark.collectionAccumulator();
    }

    /** Sends the report of a task, when the task's attempt succeeds. Executor side. */
    void send(SegmentsWritten report) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream output = new ObjectOutputStream(bytes)) {
            output.writeObject(report);
        }
        reports.add(bytes.toByteArray());
    }

    /**
     * Returns the reports of all tasks in the order of their partitions.
     *
     * @throws IOException when they are not those of {@code tasks} tasks
     */
    List<SegmentsWritten> received(int tasks) throws IOException {
        List<SegmentsWritten> received = new ArrayList<>();
        for (byte[] report : reports.value()) {
            received.add(read(report));
        }
        received.sort(Comparator.comparingInt(SegmentsWritten::partition));
        long partitions = received.stream()
                .mapToInt(SegmentsWritten::partition)
                .distinct()
                .count();
        if (received.size() != tasks || partitions != tasks) {
            throw new IOException("found " + received.size() + " reports of " + partitions
                    + " tasks, expected one of each" + " of " + tasks + "; run it again");
        }
        return received;
    }

    private static SegmentsWritten read(byte[] report) throws IOException {
        try (ObjectInputStream input = new OwnClasses(new ByteArrayInputStream(report))) {
            return (SegmentsWritten) input.readObject();
        } catch (ClassNotFoundException e) {
            throw new IOException("found a report of another version, expected the same jar on all hosts: " + e, e);
        }
    }

    /** Finds classes as this class does. */
    private static final class OwnClasses extends ObjectInputStream {
        OwnClasses(ByteArrayInputStream bytes) throws IOException {
            super(bytes);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass described) throws ClassNotFoundException {
            return Class.forName(described.getName(), false, CommitReports.class.getClassLoader());
        }
    }
}
