package io.memmap.array;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads the text between NumPy's brackets. */
record SliceParser(String text) {
    static List<Slice> parse(String text) {
        return new SliceParser(text).slices();
    }

    private List<Slice> slices() {
        List<Slice> slices = new ArrayList<>();
        List<String> parts = parts(text, ",");
        // One comma may trail, as in a Python tuple.
        int count = parts.size() > 1 && parts.get(parts.size() - 1).isEmpty() ? parts.size() - 1 : parts.size();
        for (String part : parts.subList(0, count)) {
            slices.add(slice(part));
        }
        return slices;
    }

    private Slice slice(String part) {
        if (part.equals("...")) {
            return Slice.ellipsis();
        }
        List<String> bounds = parts(part, ":");
        if (bounds.size() == 1) {
            return Slice.at(number(part));
        }
        if (bounds.size() > 3) {
            throw refusal(part);
        }
        Long step = bounds.size() == 3 ? bound(bounds.get(2)) : null;
        return new Slice.Range(bound(bounds.get(0)), bound(bounds.get(1)), step == null ? 1 : step);
    }

    private Long bound(String part) {
        return part.isEmpty() ? null : Long.valueOf(number(part));
    }

    private long number(String part) {
        try {
            return Long.parseLong(part);
        } catch (NumberFormatException e) {
            throw refusal(part);
        }
    }

    private IllegalArgumentException refusal(String part) {
        return new IllegalArgumentException(
                "Cannot slice [" + text + "]: '" + part + "', expected an integer, start:stop, start:stop:step or ...");
    }

    private static List<String> parts(String text, String separator) {
        return Stream.of(text.split(separator, -1)).map(String::strip).toList();
    }
}
