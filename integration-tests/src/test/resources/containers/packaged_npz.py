#!/usr/bin/env python3
"""Prints what Spark must show for the .npz files of Debian packages, which apt-get fetches.

    python3 packaged_npz.py DIRECTORY PACKAGE...

Prints one JSON object per member, at most MEMBERS of each file: some of its rows, or that it is refused. Exits with 3
where the packages cannot be had.
"""

import json
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "golden"))

import numpy as np
import spark_view

MEMBERS = 2
ELEMENTS = 2000


def fetch(directory, packages):
    try:
        subprocess.run(["apt-get", "download", *packages], cwd=directory, check=True, capture_output=True, timeout=90)
        for package in directory.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, directory / "files"], check=True, capture_output=True)
    except (OSError, subprocess.SubprocessError) as e:
        print(e, getattr(e, "stderr", b"").decode()[-300:])
        sys.exit(3)


def describe(file, npz, member):
    try:
        array = npz[member]
    except ValueError:
        return {"refused": "objects"}
    if array.dtype.char in "gG":
        return {"refused": "longdouble"}
    step = max(1, array.size // ELEMENTS)
    schema, rows = spark_view.table(array, {})
    return {"step": step, "count": len(rows), "schema": schema, "rows": rows[::step]}


directory = pathlib.Path(sys.argv[1])
fetch(directory, sys.argv[2:])
for file in sorted((directory / "files").rglob("*.npz")):
    with np.load(file) as npz:
        for member in npz.files[:MEMBERS]:
            print(json.dumps({"file": str(file), "member": member, **describe(file, npz, member)}))
