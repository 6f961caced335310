package io.memmap.dtype;

import io.memmap.dtype.LiteralParser.Aligned;
import io.memmap.dtype.LiteralParser.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** From texts and literals to dtypes: which of NumPy's spellings it is, and sub-arrays. */
final class DTypeParser {

    /** A dtype, and what its C alignment is; a record has one only where it was declared aligned. */
    record Element(DType dtype, int alignment) {}

    /** Not {@code (3,)f4}, whose parenthesis opens no literal. */
    private static final Pattern LITERAL =
            Pattern.compile("[\\[{'\"]|\\((?!\\s*[0-9)])|<class |(?:np\\.|numpy\\.)?dtype\\(");

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NDIM = 64;

    private DTypeParser() {}

    static DType parse(String text) {
        String stripped = text.strip();
        return element(isLiteral(stripped) ? literal(text) : stripped, DTypePlace.TOP)
                .dtype();
    }

    static DType ofLiteral(Object literal, DTypePlace place) {
        return element(literal, place).dtype();
    }

    private static boolean isLiteral(String text) {
        return LITERAL.matcher(text).lookingAt();
    }

    private static Object literal(String text) {
        try {
            return Literal.parseRepr(text);
        } catch (LiteralException cause) {
            DTypeException refusal = DTypePlace.TOP.refuse(text, cause.problem());
            refusal.initCause(cause);
            throw refusal;
        }
    }

    static Element element(Object literal, DTypePlace place) {
        if (place.depth() > MAX_DEPTH) {
            throw place.refuse("", "nested deeper than " + MAX_DEPTH + ", expected less");
        } else if (literal instanceof String text) {
            return scalar(ScalarParser.parse(text, place));
        } else if (literal instanceof Name name) {
            return scalar(ScalarParser.parse(name.text(), place));
        } else if (literal instanceof Aligned aligned) {
            return element(aligned.value(), place.alignedIf(true));
        } else if (literal instanceof Map<?, ?> dict) {
            return RecordParser.ofDict(dict, place);
        } else if (literal instanceof Literal.Tuple tuple) {
            return ofTuple(tuple.items(), literal, place);
        } else if (literal instanceof List<?> list) {
            boolean jsonTuple = !place.npy() && !list.isEmpty() && list.get(0) instanceof String;
            return jsonTuple ? ofTuple(list, literal, place) : RecordParser.ofDescr(list, place);
        }
        throw place.refuse(
                Literal.toPython(literal), "found no dtype, expected a string such as '<f8' or a list of fields");
    }

    private static Element scalar(ScalarDType dtype) {
        int alignment =
                switch (dtype.kind()) {
                    case BYTES, VOID -> 1;
                    case UNICODE -> 4;
                    case COMPLEX -> dtype.itemsize() / 2;
                    default -> dtype.itemsize();
                };
        return new Element(dtype, alignment);
    }

    private static Element ofTuple(List<?> items, Object literal, DTypePlace place) {
        if (items.size() != 2) {
            throw place.refuse(
                    Literal.toPython(literal), "found a tuple of " + items.size() + ", expected (dtype, shape)");
        }
        if (items.get(0) instanceof Name name && name.isRecordClass()) {
            return element(items.get(1), place);
        }
        return array(element(items.get(0), place.inside()), items.get(1), place);
    }

    /** An element of this shape; NumPy takes an integer for a shape of one dimension and {@code ()} for none. */
    static Element array(Element base, Object shape, DTypePlace place) {
        DType element = base.dtype();
        boolean emptyList = place.npy() && List.of().equals(shape);
        if (emptyList || !(shape instanceof Long || isSequence(shape))) {
            throw place.refuse(
                    element.toString(),
                    "found the shape " + Literal.toPython(shape) + ", expected an integer or a tuple of them");
        }
        List<Integer> dims = new ArrayList<>();
        int nbytes = element.itemsize();
        for (Object dim : shape instanceof Long ? List.of(shape) : items(shape)) {
            if (!(dim instanceof Long length) || length < 1) {
                DTypeException refusal = place.refuse(
                        element.toString(),
                        "found the shape " + Literal.toPython(shape) + ", expected lengths of 1 or more");
                throw Long.valueOf(0).equals(dim) ? refusal.ofForeignValues() : refusal;
            }
            try {
                nbytes = Math.toIntExact(Math.multiplyExact(nbytes, (long) length));
            } catch (ArithmeticException e) {
                throw place.refuse(
                        element.toString(),
                        "the shape " + Literal.toPython(shape) + " takes more than 2^31-1 bytes, expected less");
            }
            dims.add(length.intValue());
        }
        if (dims.isEmpty()) {
            return base;
        }
        if (element instanceof SubArrayDType inner) {
            dims.addAll(inner.shape());
            element = inner.base();
        }
        if (dims.size() > MAX_NDIM) {
            throw place.refuse(
                    element.toString(), "a shape of " + dims.size() + " dimensions, expected at most " + MAX_NDIM);
        }
        return new Element(new SubArrayDType(element, dims), base.alignment());
    }

    static boolean isSequence(Object value) {
        return value instanceof Literal.Tuple || value instanceof List<?>;
    }

    /** The items of a tuple or list, none of anything else. */
    static List<?> items(Object value) {
        if (value instanceof Literal.Tuple tuple) {
            return tuple.items();
        }
        return value instanceof List<?> list ? list : List.of();
    }
}
