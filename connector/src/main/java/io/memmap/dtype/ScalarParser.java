package io.memmap.dtype;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NumPy's spellings of scalar dtypes: codes ({@code <f8}), letters ({@code d}) and names ({@code float64}). */
final class ScalarParser {
    private static final Pattern MODULE = Pattern.compile("(?:np|numpy|ml_dtypes|builtins)\\.([a-zA-Z].*)");
    private static final Pattern CODE = Pattern.compile("([<>=|]?)([a-zA-Z?])([0-9]*)");
    private static final Pattern TIME =
            Pattern.compile("([<>=|]?)(datetime64|timedelta64|M8|m8|M(?!\\[)|m(?!\\[))(?:\\[(.*)])?");
    private static final Pattern UNIT = Pattern.compile("([0-9]*)([a-zA-Z]+)");
    private static final Pattern SIZED_NAME = Pattern.compile("[a-z]{3,}[0-9]+");
    private static final int MAX_DIGITS = 10;

    private static final Set<String> OBJECTS = Set.of("O", "O4", "O8", "object", "object_");
    private static final Set<String> LONG_DOUBLES = Set.of(
            "g",
            "G",
            "f10",
            "f12",
            "f16",
            "c20",
            "c24",
            "c32",
            "float96",
            "float128",
            "longdouble",
            "longfloat",
            "complex192",
            "complex256",
            "clongdouble",
            "clongfloat");
    private static final Set<String> NUMBERS =
            Set.of("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16");

    /** Names and single letters, as they are on 64-bit Linux, to codes. */
    private static final Map<String, String> CODES = codes(
            "b1 bool bool_ ?",
            "i1 int8 byte b",
            "i2 int16 short h",
            "i4 int32 intc i",
            "i8 int64 int int_ intp long longlong l q p n",
            "u1 uint8 ubyte B",
            "u2 uint16 ushort H",
            "u4 uint32 uintc I",
            "u8 uint64 uint uintp ulong ulonglong L Q P N",
            "f2 float16 half e",
            "f4 float32 single f",
            "f8 float64 float float_ double d",
            "c8 complex64 csingle singlecomplex F",
            "c16 complex128 complex complex_ cdouble cfloat D",
            "S0 bytes bytes_ string_ S a",
            "S1 c",
            "U0 str str_ unicode_ U",
            "V0 void V");

    private ScalarParser() {}

    private static Map<String, String> codes(String... lines) {
        Map<String, String> codes = new HashMap<>();
        for (String line : lines) {
            int space = line.indexOf(' ');
            for (Matcher name = Pattern.compile("[^ ]+").matcher(line.substring(space)); name.find(); ) {
                codes.put(name.group(), line.substring(0, space));
            }
        }
        return Map.copyOf(codes);
    }

    static ScalarDType parse(String text, DTypePlace place) {
        Matcher module = MODULE.matcher(text);
        String name = module.matches() && !place.npy() ? module.group(1) : text;
        if (name.equals("bfloat16") && !place.npy()) {
            return ScalarDType.of(Kind.BFLOAT16, 2);
        }
        String order = name.isEmpty() || "<>=|".indexOf(name.charAt(0)) < 0 ? "" : name.substring(0, 1);
        String unordered = name.substring(order.length());
        String shown = Literal.quote(text);
        if (OBJECTS.contains(unordered)) {
            throw place.refuse(
                            shown,
                            "it holds Python objects, which have no bytes to map, expected values of a fixed size;"
                                    + " convert the array with astype and save it again")
                    .ofForeignValues();
        } else if (LONG_DOUBLES.contains(unordered)) {
            throw place.refuse(
                            shown,
                            "Java has no number as wide as a longdouble, expected float64 or complex128 at most;"
                                    + " convert the array with astype('f8') and save it again")
                    .ofForeignValues();
        }
        Matcher time = TIME.matcher(name);
        return time.matches() ? time(shown, time, place) : sized(shown, name, order, unordered, place);
    }

    private static ScalarDType sized(String shown, String name, String order, String unordered, DTypePlace place) {
        boolean letter = unordered.length() == 1;
        String code = CODES.get(letter ? unordered : name);
        Matcher matcher = CODE.matcher(code == null ? name : order + code);
        if (!matcher.matches()) {
            throw unknown(shown, name, place);
        }
        ByteOrder byteOrder = byteOrder(matcher.group(1));
        String kind = matcher.group(2).equals("a") ? "S" : matcher.group(2);
        String digits = matcher.group(3);
        return switch (kind) {
            case "S" -> flexible(Kind.BYTES, ByteOrder.NONE, size(shown, digits, 1, place));
            case "V" -> flexible(Kind.VOID, ByteOrder.NONE, size(shown, digits, 1, place));
            case "U" -> flexible(Kind.UNICODE, byteOrder, size(shown, digits, Integer.BYTES, place));
            default -> number(shown, name, kind, byteOrder, digits, place);
        };
    }

