"""Dtypes as headers, sidecars and manifests spell them."""

import functools
import re

import numpy as np

from memmap_spark.literals import parse_literal

_OF_ANOTHER_PACKAGE = 2
_DICT_KEYS = {"names", "formats", "offsets", "titles", "itemsize", "aligned"}
_CLASS = re.compile(r"<class '([\w.]+)'>")
_CALL = re.compile(r"(?:np\.|numpy\.)?dtype\((.*?)(, *align=True)?\)|\((?:np\.|numpy\.)?record, *(.*)\)", re.DOTALL)
_SHAPED = re.compile(r"[<>=|]?[0-9(]")
_SIZED = re.compile(r"([<>=|]?)([A-Za-z])([+-]?[0-9]*)")
_U4_NBYTES = 4
_MOST_NBYTES = 2**31 - 1
_OF_NUMPY_1 = {"float_": "float64", "complex_": "complex128"}
_MODULE = re.compile(r"(?:np|numpy|ml_dtypes|builtins)\.(?=[a-zA-Z])")


def parse_dtype(descr, bfloat16="V2"):
    """Returns the dtype of a descr: a text, a list of fields, or what either is in JSON.

    Args:
        bfloat16: the dtype of a bfloat16, for which NumPy itself has no name.

    Raises:
        ValueError: if it is no dtype, or one that Spark does not read.
    """
    return _checked(descr, lambda: _Parser(bfloat16).dtype(descr))


def header_descr(descr):
    """Returns the descr of a ``.npy`` header in the spelling of :func:`parse_dtype`.

    In a header every unnamed void or sub-array is a gap, and there are no dicts, no bfloat16, and no bare sub-array.

    Raises:
        ValueError: as :func:`parse_dtype`.
    """
    if not isinstance(descr, (str, list)) or not descr or _holds_dict(descr):
        raise ValueError(f"{descr!r:.100} is no text and no list of fields")
    dtype = _checked(descr, lambda: _Parser(None).dtype(descr))
    return dtype.descr if dtype.names else dtype.str


def _checked(descr, parse):
    try:
        dtype = parse()
        check_type(dtype)
    except (TypeError, ValueError, SyntaxError, LookupError, AttributeError, RecursionError, OverflowError) as e:
        raise ValueError(f"{descr!r:.100} is no NumPy dtype that Spark reads ({str(e):.200})") from e
    return dtype


def check_type(dtype):
    """Raises ValueError for a dtype that Spark does not read, also in fields and sub-arrays."""
    if dtype.hasobject:
        raise ValueError("it holds Python objects")
    if dtype.itemsize == 0:
        raise ValueError("it has no bytes")
    if dtype.subdtype is not None:
        check_type(dtype.base)
    elif dtype.names is not None:
        for name in dtype.names:
            check_type(dtype.fields[name][0])
    elif dtype.isbuiltin == _OF_ANOTHER_PACKAGE and str(dtype) != "bfloat16":
        raise ValueError("it is a type of another package than NumPy")
    elif dtype.char in "gG":
        raise ValueError("it is a longdouble, which is wider than all numbers of Spark")
    elif dtype.kind in "mM" and (np.datetime_data(dtype)[0] == "generic" or np.datetime_data(dtype)[1] < 1):
        raise ValueError("it has no unit")


def _holds_dict(descr):
    return isinstance(descr, dict) or (isinstance(descr, (list, tuple)) and any(map(_holds_dict, descr)))


def named_dtype(descr):
    """The same, with the bfloat16 of ml_dtypes where that can be imported; elsewhere it is ``V2``, as in ``np.load``."""
    bfloat16 = _bfloat16()
    return parse_dtype(descr) if bfloat16 is None else parse_dtype(descr, bfloat16)


@functools.lru_cache(maxsize=None)
def _bfloat16():
    """The class of ml_dtypes or None; Python looks for a missing module on its whole path at each import."""
    try:
        from ml_dtypes import bfloat16
    except ImportError:
        return None
    return bfloat16


def fields_of(descr):
    """Returns name, descr and lengths of each field of a record; at least one.

    Raises:
        ValueError: if it is no record.
    """
    names = parse_dtype(descr).names
    while isinstance(descr, str) and names:
        call = _CALL.fullmatch(descr.strip())
        descr = (call[1] or call[3]) if call else parse_literal(descr.strip(), longs=False)
    if not names:
        raise ValueError(f"{descr!r:.80} has no fields")
    if isinstance(descr, dict):
        return [(name, base, ()) for name, base in zip(descr["names"], descr["formats"])]
    fields = []
    for place, (name, base, *shape) in enumerate(descr):
        name = name if isinstance(name, str) else name[1]
        lengths = shape[0] if shape else ()
        if (name or f"f{place}") in names:
            fields.append((name or f"f{place}", base, tuple(lengths) if isinstance(lengths, (list, tuple)) else (lengths,)))
    return fields


