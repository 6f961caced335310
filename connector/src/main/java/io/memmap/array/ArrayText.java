package io.memmap.array;

import io.memmap.dtype.Kind;
import io.memmap.dtype.Literal;
import io.memmap.dtype.RecordDType;
import io.memmap.dtype.ScalarDType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The values of an array as NumPy's {@code repr} shows them: all of at most 1000, else the first and last three on each long
 * axis. Reads only what is shown.
 */
final class ArrayText {
    private static final int THRESHOLD = 1000;
    private static final int EDGE = 3;
    private static final int WIDTH = 75;

    private final MemmapArray array;
    private final boolean cut;
    private List<String> texts = List.of();
    private int next;

    private ArrayText(MemmapArray array) {
        this.array = array;
        this.cut = array.size() > THRESHOLD;
    }

    static String of(MemmapArray array) {
        if (array.size() == 0) {
            return "[]";
        }
        ArrayText text = new ArrayText(array);
        text.texts = text.texts(array);
        return text.brackets(0, " ", WIDTH);
    }

    /** The texts of the elements that are shown, in C order. */
    private List<String> texts(MemmapArray values) {
        if (values.dtype() instanceof RecordDType record) {
            return records(values, record);
        }
        ScalarDType dtype = (ScalarDType) values.dtype();
        if (dtype.kind() == Kind.COMPLEX) {
            return complex(values, dtype.itemsize() / 2);
        } else if (Bulk.isFloat(dtype)) {
            return floats(values, dtype.kind() == Kind.BFLOAT16 ? 4 : dtype.itemsize(), false);
        }
        List<String> words = elements(values).stream()
                .map(element -> word(element, dtype, values))
                .toList();
        boolean quoted = dtype.kind() == Kind.BYTES || dtype.kind() == Kind.UNICODE || dtype.kind() == Kind.VOID;
        return quoted || values.ndim() == 0 ? words : aligned(words);
    }

    private static String word(Object element, ScalarDType dtype, MemmapArray values) {
        return switch (dtype.kind()) {
            case BOOL -> element.equals(false) ? "False" : values.ndim() == 0 ? "True" : " True";
            case DATETIME -> TickText.of((Long) element, dtype.unit(), dtype.unitCount());
            case TIMEDELTA -> element.equals(Long.MIN_VALUE) ? "'NaT'" : element.toString();
            default ->
                element instanceof String text
                        ? Literal.quote(text)
                        : element instanceof byte[] bytes ? quoted(bytes, dtype.kind()) : element.toString();
        };
    }

    /** Python's {@code bytes}, or NumPy's void, which escapes every byte. */
    private static String quoted(byte[] bytes, Kind kind) {
        if (kind != Kind.VOID) {
            String quote = Literal.quote(new String(bytes, StandardCharsets.ISO_8859_1));
            return "b" + escaped(quote);
        }
        HexFormat hex = HexFormat.ofDelimiter("\\x").withUpperCase();
        return bytes.length == 0 ? "b''" : "b'\\x" + hex.formatHex(bytes) + "'";
    }

    /** ASCII as it is, other bytes as {@code \xff}. */
    private static String escaped(String latin1) {
        StringBuilder text = new StringBuilder(latin1.length());
        latin1.chars().forEach(c -> {
            if (c < 0x7F) {
                text.append((char) c);
            } else {
                text.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
            }
        });
        return text.toString();
    }

    private static List<String> aligned(List<String> words) {
        int width = words.stream().mapToInt(String::length).max().orElse(0);
        return words.stream()
                .map(word -> " ".repeat(width - word.length()) + word)
                .toList();
    }

    private List<String> floats(MemmapArray values, int itemsize, boolean signed) {
        List<Double> numbers = elements(values).stream()
                .map(element -> ((Number) element).doubleValue())
                .toList();
        FloatText text = new FloatText(numbers, itemsize, signed);
        return numbers.stream().map(text::of).toList();
    }

