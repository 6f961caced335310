package io.memmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The package table of DESIGN.md.
 *
 * @param imports the packages in the last column of each row; a package may import those, and all that they may import
 */
record DesignTable(Map<String, Set<String>> imports) {
    private static final Pattern ROW = Pattern.compile("\\| `([a-z.]+)` \\|[^|]*\\| ([^|]*) \\|");
    private static final Pattern SEAM = Pattern.compile("\\|[^|]*\\| `([a-z]+\\.[A-Za-z]+)`[^`|]*\\|.*");
    private static final Pattern PACKAGE = Pattern.compile("`([a-z.]+)`");

    static DesignTable read() throws IOException {
        Map<String, Set<String>> imports = new LinkedHashMap<>();
        boolean inTable = false;
        for (String line : Files.readAllLines(Path.of("DESIGN.md"))) {
            inTable = line.startsWith("| package |") || inTable && line.startsWith("|");
            Matcher row = ROW.matcher(line);
            if (inTable && row.matches()) {
                imports.put(row.group(1), packages(row.group(2)));
            }
        }
        imports.forEach((name, cell) -> assertThat(imports.keySet())
                .as("packages that '%s' may import", name)
                .containsAll(cell));
        return new DesignTable(imports);
    }

    /** The types that are the seams, as their package and name. */
    static List<String> seams() throws IOException {
        List<String> seams = new ArrayList<>();
        boolean inTable = false;
        for (String line : Files.readAllLines(Path.of("DESIGN.md"))) {
            inTable = line.startsWith("| what varies |") || inTable && line.startsWith("|");
            Matcher row = SEAM.matcher(line);
            if (inTable && row.matches()) {
                seams.add(row.group(1));
            }
        }
        return seams;
    }

    private static Set<String> packages(String cell) {
        return PACKAGE.matcher(cell).results().map(match -> match.group(1)).collect(Collectors.toSet());
    }

    Set<String> names() {
        return imports.keySet();
    }

    /** All packages that one may import, itself among them. */
    Set<String> reach(String name) {
        Set<String> reach = new TreeSet<>(Set.of(name));
        imports.getOrDefault(name, Set.of()).forEach(next -> reach.addAll(reach(next)));
        return reach;
    }
}
