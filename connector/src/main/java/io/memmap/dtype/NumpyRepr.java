package io.memmap.dtype;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The closed set of scalars that {@code repr} writes as calls or words: NumPy's own, such as {@code np.int64(3)} and
 * {@code np.datetime64('2020-01-01')}, in the spellings of NumPy 1 and 2, those of Python's and pandas' that NumPy
 * takes as a value of an array, and paths of {@code pathlib}.
 */
final class NumpyRepr {
    private static final Pattern MODULE = Pattern.compile("(?:np|numpy|datetime|decimal|pd|pandas)\\.(.+)");
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(?:[0-9]{1,400}(?:\\.[0-9]{0,400})?|\\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?");
    private static final Pattern NUMBERS = Pattern.compile("u?int(?:8|16|32|64|p|c)|u?(?:byte|short|long|longlong)"
            + "|float(?:16|32|64|96|128)|half|single|double|longdouble|bfloat16|Decimal");
    private static final Pattern OTHERS =
            Pattern.compile("bool_?|str_|bytes_|void|datetime64|timedelta64|date|datetime|Timestamp"
                    + "|(?:Pure)?(?:Posix|Windows)Path");

    private static final Pattern UNIT = Pattern.compile("([0-9]{0,10})([A-Za-z]{1,2})");

    /** With those of JSON, as {@code json.dumps} writes NaN too. */
    private static final Map<String, Object> CONSTANTS = Map.of(
            "True_",
            true,
            "False_",
            false,
            "true",
            true,
            "false",
            false,
            "nan",
            Double.NaN,
            "NaN",
            Double.NaN,
            "inf",
            Double.POSITIVE_INFINITY,
            "Infinity",
            Double.POSITIVE_INFINITY,
            "NaT",
            "NaT");

    private static final Map<String, String> UNITS = Map.ofEntries(
            Map.entry("Y", "years"),
            Map.entry("M", "months"),
            Map.entry("W", "weeks"),
            Map.entry("D", "days"),
            Map.entry("h", "hours"),
            Map.entry("m", "minutes"),
            Map.entry("s", "seconds"),
            Map.entry("ms", "milliseconds"),
            Map.entry("us", "microseconds"),
            Map.entry("ns", "nanoseconds"),
            Map.entry("ps", "picoseconds"),
            Map.entry("fs", "femtoseconds"),
            Map.entry("as", "attoseconds"));

    private NumpyRepr() {}

    /** {@code int64} of {@code np.int64}. */
    static String withoutModule(String word) {
        Matcher matcher = MODULE.matcher(word);
        return matcher.matches() ? matcher.group(1) : word;
    }

    /** The value of a word, by its name without a module. */
    static Optional<Object> constant(String name) {
        return Optional.ofNullable(CONSTANTS.get(name));
    }

    /** A finite number as a BigDecimal, any other as a double. */
    static Optional<Object> number(String text) {
        if (DECIMAL.matcher(text).matches()) {
            return Optional.of(new BigDecimal(text));
        }
        boolean negative = text.startsWith("-");
        return constant(negative ? text.substring(1) : text)
                .filter(Double.class::isInstance)
                .map(value -> negative ? -(double) value : value);
    }

    static boolean isCall(String name) {
        return NUMBERS.matcher(name).matches() || OTHERS.matcher(name).matches();
    }

    /** The value of a call, by its name without a module; empty where {@code repr} writes no such arguments. */
    static Optional<Object> call(String name, List<Object> arguments) {
        Object first = arguments.isEmpty() ? null : arguments.get(0);
        boolean single = arguments.size() == 1;
        if (NUMBERS.matcher(name).matches()) {
            return !single ? Optional.empty() : first instanceof String text ? number(text) : only(Number.class, first);
        }
        return switch (name) {
            case "bool", "bool_" -> only(Boolean.class, single ? first : null);
            case "bytes_", "void" -> only(Literal.Bytes.class, single ? first : null);
            case "str_", "PosixPath", "PurePosixPath", "WindowsPath", "PureWindowsPath" ->
                only(String.class, single ? first : null);
            case "Timestamp" -> only(String.class, single ? first : null).map(NumpyRepr::iso);
            case "datetime64" -> only(String.class, single || arguments.size() == 2 ? first : null);
            case "timedelta64" -> timedelta(arguments);
            default -> date(name, arguments);
        };
    }

    private static Optional<Object> only(Class<?> type, Object value) {
        return Optional.ofNullable(type.isInstance(value) ? value : null);
    }

    private static Object iso(Object timestamp) {
        return ((String) timestamp).replace(' ', 'T');
    }

    /** The text that {@code str} writes: {@code 5 seconds}. */
    private static Optional<Object> timedelta(List<Object> arguments) {
        if (arguments.size() != 2 || !(arguments.get(1) instanceof String unit)) {
            return Optional.empty();
        } else if (arguments.get(0).equals("NaT")) {
            return Optional.of("NaT");
        }
        Matcher matcher = UNIT.matcher(unit);
        if (!matcher.matches() || !UNITS.containsKey(matcher.group(2)) || !(arguments.get(0) instanceof Long count)) {
            return Optional.empty();
        }
        BigInteger each = matcher.group(1).isEmpty() ? BigInteger.ONE : new BigInteger(matcher.group(1));
        return Optional.of(BigInteger.valueOf(count).multiply(each) + " " + UNITS.get(matcher.group(2)));
    }

    /** Python's own dates as ISO texts. */
    private static Optional<Object> date(String name, List<Object> arguments) {
        int[] parts = new int[7];
        int count = arguments.size();
        if (name.equals("date") ? count != 3 : count < 5 || count > 7) {
            return Optional.empty();
        }
        for (int i = 0; i < count; i++) {
            if (!(arguments.get(i) instanceof Long part) || part < 0 || part > 999_999) {
                return Optional.empty();
            }
            parts[i] = part.intValue();
        }
        try {
            LocalDate date = LocalDate.of(parts[0], parts[1], parts[2]);
            return Optional.of(
                    name.equals("date")
                            ? date.toString()
                            : date.atTime(parts[3], parts[4], parts[5], parts[6] * 1000)
                                    .toString());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
