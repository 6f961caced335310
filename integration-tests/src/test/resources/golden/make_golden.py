#!/usr/bin/env python3
"""Writes arrays with NumPy, and beside them golden.json: what Spark must show for each under which options.

    python3 make_golden.py                                the committed files, from their fixed seed, beside this script
    python3 make_golden.py --random SEED --out DIRECTORY  as many random cases as --cases says

Needs NumPy 1.24 or newer. The expected values come from the files, read back by NumPy, not from what was written.
"""

import argparse
import json
import pathlib
import random
import sys
import warnings

sys.dont_write_bytecode = True

import numpy as np
import random_cases
import spark_view
from array_values import Source
from option_text import dtype_text, shape_text
from spark_view import BFLOAT16

SEED = 20260101
SCALARS = ["b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16", "S7", "U6", "V5"]
DATETIMES = [
    "M8[Y]", "M8[M]", "M8[W]", "M8[D]", "M8[h]", "M8[m]", "M8[s]", "M8[ms]", "M8[us]", "M8[ns]", "M8[ps]",
    "M8[fs]", "m8[Y]", "m8[M]", "m8[W]", "m8[D]", "m8[h]", "m8[m]", "m8[s]", "m8[ms]", "m8[us]", "m8[ns]", "m8[ps]",
]  # fmt: skip
MULTIPLES = [
    "M8[10ms]", "M8[2W]", "M8[3M]", "M8[7D]", "M8[25s]", "M8[10ns]", "M8[5Y]", "m8[15m]", "m8[3M]", "m8[500ps]",
]  # fmt: skip
SHAPES = {0: (), 1: (31,), 2: (8, 5), 3: (4, 3, 2), 4: (3, 2, 2, 3)}
EVERY_WAY = [
    (0, "<", "C"), (0, ">", "C"), (1, "<", "C"), (1, ">", "C"),
    (2, "<", "C"), (2, "<", "F"), (2, ">", "C"), (2, ">", "F"),
    (3, "<", "F"), (3, ">", "C"), (4, "<", "C"), (4, ">", "F"),
]  # fmt: skip
CONTAINERS = ["v1", "raw0", "v2", "raw1", "v3", "raw127", "raw0", "v1", "raw127", "v2", "raw1"]


class Golden:
    """The directory being written."""

    def __init__(self, directory):
        self.directory = directory
        self.cases = []
        (directory / "arrays").mkdir(parents=True, exist_ok=True)

    def file(self, name):
        path = self.directory / "arrays" / name
        path.parent.mkdir(exist_ok=True)
        return path

    def expect(self, name, path, array, options):
        schema, rows = spark_view.table(array, options)
        self.expect_rows(name, path, schema, rows, options)

    def expect_rows(self, name, path, schema, rows, options):
        assert name not in (case["name"] for case in self.cases), name
        relative = path.relative_to(self.directory).as_posix()
        self.cases.append({"name": name, "file": relative, "options": options, "schema": schema, "rows": rows})

    def npy(self, name, array, order="C", version=1, file=None, **options):
        path = self.file(file or name + ".npy")
        write_npy(path, array, order, version)
        self.expect(name, path, load_npy(path, array.dtype), npy_options(array.dtype, options))

    def raw(self, name, array, order="C", offset=0, dtype=None, shape=None, **options):
        path = self.file(name + ".dat")
        path.write_bytes(bytes(i % 255 + 1 for i in range(offset)) + every_byte(array, order))
        given = {"dtype": dtype or dtype_text(array.dtype, len(self.cases))}
        if shape != "":
            given["shape"] = shape or shape_text(array.shape, len(self.cases))
        if order == "F":
            given["order"] = "F"
        if offset:
            given["offset"] = str(offset)
        read = np.memmap(path, array.dtype, "r", offset, array.shape, order)
        self.expect(name, path, read, {**given, **options})

    def any(self, name, array, order, container, **options):
        if container.startswith("raw"):
            self.raw(name, array, order, int(container[3:]), **options)
        else:
            self.npy(name, array, order, int(container[1:]), **options)

    def again(self, name, of, array, **options):
        """The file of an earlier case under further options."""
        earlier = next(case for case in self.cases if case["name"] == of)
        self.expect(name, self.directory / earlier["file"], array, {**earlier["options"], **options})

    def write_index(self, seed):
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in self.cases)
        head = f'{{"numpy":"{np.__version__}","seed":{seed},"cases":[\n'
        (self.directory / "golden.json").write_text(head + lines + "\n]}\n", encoding="utf-8")


