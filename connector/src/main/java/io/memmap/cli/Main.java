package io.memmap.cli;

import io.memmap.array.MemmapArray;
import io.memmap.dtype.DType;
import io.memmap.format.ArrayFile;
import io.memmap.layout.Order;
import io.memmap.memory.LocalPath;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Describes, shows, checks and converts arrays on local disks: {@code java -jar memmap-spark-cli.jar describe x.npy}. */
public final class Main {
    static final String USAGE =
            "usage: describe PATH | head PATH [-n ROWS] | stats PATH | verify PATH | convert IN OUT [--to"
                    + " DTYPE] [--toOrder C|F] [--toMember NAME] | profile PATH -o REPORT.html, with the reader's options such as --dtype '<f4' --shape 1000,4";

    private static final int HEAD_ROWS = 5;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;

    Main(PrintStream out, PrintStream err, boolean interactive) {
        this.out = out;
        this.err = err;
        this.interactive = interactive;
    }

    /** Ends with 0, with 1 where something is wrong with an array, or with 2 where the arguments are. */
    public static void main(String[] arguments) {
        StandardOutput output = new StandardOutput();
        PrintStream out = new PrintStream(output, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int status = new Main(out, err, isTerminal()).run(arguments);
        out.flush();
        if (output.isFull()) {
            err.println("Cannot write the output: " + output.failure.getMessage()
                    + ", expected room for all of it; write it to another disk");
        }
        System.exit(output.failure == null ? status : Math.max(status, 1));
    }

    /** Standard output, which keeps its failure: a {@link PrintStream} tells only that there was one. */
    private static final class StandardOutput extends FileOutputStream {
        private IOException failure;

        StandardOutput() {
            super(FileDescriptor.out);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            try {
                super.write(bytes, offset, count);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        /** Returns false also after a reader such as {@code head} has seen enough. */
        boolean isFull() {
            return failure != null && !"Broken pipe".equals(failure.getMessage());
        }
    }

    /** From JDK 22 on there is a console also where there is no terminal, and a method that tells. */
    private static boolean isTerminal() {
        return Optional.ofNullable(System.console())
                .filter(console -> {
                    try {
                        return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
                    } catch (ReflectiveOperationException e) {
                        return true;
                    }
                })
                .isPresent();
    }

    int run(String... arguments) {
        try {
            if (arguments.length == 0) {
                throw new IllegalArgumentException("Cannot run without a command; " + USAGE);
            }
            return run(arguments[0], arguments);
        } catch (UncheckedIOException e) {
            err.println(line(e.getCause(), arguments));
            return 1;
        } catch (IOException | ArithmeticException e) {
            err.println(line(e, arguments));
            return 1;
        } catch (IllegalArgumentException e) {
            err.println(line(e, arguments));
            return 2;
        } catch (OutOfMemoryError e) {
            err.println(line(outOfMemory(arguments, e), arguments));
            return 1;
        }
    }

    private static IOException outOfMemory(String[] arguments, OutOfMemoryError e) {
        return new IOException("Cannot run " + String.join(" ", arguments) + ": out of memory (" + e.getMessage()
                + "), expected values and headers that fit in a heap of "
                + Runtime.getRuntime().maxMemory()
                + " bytes; start Java with a larger -Xmx, or read fewer rows or smaller values");
    }

    private static String line(Throwable e, String... arguments) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return CommandLine.withFlags(
                (e instanceof FileSystemException failed && !message.startsWith("Cannot ") ? opened(failed) : message)
                        .replace("\n", " "),
                arguments);
    }

    /** The JDK's own message may be the path alone. */
    private static String opened(FileSystemException failed) {
        String problem = failed instanceof AccessDeniedException
                ? "permission denied, expected a file that this user can open; change its permissions"
                : Objects.requireNonNullElse(
                        failed.getReason(), failed.getClass().getSimpleName());
        return "Cannot open " + failed.getFile() + ": " + problem;
    }

    private int run(String command, String[] arguments) throws IOException {
        switch (command) {
            case "describe" -> Describe.print(described(CommandLine.parse(arguments, 1, List.of())), out);
            case "head" -> head(CommandLine.parse(arguments, 1, List.of("rows")));
            case "stats" -> {
                LocalTable table = table(CommandLine.parse(arguments, 1, List.of()));
                try (Progress progress = progress(table, 1)) {
                    Statistics.print(table, out, progress);
                }
            }
            case "verify" -> {
                return Verification.of(described(CommandLine.parse(arguments, 1, List.of())), out) ? 0 : 1;
            }
            case "convert" -> convert(CommandLine.parse(arguments, 2, List.of("to", "toOrder", "toMember")));
            case "profile" -> profile(CommandLine.parse(arguments, 1, List.of("output")));
            case "help", "--help", "-h" -> out.println(USAGE);
            default -> throw new IllegalArgumentException("Cannot run " + command + ": no such command; " + USAGE);
        }
        return 0;
    }

    /** An array whose values are read. */
    private static LocalTable table(CommandLine line) throws IOException {
        LocalTable table = described(line);
        UnfinishedChange.refuse(table);
        return table;
    }

    private static LocalTable described(CommandLine line) throws IOException {
        return LocalTable.of(line.paths().get(0), line.reading());
    }

    private Progress progress(LocalTable table, int passes) {
        return new Progress(interactive ? err : null, passes * table.nbytes());
    }

    private void head(CommandLine line) throws IOException {
        long rows = line.integer("rows", HEAD_ROWS);
        LocalTable table = table(line);
        for (Map.Entry<String, LocalArray> column : table.columns().entrySet()) {
            if (table.isSideBySide()) {
                out.println("column " + column.getKey());
            }
            head(column.getValue(), rows);
        }
    }

    private void head(LocalArray files, long most) throws IOException {
        boolean allBut = most < 0 && files.shape().ndim() > 0;
        long left = allBut ? Math.max(0, files.shape().dim(0) + most) : most;
        for (ArrayFile file : files.files()) {
            try (MemmapArray array = LocalArray.open(file)) {
                long rows = array.ndim() == 0 ? 1 : Math.min(left, array.shape().dim(0));
                MemmapArray first = array.ndim() == 0 ? array : array.slice(":" + rows);
                // What a compressed array inflates to has the name of a temporary file.
                out.println(first.toString().replace(array.path().toString(), file.path()));
                left -= rows;
            }
            if (left <= 0) {
                return;
            }
        }
    }

    private void convert(CommandLine line) throws IOException {
        LocalTable table = table(line);
        LocalArray array = table.only();
        DType dtype =
                line.options().containsKey("to") ? DType.parse(line.options().get("to")) : null;
        Order order = line.options().containsKey("toOrder") ? line.order("toOrder") : null;
        try (Progress progress = progress(table, 1)) {
            Conversion.of(
                            array,
                            line.paths().get(1),
                            dtype,
                            order,
                            line.options().get("toMember"))
                    .run(progress);
        }
        Describe.print(described(new CommandLine(line.paths().subList(1, 2), Map.of())), out);
    }

    private void profile(CommandLine line) throws IOException {
        String report = line.options().get("output");
        if (report == null) {
            throw new IllegalArgumentException("Cannot run profile without a report, expected -o REPORT.html");
        }
        LocalTable table = table(line);
        try (Progress progress = progress(table, 2)) {
            new Profile(table, LocalPath.of(report).toAbsolutePath().normalize()).write(progress);
        }
    }
}
