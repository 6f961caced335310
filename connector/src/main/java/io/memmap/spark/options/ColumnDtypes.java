package io.memmap.spark.options;

import io.memmap.dtype.DType;
import io.memmap.dtype.DTypeException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The grammar of the option {@code columnDtypes}: {@code name U32, `my id` <u4}, or pandas' {@code column_dtypes}, a
 * JSON or Python dict of names and dtypes.
 */
final class ColumnDtypes {
    private ColumnDtypes() {}

    /** @throws IllegalArgumentException with the reason, when it is no such list, or a name is empty or repeated */
    static Map<String, DType> parse(String text) {
        String stripped = text.strip();
        Map<String, DType> dtypes = new LinkedHashMap<>();
        if (stripped.startsWith("{")) {
            OptionParts.dict(stripped).forEach((name, dtype) -> dtypes.put(name, of(name, DType::ofLiteral, dtype)));
        } else {
            for (String part : OptionParts.split(stripped)) {
                put(dtypes, part);
            }
        }
        if (dtypes.isEmpty()) {
            throw new IllegalArgumentException("there is no name");
        }
        return Collections.unmodifiableMap(dtypes);
    }

    private static void put(Map<String, DType> dtypes, String part) {
        int space = OptionParts.indexOf(part, 0, ' ');
        if (space < 0) {
            throw new IllegalArgumentException("'" + part + "' has no dtype, as in id <u4");
        }
        String name = OptionParts.name(part.substring(0, space));
        if (dtypes.put(name, of(name, DType::parse, part.substring(space + 1))) != null) {
            throw new IllegalArgumentException("'" + name + "' is given twice");
        }
    }

    private static <T> DType of(String name, Function<T, DType> parser, T given) {
        try {
            return parser.apply(given);
        } catch (DTypeException e) {
            throw new IllegalArgumentException("column '" + name + "': " + e.problem(), e);
        }
    }
}
