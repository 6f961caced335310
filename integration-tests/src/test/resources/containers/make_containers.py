#!/usr/bin/env python3
"""Writes containers with NumPy and zipfile, and beside them golden.json: what Spark must show for each member.

    python3 make_containers.py [DIRECTORY]     the committed files, beside this script unless a directory is given

Needs NumPy 1.24 or newer. The expected values of .npz files are read back with np.load; .safetensors files are written by
the rules of their format, and read back by the same.
"""

import io
import json
import pathlib
import struct
import sys
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "golden"))

import numpy as np
import spark_view
from spark_view import BFLOAT16

CASES = []
RECORD = [("id", "<i4"), ("at", "<M8[s]"), ("v", ">f4", (2,))]


class Stream:
    """Where nothing can be sought."""

    def __init__(self):
        self.bytes = io.BytesIO()

    def write(self, data):
        return self.bytes.write(data)

    def read(self, *_):
        raise io.UnsupportedOperation("read")

    def flush(self):
        pass


def expect(name, file, array, **options):
    schema, rows = spark_view.table(array, options)
    CASES.append({"name": name, "file": file, "options": options, "schema": schema, "rows": rows})


def expect_npz(file, members, start=0, **options):
    with np.load(io.BytesIO((OUT / file).read_bytes()[start:])) as npz:
        for member in members:
            expect(f"{file}#{member}", file, npz[member], member=member, **options)


def write(name, data):
    (OUT / name).write_bytes(data)
    return name


def saved(save=np.savez, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


def npy(array):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, allow_pickle=True)
    return file.getvalue()


def zipped(entries, method=zipfile.ZIP_STORED, comment=b""):
    """As a program zips files that does not know of NumPy."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.comment = comment
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            archive.writestr(info, data)
    return file.getvalue()


def with_zip64_end(data):
    """The same archive, whose end record leaves all numbers to a zip64 one."""
    end = len(data) - 22
    entries, nbytes, offset = struct.unpack_from("<HII", data, end + 10)
    record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, entries, entries, nbytes, offset)
    locator = struct.pack("<IIQI", 0x07064B50, 0, end, 1)
    last = struct.pack("<IHHHHIIH", 0x06054B50, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:end] + record + locator + last


def npz():
    table = np.arange(24, dtype="<f4").reshape(6, 4) / 8
    record = np.array([(i, np.datetime64(i * 86400, "s"), (i / 2, -i)) for i in range(3)], RECORD)
    arrays = {
        "features": table,
        "labels": np.array([3, -1, 2**40, 0, 5, 6], ">i8"),
        "columns": np.asfortranarray(np.arange(15, dtype="<f8").reshape(5, 3)),
        "images": np.arange(24, dtype="u1").reshape(2, 3, 4),
        "people": record,
        "names": np.array(["a", "größe", ""], "<U5"),
        "flags": np.array([True, False]),
        "halves": np.array([0.5, -2], "<f2"),
        "waves": np.array([1 + 2j, 3j], "<c8"),
        "nothing": np.zeros((0, 3), "<i2"),
        "version": np.array(7, "<i4"),
    }
    stored = saved(**arrays)
    expect_npz(write("savez.npz", stored), arrays)
    expect_npz(write("deflated.npz", saved(np.savez_compressed, **arrays)), arrays)
    stream = Stream()
    np.savez(stream, features=table, labels=arrays["labels"])
    expect_npz(write("streamed.npz", stream.bytes.getvalue()), ["features", "labels"])
    expect_npz(write("zip64.npz", with_zip64_end(stored)), ["features", "columns", "version"])
    odd = [(name + ".npy", npy(array)) for name, array in [("a/b", table), ("x.npy", table[1:]), ("größe", table[2:])]]
    expect_npz(write("names.npz", zipped([("readme.txt", b"none"), *odd])), ["a/b", "x.npy", "größe"])
    expect_npz(write("comment.npz", zipped(odd, comment=b"made by hand")), ["a/b"])
    write("prefix.npz", b"#!/bin/sh\nexit\n" + zipped(odd))
    expect_npz("prefix.npz", ["a/b", "x.npy"], start=15)
    mixed = io.BytesIO(saved(stored=table))
    with zipfile.ZipFile(mixed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("packed.npy"), npy(table[::-1]), zipfile.ZIP_DEFLATED)
    expect_npz(write("mixed.npz", mixed.getvalue()), ["stored", "packed"])
    expect("only", write("only.npz", saved(only=table, seed=np.array(3), year=np.array(2026))), table)
    expect("0-d only", write("scalar.npz", saved(seed=np.array(3, "<i8"))), np.array(3, "<i8"))
    pickled = zipped([("o.npy", npy(np.array([{}, None], object))), ("n.npy", npy(table))])
    expect("beside objects", write("objects.npz", pickled), table)
    expect("renamed", write("renamed.bin", saved(only=table)), table, member="only", container="auto")


def safetensors(tensors, metadata=None, pad=True):
    header, buffer = ({"__metadata__": metadata} if metadata else {}), b""
    for name, (dtype, array) in tensors.items():
        data = array.tobytes()
        header[name] = {
            "dtype": dtype,
            "shape": list(array.shape),
            "data_offsets": [len(buffer), len(buffer) + len(data)],
        }
        buffer += data
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8 if pad else 0)
    return struct.pack("<Q", len(text)) + text + buffer


def tensors():
    dtypes = {
        "BOOL": "?", "U8": "u1", "I8": "i1", "U16": "<u2", "I16": "<i2", "U32": "<u4", "I32": "<i4", "U64": "<u8",
        "I64": "<i8", "F16": "<f2", "F32": "<f4", "F64": "<f8", "C64": "<c8",
    }  # fmt: skip
    given = {f"t.{name}": (name, (np.arange(6).reshape(3, 2) % 5).astype(dtype)) for name, dtype in dtypes.items()}
    given["bf16/größe"] = ("BF16", np.array([0x3F80, 0xC000, 0x7FC0], "<u2").view("V2"))
    given["scalar"] = ("F32", np.array(2.5, "<f4"))
    given["empty"] = ("F32", np.zeros((0, 4), "<f4"))
    file = write("every.safetensors", safetensors(given, {"format": "pt"}))
    for name, (_, array) in given.items():
        expect(f"{file}#{name}", file, array.view(BFLOAT16) if array.dtype == "V2" else array, member=name)
    line = np.arange(5, dtype="<f8")
    file = write("one.safetensors", safetensors({"w": ("F64", line)}, pad=False))
    expect("one tensor", file, line)
    file = write("f8.safetensors", safetensors({"w": ("F64", line), "scales": ("F8_E4M3", np.zeros(3, "u1"))}))
    expect("beside f8", file, line)


OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
OUT = OUT.parent if OUT.is_file() else OUT
npz()
tensors()
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in CASES)
head = f'{{"numpy":"{np.__version__}","cases":[\n'
(OUT / "golden.json").write_text(head + lines + "\n]}\n", encoding="utf-8")
