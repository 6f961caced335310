package io.memmap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.memmap.cli.Main;
import io.memmap.it.DocumentPage.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of the README and of connector/docs print what the pages show. A page is a story: its blocks run in their
 * order, in a folder of its own. {@code …} in an output stands for any text.
 */
class DocumentationTest {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
    private static final String MARK = "--- the next example";
    private static final String COMMAND = "java -jar $CLI ";
    private static final String NEXT = "\nprint('" + MARK + "')\n";

    /** A link to a file, without the heading that it may name. */
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)(?:#[^)]*)?\\)");

    @TempDir
    private Path directory;

    private Path folder;
    private SparkSession spark;

    private static List<DocumentPage> pages() throws IOException {
        try (Stream<Path> docs = Files.list(PROJECT.resolve("connector/docs"))) {
            return Stream.concat(Stream.of(PROJECT.resolve("README.md")), docs.sorted())
                    .filter(file -> file.toString().endsWith(".md"))
                    .map(DocumentationTest::page)
                    .toList();
        }
    }

    @BeforeEach
    void beginASession() {
        spark = SharedSpark.session().newSession();
        spark.conf().set("spark.sql.catalog.memmap", "io.memmap.spark.MemmapCatalog");
    }

    @Test
    void pagesAreShortAndTheirLinksLeadToFiles() throws IOException {
        for (DocumentPage page : pages()) {
            String text = Files.readString(page.file());
            assertThat(text.lines().count()).as("lines of " + page).isLessThanOrEqualTo(200);
            assertThat(LINK.matcher(text).results().map(link -> link.group(1)))
                    .as("links of " + page)
                    .allMatch(link -> Files.exists(page.file().resolveSibling(link)));
        }
    }

    @Test
    void numpySqlAndJavaPrintWhatThePagesShow() throws Exception {
        Python.assumeNumpy(directory);
        for (DocumentPage page : pages()) {
            enter(page);
            for (Block block : page.blocks()) {
                if (isPlainPython(block)) {
                    check(page, block, python(block));
                } else if (block.text().startsWith(COMMAND)) {
                    check(page, block, commands(block));
                } else if (block.language().equals("sql")) {
                    check(page, block, sql(block));
                } else if (block.language().equals("java")) {
                    check(page, block, java(block));
                }
            }
        }
    }

    @Test
    void pythonPrintsWhatThePagesShow() throws Exception {
        try (PySpark pyspark = PySpark.start(spark, directory)) {
            for (DocumentPage page : pages()) {
                enter(page);
                List<Block> blocks = page.blocks().stream()
                        .filter(block -> block.language().equals("python")
                                && !block.text().contains("hdfs:"))
                        .toList();
                Python.Outcome outcome = pyspark.run("os.chdir('" + folder + "')\n" + NEXT
                        + blocks.stream().map(block -> block.in(folder) + NEXT).collect(Collectors.joining()));
                assertThat(outcome.succeeded())
                        .as(page + ": " + outcome.output())
                        .isTrue();
                String[] printed = outcome.output().split(MARK + "\n", -1);
                for (int i = 0; i < blocks.size(); i++) {
                    check(page, blocks.get(i), printed[i + 1]);
                }
            }
        }
    }

    /** Gives a page a folder of its own, which has the project's examples as a reader's shell has. */
    private void enter(DocumentPage page) throws IOException {
        folder = Files.createDirectory(directory.resolve(page.toString()));
        Files.createSymbolicLink(folder.resolve("examples"), PROJECT.resolve("examples"));
    }

    private static DocumentPage page(Path file) {
        try {
            return DocumentPage.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns true if the example needs NumPy only: then it begins with its import. */
    private static boolean isPlainPython(Block block) {
        return block.language().equals("python") && block.text().matches("(?s)import (os|numpy).*");
    }

    private String python(Block block) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("example.py"), block.text());
        Python.Outcome outcome = Python.run(
                directory, "-c", "import os, runpy; os.chdir(r'" + folder + "'); runpy.run_path('" + script + "')");
        assertThat(outcome.succeeded()).as(outcome.output()).isTrue();
        return outcome.output();
    }

    /** Commands of the jar of the command line, with its classes and no flag, as a reader's shell starts them. */
    private String commands(Block block) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = SparkHome.locationOf(Main.class).toString();
        StringBuilder printed = new StringBuilder();
        for (String line : block.text().lines().toList()) {
            List<String> command = new ArrayList<>(List.of(java, "-cp", classes, Main.class.getName()));
            command.addAll(List.of(line.substring(COMMAND.length()).split(" ")));
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            printed.append(output);
        }
        return printed.toString();
    }

    private String sql(Block block) throws Exception {
        StringBuilder printed = new StringBuilder();
        for (String statement : block.in(folder).split(";\\s*(\n|$)")) {
            printed.append(PrintedOutput.of(() -> {
                Dataset<Row> rows = spark.sql(statement);
                if (!rows.isEmpty()) {
                    rows.show();
                }
            }));
        }
        return printed.toString();
    }

    /** Wraps statements in a method with a {@code spark}, as a reader would. */
    private String java(Block block) throws Exception {
        String imports = lines(block, "import .*");
        String code = "import org.apache.spark.sql.*;\n" + imports
                + "public class Example { public static void run(SparkSession spark) throws Exception {\n"
                + lines(block, "(?!import ).*") + "}}\n";
        Path source = Files.writeString(folder.resolve("Example.java"), code);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-nowarn", "-cp", System.getProperty("java.class.path"), source.toString());
        assertThat(result).as(code).isZero();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            Method example = loader.loadClass("Example").getMethod("run", SparkSession.class);
            return PrintedOutput.of(() -> {
                try {
                    example.invoke(null, spark);
                } catch (ReflectiveOperationException e) {
                    throw new IOException(e);
                }
            });
        }
    }

    private String lines(Block block, String pattern) {
        return block.in(folder)
                .lines()
                .filter(line -> line.matches(pattern))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    /** An output fits with the paths of this folder, and as a reader sees it who gave names without a folder. */
    private void check(DocumentPage page, Block block, String printed) {
        block.output().ifPresent(shown -> {
            String pattern =
                    Stream.of(shown.strip().split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
            assertThat(List.of(printed.strip(), printed.strip().replace(folder + "/", "")))
                    .as(page + ": " + block.text())
                    .anyMatch(Pattern.compile(pattern, Pattern.DOTALL).asMatchPredicate());
        });
    }
}
