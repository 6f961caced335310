package io.memmap.spark.options;

import io.memmap.dtype.DType;
import io.memmap.dtype.DTypeException;
import io.memmap.dtype.Literal;
import io.memmap.dtype.LiteralException;
import io.memmap.format.ArrayFormat;
import io.memmap.format.ArrayFormats;
import io.memmap.layout.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The values of an option, and the parser of its text.
 *
 * @param values what the options table shows
 * @param expected what an error says
 * @param parser throws an IllegalArgumentException with a reason, or with none where {@code expected} says it all
 */
record OptionType<T>(String values, String expected, Function<String, T> parser) {

    private static final Pattern SIZE_TEXT = Pattern.compile("([0-9]{1,19}) ?([a-z]{0,2})");
    private static final Map<String, Integer> SIZE_SHIFTS = Map.ofEntries(
            Map.entry("", 0),
            Map.entry("b", 0),
            Map.entry("k", 10),
            Map.entry("kb", 10),
            Map.entry("m", 20),
            Map.entry("mb", 20),
            Map.entry("g", 30),
            Map.entry("gb", 30),
            Map.entry("t", 40),
            Map.entry("tb", 40));

    static final OptionType<DType> DTYPE = new OptionType<>("dtype", "a NumPy dtype", DType::parse);
    static final OptionType<ShapeOption> SHAPE =
            new OptionType<>("shape", "a shape such as 1000,8 or -1,8", ShapeOption::parse);
    static final OptionType<List<String>> NAMES = new OptionType<>(
            "names",
            "column names with commas between them, such as a,b or `a,1`,b or [\"a\", \"b\"]",
            ColumnNames::parse);
    static final OptionType<Map<String, DType>> DTYPES = new OptionType<>(
            "names and dtypes", "columns and their dtypes, such as name U32, id <u4", ColumnDtypes::parse);
    static final OptionType<ColumnLiterals> LITERALS = new OptionType<>(
            "value, or column=value list",
            "a value, or one for each of some columns, such as a=0, b=-1",
            ColumnLiterals::parse);
    static final OptionType<List<String>> PATHS =
            new OptionType<>("JSON list", "a JSON list of paths", text -> strings(Literal.parseJson(text)));
    static final OptionType<List<ColumnPath>> COLUMN_PATHS = new OptionType<>(
            "dict",
            "a dict of columns and paths, such as {\"id\": \"ids.npy\", \"embedding\": \"emb/\"}",
            ColumnPath::parse);
    static final OptionType<String> TEXT = new OptionType<>("text", "a text", OptionType::text);
    static final OptionType<Boolean> FLAG = new OptionType<>("true, false", "true or false", OptionType::flag);
    static final OptionType<Long> POSITION =
            new OptionType<>("integer", "an integer of 0 or more", text -> integer(text, 0, Long.MAX_VALUE));
    static final OptionType<Integer> COUNT =
            new OptionType<>("integer", "an integer of 1 or more", text -> (int) integer(text, 1, Integer.MAX_VALUE));
    static final OptionType<Long> SIZE =
            new OptionType<>("size", "a size of 1 byte or more, such as 1048576, 64m or 1g", OptionType::size);

    /** A format, or none for {@code auto}. */
    static final OptionType<Optional<ArrayFormat>> CONTAINER = container();

    private static OptionType<Optional<ArrayFormat>> container() {
        String values = "auto, "
                + ArrayFormats.builtIn().all().stream().map(ArrayFormat::name).collect(Collectors.joining(", "));
        return new OptionType<>(values, "one of " + values + ", or a format that a jar brings", given -> {
            String name = given.strip().toLowerCase(Locale.ROOT);
            return name.equals("auto")
                    ? Optional.empty()
                    : Optional.of(ArrayFormats.find(name).orElseThrow(IllegalArgumentException::new));
        });
    }

    /** One of an enum's constants, in any case, {@code -} for {@code _}. */
    static <E extends Enum<E>> OptionType<E> oneOf(Class<E> type) {
        List<E> constants = Arrays.asList(type.getEnumConstants());
        String values = constants.stream().map(OptionType::text).collect(Collectors.joining(", "));
        return new OptionType<>(values, "one of " + values, given -> constants.stream()
                .filter(constant -> text(constant).equalsIgnoreCase(given.strip()))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new));
    }

    T parse(String name, String value, Redaction redaction) {
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException e) {
            throw redaction.refusal(name, value, expected, reason(e), e);
        }
    }

    private static String reason(IllegalArgumentException e) {
        if (e instanceof DTypeException noDtype) {
            return noDtype.problem();
        }
        return e instanceof LiteralException noLiteral ? noLiteral.problem() : e.getMessage();
    }

    /** A parsed literal as the list of strings that it should be. */
    static List<String> strings(Object literal) {
        Object items = literal instanceof Literal.Tuple tuple ? tuple.items() : literal;
        if (!(items instanceof List<?> list)) {
            throw new IllegalArgumentException("it is no list");
        }
        List<String> strings = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!(element instanceof String string)) {
                throw new IllegalArgumentException(element + " is no string");
            }
            strings.add(string);
        }
        return strings;
    }

    /** Spells an enum's constant as an option: as it spells itself, orders as NumPy does, all else in lower case. */
    static String text(Enum<?> constant) {
        boolean spelt = !constant.toString().equals(constant.name());
        return spelt || constant instanceof Order
                ? constant.toString()
                : constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String text(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException();
        }
        return text;
    }

    private static boolean flag(String text) {
        String stripped = text.strip();
        if (stripped.equalsIgnoreCase("true")) {
            return true;
        }
        if (stripped.equalsIgnoreCase("false")) {
            return false;
        }
        throw new IllegalArgumentException();
    }

    private static long integer(String text, long least, long most) {
        long value;
        try {
            value = Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(null, e);
        }
        if (value < least) {
            throw new IllegalArgumentException();
        }
        if (value > most) {
            throw new IllegalArgumentException("at most " + most);
        }
        return value;
    }

    private static long size(String text) {
        Matcher matcher = SIZE_TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches() || !SIZE_SHIFTS.containsKey(matcher.group(2))) {
            throw new IllegalArgumentException();
        }
        long unit = 1L << SIZE_SHIFTS.get(matcher.group(2));
        return integer(matcher.group(1), 1, Long.MAX_VALUE / unit) * unit;
    }
}
