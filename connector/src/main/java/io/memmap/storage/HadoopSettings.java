package io.memmap.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.Text;

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
    private final HashSet<String> given;
    private transient Configuration configuration;
    /** The configuration as it came over the wire; null where it was made. */
    private transient byte[] received;

    /**
     * The settings of {@code base}, or where there are {@code overrides} a copy with these on top. One that {@code base}
     * spells in another case is that one: Spark hands the options of a save over in lower case.
     */
    public HadoopSettings(Configuration base, Map<String, String> overrides) {
        this(overrides.isEmpty() ? base : overridden(base, overrides), overrides.values());
        GivenSecrets.add(given);
    }

    private HadoopSettings(Configuration configuration, Collection<String> given) {
        this.configuration = configuration;
        this.given = new HashSet<>(given);
    }

    /** A copy takes a millisecond. */
    private static Configuration overridden(Configuration base, Map<String, String> overrides) {
        Configuration configuration = new Configuration(base);
        Map<String, String> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        base.forEach(setting -> known.put(setting.getKey(), setting.getKey()));
        overrides.forEach((name, value) ->
                configuration.set(base.getRaw(name) == null ? known.getOrDefault(name, name) : name, value));
        return configuration;
    }

    /** The settings of tasks that open only these paths: none for local files. */
    public HadoopSettings forTasks(Stream<String> paths) {
        return paths.allMatch(Storage::isLocal) ? new HadoopSettings(new Configuration(false), given) : this;
    }

    /** The configuration; callers do not change it. */
    Configuration configuration() {
        if (configuration == null) {
            synchronized (CACHE) {
                configuration = CACHE.computeIfAbsent(id, missing -> parse());
            }
        }
        return configuration;
    }

    private void writeObject(ObjectOutputStream stream) throws IOException {
        stream.defaultWriteObject();
        synchronized (CACHE) {
            // Where the driver runs the tasks they need not parse it.
            CACHE.put(id, configuration());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(new DataOutputStream(bytes));
        stream.writeInt(bytes.size());
        bytes.writeTo(stream);
    }

    /** Names and values only: a Configuration also writes where it has each from, compressed one by one. */
    private void write(DataOutputStream output) throws IOException {
        for (Map.Entry<String, String> setting : configuration()) {
            output.writeBoolean(true);
            Text.writeString(output, setting.getKey());
            Text.writeString(output, setting.getValue());
        }
        output.writeBoolean(false);
    }

    private void readObject(ObjectInputStream stream) throws IOException, ClassNotFoundException {
        stream.defaultReadObject();
        GivenSecrets.add(given);
        received = new byte[stream.readInt()];
        stream.readFully(received);
    }

    private Configuration parse() {
        Configuration parsed = new Configuration(false);
        try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(received))) {
            while (input.readBoolean()) {
                parsed.set(Text.readString(input), Text.readString(input));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the Hadoop configuration that the driver sent", e);
        }
        return parsed;
    }
}