def every_byte(array, order):
    """The bytes in this order; tobytes alone would lose the padding of records."""
    return array.view(f"V{array.dtype.itemsize}").tobytes(order)


def write_npy(path, array, order, version):
    plain = np.dtype("V2") if spark_view.is_bfloat16(array.dtype) else array.dtype
    with open(path, "wb") as file:
        laid_out = np.frombuffer(bytearray(every_byte(array, order)), plain).reshape(array.shape, order=order)
        np.lib.format.write_array(file, laid_out, version=(version, 0), allow_pickle=False)


def load_npy(path, dtype):
    loaded = np.load(path, mmap_mode="r")
    return loaded.view(BFLOAT16) if spark_view.is_bfloat16(dtype) else loaded


def npy_options(dtype, options):
    return {"dtype": "bfloat16", **options} if spark_view.is_bfloat16(dtype) else options


def every_scalar(golden, source):
    turn = 0
    for spec in SCALARS + [BFLOAT16]:
        dtype = np.dtype(spec)
        ordered = dtype.str[0] in "<>"
        name = "bf16" if dtype is BFLOAT16 else spec
        for ndim, byte_order, order in EVERY_WAY:
            if not ordered and (ndim, byte_order) in [(0, ">"), (1, ">"), (2, ">")]:
                continue
            array = source.array(dtype.newbyteorder(byte_order) if ordered else dtype, SHAPES[ndim], {}, ndim > 0)
            container = "v" + str(turn % 3 + 1) if ndim == 0 else CONTAINERS[turn % len(CONTAINERS)]
            side = {"<": "-little", ">": "-big"}[byte_order] if ordered else ""
            golden.any(f"{name}-{ndim}d-{order}{side}-{container}", array, order, container)
            turn += 1


