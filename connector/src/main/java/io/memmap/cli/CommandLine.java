package io.memmap.cli;

import io.memmap.dtype.DType;
import io.memmap.dtype.Spelling;
import io.memmap.format.ArrayFormat;
import io.memmap.format.ArrayFormats;
import io.memmap.format.Claims;
import io.memmap.format.NpyHeader;
import io.memmap.format.Reading;
import io.memmap.format.Reading.TrailingBytes;
import io.memmap.layout.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The arguments of a command: paths, and options as {@code --name value} or {@code --name=value}. The options of a reader
 * have the names that they have in Spark.
 */
record CommandLine(List<String> paths, Map<String, String> options) {
    private static final List<String> READER = List.of(
            "dtype", "shape", "order", "offset", "container", "member", "sidecar", "trailingBytes", "maxHeaderNbytes");

    /** An option as messages of the reader spell it, and no part of a path. */
    private static final Pattern OPTION = Pattern.compile("(?<=^|[ (])(?:option (" + String.join("|", READER)
            + ")\\b(?!=)|(" + String.join("|", READER)
            + ")=('[^']*'|[<>|]?[\\w-]+(?:,[\\w-]+)*)(?=[\\s,;)]|$))");

    private static final Pattern SEPARATOR = Pattern.compile("[\\s,()\\[\\]]+");

    /**
     * Reads arguments.
     *
     * @param own the options that the command has besides those of a reader
     * @throws IllegalArgumentException for another option, one without a value, or another number of paths
     */
    static CommandLine parse(String[] arguments, int numPaths, List<String> own) {
        List<String> paths = new ArrayList<>();
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            if (!arguments[i].startsWith("-")) {
                paths.add(arguments[i]);
                continue;
            }
            String[] parts = arguments[i].split("=", 2);
            String name =
                    switch (parts[0]) {
                        case "-n" -> "rows";
                        case "-o" -> "output";
                        default -> parts[0].replaceFirst("^--?", "");
                    };
            if (!own.contains(name) && !READER.contains(name)) {
                throw unknown(parts[0], arguments[0], name, own);
            }
            if (parts.length == 1 && i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "Cannot read option " + parts[0] + " of " + arguments[0] + ": no value, expected one");
            }
            options.put(name, parts.length == 2 ? parts[1] : arguments[++i]);
        }
        if (paths.size() != numPaths) {
            throw new IllegalArgumentException("Cannot run " + arguments[0] + ": found " + paths.size()
                    + " paths, expected " + numPaths + "; " + Main.USAGE);
        }
        return new CommandLine(paths, options);
    }

    private static IllegalArgumentException unknown(String written, String command, String name, List<String> own) {
        List<String> known = Stream.concat(own.stream(), READER.stream()).toList();
        return new IllegalArgumentException("Cannot read option " + written + " of " + command + ": unknown, expected "
                + Spelling.nearest(name, known)
                        .map(nearest -> "an option of this command; did you mean --" + nearest + "?")
                        .orElse("one of " + String.join(", ", known)));
    }

    /**
     * Spells the options in a message of the reader as flags: {@code dtype=<f8} is {@code --dtype '<f8'}. Arguments that look
     * like options, which a message may quote, stay as they are.
     */
    static String withFlags(String message, String... arguments) {
        String given = Arrays.stream(arguments)
                .map(text -> text.replaceFirst("^-[^=]*=", ""))
                .filter(text -> OPTION.matcher(text).find())
                .map(text -> Pattern.quote(text) + "|")
                .collect(Collectors.joining());
        return Pattern.compile(given + OPTION)
                .matcher(message)
                .replaceAll(found -> Matcher.quoteReplacement(flag(found)));
    }

    private static String flag(MatchResult option) {
        if (option.group(1) != null) {
            return "option --" + option.group(1);
        } else if (option.group(2) == null) {
            return option.group();
        }
        String value = option.group(3);
        return "--" + option.group(2) + " " + ("<>|".indexOf(value.charAt(0)) < 0 ? value : "'" + value + "'");
    }

    /** The options of the array that is read. */
    Reading reading() {
        Claims claims = new Claims(
                Claims.Source.OPTIONS,
                options.containsKey("dtype") ? DType.parse(options.get("dtype")) : null,
                options.containsKey("shape") ? shape() : null,
                options.containsKey("order") ? order("order") : null,
                options.containsKey("offset") ? offset() : null,
                options.containsKey("container") ? container() : null,
                List.of(),
                null);
        return new Reading(
                claims,
                null,
                options.containsKey("trailingBytes")
                        ? choice("trailingBytes", TrailingBytes.values(), "auto, error or ignore")
                        : TrailingBytes.AUTO,
                !ignoresSidecar(),
                (int) Math.min(integer("maxHeaderNbytes", NpyHeader.MAX_TEXT_NBYTES), Integer.MAX_VALUE),
                options.get("member"));
    }

    private ArrayFormat container() {
        String name = options.get("container");
        String known =
                ArrayFormats.known().all().stream().map(ArrayFormat::name).collect(Collectors.joining(", "));
        return name.equals("auto")
                ? null
                : ArrayFormats.find(name).orElseThrow(() -> wrong("container", "one of auto, " + known));
    }

    private List<Long> shape() {
        List<Long> lengths = new ArrayList<>();
        for (String length : SEPARATOR.split(options.get("shape"), -1)) {
            if (!length.isEmpty()) {
                lengths.add(whole("shape", length));
            }
        }
        return lengths;
    }

    long integer(String name, long missing) {
        return options.containsKey(name) ? whole(name, options.get(name)) : missing;
    }

    private long offset() {
        long offset = integer("offset", 0);
        if (offset < 0) {
            throw wrong("offset", "0 or more");
        }
        return offset;
    }

    private long whole(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw wrong(name, name.equals("shape") ? "lengths such as 1000,4" : "an integer");
        }
    }

    private boolean ignoresSidecar() {
        String use = options.getOrDefault("sidecar", "auto");
        if (!use.equalsIgnoreCase("auto") && !use.equalsIgnoreCase("ignore")) {
            throw wrong("sidecar", "auto or ignore");
        }
        return use.equalsIgnoreCase("ignore");
    }

    Order order(String name) {
        return choice(name, Order.values(), "C or F");
    }

    private <E extends Enum<E>> E choice(String name, E[] values, String expected) {
        return Arrays.stream(values)
                .filter(value -> value.name().equalsIgnoreCase(options.get(name)))
                .findFirst()
                .orElseThrow(() -> wrong(name, expected));
    }

    private IllegalArgumentException wrong(String name, String expected) {
        return new IllegalArgumentException(
                "Cannot read option --" + name + ": found '" + options.get(name) + "', expected " + expected);
    }
}
