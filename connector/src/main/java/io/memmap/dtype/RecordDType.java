package io.memmap.dtype;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A C struct: named fields at byte offsets, NumPy's structured dtype. Bytes that no field covers are padding.
 *
 * @param fields in the order of declaration, which need not be that of their offsets; at least one
 * @param itemsize bytes of the whole record, padding included
 */
public record RecordDType(List<Field> fields, int itemsize) implements DType {

    /**
     * One field.
     *
     * @param title NumPy's second name of a field, or null
     * @param offset bytes from the start of the record
     */
    public record Field(String name, String title, DType dtype, int offset) implements Serializable {
        public Field {
            Objects.requireNonNull(name);
            Objects.requireNonNull(dtype);
        }

        /** The first byte after the field, from the start of the record. */
        public int end() {
            return Math.addExact(offset, dtype.itemsize());
        }
    }

    public RecordDType {
        fields = List.copyOf(fields);
    }

    /** The names of the fields, in their order. */
    public List<String> names() {
        return fields.stream().map(Field::name).toList();
    }

    /**
     * Spells gaps as unnamed void fields, as NumPy does.
     *
     * @throws DTypeException when fields overlap or are out of order, which a descr cannot express
     */
    @Override
    public String descr() {
        StringBuilder text = new StringBuilder("[");
        int end = 0;
        for (Field field : fields) {
            if (field.offset() < end) {
                throw new DTypeException(
                        "write",
                        "a descr: field '" + field.name() + "' starts at byte "
                                + field.offset() + ", expected at least " + end
                                + "; a descr cannot say overlapping or reordered fields");
            }
            appendPadding(text, field.offset() - end);
            separate(text);
            appendField(text, field);
            end = field.end();
        }
        appendPadding(text, itemsize - end);
        return text.append("]").toString();
    }

    private static void appendField(StringBuilder text, Field field) {
        String name = Literal.quote(field.name());
        text.append("(")
                .append(field.title() == null ? name : "(" + Literal.quote(field.title()) + ", " + name + ")")
                .append(", ");
        if (field.dtype() instanceof SubArrayDType array) {
            text.append(array.base().descr()).append(", ").append(array.shapeText());
        } else {
            text.append(field.dtype().descr());
        }
        text.append(")");
    }

    private static void appendPadding(StringBuilder text, int nbytes) {
        if (nbytes > 0) {
            separate(text);
            text.append("('', '|V").append(nbytes).append("')");
        }
    }

    private static void separate(StringBuilder text) {
        if (text.length() > 1) {
            text.append(", ");
        }
    }

    /** The descr, or the dict of names, formats and offsets where a descr cannot say it; both can be parsed. */
    @Override
    public String toString() {
        try {
            return descr();
        } catch (DTypeException e) {
            return "{'names': " + list(field -> Literal.quote(field.name()))
                    + ", 'formats': " + list(field -> spelling(field.dtype()))
                    + ", 'offsets': " + list(field -> Integer.toString(field.offset()))
                    + ", 'titles': " + list(field -> Literal.toPython(field.title()))
                    + ", 'itemsize': " + itemsize + "}";
        }
    }

    private String list(Function<Field, String> text) {
        return fields.stream().map(text).collect(Collectors.joining(", ", "[", "]"));
    }

    /** Gives the spelling of a dtype inside another. */
    static String spelling(DType dtype) {
        return dtype instanceof ScalarDType ? dtype.descr() : dtype.toString();
    }
}
