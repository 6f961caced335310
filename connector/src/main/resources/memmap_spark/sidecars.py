"""Sidecars: ``<name>.memmap.json`` describes the file ``<name>`` beside it."""

import os

from memmap_spark.changes import sidecar_fields
from memmap_spark.claims import Claims
from memmap_spark.dtypes import parse_dtype

SUFFIX = ".memmap.json"
LAYOUTS = ["columns", "array", "elements"]
MAX_LENGTH = 2**63 - 1
_KEYS = ["dtype", "shape", "order", "offset", "columnNames", "layout", "fileNbytes"]


def sidecar_of(path, nbytes, is_named):
    """Returns what the sidecar of a file of this length says, None if it has none.

    A write through a link leaves the sidecar beside the file that the link leads to. It is that of a path which names the
    link, and not of a link that was found in a directory.
    """
    for sidecar in (path + SUFFIX, os.path.realpath(path) + SUFFIX)[: 1 + is_named]:
        if os.path.lexists(sidecar):
            try:
                fields = sidecar_fields(path, sidecar)
            except FileNotFoundError:
                continue  # a write that replaced the file has removed the sidecar of the old one
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
    return Claims(
        f"its sidecar {sidecar}",
        descr(fields, sidecar),
        lengths(fields, "shape", sidecar) if "shape" in fields else None,
        order(fields, sidecar),
        count(fields, "offset", sidecar),
        names(fields, sidecar),
        layout(fields, LAYOUTS, sidecar),
    )


def check_keys(fields, known, path):
    """Raises ValueError for a key that is none of those known."""
    for key in fields:
        if key not in known:
            raise ValueError(f"Cannot read {path}: unknown key {key!r:.80}, expected one of {', '.join(known)}")


def descr(fields, path):
    """Returns the dtype as it is spelt."""
    if "dtype" not in fields:
        raise ValueError(f"Cannot read {path}: there is no key 'dtype', expected a NumPy dtype")
    value = fields["dtype"]
    try:
        if not isinstance(value, (str, list)) or parse_dtype(value).itemsize == 0:
            raise ValueError(f"{value!r:.80} has no bytes")
    except ValueError as e:
        raise ValueError(f"Cannot read {path}: key 'dtype' is {value!r:.80}, expected a NumPy dtype; {e}") from e
    return value


def names(fields, path):
    """Returns the names of columns, which are different texts; None where there are none."""
    value = fields.get("columnNames")
    texts = isinstance(value, list) and all(isinstance(name, str) and name for name in value)
    if "columnNames" in fields and not (texts and len(set(value)) == len(value)):
        raise ValueError(f"Cannot read {path}: key 'columnNames' is {value!r:.80}, expected a list of different names")
    return tuple(value) if value else None


def layout(fields, known, path):
    """Returns one of the layouts known, None where the key is missing."""
    value = fields.get("layout")
    if "layout" in fields and value not in known:
        raise ValueError(f"Cannot read {path}: key 'layout' is {value!r:.80}, expected one of {', '.join(known)}")
    return value


def count(fields, key, path):
    """Returns an integer of 0 or more, None where the key is missing."""
    value = fields.get(key)
    if key in fields and not _is_length(value):
        raise ValueError(f"Cannot read {path}: key {key!r} is {value!r:.80}, expected an integer from 0 to 2^63-1")
    return value


def lengths(fields, key, path):
    """Returns a tuple of lengths."""
    value = fields.get(key)
    if not isinstance(value, list) or not all(map(_is_length, value)):
        raise ValueError(f"Cannot read {path}: key {key!r} is {value!r:.80}, expected a list of lengths")
    return tuple(value)


def order(fields, path):
    """Returns C or F, None where the key is missing."""
    value = fields.get("order")
    if "order" in fields and value not in ("C", "F"):
        raise ValueError(f"Cannot read {path}: key 'order' is {value!r:.80}, expected C or F")
    return value


def _is_length(value):
    return type(value) is int and 0 <= value <= MAX_LENGTH
