package io.memmap.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/**
 * The driver's Hadoop configuration on its way to the executors, parsed once per query and JVM. It may hold secrets, so
 * it has no {@code toString} and is never logged.
 */
public final class HadoopSettings implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int CACHED = 16;

    private static final Map<UUID, Configuration> CACHE = new LinkedHashMap<>(CACHED, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Configuration> eldest) {
            return size() > CACHED;
        }
    };

    private final UUID id = UUID.randomUUID();
    private final byte[] written;

    /** Settings as they are in {@code base}, with {@code overrides} on top. */
    public HadoopSettings(Configuration base, Map<String, String> overrides) {
        Configuration configuration = new Configuration(base);
        overrides.forEach(configuration::set);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            configuration.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy the Hadoop configuration", e);
        }
        written = bytes.toByteArray();
        synchronized (CACHE) {
            CACHE.put(id, configuration);
        }
    }

    /** The configuration; callers do not change it. */
    Configuration configuration() {
        synchronized (CACHE) {
            return CACHE.computeIfAbsent(id, missing -> parse());
        }
    }

    private Configuration parse() {
        Configuration configuration = new Configuration(false);
        try {
            configuration.readFields(new DataInputStream(new ByteArrayInputStream(written)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the Hadoop configuration that the driver sent", e);
        }
        return configuration;
    }
}
