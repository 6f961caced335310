package io.memmap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memmap.array.MemmapArray;
import io.memmap.array.NpyFile;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A browser shows the bars and the heat map of a report in their colours. */
class ProfileInBrowserTest {
    private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");
    private static final int SECONDS = 120;

    @TempDir
    private Path directory;

    private static Optional<Path> browser() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(path -> BROWSERS.stream().map(name -> Path.of(path, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private BufferedImage screenshot(Path browser, Path page) throws Exception {
        Path image = directory.resolve("page.png");
        Process process = new ProcessBuilder(
                        browser.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--hide-scrollbars",
                        "--window-size=1200,1200",
                        "--user-data-dir=" + directory.resolve("user"),
                        "--screenshot=" + image,
                        page.toUri().toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("browser.txt").toFile())
                .start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        assertThat(image).as(Files.readString(directory.resolve("browser.txt"))).isRegularFile();
        return ImageIO.read(image.toFile());
    }

    private static long pixels(BufferedImage image, int colour) {
        int[] all = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return Stream.of(all)
                .flatMapToInt(IntStream::of)
                .filter(rgb -> (rgb & 0xffffff) == colour)
                .count();
    }

    @Test
    void barsAndCellsHaveTheirColours() throws Exception {
        Optional<Path> browser = browser();
        assumeTrue(browser.isPresent(), "no browser here, expected one of " + BROWSERS);
        Path array = directory.resolve("x.npy");
        try (MemmapArray a = NpyFile.createMemmap(array, "<f4", 4, 2)) {
            a.copyFrom(new double[] {0, 1, 2, 3, 4, 5, Double.NaN, 7});
        }
        Path report = directory.resolve("report.html");
        PrintStream none = new PrintStream(OutputStream.nullOutputStream());
        assertThat(new Main(none, none, false).run("profile", array.toString(), "-o", report.toString()))
                .isZero();
        BufferedImage shown = screenshot(browser.get(), report);
        // Of 500 × 120 pixels, 3 of 50 bars of c0 and 4 of c1 are as high as can be, 9 pixels wide.
        assertThat(pixels(shown, 0x3366aa)).isBetween(7 * 8 * 119L, 7 * 10 * 121L);
        // One of 4 × 2 cells each, of 128 × 256 pixels; grey is the one without a number, and some edges of letters.
        assertThat(pixels(shown, 0xf0f5ff)).isEqualTo(128 * 256);
        assertThat(pixels(shown, 0x0a2d78)).isEqualTo(128 * 256);
        assertThat(pixels(shown, 0xbbbbbb)).isBetween(128 * 256L, 128 * 256L + 1000);
    }
}
