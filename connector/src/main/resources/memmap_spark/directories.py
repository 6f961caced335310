"""Directories: the files that a manifest lists, or else those that the reader would take, in row order."""

import os
import re

from memmap_spark.manifests import MANIFEST, check_there, read_manifest, shards_above
from memmap_spark.natural_order import natural_key
from memmap_spark.sidecars import SUFFIX

# Pickles of protocols 2 to 5, and a dict in protocols 0 and 1; then the last entry of a dict.
_PICKLE = re.compile(rb"\x80[\x02-\x05]|\(dp|\}q\x00")
_AXIS_0 = re.compile(
    rb"(?:\x8c\x04|X\x04\x00\x00\x00|U\x04)axis(?:\x94|q.|r.{4})K\x00u\.\Z|[SV]'?axis'?\np\d+\nI0\ns\.\Z", re.DOTALL
)


def files_of(directory):
    """Returns the files of a directory in row order, by the column that they are; None is the one of whole rows.

    Each has its path, and what the manifest says of it, or None without one.
    """
    above, shards = directory, None
    own = os.path.lexists(os.path.join(directory, MANIFEST))
    if not own or "=" in os.path.basename(os.path.abspath(directory)):
        above, shards = shards_above(directory)
    if own and not shards:
        above, shards = directory, read_manifest(directory)
    if shards is None:
        return {None: [(path, None) for path in _unlisted(directory)]}
    if not shards:
        raise ValueError(
            f"Cannot read {directory}: the manifest {os.path.join(above, MANIFEST)} lists no file of it, expected at least "
            f"one; read {above}"
        )
    check_there(above, shards)
    files = {}
    for shard in shards:
        files.setdefault(shard.column, []).append((os.path.join(above, shard.name), shard.claims))
    return files


def _unlisted(directory):
    names = [name for name in os.listdir(directory) if not name.startswith(("_", "."))]
    files = [name for name in names if not os.path.isdir(os.path.join(directory, name)) and not name.endswith(SUFFIX)]
    if {"info", "0.npy"} <= set(files):
        _check_axis_0(directory)
    arrays = [name for name in files if name.endswith(".npy")] or [name for name in files if name + SUFFIX in names]
    if not arrays:
        raise ValueError(f"Cannot read {directory}: it holds no array, expected .npy files, or raw files with sidecars")
    return [os.path.join(directory, name) for name in sorted(arrays, key=natural_key)]


def _check_axis_0(directory):
    """Dask's ``to_npy_stack`` puts a pickle with the axis beside the files. It is not unpickled: that would run its code."""
    info = os.path.join(directory, "info")
    if not os.path.isfile(info):
        return
    with open(info, "rb") as file:
        pickle = file.read()
    if _PICKLE.match(pickle) and not _AXIS_0.search(pickle[-32:]):
        raise ValueError(
            f"Cannot read {directory}: it is a stack of .npy files that Dask wrote, and its file info does not say axis 0, "
            "expected files that follow one another on axis 0; stack it on axis 0, or give its files as a list"
        )
