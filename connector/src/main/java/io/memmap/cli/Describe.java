package io.memmap.cli;

import io.memmap.format.ArrayFile;
import io.memmap.format.Sidecar;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** {@code describe}: what an array is, from headers and descriptions only. */
final class Describe {
    private static final int SHOWN_FILES = 10;

    private Describe() {}

    static void print(LocalArray array, PrintStream out) {
        ArrayFile first = array.files().get(0);
        line(out, "path", array.path());
        line(out, "format", first.origin().format() + member(first));
        if (array.files().size() > 1 || Files.isDirectory(array.path())) {
            line(
                    out,
                    "files",
                    array.files().size() + (array.manifest().isPresent() ? ", as the manifest lists them" : ""));
        }
        line(out, "dtype", array.dtype());
        line(out, "shape", array.shape());
        line(out, "order", first.layout().order());
        if (array.files().size() == 1) {
            line(out, "offset", first.layout().offset());
            line(
                    out,
                    "bytes",
                    first.layout().nbytes() + " of " + first.fingerprint().nbytes() + " in the file");
            Path sidecar = Path.of(Sidecar.pathOf(first.path()));
            line(out, "sidecar", Files.exists(sidecar) ? sidecar.getFileName() : "none");
        } else {
            line(
                    out,
                    "bytes",
                    array.files().stream()
                            .mapToLong(file -> file.layout().nbytes())
                            .sum());
            array.files().stream()
                    .limit(SHOWN_FILES)
                    .forEach(file -> line(
                            out,
                            "",
                            Path.of(file.path()).getFileName() + " "
                                    + file.layout().shape()));
            if (array.files().size() > SHOWN_FILES) {
                line(out, "", "and " + (array.files().size() - SHOWN_FILES) + " more");
            }
        }
        line(out, "problems", array.problems().isEmpty() ? "none" : String.join("; ", array.problems()));
    }

    private static String member(ArrayFile file) {
        String member = file.origin().member();
        return member.isEmpty() ? "" : ", member " + member + (file.isSequential() ? ", compressed" : "");
    }

    private static void line(PrintStream out, String name, Object value) {
        out.printf(Locale.ROOT, "%-10s%s%n", name, value);
    }
}
