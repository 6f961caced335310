"""Directories without a manifest: names, else first bytes, decide which of the files are the array, in row order."""

import os
import re

from memmap_spark.header import MAGIC
from memmap_spark.manifests import MANIFEST, files_there, read_manifest
from memmap_spark.natural_order import natural_key
from memmap_spark.partitions import is_partition
from memmap_spark.sidecars import SUFFIX

_NPY = ".npy"
# The other formats that the reader knows by their names, .npz first, which can be mapped.
_FORMATS = [
    re.compile(name)
    for name in (
        r".*\.npz",
        r".*\.safetensors",
        r".+[-.]idx[0-9]{1,2}-(?:u?byte|short|int|float|double)",
        r".*\.idx",
        r".*\.ds",
        r".+\.(?:fbin|f16bin|u8bin|i8bin|ibin)(?:\.crop_nb_[0-9]+)?",
        r".+\.[bfi]vecs",
    )
]
COMPANIONS = (SUFFIX, ".ds.metadata", ".ds.index", ".ds.loss")
_PROBED = 16  # a directory whose first files are of no known format is not searched further
_ARCHIVE = (b"PK\3\4", b"PK\5\6")
_ZARR = (".zarray", ".zgroup", "zarr.json")
_HIDDEN = ("_", ".")

# Pickles of protocols 2 to 5, and a dict in protocols 0 and 1; then the last entry of a dict.
_PICKLE = re.compile(rb"\x80[\x02-\x05]|\(dp|\}q\x00")
_AXIS_0 = re.compile(
    rb"(?:\x8c\x04|X\x04\x00\x00\x00|U\x04)axis(?:\x94|q.|r.{4})K\x00u\.\Z|[SV]'?axis'?\np\d+\nI0\ns\.\Z", re.DOTALL
)
_AXIS_NBYTES = 32


def unlisted_files(directory):
    """Returns the path of each file, and what the manifest of its partition says of it, or None without one.

    If it holds directories named ``column=value``, all below it are searched but hidden ones.

    Raises:
        ValueError: if there is no array, or one that the reader refuses.
    """
    found, left = [], [(directory, False)]
    while left:
        left.extend(reversed(_search(*left.pop(), found)))
    if not found:
        raise ValueError(f"Cannot read {directory}: it holds no array, expected .npy files, or raw files with sidecars")
    return found


def _search(directory, is_below, found):
    """Adds the files of a directory, and returns the directories below it that are to be searched after it."""
    with os.scandir(directory) as children:
        directories = {child.name: _is_directory(child) for child in children}
    names = sorted(directories, key=natural_key)
    if is_below and MANIFEST in names:
        found.extend(_listed(directory))
        return []
    below = [name for name in names if directories[name]]
    files = [name for name in names if not directories[name] and not name.startswith(_HIDDEN)]
    _check_not_foreign(directory, directories)
    arrays = _arrays(directory, [name for name in files if not name.endswith(COMPANIONS)], directories)
    found.extend((os.path.join(directory, name), None) for name in arrays)
    below = [name for name in below if not name.startswith(_HIDDEN) or (name[0] == "_" and is_partition(name))]
    if is_below or any(map(is_partition, below)):
        paths = (os.path.join(directory, name) for name in below)
        return [(path, True) for path in paths if not _leads_upwards(path)]
    for name in below:
        if name.endswith(_NPY):
            raise ValueError(f"Cannot read {os.path.join(directory, name)}: it is a directory, expected a file")
    return []


def _is_directory(child):
    return os.path.isdir(child.path) if child.is_symlink() else child.is_dir()


def _leads_upwards(path):
    """Returns True for a link to a directory that has one of those on the way to the link in it, or is one of them."""
    if not os.path.islink(path):
        return False
    real = os.path.join(os.path.realpath(path), "")
    above = os.path.dirname(path)
    while not os.path.join(os.path.realpath(above), "").startswith(real):
        if above == os.path.dirname(above):
            return False
        above = os.path.dirname(above)
    return True


def _listed(directory):
    manifest, files = files_there(lambda: (_manifest_of_partition(directory), ""), {})
    if manifest is None:
        return unlisted_files(directory)  # it was removed meanwhile
    return [(os.path.join(directory, shard.name), shard.claims) for shard in files[None]]


def _manifest_of_partition(directory):
    manifest = read_manifest(directory)
    for shard in manifest.shards if manifest else ():
        if shard.directory:
            raise ValueError(
                f"Cannot read {directory} as a partition: its manifest {MANIFEST} lists {shard.name}, expected files of its own; "
                "read it as a table of its own"
            )
    return manifest


def _arrays(directory, files, names):
    arrays = [name for name in files if name.endswith(_NPY)] or [name for name in files if name + SUFFIX in names]
    if arrays:
        return arrays
    by_format = [[name for name in files if known.fullmatch(name)] for known in _FORMATS]
    named = [each for each in by_format if each]
    if len(named) > 1:
        raise ValueError(
            f"Cannot read {directory}: its files {named[0][0]} and {named[1][0]} are of two formats, expected one; read them "
            "by a pattern"
        )
    if by_format[0]:
        return by_format[0]
    if named:
        raise ValueError(
            f"Cannot read {os.path.join(directory, named[0][0])}: it is named as a file of a format that only Spark reads, "
            "expected .npy files, or raw files with sidecars; read it with memmap_spark.read"
        )
    probed = [name for name in files[:_PROBED] if _is_array(os.path.join(directory, name))]
    return probed + [name for name in files[_PROBED:] if probed and _is_array(os.path.join(directory, name))]


def _is_array(path):
    """Returns True if the first bytes are those of an array; what cannot be read is none here."""
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            return file.read(len(MAGIC)).startswith((MAGIC, *_ARCHIVE))
    except OSError:
        return False


def _check_not_foreign(directory, names):
    if {"info", "0.npy"} <= set(names):
        _check_axis_0(directory)
    chunked = [name for name in _ZARR if name in names]
    if chunked and not any(name.endswith(_NPY) or any(known.fullmatch(name) for known in _FORMATS) for name in names):
        raise ValueError(
            f"Cannot read {directory}: it is a Zarr array or group, as its file {chunked[0]} says, expected .npy or raw files; "
            "export it with np.save"
        )


def _check_axis_0(directory):
    """Dask's ``to_npy_stack`` puts a pickle with the axis beside the files. It is not unpickled: that would run its code."""
    info = os.path.join(directory, "info")
    if not os.path.isfile(info):
        return
    with open(info, "rb") as file:
        begin = file.read(_AXIS_NBYTES)
        file.seek(max(0, os.fstat(file.fileno()).st_size - _AXIS_NBYTES))
        end = file.read(_AXIS_NBYTES)
    if _PICKLE.match(begin) and not _AXIS_0.search(end):
        raise ValueError(
            f"Cannot read {directory}: it is a stack of .npy files that Dask wrote, and its file info does not say axis 0, "
            "expected files that follow one another on axis 0; stack it on axis 0, or give its files as a list"
        )
