package io.memmap.format;

import io.memmap.dtype.DType;
import io.memmap.format.Claims.Source;
import io.memmap.layout.Order;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The claims of several sources about one array, compared field by field. The only place where claims are compared. */
public record Agreement(String what, List<Claims> sources) {
    /**
     * One field of claims.
     *
     * @param stated the statement of a source, or null
     * @param joined two statements as one, or empty where they contradict each other
     * @param shown a statement in an error
     */
    private record Field<T>(
            String name, Function<Claims, T> stated, BiFunction<T, T, Optional<T>> joined, Function<T, Object> shown) {}

    /** Names, and whether the user chose them. */
    private record Names(List<String> names, boolean chosen) {}

    private static final Field<ArrayFormat> CONTAINER =
            new Field<>("container", Claims::container, Agreement::joinedFormats, ArrayFormat::name);
    private static final Field<DType> DTYPE = new Field<>("dtype", Claims::dtype, Bfloat16::joined, dtype -> dtype);
    private static final Field<List<Long>> SHAPE =
            new Field<>("shape", Claims::shape, Agreement::joinedShapes, Agreement::tuple);
    private static final Field<Order> ORDER = same("order", Claims::order, order -> order);
    private static final Field<Long> OFFSET = same("offset", Claims::offset, offset -> offset);
    private static final Field<Names> COLUMN_NAMES =
            new Field<>("columnNames", Agreement::names, Agreement::joinedNames, Names::names);
    private static final Field<RowLayout> LAYOUT = same("layout", Claims::layout, layout -> layout);

    /**
     * Joins claims.
     *
     * @param what the start of an error, such as {@code Cannot read /d/x.npy}
     * @param sources in the order in which an error names them
     * @return all statements, with the source of the first; its dtype is no sub-array
     * @throws IOException naming two sources and what they say, when they contradict each other
     */
    public static Claims of(String what, List<Claims> sources) throws IOException {
        Agreement agreement =
                new Agreement(what, sources.stream().map(Claims::unfolded).toList());
        ArrayFormat container = agreement.on(CONTAINER);
        DType dtype = agreement.on(DTYPE);
        List<Long> shape = agreement.on(SHAPE);
        boolean oneAxis = shape == null || shape.size() < 2;
        Order order = oneAxis ? null : agreement.on(ORDER);
        Names names = agreement.on(COLUMN_NAMES);
        return new Claims(
                sources.get(0).source(),
                dtype,
                shape,
                order,
                agreement.on(OFFSET),
                container,
                names == null ? List.of() : names.names,
                agreement.on(LAYOUT));
    }

    private <T> T on(Field<T> field) throws IOException {
        T agreed = null;
        Claims first = null;
        for (Claims claims : sources) {
            T stated = field.stated.apply(claims);
            if (stated == null) {
                continue;
            }
            Optional<T> joined = agreed == null ? Optional.of(stated) : field.joined.apply(agreed, stated);
            if (joined.isEmpty()) {
                throw contradiction(field, first, agreed, claims, stated);
            }
            if (!joined.get().equals(agreed)) {
                agreed = joined.get();
                first = claims;
            }
        }
        return agreed;
    }

    private <T> IOException contradiction(Field<T> field, Claims first, T agreed, Claims second, T stated) {
        return new IOException(what + ": "
                + first.source().states(field.name, field.shown.apply(agreed)) + ", but "
                + second.source().states(field.name, field.shown.apply(stated)) + "; "
                + first.source().remedy() + ", or " + second.source().remedy());
    }

    private static <T> Field<T> same(String name, Function<Claims, T> stated, Function<T, Object> shown) {
        return new Field<>(name, stated, (a, b) -> a.equals(b) ? Optional.of(a) : Optional.empty(), shown);
    }

    /** A service has an object for each query. */
    private static Optional<ArrayFormat> joinedFormats(ArrayFormat a, ArrayFormat b) {
        return a.name().equals(b.name()) ? Optional.of(a) : Optional.empty();
    }

    /** A first length of -1 agrees with any number of rows. */
    private static Optional<List<Long>> joinedShapes(List<Long> a, List<Long> b) {
        if (a.size() != b.size() || a.isEmpty()) {
            return a.equals(b) ? Optional.of(a) : Optional.empty();
        }
        boolean anyRows = a.get(0) == Claims.ANY_ROWS || b.get(0) == Claims.ANY_ROWS;
        boolean agree =
                (anyRows || a.get(0).equals(b.get(0))) && a.subList(1, a.size()).equals(b.subList(1, b.size()));
        return agree ? Optional.of(a.get(0) == Claims.ANY_ROWS ? b : a) : Optional.empty();
    }

    private static String tuple(List<Long> dims) {
        return dims.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", dims.size() == 1 ? ",)" : ")"));
    }

    private static Names names(Claims claims) {
        return claims.columnNames().isEmpty()
                ? null
                : new Names(claims.columnNames(), claims.source().equals(Source.OPTIONS));
    }

    /** A user may rename columns; the recorded names in another order are a mistake. */
    private static Optional<Names> joinedNames(Names a, Names b) {
        if (a.names.equals(b.names)) {
            return Optional.of(a);
        }
        boolean permuted = a.names.size() == b.names.size() && new HashSet<>(a.names).equals(new HashSet<>(b.names));
        if (permuted || !(a.chosen || b.chosen)) {
            return Optional.empty();
        }
        return Optional.of(a.chosen ? a : b);
    }
}
