package io.memmap.dtype;

import io.memmap.dtype.DTypeParser.Element;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** NumPy's two spellings of records: a list of fields, and a dict of lists. Collects the fields of one record. */
final class RecordParser {
    private static final Set<String> REQUIRED = Set.of("names", "formats");
    private static final Set<String> KEYS = Set.of("names", "formats", "offsets", "titles", "itemsize", "aligned");

    private final Object literal;
    private final DTypePlace place;
    private final List<RecordDType.Field> fields = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private int end;
    private int alignment = 1;

    private RecordParser(Object literal, DTypePlace place) {
        this.literal = literal;
        this.place = place;
    }

    /**
     * {@code [('a', '<i4'), (('title', 'b'), '>f4', (3,)), ('', '|V4')]}. An unnamed void is padding, in a .npy header an
     * unnamed sub-array too. Any other unnamed field is {@code f0}, {@code f1}… by its place; a list of one is that
     * field's dtype, because such is the {@code descr} of a scalar.
     */
    static Element ofDescr(List<?> descr, DTypePlace place) {
        RecordParser record = new RecordParser(descr, place);
        boolean unnamed = false;
        for (int i = 0; i < descr.size(); i++) {
            List<?> field = DTypeParser.items(descr.get(i));
            if (field.size() != 2 && field.size() != 3) {
                throw place.refuse(
                        Literal.toPython(descr.get(i)),
                        "found no field, expected (name, dtype) or (name, dtype, shape)");
            }
            boolean titled = field.get(0) instanceof Literal.Tuple || (field.get(0) instanceof List && !place.npy());
            List<?> titleAndName = titled ? DTypeParser.items(field.get(0)) : Arrays.asList(null, field.get(0));
            if (titleAndName.size() != 2) {
                throw place.refuse(
                        Literal.toPython(field.get(0)),
                        "found no name of a field, expected 'name' or ('title', 'name')");
            }
            String title = titleAndName.get(0) == null ? null : record.string("title", titleAndName.get(0));
            String name = record.string("name", titleAndName.get(1));
            if (titled && name.isEmpty()) {
                throw record.refuse("found a title of a field without a name, expected one");
            }
            DTypePlace fieldPlace = place.inside().ofField(name.isEmpty() ? "f" + i : name);
            Element element = DTypeParser.element(field.get(1), fieldPlace);
            if (field.size() == 3) {
                element = DTypeParser.array(element, field.get(2), fieldPlace);
            }
            boolean padding = name.isEmpty() && isPadding(element.dtype(), place.npy());
            if (name.isEmpty() && descr.size() == 1 && !(padding && place.npy())) {
                return element;
            }
            int offset = record.nextOffset(element);
            if (name.isEmpty() && !padding) {
                if (unnamed && place.npy()) {
                    throw record.refuse(
                            "found a second field without a name, expected a name; NumPy takes one at most");
                }
                unnamed = true;
            }
            if (!padding) {
                record.add(name.isEmpty() ? "f" + i : name, title, element, offset);
            }
            record.reach(offset, element);
        }
        return record.end(null);
    }

    /** {@code {'names': […], 'formats': […], 'offsets': […], 'titles': […], 'itemsize': 16, 'aligned': True}}. */
    static Element ofDict(Map<?, ?> dict, DTypePlace place) {
        if (!KEYS.containsAll(dict.keySet()) || !dict.keySet().containsAll(REQUIRED)) {
            throw place.refuse(
                    Literal.toPython(dict),
                    "found the keys " + dict.keySet() + ", expected names and formats, and of " + new TreeSet<>(KEYS)
                            + " what is needed" + FieldNames.ofDict(dict));
        }
        Object aligned = dict.get("aligned");
        if (aligned != null && !(aligned instanceof Boolean)) {
            throw place.refuse(
                    Literal.toPython(dict), "found aligned " + Literal.toPython(aligned) + ", expected True or False");
        }
        RecordParser record = new RecordParser(dict, place.alignedIf(Boolean.TRUE.equals(aligned)));
        int count = DTypeParser.items(dict.get("names")).size();
        List<?> names = record.list(dict, "names", count);
        List<?> formats = record.list(dict, "formats", count);
        List<?> offsets = dict.get("offsets") == null ? null : record.list(dict, "offsets", count);
        List<?> titles = dict.get("titles") == null ? null : record.list(dict, "titles", count);
        for (int i = 0; i < count; i++) {
            String name = record.string("name", names.get(i));
            Element element =
                    DTypeParser.element(formats.get(i), record.place.inside().ofField(name));
            int offset = offsets == null
                    ? record.nextOffset(element)
                    : record.integer("offset of field " + Literal.quote(name), offsets.get(i));
            String title = titles == null || titles.get(i) == null ? null : record.string("title", titles.get(i));
            record.add(name, title, element, offset);
            record.reach(offset, element);
        }
        return record.end(dict.get("itemsize"));
    }

