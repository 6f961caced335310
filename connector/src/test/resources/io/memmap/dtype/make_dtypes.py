"""Writes dtypes.tsv: spellings of dtypes as Python makes them, and what NumPy itself reads from each.

Columns: the spelling; the dtype as a tree (`tree` below), or `refused` where NumPy refuses its own spelling;
dtype.descr as a Python literal, or `-` where NumPy has none or
spells it differently.
Run with numpy 2.4.6 and ml_dtypes 0.6.0: python3 make_dtypes.py
"""

import json
import pathlib

import ml_dtypes
import numpy as np
from numpy.lib import format as npy

bfloat16 = np.dtype(ml_dtypes.bfloat16)
inner = [("x", "i1"), ("y", ">i4")]
aligned = np.dtype([("x", "i1"), ("y", "i4"), ("z", "i2")], align=True)
pixel = {"names": ["r", "b"], "formats": ["u1", "u1"], "offsets": [0, 2], "itemsize": 4}

SCALARS = [
    order + code
    for order in "<>=|"
    for code in "b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16 S1 S10 U1 U5 V1 V16".split()
]
SCALARS += [
    f"{order}{code}8[{unit}]"
    for order in "<>"
    for code in "Mm"
    for unit in "Y M W D h m s ms us ns ps fs as 25s 10ms 2W 1000ns".split()
]
NAMES = """
    b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16 S7 U3 V5 a10 ? b B h H i I l L q Q p P n N e f d F D c
    <d >h <? =e bool bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 half single
    double complex64 complex128 csingle cdouble byte ubyte short ushort intc uintc int_ uint intp uintp long ulong
    longlong ulonglong int float complex datetime64[ns] timedelta64[25s] M8[D] m8[ms] <S3 =U3 >V4 f08 S010 M8[02s]
""".split()
RECORDS = [
    [("a", "<i4"), ("v", ">f4", (3,))],
    [("a", "?"), ("b", "S3"), ("c", ">U2"), ("d", "M8[us]"), ("e", "V5"), ("f", ">c16")],
    [("m", "<f8", (2, 3)), ("n", ("<i2", (2,)), (4,))],
    [(("the title", "a"), "<i4"), (("other", "b"), "S2")],
    [("p", inner), ("q", inner, (2,))],
    [("p", [("q", [("r", [("s", "<f4")])])])],
    [("a'b", "<i4"), ("é", "<i4"), ("日本", "<i4"), ("x\"'", "<i4"), ("back\\slash", "<i4"), ("a b.c", "<i4")],
    [("a", bfloat16), ("b", "f4")],
    pixel,
    [("px", pixel), ("w", "f4")],
    [("grid", pixel, (2, 2)), ("w", "f4")],
    {"names": ["a"], "formats": ["<i4"], "offsets": [4], "titles": ["T"]},
    {"names": ["b", "a"], "formats": ["<i4", "<i4"], "offsets": [4, 0]},
    {"names": ["whole", "low", "high"], "formats": ["<u4", "<u2", "<u2"], "offsets": [0, 0, 2]},
    {"names": ["a", "v"], "formats": ["i1", ("<f4", (3,))], "offsets": [0, 4], "itemsize": 20},
    {"names": ["a", "b"], "formats": ["i1", bfloat16], "offsets": [0, 2], "itemsize": 8},
    ("<f4", (3,)),
    (">U2", (2, 3)),
    (inner, (2,)),
]
ALIGNED = [
    [("a", "i1"), ("b", "f8"), ("c", "i2")],
    [("a", "i1"), ("b", aligned)],
    [("a", "i1"), ("b", np.dtype(inner))],
    [("a", "i1"), ("t", "M8[s]"), ("c", "c16"), ("u", "U1"), ("s", "S3"), ("g", "f4", (3,))],
    {"names": ["a", "b"], "formats": ["i1", "i4"], "offsets": [0, 8]},
    {"names": ["a", "b"], "formats": ["i1", "i4"], "itemsize": 16},
]


def tree(dtype):
    """'<f4', '<f4(3, 2)', '{8: x@0 |i1; y/title@4 <i4}'."""
    if dtype.subdtype:
        base, shape = dtype.subdtype
        while base.subdtype:
            base, more = base.subdtype
            shape += more
        return f"{tree(base)}({', '.join(map(str, shape))})"
    if dtype.names is None:
        return "bfloat16" if dtype == bfloat16 else dtype.str
    fields = []
    for name in dtype.names:
        field, offset, *title = dtype.fields[name]
        fields.append(f"{name}{'/' + title[0] if title else ''}@{offset} {tree(field)}")
    return f"{{{dtype.itemsize}: {'; '.join(fields)}}}"


