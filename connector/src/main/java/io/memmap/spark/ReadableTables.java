package io.memmap.spark;

import io.memmap.format.ArrayFormats;
import io.memmap.format.UnreadableMemberException;
import io.memmap.spark.options.MemmapOptions;
import io.memmap.spark.read.TableFiles;
import io.memmap.spark.schema.PartitionRules;
import io.memmap.storage.ArrayListing;
import io.memmap.storage.GivenSecrets;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.HeaderBytes;
import io.memmap.storage.PendingChangeException;
import io.memmap.storage.SideBySide;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of a namespace that can be read, for {@code SHOW TABLES}. Reads the header of each array, of several at the same
 * time. Driver side.
 */
final class ReadableTables {
    private static final Logger LOG = LoggerFactory.getLogger(ReadableTables.class);

    private final String[] namespace;
    private final HadoopSettings settings;
    private final SessionSettings session;
    private final PartitionRules rules;
    private final ArrayFormats formats = ArrayFormats.known();
    private final Function<ArrayName, Map<String, String>> options;

    /**
     * @param settings those of the catalog, for all of its tables: to copy them takes longer than to read a header
     * @param options those that read an array in this catalog
     */
    ReadableTables(
            String[] namespace,
            HadoopSettings settings,
            SessionSettings session,
            Function<ArrayName, Map<String, String>> options) {
        this.namespace = namespace.clone();
        this.settings = settings;
        this.session = session;
        this.rules = session.partitionRules();
        this.options = options;
    }

    /** In natural order. */
    Identifier[] list() throws IOException {
        String directory = DirectoryNamespaces.directory(namespace);
        List<String> names = ArrayListing.of(directory, settings);
        boolean container = ArrayListing.members(directory, settings).isPresent();
        HeaderBytes ofContainer = new HeaderBytes();
        List<Boolean> readable = SideBySide.all(
                "list " + directory,
                names,
                name -> container
                        ? isReadable(new ArrayName(directory, Optional.of(name)), ofContainer)
                        : isReadable(DirectoryNamespaces.path(namespace, name)));
        return IntStream.range(0, names.size())
                .filter(readable::get)
                .mapToObj(i -> Identifier.of(namespace, names.get(i)))
                .toArray(Identifier[]::new);
    }

    /** A container is a namespace too: one member that can be read is enough. */
    private boolean isReadable(String path) {
        HeaderBytes headers = new HeaderBytes();
        return isReadable(new ArrayName(path, Optional.empty()), headers)
                || members(path).stream()
                        .anyMatch(member -> isReadable(new ArrayName(path, Optional.of(member)), headers));
    }

    /** Empty if there are none, or no file: a sidecar alone may describe a table. */
    private List<String> members(String path) {
        try {
            return ArrayListing.members(path, settings).orElse(List.of());
        } catch (IOException e) {
            LOG.debug("{} has no members", path, GivenSecrets.hidden(e));
            return List.of();
        }
    }

    private boolean isReadable(ArrayName array, HeaderBytes headers) {
        try {
            MemmapOptions reading = session.options(options.apply(array));
            TableFiles.of(reading, settings, rules, null, headers, formats).describeColumns();
            return true;
        } catch (PendingChangeException e) {
            // ALTER TABLE recovers it by its name.
            return true;
        } catch (IOException | RuntimeException e) {
            if (isDamage(e)) {
                LOG.warn(
                        "SHOW TABLES found a damaged array. {}",
                        GivenSecrets.hidden(e).getMessage());
            } else {
                LOG.debug("{} is not listed", array, GivenSecrets.hidden(e));
            }
            return false;
        }
    }

    /** Directories hold files of many kinds, so only a damaged member of a container is known to be meant as an array. */
    private static boolean isDamage(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnreadableMemberException unreadable) {
                return !unreadable.isUnsupported();
            }
        }
        return false;
    }
}
