package io.memmap.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongConsumer;

/** A bar on a terminal for work that takes a while; nothing where there is none. */
final class Progress implements LongConsumer, AutoCloseable {
    private static final int WIDTH = 40;
    private static final long NANOS = 200_000_000;

    private final PrintStream terminal;
    private final long total;
    private long done;
    private long shown = System.nanoTime();
    private boolean drawn;

    /** @param terminal null for none */
    Progress(PrintStream terminal, long total) {
        this.terminal = terminal;
        this.total = total;
    }

    @Override
    public void accept(long nbytes) {
        done += nbytes;
        if (terminal == null || total == 0 || System.nanoTime() - shown < NANOS) {
            return;
        }
        shown = System.nanoTime();
        drawn = true;
        int filled = (int) Math.min(WIDTH, done * WIDTH / total);
        terminal.printf(
                Locale.ROOT,
                "\r[%s%s] %3d%%",
                "#".repeat(filled),
                " ".repeat(WIDTH - filled),
                Math.min(100, done * 100 / total));
    }

    /** Clears the line. */
    @Override
    public void close() {
        if (drawn) {
            terminal.print("\r" + " ".repeat(WIDTH + 8) + "\r");
        }
    }
}
