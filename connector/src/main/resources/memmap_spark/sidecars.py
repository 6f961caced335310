"""Sidecars: ``<name>.memmap.json`` describes the file ``<name>`` beside it."""

import os

from memmap_spark.changes import sidecar_fields
from memmap_spark.claims import Claims
from memmap_spark.dtypes import parse_dtype

SUFFIX = ".memmap.json"
LAYOUTS = ["columns", "array", "elements"]
_KEYS = ["dtype", "shape", "order", "offset", "columnNames", "layout", "fileNbytes"]


def sidecar_of(path, nbytes):
    """Returns what the sidecar of a file of this length says, None if it has none.

    A write through a link leaves the sidecar beside the file that the link leads to.
    """
    for sidecar in (path + SUFFIX, os.path.realpath(path) + SUFFIX):
        if os.path.lexists(sidecar):
            fields = sidecar_fields(path, sidecar)
            return None if fields is None else _claims(fields, path, sidecar, nbytes)
    return None


def _claims(fields, path, sidecar, nbytes):
    check_keys(fields, _KEYS, sidecar)
    written = count(fields, "fileNbytes", sidecar) or 0
    if nbytes < written:
        raise ValueError(
            f"Cannot read {path}: it has {nbytes} bytes, expected at least {written} as when its sidecar {sidecar} was "
            "written; it was truncated"
        )
    check_names(fields, sidecar)
    check_layout(fields, LAYOUTS, sidecar)
    return Claims(
        f"its sidecar {sidecar}",
        descr(fields, sidecar),
        lengths(fields, "shape", sidecar) if "shape" in fields else None,
        order(fields, sidecar),
        count(fields, "offset", sidecar),
    )


def check_keys(fields, known, path):
    """Raises ValueError for a key that is none of those known."""
    for key in fields:
        if key not in known:
            raise ValueError(f"Cannot read {path}: unknown key {key!r}, expected one of {', '.join(known)}")


def descr(fields, path):
    """Returns the dtype as it is spelt."""
    if "dtype" not in fields:
        raise ValueError(f"Cannot read {path}: there is no key 'dtype', expected a NumPy dtype")
    value = fields["dtype"]
    try:
        if not isinstance(value, (str, list)) or parse_dtype(value).itemsize == 0:
            raise ValueError(f"{value!r} has no bytes")
    except ValueError as e:
        raise ValueError(f"Cannot read {path}: key 'dtype' is {value!r}, expected a NumPy dtype; {e}") from e
    return value


def check_names(fields, path):
    """Raises ValueError unless the names of columns, if there are any, are different texts."""
    names = fields.get("columnNames")
    texts = isinstance(names, list) and all(isinstance(name, str) and name for name in names)
    if "columnNames" in fields and not (texts and len(set(names)) == len(names)):
        raise ValueError(f"Cannot read {path}: key 'columnNames' is {names!r}, expected a list of different names")


def check_layout(fields, known, path):
    """Raises ValueError for a layout that is none of those known."""
    if "layout" in fields and fields["layout"] not in known:
        raise ValueError(f"Cannot read {path}: key 'layout' is {fields['layout']!r}, expected one of {', '.join(known)}")


def count(fields, key, path):
    """Returns an integer of 0 or more, None where the key is missing."""
    value = fields.get(key)
    if key in fields and (type(value) is not int or value < 0):
        raise ValueError(f"Cannot read {path}: key {key!r} is {value!r}, expected an integer of 0 or more")
    return value


def lengths(fields, key, path):
    """Returns a tuple of lengths."""
    value = fields.get(key)
    if not isinstance(value, list) or not all(type(length) is int and length >= 0 for length in value):
        raise ValueError(f"Cannot read {path}: key {key!r} is {value!r}, expected a list of lengths")
    return tuple(value)


def order(fields, path):
    """Returns C or F, None where the key is missing."""
    value = fields.get("order")
    if "order" in fields and value not in ("C", "F"):
        raise ValueError(f"Cannot read {path}: key 'order' is {value!r}, expected C or F")
    return value