    private static ScalarDType flexible(Kind kind, ByteOrder byteOrder, int itemsize) {
        return new ScalarDType(kind, itemsize, byteOrder, null, 1);
    }

    private static ScalarDType number(
            String shown, String name, String letter, ByteOrder byteOrder, String digits, DTypePlace place) {
        String code = letter + digits.replaceFirst("^0+", "");
        if (!NUMBERS.contains(code)) {
            throw unknown(shown, name, place);
        }
        Kind kind =
                switch (letter) {
                    case "b" -> Kind.BOOL;
                    case "i" -> Kind.INT;
                    case "u" -> Kind.UINT;
                    case "f" -> Kind.FLOAT;
                    default -> Kind.COMPLEX;
                };
        int itemsize = Integer.parseInt(code.substring(1));
        return new ScalarDType(kind, itemsize, itemsize == 1 ? ByteOrder.NONE : byteOrder, null, 1);
    }

    private static int size(String shown, String digits, int unit, DTypePlace place) {
        long nbytes = digits.length() > MAX_DIGITS ? Long.MAX_VALUE : unit * Long.parseLong("0" + digits);
        if (nbytes == 0) {
            throw place.refuse(shown, "its elements have zero bytes, expected a size, as in S10, U5 or V16")
                    .ofForeignValues();
        } else if (nbytes > Integer.MAX_VALUE) {
            throw place.refuse(shown, "its elements have more than 2^31-1 bytes, expected at most so many");
        }
        return (int) nbytes;
    }

    private static ScalarDType time(String shown, Matcher time, DTypePlace place) {
        if (time.group(3) == null || time.group(3).equals("generic")) {
            throw place.refuse(shown, "it has no unit and so no meaning, expected one, as in M8[ns] or m8[s]")
                    .ofForeignValues();
        }
        Matcher unit = UNIT.matcher(time.group(3));
        DatetimeUnit symbol = unit.matches() ? DatetimeUnit.ofSymbol(unit.group(2)) : null;
        if (symbol == null) {
            throw place.refuse(
                    shown,
                    "unknown unit " + Literal.quote(time.group(3))
                            + ", expected Y, M, W, D, h, m, s, ms, us, ns, ps, fs or as, or so many of one, as in 25s");
        }
        String digits = unit.group(1);
        long count = digits.isEmpty() ? 1 : digits.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
        if (count < 1 || count > Integer.MAX_VALUE) {
            throw place.refuse(shown, "found " + digits + " units a tick, expected 1 to 2^31-1");
        }
        boolean datetime = time.group(2).startsWith("M") || time.group(2).startsWith("d");
        Kind kind = datetime ? Kind.DATETIME : Kind.TIMEDELTA;
        return new ScalarDType(kind, Long.BYTES, byteOrder(time.group(1)), symbol, (int) count);
    }

    private static ByteOrder byteOrder(String symbol) {
        return switch (symbol) {
            case "<" -> ByteOrder.LITTLE;
            case ">" -> ByteOrder.BIG;
            default -> ByteOrder.ofThisMachine();
        };
    }

    private static DTypeException unknown(String shown, String name, DTypePlace place) {
        String fields = place.npy() ? "" : FieldNames.inBrackets(name);
        if (!fields.isEmpty()) {
            return place.refuse(shown, "found names and types of fields, expected a list of them; write " + fields);
        }
        boolean list = name.indexOf(',') >= 0 || (!name.isEmpty() && "(0123456789".indexOf(name.charAt(0)) >= 0);
        String problem = list
                ? "comma-separated fields and shapes before a type are not read, expected a list of fields,"
                        + " as in [('f0', '<f8'), ('f1', '<f4', (3,))]"
                : "unknown type, expected one of NumPy's, as in '<f8', 'float64', 'S10', 'M8[ns]' or [('a', '<i4')]"
                        + meant(name, place);
        return place.refuse(shown, problem);
    }

    /** The nearest name of a number where the user, not a file, misspelt one. */
    private static String meant(String name, DTypePlace place) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!place.npy() && !lower.equals(name) && (CODES.containsKey(lower) || NUMBERS.contains(lower))) {
            return "; did you mean '" + lower + "'?";
        }
        List<String> sized = CODES.keySet().stream()
                .filter(known -> SIZED_NAME.matcher(known).matches())
                .sorted()
                .toList();
        return place.npy() || !SIZED_NAME.matcher(name).matches()
                ? ""
                : Spelling.nearest(name, sized)
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse("");
    }
}