    private static boolean isPadding(DType dtype, boolean npy) {
        DType base = dtype instanceof SubArrayDType array ? array.base() : dtype;
        return (npy && base != dtype) || (base instanceof ScalarDType scalar && scalar.kind() == Kind.VOID);
    }

    private List<?> list(Map<?, ?> dict, String key, int count) {
        Object value = dict.get(key);
        List<?> items = DTypeParser.items(value);
        if (!DTypeParser.isSequence(value) || items.size() != count) {
            throw refuse("found " + key + " " + Literal.toPython(value) + ", expected a list of " + count
                    + ", one for each name");
        }
        return items;
    }

    private String string(String what, Object value) {
        if (!(value instanceof String string)) {
            throw refuse("found the " + what + " " + Literal.toPython(value) + ", expected a string");
        }
        return string;
    }

    private int integer(String what, Object value) {
        if (!(value instanceof Long number) || number < 0 || number > Integer.MAX_VALUE) {
            throw refuse(
                    "found the " + what + " " + Literal.toPython(value) + ", expected an integer from 0 to 2^31-1");
        }
        return number.intValue();
    }

    private int nextOffset(Element element) {
        return place.aligned() ? alignUp(end, element.alignment()) : end;
    }

    private int alignUp(int offset, int to) {
        int rest = offset % to;
        return rest == 0 ? offset : sum(offset, to - rest);
    }

    private int sum(int a, int b) {
        try {
            return Math.addExact(a, b);
        } catch (ArithmeticException e) {
            throw refuse("more than 2^31-1 bytes, expected at most so many");
        }
    }

    private void add(String name, String title, Element element, int offset) {
        if (name.isEmpty()) {
            throw refuse("found a field without a name, expected one");
        }
        for (String used : title == null ? List.of(name) : List.of(name, title)) {
            if (!names.add(used)) {
                throw refuse("the field name or title " + Literal.quote(used) + " again, expected each once");
            }
        }
        if (place.aligned() && offset % element.alignment() != 0) {
            throw refuse("field " + Literal.quote(name) + " at byte " + offset + ", expected a multiple of "
                    + element.alignment() + " in an aligned record");
        }
        fields.add(new RecordDType.Field(name, title, element.dtype(), offset));
    }

    private void reach(int offset, Element element) {
        end = Math.max(end, sum(offset, element.dtype().itemsize()));
        alignment = Math.max(alignment, element.alignment());
    }

    private Element end(Object declared) {
        if (fields.isEmpty()) {
            throw refuse("no field with a name, expected at least one");
        }
        int multiple = place.aligned() ? alignment : 1;
        int itemsize = declared == null ? alignUp(end, multiple) : integer("itemsize", declared);
        if (itemsize < end || itemsize % multiple != 0) {
            throw refuse("found itemsize " + itemsize + ", expected at least " + end + ", where its last field ends"
                    + (multiple == 1 ? "" : ", and a multiple of " + multiple));
        }
        return new Element(new RecordDType(fields, itemsize), multiple);
    }

    private DTypeException refuse(String problem) {
        return place.refuse(Literal.toPython(literal), problem);
    }
}
