package io.memmap.dtype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memmap.dtype.RecordDType.Field;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class DTypeTest {
    private static final ScalarDType INT8 = ScalarDType.of(Kind.INT, 1);
    private static final ScalarDType INT32 = ScalarDType.of(Kind.INT, 4);
    private static final ScalarDType BIG = new ScalarDType(Kind.FLOAT, 4, ByteOrder.BIG, null, 1);

    @Test
    void spellsScalarsAsNumPyDoes() {
        assertThat(ScalarDType.of(Kind.BOOL, 1).descr()).isEqualTo("'|b1'");
        assertThat(INT32.descr()).isEqualTo("'" + ByteOrder.ofThisMachine().symbol() + "i4'");
        assertThat(BIG).hasToString(">f4");
        assertThat(new ScalarDType(Kind.UNICODE, 20, ByteOrder.BIG, null, 1)).hasToString(">U5");
        assertThat(ScalarDType.of(Kind.BYTES, 10)).hasToString("|S10");
        assertThat(new ScalarDType(Kind.DATETIME, 8, ByteOrder.LITTLE, DatetimeUnit.NANOSECOND, 1))
                .hasToString("<M8[ns]");
        assertThat(new ScalarDType(Kind.TIMEDELTA, 8, ByteOrder.BIG, DatetimeUnit.SECOND, 25))
                .hasToString(">m8[25s]");
        assertThat(ScalarDType.of(Kind.BFLOAT16, 2).descr()).isEqualTo("'bfloat16'");
    }

    @Test
    void spellsPaddingAsUnnamedVoid() {
        RecordDType record = new RecordDType(
                List.of(new Field("a", null, INT8, 2), new Field("b", null, BIG, 4), new Field("c", null, INT8, 9)),
                12);
        assertThat(record.descr())
                .isEqualTo(
                        "[('', '|V2'), ('a', '|i1'), ('', '|V1'), ('b', '>f4'), ('', '|V1'), ('c', '|i1'), ('', '|V2')]");
        assertThat(record).hasToString(record.descr());
        assertThat(DType.parse(record.descr())).isEqualTo(record);
    }

    @Test
    void spellsNestedTitledAndSubArrayFields() {
        RecordDType inner = new RecordDType(List.of(new Field("x", null, INT8, 0)), 4);
        RecordDType record = new RecordDType(
                List.of(
                        new Field("p", "the 'point'", inner, 0),
                        new Field("it's", null, new SubArrayDType(BIG, List.of(2, 3)), 4),
                        new Field("g", null, new SubArrayDType(inner, List.of(2)), 28)),
                36);
        assertThat(record.descr())
                .isEqualTo("[((\"the 'point'\", 'p'), [('x', '|i1'), ('', '|V3')]), (\"it's\", '>f4', (2, 3)),"
                        + " ('g', [('x', '|i1'), ('', '|V3')], (2,))]");
        assertThat(DType.parse(record.descr())).isEqualTo(record);
    }

    @Test
    void refusesADescrForOverlappingOrReorderedFields() {
        RecordDType reordered = new RecordDType(List.of(new Field("b", null, BIG, 4), new Field("a", null, BIG, 0)), 8);
        assertThatThrownBy(reordered::descr)
                .isInstanceOf(DTypeException.class)
                .hasMessage("Cannot write a descr: field 'a' starts at byte 0, expected at least 8;"
                        + " a descr cannot say overlapping or reordered fields");
    }

    @Test
    void showsWhatADescrCannotSayAsADict() {
        String union =
                "{'names': ['whole', 'low'], 'formats': ['<u4', '<u2'], 'offsets': [0, 0], 'titles': [None, 'T'],"
                        + " 'itemsize': 8}";
        assertThat(DType.parse(union)).hasToString(union);
        DType nested = DType.parse("[('a', " + union + ", (2,)), ('b', '<f4')]");
        assertThat(nested)
                .hasToString("{'names': ['a', 'b'], 'formats': [(" + union + ", (2,)), '<f4'], 'offsets': [0, 16],"
                        + " 'titles': [None, None], 'itemsize': 20}");
        assertThat(DType.parse(nested.toString())).isEqualTo(nested);
        assertThatThrownBy(nested::descr)
                .hasMessageStartingWith("Cannot write a descr: field 'low' starts at byte 0, expected at least 4");
    }

    @Test
    void countsTheBytesOfSubArrays() {
        SubArrayDType array = new SubArrayDType(BIG, List.of(3, 2));
        assertThat(array.size()).isEqualTo(6);
        assertThat(array.itemsize()).isEqualTo(24);
        assertThat(array.descr()).isEqualTo("('>f4', (3, 2))");
        assertThat(new SubArrayDType(BIG, List.of(3)).descr()).isEqualTo("('>f4', (3,))");
        assertThatThrownBy(() -> new SubArrayDType(BIG, List.of(1 << 30)).itemsize())
                .isInstanceOf(ArithmeticException.class);
        assertThat(new Field("v", null, array, 8).end()).isEqualTo(32);
    }

    @Test
    void ordersBytesOnlyWhereThereAreSeveral() {
        for (String spelling : List.of("<i1", ">u1", "=b1", ">S10", "<V16")) {
            assertThat(((ScalarDType) DType.parse(spelling)).byteOrder())
                    .as(spelling)
                    .isEqualTo(ByteOrder.NONE);
        }
        assertThat(((ScalarDType) DType.parse("|f8")).byteOrder()).isEqualTo(ByteOrder.ofThisMachine());
    }

    @Test
    void survivesSerialization() throws IOException, ClassNotFoundException {
        DType dtype = DType.parse("[(('t', 'a'), '<i4'), ('v', '>f4', (3,)), ('', '|V4'), ('p', [('m', 'M8[ns]')])]");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(dtype);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(dtype);
        }
    }
}
