package io.memmap.cli;

import io.memmap.format.ArrayFile;
import io.memmap.format.Sidecar;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code describe}: what an array is, from headers and descriptions only. */
final class Describe {
    private static final int SHOWN_FILES = 10;

    private Describe() {}

    static void print(LocalTable table, PrintStream out) {
        if (!table.isSideBySide()) {
            print(table.columns().get(""), out);
            return;
        }
        LocalArray first = table.columns().values().iterator().next();
        line(out, "path", table.path());
        line(out, "columns", table.columns().size() + " side by side, an array each");
        line(out, "rows", first.shape().dim(0));
        line(out, "bytes", table.nbytes());
        table.columns()
                .forEach((name, array) ->
                        line(out, "", name + " " + array.dtype() + " " + array.shape() + ", " + files(array)));
        List<String> problems = table.columns().values().stream()
                .flatMap(array -> array.problems().stream())
                .toList();
        line(out, "problems", problems.isEmpty() ? "none" : String.join("; ", problems));
    }

    private static String files(LocalArray array) {
        return array.files().size() + (array.files().size() == 1 ? " file" : " files");
    }

    private static void print(LocalArray array, PrintStream out) {
        ArrayFile first = array.files().get(0);
        line(out, "path", array.path());
        line(out, "format", first.origin().format() + member(first));
        if (array.files().size() > 1 || Files.isDirectory(array.path())) {
            line(
                    out,
                    "files",
                    array.files().size()
                            + array.manifest().map(Describe::listed).orElse(""));
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
                            out, "", name(array, file) + " " + file.layout().shape()));
            if (array.files().size() > SHOWN_FILES) {
                line(out, "", "and " + (array.files().size() - SHOWN_FILES) + " more");
            }
        }
        line(out, "problems", array.problems().isEmpty() ? "none" : String.join("; ", array.problems()));
    }

    private static String listed(LocalManifest manifest) {
        List<String> partitions = manifest.partitionColumns();
        return ", as the manifest lists them"
                + (partitions.isEmpty() ? "" : ", in directories of " + String.join(", ", partitions));
    }

    private static Path name(LocalArray array, ArrayFile file) {
        return array.path().relativize(Path.of(file.path()));
    }

    private static String member(ArrayFile file) {
        String member = file.origin().member();
        return member.isEmpty() ? "" : ", member " + member + (file.isSequential() ? ", compressed" : "");
    }

    private static void line(PrintStream out, String name, Object value) {
        out.printf(Locale.ROOT, "%-10s%s%n", name, value);
    }
}
