package io.memmap.it;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.TaskContext;

/** Local files under the scheme {@code held}. A task that opens one is held until Spark wants it to end. */
public final class HeldFileSystem extends RawLocalFileSystem {
    static final String OPTION = "fs.held.impl";
    private static final URI ROOT = URI.create("held:///");
    private static final long PAUSE_NANOS = 5_000_000;

    static final CountDownLatch HELD = new CountDownLatch(1);
    static final AtomicInteger OPENED_BY_TASKS = new AtomicInteger();

    @Override
    public void initialize(URI uri, Configuration configuration) throws IOException {
        setConf(configuration);
        super.initialize(uri, configuration);
    }

    @Override
    public URI getUri() {
        return ROOT;
    }

    @Override
    protected void checkPath(Path path) {}

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        TaskContext task = TaskContext.get();
        if (task != null) {
            OPENED_BY_TASKS.incrementAndGet();
            HELD.countDown();
            while (!task.isInterrupted()) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return super.open(path, bufferSize);
    }
}
