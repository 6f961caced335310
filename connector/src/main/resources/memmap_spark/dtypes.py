"""Dtypes as headers, sidecars and manifests spell them."""

import ast

import numpy as np


def parse_dtype(descr, bfloat16="V2"):
    """Returns the dtype of a descr: a text, a list of fields, or what either is in JSON.

    Args:
        bfloat16: the dtype of a bfloat16, for which NumPy itself has no name.

    Raises:
        ValueError: if it is no dtype, or one of Python objects.
    """
    try:
        dtype = _parse(descr, bfloat16)
    except (TypeError, ValueError, SyntaxError, KeyError, IndexError) as e:
        raise ValueError(f"{descr!r} is no NumPy dtype ({e})") from e
    if dtype.hasobject:
        raise ValueError(f"{descr!r} holds Python objects")
    return dtype


def named_dtype(descr):
    """The same, with the bfloat16 of ml_dtypes where that can be imported; elsewhere it is ``V2``, as in ``np.load``."""
    try:
        from ml_dtypes import bfloat16
    except ImportError:
        return parse_dtype(descr)
    return parse_dtype(descr, bfloat16)


def fields_of(descr):
    """Returns name, descr and lengths of each field of a record; at least one.

    Raises:
        ValueError: if it is no list of fields, as a text or in JSON.
    """
    parse_dtype(descr)
    text = isinstance(descr, str) and descr.strip().startswith("[")
    fields = ast.literal_eval(descr.strip()) if text else descr
    if not isinstance(fields, list) or not fields:
        raise ValueError(f"{descr!r} is no list of fields")
    named = []
    for name, base, *shape in fields:
        if name != "":
            lengths = shape[0] if shape else ()
            lengths = tuple(lengths) if isinstance(lengths, (list, tuple)) else (lengths,)
            named.append((name if isinstance(name, str) else name[1], base, lengths))
    return named


def _parse(descr, bfloat16):
    if isinstance(descr, str):
        text = descr.strip()
        if text[:1] in ("[", "(", "{"):
            return _parse(ast.literal_eval(text), bfloat16)
        return np.dtype(bfloat16 if text == "bfloat16" else text)
    if isinstance(descr, dict):
        return np.dtype({**descr, "formats": [_parse(each, bfloat16) for each in descr["formats"]]})
    if isinstance(descr, tuple) or (len(descr) == 2 and isinstance(descr[0], str)):
        base, shape = descr[0], tuple(descr[1]) if isinstance(descr[1], list) else descr[1]
        return np.dtype((_parse(base, bfloat16), shape))
    return _record(descr, bfloat16)


def _record(fields, bfloat16):
    """A list of fields, of which an unnamed void is a gap, as NumPy spells it.

    Any other unnamed field is ``f0``, ``f1``, … by its place. A list of one is that field's dtype, because such is the
    ``descr`` of a scalar.
    """
    record = {"names": [], "formats": [], "offsets": [], "titles": []}
    end = 0
    for place, field in enumerate(fields):
        name, base = field[0], field[1]
        dtype = _parse(base, bfloat16)
        if len(field) == 3:
            shape = field[2]
            dtype = np.dtype((dtype, tuple(shape) if isinstance(shape, list) else shape))
        elif len(field) != 2:
            raise ValueError(f"field {field!r}, expected name, dtype and perhaps a shape")
        if name != "" or dtype.kind != "V" or dtype.names is not None:
            if name == "" and len(fields) == 1:
                return dtype
            title, name = name if isinstance(name, (list, tuple)) else (None, name or f"f{place}")
            for key, value in (("names", name), ("formats", dtype), ("offsets", end), ("titles", title)):
                record[key].append(value)
        end += dtype.itemsize
    return np.dtype({**record, "itemsize": end})