def every_time_unit(golden, source):
    ways = [(0, ">", "C"), (1, "<", "C"), (2, ">", "F"), (3, "<", "F"), (4, ">", "C")]
    turn = 0
    for spec in DATETIMES + MULTIPLES:
        dtype = np.dtype(spec)
        name = spec.replace("8[", "8-").replace("]", "")
        for ndim, byte_order, order in ways if spec in DATETIMES else ways[1:3]:
            flipped = byte_order if (turn // 5) % 2 == 0 else "<>"[byte_order == "<"]
            array = source.array(dtype.newbyteorder(flipped), SHAPES[ndim], {}, ndim > 0)
            container = "v1" if ndim == 0 else CONTAINERS[turn % len(CONTAINERS)]
            side = "little" if flipped == "<" else "big"
            golden.any(f"{name}-{ndim}d-{order}-{side}-{container}", array, order, container)
            turn += 1
    for spec in ["M8[ns]", "M8[ps]", "M8[fs]", "m8[ns]", "m8[ps]"]:
        name = spec.replace("8[", "8-").replace("]", "")
        for nanos in ["truncate", "long"]:
            golden.raw(f"{name}-nanos-{nanos}", source.array(">" + spec, (40,), {"nanos": nanos}), nanos=nanos)
    for spec in ["M8[h]", "M8[s]", "M8[us]", "M8[ns]", "M8[D]"]:
        name = spec.replace("8[", "8-").replace("]", "")
        golden.npy(f"{name}-ltz", source.array("<" + spec, (20,)), timestampType="ltz")
    far = np.array([2**63 - 1, -(2**63) + 1, 10**15], "<i8").view("M8[us]")
    golden.npy("M8-us-far", far)
    golden.npy("M8-us-far-ltz", far, timestampType="ltz")
    golden.npy("M8-D-far", np.array([2**31 - 1, -(2**31), 10**7], "<i8").view("M8[D]"))
    golden.npy("m8-M-far", np.array([2**31 - 1, -(2**31)], "<i8").view("m8[M]"))
    golden.npy("m8-us-far", np.array([2**63 - 1, -(2**63) + 1], "<i8").view("m8[us]"))


def records(golden, source):
    inner = np.dtype([("x", ">i2"), ("y", "<f4")])
    dtypes = {
        "packed": np.dtype([("a", "<i4"), ("b", "<f8"), ("c", "i1")]),
        "mixed": np.dtype([("a", "<i2"), ("b", ">i2"), ("c", ">f8"), ("d", "<u8"), ("e", "?"), ("f", ">M8[s]")]),
        "nested": np.dtype([("id", "<u4"), ("p", inner), ("q", [("deep", [("z", ">c8")]), ("s", "S5")])]),
        "subarray": np.dtype([("a", "u1"), ("v", ">f4", (3,)), ("m", "<i8", (2, 3)), ("p", inner, (2,))]),
        "strings": np.dtype([("s", "S7"), ("u", "<U5"), ("w", ">U3"), ("v", "V3")]),
        "titled": np.dtype([(("The first", "a"), "<i4"), (("Title", "b"), ">f8", (2,))]),
        "aligned": np.dtype([("a", "i1"), ("b", "<f8"), ("c", "<i2"), ("p", inner)], align=True),
        "aligned-nested": np.dtype([("k", "u1"), ("n", np.dtype([("t", "u1"), ("d", "<f8")], align=True))], align=True),
        "gaps": np.dtype({"names": ["a", "b"], "formats": ["<i4", ">u2"], "offsets": [3, 11], "itemsize": 20}),
        "times": np.dtype([("d", "<M8[D]"), ("t", ">M8[us]"), ("n", "<m8[s]", (2,)), ("y", "<m8[Y]")]),
        "halves": np.dtype([("h", ">f2"), ("c", "<c16"), ("i", "i1")]),
        "names": np.dtype([("value", "<i2"), ("a b", "<i2"), ("it's", "<i2"), ('"', "<i2"), ("a.b", "<i2")]),
    }
    for i, (name, dtype) in enumerate(dtypes.items()):
        golden.npy(f"record-{name}-npy", source.array(dtype, (19,)), version=i % 3 + 1)
        golden.raw(f"record-{name}-raw", source.array(dtype, (17,)), offset=(0, 1, 127)[i % 3])
        golden.npy(f"record-{name}-0d", source.array(dtype, (), {}, False))
        golden.raw(f"record-{name}-2d", source.array(dtype, (3, 4)), "FC"[i % 2], offset=(127, 0, 1)[i % 3])
        golden.npy(f"record-{name}-3d", source.array(dtype, (2, 3, 2)), "CF"[i % 2], layout="elements")
    overlapping = {"names": ["whole", "low"], "formats": ["<i4", "<i2"], "offsets": [0, 0], "itemsize": 4}
    golden.raw("record-overlapping-raw", source.array(overlapping, (9,)), offset=1)
    unsorted = {"names": ["late", "early"], "formats": ["<f4", "S3"], "offsets": [8, 1], "itemsize": 13}
    golden.raw("record-unsorted-raw", source.array(unsorted, (9,)))
    aligned = np.dtype([("a", "i1"), ("b", "<f8"), ("c", "<i2")], align=True)
    golden.raw("record-aligned-str", source.array(aligned, (5,)), dtype=str(aligned))
    golden.raw("record-aligned-repr", source.array(aligned, (5,)), dtype=repr(aligned))
    half = np.dtype([("id", "<i4"), ("w", BFLOAT16), ("ws", BFLOAT16, (2,))])
    spelt = "[('id', '<i4'), ('w', 'bfloat16'), ('ws', 'bfloat16', (2,))]"
    golden.raw("record-bfloat16-raw", source.array(half, (17,)), dtype=spelt)
    golden.npy("record-latin1-name", source.array([("größe", "<i2"), ("b", "<i2")], (5,)), version=1)
    golden.npy("record-utf8-name", source.array([("größe_Δ", "<i2"), ("名", "<i2")], (5,)), version=3)


def layouts(golden, source):
    for wide in (100, 101):
        golden.npy(f"layout-auto-{wide}-columns", source.array("u1", (2, wide)))
    golden.npy("layout-columns-101", source.array("u1", (2, 101)), layout="columns")
    for order in "CF":
        for spec in [">i4", "<f8", "S7", "<M8[us]"]:
            array = source.array(spec, (6, 4))
            name = f"layout-{order}-{np.dtype(spec).str[1:3]}"
            golden.npy(name, array, order)
            golden.again(name + "-array", name, array, layout="array")
            golden.again(name + "-elements", name, array, layout="elements")
            golden.again(name + "-transpose", name, array, transpose="true")
            golden.again(name + "-transpose-array", name, array, transpose="true", layout="array")
            golden.again(name + "-transpose-elements", name, array, transpose="true", layout="elements")
            golden.again(name + "-named", name, array, columnNames="w,x,y,z")
        for ndim in (3, 4):
            array = source.array(">u2", SHAPES[ndim])
            name = f"layout-{order}-{ndim}d"
            golden.raw(name, array, order, offset=127)
            golden.again(name + "-elements", name, array, layout="elements")
            golden.again(name + "-transpose", name, array, transpose="true")
            golden.again(name + "-transpose-elements", name, array, transpose="true", layout="elements")
            golden.again(name + "-named", name, array, columnNames="cube")
    line = source.array("<f4", (9,))
    golden.npy("layout-1d", line)
    golden.again("layout-1d-elements", "layout-1d", line, layout="elements")
    golden.again("layout-1d-transpose", "layout-1d", line, transpose="true")
    golden.again("layout-1d-named", "layout-1d", line, columnNames="height")
    pairs = source.array([("a", "<i2"), ("b", ">f4")], (4, 3))
    golden.npy("layout-records", pairs)
    golden.again("layout-records-elements", "layout-records", pairs, layout="elements")
    golden.again("layout-records-transpose", "layout-records", pairs, transpose="true")
    golden.npy("layout-records-named", source.array([("a", "<i2"), ("b", ">f4")], (4,)), columnNames="x,y")
    golden.npy("layout-0d-elements", source.array("<i4", ()), layout="elements")
    golden.raw("layout-0d-raw", source.array(">f8", (), {}, False), offset=1)


def strings(golden, source):
    for encoding in ("latin1", "binary"):
        array = source.array("S6", (24,), {"stringEncoding": encoding})
        golden.npy(f"strings-{encoding}", array, stringEncoding=encoding)
        golden.raw(f"strings-{encoding}-2d", array.reshape(6, 4), "F", 127, stringEncoding=encoding)
        fields = [("k", "u1"), ("s", "S6"), ("ss", "S2", (2,))]
        array = source.array(fields, (20,), {"stringEncoding": encoding})
        golden.npy(f"strings-{encoding}-record", array, stringEncoding=encoding)
        fields = [("s", "S3"), ("u", "<U4"), ("v", "V2")]
        array = source.array(fields, (20,), {"stringEncoding": encoding})
        golden.npy(f"strings-{encoding}-beside-unicode", array, stringEncoding=encoding)
    golden.npy("strings-one-byte", source.array("S1", (12,)))
    golden.npy("strings-one-character", source.array(">U1", (16,)))


def edges(golden, source):
    golden.npy("empty-1d", np.zeros((0,), "<f8"))
    golden.npy("empty-2d", np.zeros((0, 3), "<f8"), "F")
    golden.npy("empty-record", np.zeros((0,), [("a", "<i4")]))
    golden.npy("empty-rows-array", np.zeros((3, 0), "<i4"), layout="array")
    golden.npy("empty-inside", np.zeros((2, 0, 3), "<i4"))
    golden.npy("empty-elements", np.zeros((2, 0, 3), "<i4"), layout="elements")
    golden.raw("inferred-shape", source.array(">f4", (33,)), offset=1, shape="")
    golden.raw("inferred-rows", source.array("<i2", (11, 3)), offset=127, shape="-1,3")
    golden.npy("one-row", source.array("<i8", (1, 4)), "F")
    golden.npy("one-column", source.array("<i8", (9, 1)))
    golden.npy("many-axes", source.array("i1", (2,) + (1,) * 10 + (3,)))
    golden.npy("odd [0] 100% name.x", source.array("<i2", (3,)))
    foreign = {
        "double-quotes": '{"descr": "<i2", "fortran_order": False, "shape": (6,)}',
        "other-key-order": "{'shape': (2, 3), 'fortran_order': True, 'descr': '>i2'}",
        "python-2-longs": "{'descr': '<i2', 'fortran_order': False, 'shape': (6L,), }",
        "no-byte-order": "{'descr': 'i2', 'fortran_order': False, 'shape': (5,), }",
        "fortran-1d": "{'descr': '<i2', 'fortran_order': True, 'shape': (6,), }",
        "leading-space": " {'descr':'<i2','fortran_order':False,'shape':(6,)}",
    }
    data = source.array("<i2", (6,)).tobytes()
    warnings.filterwarnings("ignore", message=".*created on Python 2.*")
    for name, header in foreign.items():
        path = golden.file(f"header-{name}.npy")
        # To a multiple of 16, as NumPy before 1.14 had it.
        header = header + " " * (-(len(header) + 11) % 16) + "\n"
        path.write_bytes(b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header.encode("latin1") + data)
        golden.expect(f"header-{name}", path, np.load(path), {})


def shards(golden, source):
    options = {}

    def directory(name, arrays):
        rows = []
        for file, (array, order, version) in arrays.items():
            path = golden.file(f"{name}/{file}")
            write_npy(path, array, order, version)
            schema, part = spark_view.table(np.load(path), options)
            rows += part
        golden.expect_rows(name, path.parent, schema, rows, options)

    natural = {"1.npy": ("<i4", "C", 1), "2.npy": (">i4", "F", 2), "10.npy": ("<i4", "F", 3)}
    made = {f: (source.array(d, (len(f), 3)), order, version) for f, (d, order, version) in natural.items()}
    directory("shards-natural-order", made)
    widths = {"a.npy": ("S3", "<U2"), "b.npy": ("S9", ">U7"), "c.npy": ("S1", "<U1")}
    made = {f: (source.array([("s", s), ("u", u)], (6,)), "C", 1) for f, (s, u) in widths.items()}
    directory("shards-string-widths", made)
    directory("shards-with-empty", {f"{i}.npy": (source.array(">f8", (i % 2 * 4,)), "C", 1) for i in range(4)})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent)
    parser.add_argument("--random", type=int, metavar="SEED")
    parser.add_argument("--cases", type=int, default=60)
    arguments = parser.parse_args()
    golden = Golden(arguments.out)
    seed = SEED if arguments.random is None else arguments.random
    source = Source(random.Random(seed))
    if arguments.random is None:
        for chapter in (every_scalar, every_time_unit, records, layouts, strings, edges, shards):
            chapter(golden, source)
    else:
        random_cases.write(golden, source, arguments.cases)
    golden.write_index(seed)


if __name__ == "__main__":
    main()