def nests_arrays(dtype):
    """An array of arrays is one array of more dimensions to the connector, and spelt so."""
    fields = [field[0] for field in (dtype.fields or {}).values()]
    return any(field.subdtype and field.subdtype[0].subdtype for field in fields)


def descr(dtype):
    if dtype.subdtype or nests_arrays(dtype) or "bfloat16" in tree(dtype):
        return "-"
    if dtype.names is None:
        return repr(dtype.str)
    try:
        return repr(dtype.descr)
    except ValueError:
        return "-"


def evaluate(text):
    """What NumPy makes of a spelling that is Python."""
    names = {"dtype": np.dtype, "bfloat16": bfloat16, "float32": np.float32, "np": np, "numpy": np}
    value = eval(text, names)
    return np.dtype(value)


rows = []


def add(spelling, read):
    try:
        dtype = read(spelling)
        rows.append((spelling, tree(dtype), descr(dtype)))
    except (ValueError, TypeError):
        rows.append((spelling, "refused", "-"))


for code in SCALARS + NAMES:
    add(code, np.dtype)
    dtype = np.dtype(code)
    add(str(dtype), np.dtype)
    add(repr(dtype), evaluate)
    add(repr(dtype.str), evaluate)
    add(json.dumps(dtype.str), evaluate)
    add(json.dumps(dtype.descr), lambda text: np.dtype(json.loads(text)[0][1]))
for scalar in [np.bool_, np.int8, np.uint16, np.int64, np.float16, np.float32, np.float64, np.complex64]:
    add(str(scalar), lambda text: np.dtype(scalar))
    add(repr(scalar), lambda text: np.dtype(scalar))
    add(f"np.{scalar.__name__}", lambda text: np.dtype(scalar))
    add(f"numpy.{scalar.__name__}", lambda text: np.dtype(scalar))
for scalar in [bool, int, float, complex]:
    add(str(scalar), lambda text: np.dtype(scalar))
for spelling in [str(bfloat16), repr(bfloat16), str(ml_dtypes.bfloat16), repr(str(bfloat16)), "ml_dtypes.bfloat16"]:
    add(spelling, lambda text: bfloat16)
classes = [("a", np.float32), ("b", np.dtype(">i4")), ("c", int)]
add(str(classes), lambda text: np.dtype(classes))
add("[('a', np.float32), ('b', numpy.dtype('>i4'), 3)]", evaluate)
add("np.dtype([('a', 'i1'), ('b', 'i4')], align=True)", evaluate)
add("dtype([('a', 'i1'), ('b', 'i4')], align=False)", evaluate)
add("{'names': ('a', 'b'), 'formats': ('i1', 'f4')}", evaluate)
add("{'names': ['a', 'b'], 'formats': ['i1', 'f4'], 'titles': [None, 'T'], 'aligned': True}", evaluate)
add("[('a', '<f4', ()), ('b', '<f4', 3), ('c', '<f4', (1,)), ('', '<i2'), ('', '>u2')]", evaluate)
for text in [str(bool), "[('a', '<f4'), ('', '|V4'), ('b', '<i2'), ('', '|V2')]", "[('', '|V4'), ('b', '<i2')]"]:
    if text.startswith("["):
        add(text, lambda text: npy.descr_to_dtype(eval(text)))
dtypes = [np.dtype(record) for record in RECORDS] + [np.dtype(record, align=True) for record in ALIGNED]
dtypes.append(np.dtype([("a", "i1"), ("b", aligned)]))
for dtype in dtypes:
    add(str(dtype), evaluate)
    add(repr(dtype), evaluate)
    if not dtype.subdtype and "whole" not in dtype.names and dtype.names != ("b", "a"):
        add(repr(dtype.descr), lambda text: npy.descr_to_dtype(dtype.descr))
        add(json.dumps(dtype.descr), lambda text: npy.descr_to_dtype(dtype.descr))
        add(json.dumps(dtype.descr, ensure_ascii=False, indent=None), lambda text: npy.descr_to_dtype(dtype.descr))

out = pathlib.Path(__file__).with_name("dtypes.tsv")
out.write_text("".join("\t".join(row) + "\n" for row in dict.fromkeys(rows)), encoding="utf-8")
print(len(dict.fromkeys(rows)), "spellings")
