"""Reader and writer options as texts, and the options that describe a memory map."""

import mmap
import os

import numpy as np

from memmap_spark.changes import without_waiting


def options_of(memmap):
    """Returns the reader options that give the very elements of a ``np.memmap`` or of a contiguous view of one.

    Slices, fields, ``.T``, ``.view`` and F order are views; the path is ``memmap.filename``. The values are texts.

    Raises:
        TypeError: if it is no array.
        ValueError: if it is in memory, mapped with mode ``c``, of a file without a name or one that was replaced since, which
            Linux can tell, or strided: then its elements do not lie end to end in the file.
    """
    root = root_of(memmap)
    path = filename_of(root)
    if root.mode == "c":
        raise ValueError(
            f"Cannot describe {path}: it is mapped with mode c, whose changes are not in the file, expected "
            "mode r, r+ or w+; map it again, or use from_numpy"
        )
    _check_current(root, path)
    if memmap.flags.c_contiguous:
        order = "C"
    elif memmap.flags.f_contiguous:
        order = "F"
    else:
        raise ValueError(
            f"Cannot describe a view of {path}: its shape {memmap.shape} has strides {memmap.strides}, "
            f"expected elements of {memmap.itemsize} bytes end to end; describe the whole map and choose rows and columns "
            "in Spark, or use from_numpy"
        )
    offset = root.offset
    if memmap.size:
        offset += _address(memmap) - _address(root)
    return {
        "container": "raw",
        "dtype": dtype_text(memmap.dtype),
        "shape": str(memmap.shape),
        "order": order,
        "offset": str(offset),
        "sidecar": "ignore",
        "trailingBytes": "ignore",
    }


def root_of(array):
    """Returns the map that an array is a view of: the one that was opened, whose offset is its own."""
    if not isinstance(array, np.ndarray):
        raise TypeError(f"Cannot describe a {type(array).__name__}: expected a np.memmap or a view of one")
    view = array
    while isinstance(view, np.ndarray):
        if isinstance(view, np.memmap) and isinstance(view.base, mmap.mmap):
            return view
        view = view.base
    raise ValueError(
        f"Cannot describe an array of shape {array.shape}: it is in memory, expected a np.memmap or a view of one; use "
        "from_numpy"
    )


def filename_of(root):
    """Returns the absolute path of the file of a map."""
    if root.filename is None:
        raise ValueError("Cannot describe a map of a file without a name: expected one that was opened by its path")
    return os.path.abspath(os.fspath(root.filename))


def _check_current(root, path):
    """Checks that a map is of the file that is at its path now, where the system lists the maps of a process.

    A map knows no inode of its own, and the numbers that are listed may not be those of ``os.stat``: those of two maps are
    compared.
    """
    try:
        with open(path, "rb", opener=without_waiting) as file, mmap.mmap(file.fileno(), 1, access=mmap.ACCESS_READ) as current:
            with open("/proc/self/maps", "rb") as maps:
                lines = maps.readlines()
            files = [_file_at(_address(np.frombuffer(each, np.uint8)), lines) for each in (root.base, current)]
    except (OSError, ValueError):
        return  # no list, or no file with a byte, which the reader says in its own words
    if None not in files and files[0] != files[1]:
        raise ValueError(
            f"Cannot describe {path}: the file was replaced after it was mapped, expected the one that the map has; map it "
            "again, or use from_numpy for what the map has"
        )


def _file_at(address, lines):
    """The device and inode that lines of ``/proc/self/maps`` have for an address."""
    for line in lines:
        extent, _, _, device, inode = line.split(None, 5)[:5]
        begin, end = (int(each, 16) for each in extent.split(b"-"))
        if begin <= address < end:
            return device, inode
    return None


def _address(array):
    return array.__array_interface__["data"][0]


def dtype_text(dtype):
    """Returns a dtype, a scalar class, or anything that ``np.dtype`` takes as the text that the option takes."""
    if isinstance(dtype, str):
        return dtype
    dtype = np.dtype(dtype)
    # A record, or a dtype that another package registered, is spelled by its text only.
    return str(dtype) if dtype.names is not None or dtype.kind == "V" else dtype.str


def option_texts(options):
    """Returns options as texts, without those that are None."""
    return {name: _text(name.lower(), value) for name, value in options.items() if value is not None}


def _text(name, value):
    if name == "dtype":
        return dtype_text(value)
    if name == "columndtypes" and isinstance(value, dict):
        return str({str(column): dtype_text(dtype) for column, dtype in value.items()})
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return str(value)