    private List<String> complex(MemmapArray values, int itemsize) {
        List<String> real = floats(values.real(), itemsize, false);
        List<String> imaginary = floats(values.imag(), itemsize, true);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < real.size(); i++) {
            String part = imaginary.get(i);
            String digits = part.stripTrailing();
            words.add(real.get(i) + digits + "j" + part.substring(digits.length()));
        }
        return words;
    }

    /** Tuples of the fields' texts, in a line each: NumPy breaks no line within an element. */
    private List<String> records(MemmapArray values, RecordDType record) {
        List<List<String>> columns = record.fields().stream()
                .map(field -> inner(values.field(field.name()), values.ndim()))
                .toList();
        return IntStream.range(0, (int) count(values, values.ndim()))
                .mapToObj(row -> tuple(columns, row))
                .toList();
    }

    private static String tuple(List<List<String>> columns, int row) {
        List<String> words = columns.stream().map(column -> column.get(row)).toList();
        return "(" + String.join(", ", words) + (words.size() == 1 ? ",)" : ")");
    }

    /** The texts of a field, of which the axes from one on are in one element. */
    private List<String> inner(MemmapArray field, int axis) {
        Iterator<String> words = texts(field).iterator();
        return LongStream.range(0, count(field, axis))
                .mapToObj(row -> inner(field, axis, words))
                .toList();
    }

    private String inner(MemmapArray field, int axis, Iterator<String> words) {
        if (axis == field.ndim()) {
            return words.next();
        }
        List<String> all = new ArrayList<>();
        long last = -1;
        for (long i : shown(field, axis)) {
            if (i > last + 1) {
                all.add("...");
            }
            all.add(inner(field, axis + 1, words));
            last = i;
        }
        return "[" + String.join(", ", all) + "]";
    }

    /** The number of elements that are shown along the first axes. */
    private long count(MemmapArray values, int axes) {
        return IntStream.range(0, axes)
                .mapToLong(axis -> shown(values, axis).size())
                .reduce(1, (a, b) -> a * b);
    }

    private List<Long> shown(MemmapArray values, int axis) {
        long length = values.shape().dim(axis);
        boolean shortened = (axis < array.ndim() ? cut : isLong(values)) && length > 2 * EDGE;
        List<Long> all = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            if (shortened && i == EDGE) {
                i = length - EDGE;
            }
            all.add(i);
        }
        return all;
    }

    /** Returns true if what one element has of a field is more than is shown. */
    private boolean isLong(MemmapArray field) {
        return LongStream.of(field.shape().toArray()).skip(array.ndim()).reduce(1, (a, b) -> a * b) > THRESHOLD;
    }

    private boolean isCut(long length) {
        return cut && length > 2 * EDGE;
    }

    private List<Object> elements(MemmapArray values) {
        List<Object> found = new ArrayList<>();
        collect(values, new long[values.ndim()], 0, found);
        return Collections.unmodifiableList(found);
    }

    private void collect(MemmapArray values, long[] index, int axis, List<Object> found) {
        if (axis == index.length) {
            found.add(element(values, index));
            return;
        }
        for (long i : shown(values, axis)) {
            index[axis] = i;
            collect(values, index, axis + 1, found);
        }
    }

    /** Bytes of an S, and of a U that is no text. */
    private static Object element(MemmapArray values, long[] index) {
        if (((ScalarDType) values.dtype()).kind() == Kind.BYTES) {
            return values.getBytes(index);
        }
        try {
            return values.get(index);
        } catch (IllegalArgumentException e) {
            return values.getBytes(index);
        }
    }

    /** The elements from an axis on, with the line breaks that NumPy makes. */
    private String brackets(int axis, String indent, int width) {
        int left = array.ndim() - axis;
        if (left == 0) {
            return texts.get(next++);
        }
        int length = shown(array, axis).size();
        boolean summary = isCut(array.shape().dim(axis));
        return left == 1 ? row(length, summary, indent, width - 1) : rows(axis, length, summary, indent, width - 1);
    }

    private String row(int length, boolean summary, String indent, int width) {
        StringBuilder done = new StringBuilder();
        String line = indent;
        for (int i = 0; i < length; i++) {
            if (summary && i == EDGE) {
                line = extended(done, line, "...", width, indent) + ", ";
            }
            line = extended(done, line, texts.get(next++), width, indent) + (i < length - 1 ? ", " : "");
        }
        return "[" + done.append(line).substring(indent.length()) + "]";
    }

    /** The line with one more word, or a new one if that is too long. */
    private static String extended(StringBuilder done, String line, String word, int width, String indent) {
        if (line.length() + word.length() > width && line.length() > indent.length()) {
            done.append(line.stripTrailing()).append('\n');
            return indent + word;
        }
        return line + word;
    }

    private String rows(int axis, int length, boolean summary, String indent, int width) {
        String separator = "," + "\n".repeat(array.ndim() - axis - 1);
        StringBuilder all = new StringBuilder("[");
        for (int i = 0; i < length; i++) {
            if (summary && i == EDGE) {
                all.append(indent).append("...").append(separator);
            }
            all.append(i == 0 ? "" : indent).append(brackets(axis + 1, indent + " ", width));
            all.append(i < length - 1 ? separator : "");
        }
        return all.append("]").toString();
    }
}
