package io.memmap.spark.write;

import io.memmap.spark.failure.FailureForm;
import java.io.IOException;
import java.net.URL;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jar of this source where it was brought to a running Spark, as by {@code ADD JAR}. Spark Connect closes the class loader of a
 * session before it ends the queries of the session. A write that it ends then removes what it made by classes that must be
 * loaded by that time. Driver side, any thread.
 */
final class LateJar {
    private static final Logger LOG = LoggerFactory.getLogger(LateJar.class);
    private static final String SUFFIX = ".class";

    private static volatile boolean loaded;

    private LateJar() {}

    /** Loads all classes of the jar if it came late: once for each class loader, which takes about 0.4 s. */
    static void loadClasses(FailureForm form) {
        if (form.known() || loaded) {
            return;
        }
        URL jar = LateJar.class.getProtectionDomain().getCodeSource().getLocation();
        try (JarInputStream entries = new JarInputStream(jar.openStream())) {
            for (JarEntry entry = entries.getNextJarEntry(); entry != null; entry = entries.getNextJarEntry()) {
                if (entry.getName().endsWith(SUFFIX)) {
                    load(entry.getName());
                }
            }
            loaded = true;
        } catch (IOException e) {
            LOG.warn(
                    "Cannot read {}: a write may leave its lock if its session of Spark Connect ends meanwhile",
                    jar,
                    e);
        }
    }

    private static void load(String entry) {
        String name = entry.substring(0, entry.length() - SUFFIX.length()).replace('/', '.');
        try {
            Class.forName(name, false, LateJar.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            LOG.trace("{} needs what this Spark or this JVM does not have", name, e);
        }
    }
}
