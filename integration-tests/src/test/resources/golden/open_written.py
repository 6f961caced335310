#!/usr/bin/env python3
"""Opens arrays that Spark wrote as a user of NumPy does, and prints what they hold: one line of JSON for each.

    python3 open_written.py CASES.json

Each case has a file or directory, and the reader's options; a case with an "error" in its line could not be opened.
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

import numpy as np
import spark_view


def dtype_of(spelled):
    """A dtype as a sidecar spells it: an .npy header's descr, without tuples."""
    if spelled == "bfloat16":
        return spark_view.BFLOAT16
    return np.lib.format.descr_to_dtype(with_tuples(spelled))


def with_tuples(descr):
    if not isinstance(descr, list):
        return descr
    return [
        (tuple(name) if isinstance(name, list) else name, with_tuples(base), *map(tuple, shape))
        for name, base, *shape in descr
    ]


def open_one(path, options):
    if path.read_bytes()[:6] == b"\x93NUMPY":
        array = np.load(path, mmap_mode="r")
        assert isinstance(array, np.memmap) or array.size == 0
        return array.view(spark_view.BFLOAT16) if options.get("dtype") == "bfloat16" else array
    side = json.loads((path.parent / (path.name + ".memmap.json")).read_text(encoding="utf-8"))
    shape = tuple(side["shape"])
    return np.memmap(path, dtype_of(side["dtype"]), "r", side.get("offset", 0), shape, side.get("order", "C"))


def describe(case):
    path = pathlib.Path(case["file"])
    files = [path]
    if path.is_dir():
        shards = json.loads((path / "_memmap.json").read_text(encoding="utf-8"))["shards"]
        files = [path / shard["name"] for shard in shards]
    rows = []
    for file in files:
        array = open_one(file, case["options"])
        rows += spark_view.table(array, case["options"])[1]
    order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    return {"dtype": str(array.dtype), "shape": array.shape, "order": order, "rows": rows}


for case in json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")):
    try:
        described = describe(case)
    except Exception as e:
        described = {"error": repr(e)}
    print(json.dumps({"name": case["name"], **described}, separators=(",", ":")))
