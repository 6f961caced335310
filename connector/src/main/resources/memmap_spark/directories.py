"""Directories: the files that a manifest lists, or else those that the reader would take, in row order."""

import os
import re

from memmap_spark.changes import json_object
from memmap_spark.claims import Claims
from memmap_spark.sidecars import SUFFIX, check_keys, count, lengths, order

MANIFEST = "_memmap.json"
_KEYS = ["version", "dtype", "trailingShape", "order", "columnNames", "layout", "shards", "dropped"]
_SHARD_KEYS = ["name", "rows", "dtype", "order"]

# Pickles of protocols 2 to 5, and a dict in protocols 0 and 1; then the last entry of a dict.
_PICKLE = re.compile(rb"\x80[\x02-\x05]|\(dp|\}q\x00")
_AXIS_0 = re.compile(
    rb"(?:\x8c\x04|X\x04\x00\x00\x00|U\x04)axis(?:\x94|q.|r.{4})K\x00u\.\Z|[SV]'?axis'?\np\d+\nI0\ns\.\Z", re.DOTALL
)


def files_of(directory):
    """Returns the paths of the files of a directory, each with what the manifest says of it, or None without one."""
    manifest = os.path.join(directory, MANIFEST)
    if os.path.exists(manifest):
        return _listed(directory, manifest)
    names = [name for name in os.listdir(directory) if not name.startswith(("_", "."))]
    files = [name for name in names if not os.path.isdir(os.path.join(directory, name)) and not name.endswith(SUFFIX)]
    if {"info", "0.npy"} <= set(files):
        _check_axis_0(directory)
    arrays = [name for name in files if name.endswith(".npy")] or [name for name in files if name + SUFFIX in names]
    if not arrays:
        raise ValueError(f"Cannot read {directory}: it holds no array, expected .npy files, or raw files with sidecars")
    return [(os.path.join(directory, name), None) for name in sorted(arrays, key=natural_key)]


def _check_axis_0(directory):
    """Dask's ``to_npy_stack`` puts a pickle with the axis beside the files. It is not unpickled: that would run its code."""
    with open(os.path.join(directory, "info"), "rb") as file:
        pickle = file.read()
    if _PICKLE.match(pickle) and not _AXIS_0.search(pickle[-32:]):
        raise ValueError(
            f"Cannot read {directory}: it is a stack of .npy files that Dask wrote, and its file info does not say axis 0, "
            "expected files that follow one another on axis 0; stack it on axis 0, or give its files as a list"
        )


def _listed(directory, path):
    with open(path, encoding="utf-8") as file:
        fields = json_object(file.read(), path)
    if fields.get("version") != 1:
        raise ValueError(f"Cannot read {path}: version {fields.get('version')!r}, expected 1, which this release knows")
    check_keys(fields, _KEYS, path)
    if fields.get("dropped"):
        raise ValueError(
            f"Cannot read {directory}: the array was dropped, but not all of its files could be deleted, expected an "
            "array; drop it again, or overwrite it"
        )
    trailing = lengths(fields, "trailingShape", path)
    shards = fields.get("shards")
    if not isinstance(shards, list) or not shards or not all(isinstance(shard, dict) for shard in shards):
        raise ValueError(f"Cannot read {directory}: its manifest {MANIFEST} lists no shard, expected at least one")
    files = []
    for shard in shards:
        check_keys(shard, _SHARD_KEYS, path)
        name = shard.get("name")
        if not isinstance(name, str) or not name or name[0] in "_." or re.search(r"[/\\\x00-\x1f]", name):
            raise ValueError(f"Cannot read {path}: shard {name!r}, expected a plain file name, without _ or . before it")
        file = os.path.join(directory, name)
        if not os.path.exists(file):
            raise FileNotFoundError(
                f"Cannot read {directory}: its manifest {MANIFEST} lists {name}, which is not there, expected all of its "
                f"{len(shards)} shards; restore it, or remove the manifest to read what is left"
            )
        own_order = order(shard, path) or order(fields, path)
        rows = count(shard, "rows", path)
        if rows is None:
            raise ValueError(f"Cannot read {path}: shard {name!r} has no key 'rows', expected an integer of 0 or more")
        dtype = shard.get("dtype", fields.get("dtype"))
        files.append((file, Claims(f"the manifest {path}", dtype, (rows,) + trailing, own_order)))
    return files


def natural_key(name):
    """Orders names as the reader does, ``2.npy`` before ``10.npy``: digits by their value, all else by UTF-16 units."""
    key, zeros = [], []
    for part in re.findall(r"[0-9]+|[^0-9]", name, re.DOTALL):
        if "0" <= part[0] <= "9":
            key.append((ord("0"), int(part)))
            zeros.append(len(part) - len(part.lstrip("0")))
        else:
            units = part.encode("utf-16-be", "surrogatepass")
            key.extend((int.from_bytes(units[i : i + 2], "big"), 0) for i in range(0, len(units), 2))
    return key, zeros