class _Parser:
    """The spellings of a dtype: those of a ``.npy`` header where ``bfloat16`` is None, else all."""

    def __init__(self, bfloat16):
        self.bfloat16 = bfloat16
        self.is_npy = bfloat16 is None

    def dtype(self, descr):
        if isinstance(descr, str):
            return self._of_name(descr) if self.is_npy else self._of_text(descr.strip())
        if isinstance(descr, dict):
            if not set(descr) <= _DICT_KEYS:
                raise ValueError(f"found the keys {', '.join(descr)}, expected some of {', '.join(sorted(_DICT_KEYS))}")
            return np.dtype({**descr, "formats": [self.dtype(each) for each in descr["formats"]]})
        json_tuple = len(descr) == 2 and isinstance(descr[0], str) and not self.is_npy
        if isinstance(descr, tuple) or json_tuple:
            base, shape = descr
            return _array(self.dtype(base), shape)
        return self._record(descr)

    def _of_text(self, text):
        if _CLASS.fullmatch(text):
            return self._of_text(_CLASS.fullmatch(text)[1])
        call = _CALL.fullmatch(text)
        if call:
            if call[2] is not None:
                literal = parse_literal(call[1], longs=False)
                self.dtype(literal)  # refuses what NumPy would read as something else
                return np.dtype(literal, align=True)
            return self._of_text((call[1] or call[3]).strip())
        if text[:1] in tuple("[{'\"") or (text[:1] == "(" and not text[1:].lstrip()[:1].isdigit()):
            return self.dtype(parse_literal(text, longs=False))
        name = _MODULE.sub("", text, count=1) if _MODULE.match(text) else text
        return np.dtype(self.bfloat16) if name == "bfloat16" else self._of_name(name)

    def _of_name(self, name):
        if "," in name or _SHAPED.match(name):
            raise ValueError("comma-separated fields and shapes before a type are not read, expected a list of fields")
        if "/" in name:
            raise ValueError("a part of a unit is not read, expected so many of one, as in 25s")
        if re.search(r"\s", name):
            raise ValueError("a name with a space is not read, expected it without")
        if name == "bfloat16":
            raise ValueError("no header has it")
        return np.dtype(_sized(_OF_NUMPY_1.get(name, name)))

    def _record(self, fields):
        """A list of fields, of which an unnamed void is a gap, as NumPy spells it.

        Any other unnamed field is ``f0``, ``f1``, … by its place. A list of one is that field's dtype, because such is the
        ``descr`` of a scalar.
        """
        record = {"names": [], "formats": [], "offsets": [], "titles": []}
        end, unnamed = 0, 0
        for place, field in enumerate(fields):
            if not isinstance(field, (tuple, list)) or len(field) not in (2, 3):
                raise ValueError(f"field {field!r:.80}, expected name, dtype and perhaps a shape")
            name, dtype = field[0], self.dtype(field[1])
            titled = isinstance(name, tuple if self.is_npy else (list, tuple))
            if not all(isinstance(each, str) for each in (name if titled else [name])):
                raise ValueError(f"field {field!r:.80}, expected a text as its name")
            if len(field) == 3:
                dtype = _array(dtype, field[2])
            void = dtype.base.kind == "V" and dtype.base.names is None and "bfloat16" not in str(field[1])
            gap = name == "" and (void or (self.is_npy and dtype.subdtype is not None))
            if name == "" and len(fields) == 1 and not (gap and self.is_npy):
                return dtype
            if not gap:
                unnamed += name == ""
                title, name = name if titled else (None, name or f"f{place}")
                for key, value in (("names", name), ("formats", dtype), ("offsets", end), ("titles", title)):
                    record[key].append(value)
            end += dtype.itemsize
        if not record["names"] or (unnamed > 1 and self.is_npy):
            raise ValueError(f"found {unnamed} fields without a name, expected names")
        return np.dtype({**record, "itemsize": end})


def _sized(name):
    """A name that all versions of NumPy understand alike: 1.x wraps a length of more than 32 bits, and 2.x warns of ``a5``."""
    sized = _SIZED.fullmatch(name)
    if not sized:
        return name
    order, kind, length = sized.groups()
    if length and (not length.isdigit() or int(length) * (_U4_NBYTES if kind == "U" else 1) > _MOST_NBYTES):
        raise ValueError(f"it has the length {length}, expected one of 0 to 2^31-1 bytes")
    return order + ("S" if kind == "a" else kind) + length


def _array(element, shape):
    """A sub-array, of which another one as the element adds its axes."""
    lengths = tuple(shape) if isinstance(shape, (list, tuple)) else (shape,)
    return np.dtype((element.base, lengths + element.shape))
