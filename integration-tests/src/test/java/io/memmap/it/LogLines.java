package io.memmap.it;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** Lines that the connector logs, in any thread, each with the stack trace of its exception. */
final class LogLines {
    private static final String CONNECTOR = "io.memmap";

    private LogLines() {}

    /** The warnings of one action, without those of other loggers than the connector's. */
    static List<String> of(Runnable action) {
        return of(Level.WARN, action);
    }

    /** The same, with what is logged at this level too. */
    static List<String> of(Level level, Runnable action) {
        List<String> lines = new CopyOnWriteArrayList<>();
        AbstractAppender appender = new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                lines.add(event.getMessage().getFormattedMessage() + trace(event.getThrown()));
            }
        };
        appender.start();
        Logger logger = (Logger) LogManager.getLogger(CONNECTOR);
        Level before = logger.getLevel();
        Configurator.setLevel(CONNECTOR, level);
        logger.addAppender(appender);
        try {
            action.run();
        } finally {
            logger.removeAppender(appender);
            Configurator.setLevel(CONNECTOR, before);
        }
        return lines;
    }

    /** The stack trace on lines of its own; empty for null. */
    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        if (thrown != null) {
            thrown.printStackTrace(new PrintWriter(trace.append('\n')));
        }
        return trace.toString();
    }
}
