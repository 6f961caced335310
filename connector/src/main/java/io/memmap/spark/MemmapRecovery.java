package io.memmap.spark;

import io.memmap.spark.failure.Entry;
import io.memmap.spark.failure.MemmapException;
import io.memmap.storage.HadoopSettings;
import io.memmap.storage.Recovery;
import io.memmap.storage.Recovery.Ending;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Ends changes of arrays whose writer died while it made them. Until then a read of such an array fails, as its rows may be
 * old, new or both, and the next write of the same user ends the change by itself.
 *
 * <p>Both methods take a file, or a directory for all of its files, and leave everything else alone. They refuse when the
 * writer's lock is still held, and when another program has changed the file since. In SQL they are {@code ALTER TABLE … SET
 * TBLPROPERTIES ('recover'='finish')} and {@code 'discard'}. Driver side; they need an active Spark session.
 */
public final class MemmapRecovery {
    private static final String PROPERTY = "recover";

    private MemmapRecovery() {}

    /**
     * Makes the change of a dead writer to its end.
     *
     * @return false when no change is pending
     * @throws MemmapException naming the file, when the change cannot be finished; the file is then as it was
     */
    public static boolean finish(String path) {
        return end(Ending.FINISH, path);
    }

    /**
     * Undoes the change of a dead writer: the file is as it was before.
     *
     * @return false when no change is pending
     * @throws MemmapException naming the file, when the change cannot be undone; the file is then as it was
     */
    public static boolean discard(String path) {
        return end(Ending.DISCARD, path);
    }

    private static boolean end(Ending ending, String path) {
        return Entry.call(() -> end(ending, path, SessionSettings.active().hadoop(Map.of())));
    }

    static boolean end(Ending ending, String path, HadoopSettings settings) throws IOException {
        String owner = SessionSettings.active().session().sparkContext().applicationId() + " recovery";
        boolean ended = Recovery.end(ending, path, settings, owner);
        if (ended) {
            CachedReads.refresh(path, settings);
        }
        return ended;
    }

    /**
     * The ending that {@code ALTER TABLE … SET TBLPROPERTIES ('recover'='finish')} requests.
     *
     * @return empty when the statement is about something else
     * @throws IllegalArgumentException when it sets other properties too, or another value
     */
    static Optional<Ending> asked(TableChange... changes) {
        for (TableChange change : changes) {
            if (change instanceof TableChange.SetProperty property
                    && property.property().equalsIgnoreCase(PROPERTY)) {
                for (Ending ending : Ending.values()) {
                    if (changes.length == 1 && ending.name().equalsIgnoreCase(property.value())) {
                        return Optional.of(ending);
                    }
                }
                String value = SessionSettings.active().redaction().shown(PROPERTY, property.value());
                throw new IllegalArgumentException("Cannot recover with '" + PROPERTY + "'='" + value + "'"
                        + (changes.length == 1 ? "" : " and other properties")
                        + ": expected one property, 'finish' or 'discard'");
            }
        }
        return Optional.empty();
    }

    /** Spark's own catalog keeps the property instead of passing it on, and nothing would be recovered. */
    static void checkNotStored(String table, Map<String, String> properties) {
        if (new CaseInsensitiveStringMap(properties).containsKey(PROPERTY)) {
            throw new IllegalArgumentException("Cannot use " + table + ": Spark's catalog has stored '" + PROPERTY
                    + "' as a property and recovered nothing, expected"
                    + " spark.sql.catalog.spark_catalog=io.memmap.spark.MemmapSessionCatalog; set it, or use"
                    + " MemmapRecovery, and remove the property with ALTER TABLE ... UNSET TBLPROPERTIES ('" + PROPERTY
                    + "')");
        }
    }
}
