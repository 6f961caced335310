package io.memmap.spark.write;

import io.memmap.spark.failure.FailureForm;
import io.memmap.storage.GivenSecrets;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.security.CodeSource;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jar of this source where it was brought to a running Spark, as by {@code ADD JAR}. Spark Connect closes the class loader of a
 * session before it ends the queries of the session. A write that it ends then removes what it made by classes that must be
 * loaded by that time. Driver side, any thread.
 */
final class LateJar {
    private static final Logger LOG = LoggerFactory.getLogger(LateJar.class);
    /** A user's jar may have this source and much else. */
    private static final String PACKAGES = "io/memmap/";

    private static final String SUFFIX = ".class";

    private static boolean loaded;

    private LateJar() {}

    /** Loads all classes of the jar if it came late: once for each class loader, which takes about 0.4 s. */
    static synchronized void loadClasses(FailureForm form) {
        CodeSource source = LateJar.class.getProtectionDomain().getCodeSource();
        if (form.known() || loaded || source == null) {
            return;
        }
        loaded = true;
        URL jar = source.getLocation();
        try {
            JarURLConnection connection = (JarURLConnection) new URL("jar:" + jar + "!/").openConnection();
            connection.setUseCaches(false);
            try (JarFile file = connection.getJarFile()) {
                file.stream()
                        .map(JarEntry::getName)
                        .filter(name -> name.startsWith(PACKAGES) && name.endsWith(SUFFIX))
                        .forEach(LateJar::load);
            }
        } catch (IOException e) {
            LOG.warn(
                    "Cannot read {}: a write may leave its lock if its session of Spark Connect ends meanwhile",
                    jar,
                    GivenSecrets.hidden(e));
        }
    }

    private static void load(String entry) {
        String name = entry.substring(0, entry.length() - SUFFIX.length()).replace('/', '.');
        try {
            Class.forName(name, false, LateJar.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            LOG.trace("{} needs what this Spark or this JVM does not have", name, GivenSecrets.hidden(e));
        }
    }
}
