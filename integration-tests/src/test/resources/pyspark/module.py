"""Uses memmap_spark through PySpark and prints one line for each thing that is not as NumPy has it. In an empty directory."""

import pathlib

from memmap_spark import as_memmap, from_numpy, options_of, read, shards, to_numpy, write

here = os.getcwd()
checks = 0


def at(name):
    return os.path.join(here, name)


def check(name, found, expected):
    global checks
    checks += 1
    same = found == expected if isinstance(expected, (list, str, tuple)) else np.array_equal(found, expected)
    if not same:
        print("wrong", name, "found", repr(found), "expected", repr(expected))


def rows(df):
    return [tuple(row) for row in df.collect()]


def elements(df):
    """All values of numeric columns, in C order."""
    return [value for row in df.collect() for cell in row for value in (cell if isinstance(cell, list) else [cell])]


def refused(name, function, expected):
    global checks
    checks += 1
    try:
        function()
        print("wrong", name, "was not refused")
    except Exception as e:
        if expected not in str(e):
            print("wrong", name, "says", e)


# Paths and lists as Python has them.
np.save("three.npy", np.arange(3))
np.savez("members.npz", a=np.arange(3), b=np.arange(3) * 2.0)
three = pathlib.Path(at("three.npy"))
check("bytes", elements(read(spark, os.fsencode(three))), [0, 1, 2])
check("list of bytes and a path", elements(read(spark, [os.fsencode(three), three])), [0, 1, 2, 0, 1, 2])
write(read(spark, three), os.fsencode(at("again.npy")))
check("written to bytes", np.load("again.npy"), np.arange(3))
check("paths in a dict", rows(read(spark, here, columnPaths={"x": three, "y": pathlib.Path("three.npy")})), [(0, 0), (1, 1), (2, 2)])
check("members in a list", rows(read(spark, at("members.npz"), member=np.load("members.npz").files[::-1])), [(0.0, 0), (2.0, 1), (4.0, 2)])

# Maps and their views.
m = np.memmap(at("x y%41.dat"), "<f4", "w+", 5, (6, 4))
m[:] = np.arange(24).reshape(6, 4)
f = np.memmap(at("f.dat"), ">i2", "w+", 0, (6, 4), "F")
f[:] = np.arange(24).reshape(6, 4)
np.save("y.npy", np.arange(24.0).reshape(6, 4))
y = np.load("y.npy", mmap_mode="r")
for name, view in {
    "map": m,
    "rows": m[2:5],
    "one row": m[3],
    "transposed": m.T,
    "columns of F": f[:, 1:3],
    "F": f,
    "F transposed": f.T,
    "view": m.view("<i4"),
    "ndarray": np.asarray(m)[1:],
    "reshaped": m.reshape(3, 8),
    "flat": m.ravel(),
    "no rows": m[2:2],
    "one element": m[3, 1:2].reshape(()),
    "bytes": m.view("u1"),
    "npy": y[1:],
    "npy transposed": y.T,
}.items():
    check(name, elements(read(spark, view)), view.ravel().tolist())
m[0, 0] = -5
check("a change of a map", elements(read(spark, m[:1])), [-5.0, 1.0, 2.0, 3.0])
m[0, 0] = 0
r = np.memmap(at("r.dat"), [("a", "<i4"), ("b", "<f8")], "w+", 0, (3,))
r["a"], r["b"] = [1, 2, 3], [1.5, 2.5, 3.5]
check("record", rows(read(spark, r[1:])), [(2, 2.5), (3, 3.5)])
options = options_of(m[1:3])
check("options", elements(spark.read.format("memmap").options(**options).load(m.filename)), m[1:3].ravel().tolist())
refused("strided", lambda: read(spark, m[::2]), "expected elements of 4 bytes end to end")
refused("an option of the map", lambda: read(spark, m, dtype="i4"), "with the option dtype=i4: the map says dtype <f4")

