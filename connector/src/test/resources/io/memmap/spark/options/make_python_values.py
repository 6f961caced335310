"""Writes python_values.tsv: values that Python programs give as options, as the texts that PySpark makes of them.

Columns: the option; the text; what it means: for dtypes the descr, for shapes the tuple, for names, dtypes and values
of columns JSON, for paths their entries.
NumPy 1 wrote its scalars without `np.` and their type; `legacy` brings that back.
Run with numpy 2.4.6: python3 make_python_values.py
"""

import datetime
import decimal
import json
import pathlib

import numpy as np

INTEGERS = [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.intp, np.longlong, int]
SCALARS = INTEGERS + [np.bool_, np.float16, np.float32, np.float64, np.complex64, np.complex128, bool, float, complex]
aligned = np.dtype([("a", "i1"), ("b", "f8")], align=True)
record = np.dtype([("a", "<i4"), ("b", ">f8", (2,))])
recarrays = [np.dtype((np.record, dtype)) for dtype in (record, aligned)]
rows = []


def to_str(value):
    """PySpark's to_str, in pyspark/sql/utils.py."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def descr(dtype):
    dtype = np.dtype(dtype)
    return repr(dtype.str if dtype.names is None else dtype.descr)


def add(option, value, meaning):
    for legacy in (False, "1.25"):
        np.set_printoptions(legacy=legacy)
        text = to_str(value)
        np.set_printoptions(legacy=False)
        row = (option, text.replace("\n", "\\n"), meaning)
        if row not in rows:
            rows.append(row)


def literal(value):
    """The value of a column as the text that `nullValue` would be alone."""
    if isinstance(value, bytes):
        return repr(bytes(value))
    if isinstance(value, datetime.datetime) and not isinstance(value, np.generic):
        return value.isoformat()
    return to_str(bool(value)) if isinstance(value, np.bool_) else to_str(value)


for scalar in SCALARS:
    add("dtype", scalar, descr(scalar))
    add("dtype", np.dtype(scalar), descr(scalar))
    add("columnDtypes", {"x": scalar, "y": np.dtype(scalar)}, json.dumps({"x": descr(scalar), "y": descr(scalar)}))
for dtype in ["M8[ns]", "m8[25s]", "S5", "U7", "V3", ">i4", "<f2", "?"]:
    add("dtype", np.dtype(dtype), descr(dtype))
    add("columnDtypes", {"x": np.dtype(dtype)}, json.dumps({"x": descr(dtype)}))
    add("columnDtypes", {"x": dtype, np.str_("y"): np.dtype(dtype)}, json.dumps({"x": descr(dtype), "y": descr(dtype)}))
for dtype in [record, aligned, *recarrays]:
    plain = repr(dtype.descr)
    add("dtype", dtype, plain)
    if not dtype.isalignedstruct:  # NumPy's str of a field loses its alignment
        add("dtype", np.dtype([("r", dtype), ("s", "i1")]), repr([("r", dtype.descr), ("s", "|i1")]))
    add("dtype", [("r", dtype), ("s", np.int8)], repr([("r", dtype.descr), ("s", "|i1")]))
    add("columnDtypes", {"x": dtype}, json.dumps({"x": plain}))
for integer in INTEGERS:
    add("dtype", [("a", np.int32), ("b", "f4", (integer(2), integer(3))), ("c", np.dtype("U3"), integer(4))],
        "[('a', '<i4'), ('b', '<f4', (2, 3)), ('c', '<U3', (4,))]")
    add("dtype", {"names": ["a"], "formats": [np.float64], "offsets": [integer(8)], "itemsize": integer(24)},
        "{'names': ['a'], 'formats': ['<f8'], 'offsets': [8], 'itemsize': 24}")
    add("dtype", ("<f4", (integer(3),)), "('<f4', (3,))")
    add("columnDtypes", {"x": (np.float32, (integer(3),))}, json.dumps({"x": "('<f4', (3,))"}))
    add("columnDtypes", {"x": np.dtype((np.float32, integer(3)))}, json.dumps({"x": "('<f4', (3,))"}))
    for shape in [(1000, 4), (1000,), (7, 2, 3)]:
        add("shape", tuple(map(integer, shape[:1])) + shape[1:], str(shape)) if integer not in (np.int8, np.uint8) else None
        add("shape", [shape[0]] + list(map(integer, shape[1:])), str(shape))
    add("shape", integer(100), "(100,)")
    add("offset", integer(100), "100")
    add("minPartitions", integer(3), "3")
    add("maxPartitionBytes", integer(100), "100")
    add("nullValue", integer(100), json.dumps("100"))
    add("fillValue", {"x": integer(100), "y": integer(0)}, json.dumps({"x": "100", "y": "0"}))
add("shape", (np.int64(-1), np.int64(4)), "(-1, 4)")
add("shape", np.array([1000, 4]), "(1000, 4)")
add("shape", np.array([7]), "(7,)")
add("shape", np.array([2] * 60), str((2,) * 60))
add("shape", np.zeros((3, 4)).shape, "(3, 4)")
add("shape", (), "()")
for flag in [True, False, np.True_, np.False_]:
    add("transpose", flag, str(bool(flag)).lower())
for names in [["a", "b, c"], ("a", "b, c"), [np.str_("a"), np.str_("b, c")], np.array(["a", "b, c"]).tolist(),
              list(np.array(["a", "b, c"])), np.dtype([("a", "i4"), ("b, c", "i4")]).names]:
    add("columnNames", names, json.dumps(["a", "b, c"]))
for path in [pathlib.PosixPath("emb/it's.npy"), pathlib.PurePosixPath("emb/it's.npy"), pathlib.PureWindowsPath(r"emb\it's.npy")]:
    add("columnPaths", {"id": "ids.npy", "v": path, "w": {"path": path, "dtype": np.dtype("f4"), "shape": (np.int64(5),)}},
        "[id: ids.npy, v: emb/it's.npy, w: emb/it's.npy]")
values = [0, -1, 2**64 - 1, 1.5, 1e-7, 1e22, -2.5e300, True, False, "n/a", "it's, 1=2", "x\\y", "", b"ab", b"\x00'",
          np.int64(-1), np.uint64(2**64 - 1), np.float16(1.5), np.float32(0.1), np.float64(1e300), np.longdouble("1.1"),
          np.True_, np.False_, np.str_("x, y"), np.bytes_(b"it's"), np.bytes_(b"a\x00b"), np.float64("nan"), np.float32("-inf"),
          float("nan"), float("inf"), float("-inf"), np.datetime64("2020-01-01"), np.datetime64("NaT", "D"),
          np.datetime64("NaT"), np.datetime64("2020-01-01T01:02:03.123456789"), np.datetime64("1969-12", "M"),
          np.timedelta64(5, "s"), np.timedelta64(-3, "25ms"), np.timedelta64("NaT", "s"), np.timedelta64(7, "Y"),
          datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2, 3, 4, 5), datetime.datetime(1999, 12, 31, 23, 59, 59, 6),
          decimal.Decimal("1.50")]
for value in values:
    for option in ("nullValue", "fillValue"):
        add(option, {"x": value, "y": 1, "z": None}, json.dumps({"x": literal(value), "y": "1"}))
add("nullValue", {np.str_("a"): np.int8(1), "b": "z"}, json.dumps({"a": "1", "b": "z"}))
rows.append(("nullValue", json.dumps({"a": float("nan"), "b": True, "c": None, "d": 1.5, "e": "é"}),
             json.dumps({"a": "nan", "b": "true", "d": "1.5", "e": "é"})))
for scalar in [0, 1.5, np.nan, np.float32(1.5), np.inf, -np.inf, np.datetime64("2020-01-01"), np.datetime64("NaT"),
               np.True_, True, "n/a", np.str_("n/a"), np.timedelta64(5, "s"), datetime.date(2020, 1, 2),
               decimal.Decimal("1.50"), np.bytes_(b"ab")]:
    add("fillValue", scalar, json.dumps(to_str(scalar)))

out = pathlib.Path(__file__).with_name("python_values.tsv")
out.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
print(len(rows), "values")
