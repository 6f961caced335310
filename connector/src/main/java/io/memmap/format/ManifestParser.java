package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.format.Manifest.Shard;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a manifest as a stream: only one entry of its list of shards is held as text. */
final class ManifestParser {
    static final long VERSION = 1;
    /** Shards may have paths, and partition columns types. */
    static final long VERSION_OF_PATHS = 2;

    private static final String SHARDS = "shards";
    private static final String TYPES = "partitionTypes";
    private static final List<String> KEYS =
            List.of("version", "dtype", "trailingShape", "order", "columnNames", "layout", SHARDS, TYPES, "dropped");
    private static final List<String> SHARD_KEYS = List.of("name", "rows", "dtype", "order");

    private final JsonStream json;
    private final String file;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<Shard> shards = new ArrayList<>();

    private ManifestParser(Reader reader, String file) {
        this.json = new JsonStream(reader, file);
        this.file = file;
    }

    static Manifest parse(Reader reader, String file) throws IOException {
        return new ManifestParser(reader, file).manifest();
    }

    private Manifest manifest() throws IOException {
        readValues();
        JsonFields fields = JsonFields.of(values, "the text", file);
        long version = version(fields);
        fields.checkKeys(KEYS);
        if (!(values.get(SHARDS) instanceof List)) {
            throw fields.wrong(SHARDS, "a list of objects");
        }
        for (Shard shard : shards) {
            if (version == VERSION && !shard.directory().isEmpty()) {
                throw fields.refused(
                        "Cannot list shard '" + shard.name() + "': expected a plain file name in version " + VERSION,
                        null);
            }
        }
        if (version == VERSION && fields.has(TYPES)) {
            throw fields.wrong("version", VERSION_OF_PATHS + " beside the key '" + TYPES + "'");
        }
        try {
            return new Manifest(
                    fields.dtype("dtype"),
                    fields.shape("trailingShape"),
                    fields.order("order"),
                    fields.names("columnNames"),
                    fields.layout("layout", true),
                    shards,
                    fields.has(TYPES) ? fields.texts(TYPES) : Map.of(),
                    fields.flag("dropped"));
        } catch (IllegalArgumentException e) {
            throw fields.refused(e.getMessage(), e);
        }
    }

    private void readValues() throws IOException {
        if (!json.opens('{')) {
            JsonFields.of(json.value(), "the text", file);
        }
        json.take('{');
        for (boolean first = true; json.hasNext('}', first); first = false) {
            if (!json.opens('"')) {
                json.take('"');
            }
            String key = (String) json.value();
            json.take(':');
            if (values.containsKey(key)) {
                throw JsonFields.of(values, "the text", file)
                        .refused("it has the key '" + key + "' twice, expected each key once", null);
            }
            if (key.equals(SHARDS) && json.opens('[')) {
                readShards();
                values.put(SHARDS, List.of());
            } else {
                values.put(key, json.value());
            }
        }
        json.end();
    }

    private void readShards() throws IOException {
        if (values.containsKey("version")) {
            version(JsonFields.of(values, "the text", file));
        }
        json.take('[');
        for (boolean first = true; json.hasNext(']', first); first = false) {
            JsonFields shard = JsonFields.of(json.value(), "key '" + SHARDS + "', at " + shards.size() + ",", file);
            shard.checkKeys(SHARD_KEYS);
            Optional<DType> dtype = shard.has("dtype") ? Optional.of(shard.dtype("dtype")) : Optional.empty();
            try {
                shards.add(new Shard(shard.text("name"), shard.neededCount("rows"), dtype, shard.order("order")));
            } catch (IllegalArgumentException e) {
                throw shard.refused(e.getMessage(), e);
            }
        }
    }

    private static long version(JsonFields fields) throws IOException {
        long version = fields.count("version").orElse(-1);
        if (version != VERSION && version != VERSION_OF_PATHS) {
            throw fields.wrong("version", VERSION + " or " + VERSION_OF_PATHS + ", which this release knows");
        }
        return version;
    }
}