# Options of Python's and NumPy's own values.
given = {"dtype": np.float32, "shape": (np.int64(6), 4), "offset": np.int8(5), "order": None, "transpose": np.False_}
check("options of NumPy", elements(read(spark, pathlib.Path(at("x y%41.dat")), **given)), m.ravel().tolist())
check("several paths", read(spark, [pathlib.Path(at("y.npy")), at("y.npy")]).count(), 12)
check("schema", read(spark, at("r.dat"), dtype=r.dtype, schema="b DOUBLE").columns, ["b"])
df = spark.sql("SELECT id, id * 0.5D AS v, concat('n', id) AS s FROM range(0, 10, 1, 3)")
write(df, pathlib.Path(at("w.npy")), columnDtypes={"id": np.uint16, "v": np.dtype(">f4"), "s": "U4"})
w = as_memmap(at("w.npy"))
check("written dtype", str(w.dtype), "[('id', '<u2'), ('v', '>f4'), ('s', '<U4')]")
check("written", w["id"], np.arange(10))
write(df.select("id"), at("w.dat"), dtype=np.int8)
check("raw", as_memmap(at("w.dat")), np.arange(10, dtype="i1"))
write(df.select("id"), at("w"))
refused("shards", lambda: as_memmap(at("w")), "its 3 shards")
check("shards", np.concatenate(shards(at("w"), 0, 1)), np.arange(10))
write(df.select("id"), at("w"), mode="append")
check("appended", np.concatenate(shards(at("w"), 1, 2)), np.arange(10))
write(df.select("id").coalesce(1), at("one"))
check("one shard", as_memmap(at("one")), np.arange(10))
refused("existing", lambda: write(df, at("w")), "it exists")

# From NumPy and back.
rng = np.random.default_rng(1)
for a in (
    np.arange(7),
    np.arange(7.0).reshape(7, 1),
    np.arange(28.0).reshape(7, 4),
    np.asfortranarray(np.arange(28.0).reshape(7, 4)),
    np.arange(28, dtype=">i2").reshape(7, 4),
    np.arange(28.0)[::2].reshape(7, 2),
    rng.random((5, 200)),
    rng.integers(0, 99, (3, 4, 5)),
    np.array([[True, False], [False, True]]),
    np.array(["2020-01-31", "1969-12-01"], "M8[D]"),
    np.arange(4, dtype="u8").reshape(2, 2) + np.uint64(2**63),
    np.array([(1, 2.5), (3, 4.5)], [("a", "<i4"), ("b", "<f8")]),
    np.arange(6).reshape(2, 3)[:0],
    np.arange(3) + 1j,
    m.T,
):
    again = to_numpy(from_numpy(spark, a))
    check(f"{a.dtype} {a.shape} again", again, a)
    check(f"{a.dtype} {a.shape} dtype", again.dtype.newbyteorder("="), a.dtype.newbyteorder("="))
half = to_numpy(from_numpy(spark, np.arange(28.0).reshape(7, 4)), dtype=np.float16)
check("half", (half.dtype.str, half.shape), ("<f2", (7, 4)))
check("in order", to_numpy(spark.range(0, 1000, 1, 7)), np.arange(1000))
check("texts", to_numpy(df.select("s"), columnDtypes={"s": "S3"}), np.array([f"n{i}" for i in range(10)], "S3"))
wide = spark.range(2).selectExpr(*(f"CAST(id AS INT) AS a_long_name_{i}" for i in range(500)))
check("a long header", to_numpy(wide, maxHeaderNbytes=20_000)["a_long_name_499"], np.arange(2))
check("a long header, mapped", to_numpy(wide, path=at("q3.npy"), maxHeaderNbytes=20_000).shape, (2,))
check("from a path", elements(from_numpy(spark, np.arange(3), path=pathlib.Path(at("p.npy")))), [0, 1, 2])
check("to a path", to_numpy(spark.range(3), path=at("q")), np.arange(3))
check("a map", type(to_numpy(spark.range(3), path=at("q2.npy"))).__name__, "memmap")
check("names", sorted(name for name in os.listdir(here) if name[:1] in "pq"), ["p.npy", "q", "q2.npy", "q3.npy"])
refused("an existing file", lambda: from_numpy(spark, np.arange(3), path=at("p.npy")), "File exists")
refused("objects", lambda: from_numpy(spark, np.array([{}])), "it holds Python objects")
refused("a mask", lambda: from_numpy(spark, np.ma.masked_equal([1, 2], 1)), "a masked array")
print("checks", checks)
