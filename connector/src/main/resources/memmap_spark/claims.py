"""What headers, sidecars and manifests say about one array, compared field by field."""

from typing import NamedTuple, Optional, Tuple

from memmap_spark.dtypes import parse_dtype

ANY_ROWS = -1


class Claims(NamedTuple):
    """The statements of one source; a field is None where it states nothing. A first length of -1 is any number of rows."""

    source: str
    descr: object = None
    shape: Optional[Tuple[int, ...]] = None
    order: Optional[str] = None
    offset: Optional[int] = None
    column_names: Optional[Tuple[str, ...]] = None
    layout: Optional[str] = None

    def of_table(self):
        """Only the fields in which all files of an array agree."""
        return Claims(self.source, column_names=self.column_names, layout=self.layout)


_SPELLED = {"descr": "dtype", "column_names": "columnNames"}


def agreed(path, sources):
    """Returns all statements as one.

    Raises:
        ValueError: if two sources contradict each other; it names both.
    """
    sources = [_unfolded(source) for source in sources]
    shape = _agreed(path, sources, "shape", _joined_shapes)
    one_axis = shape is None or len(shape) < 2
    return Claims(
        sources[0].source,
        _agreed(path, sources, "descr", _joined_dtypes),
        shape,
        None if one_axis else _agreed(path, sources, "order", _same),
        _agreed(path, sources, "offset", _same),
        _agreed(path, sources, "column_names", _same),
        _agreed(path, sources, "layout", _same),
    )


def _unfolded(claims):
    """A sub-array as the whole dtype adds its axes to the shape, as in NumPy."""
    if claims.descr is None:
        return claims
    try:
        dtype = parse_dtype(claims.descr)
    except ValueError as e:
        raise ValueError(f"Cannot read the dtype of {claims.source}: {e}, expected a dtype that can be mapped") from e
    if dtype.subdtype is None:
        return claims
    base, lengths = dtype.subdtype
    shape = (ANY_ROWS,) if claims.shape is None else claims.shape
    return claims._replace(descr=base.descr if base.names else base.str, shape=shape + lengths)


def _agreed(path, sources, field, joined):
    found, first = None, None
    for claims in sources:
        stated = getattr(claims, field)
        if stated is None:
            continue
        both = stated if found is None else joined(found, stated)
        if both is None:
            name = _SPELLED.get(field, field)
            shown = [list(each) if field == "column_names" else each for each in (found, stated)]
            raise ValueError(
                f"Cannot read {path}: {first} says {name} {shown[0]}, but {claims.source} says {name} {shown[1]}, expected "
                "the same; correct or remove the one that is wrong"
            )
        if both != found:
            found, first = both, claims.source
    return found


def _same(one, other):
    return one if one == other else None


def _joined_dtypes(one, other):
    """The one that names bfloat16, where the other has its void."""
    if parse_dtype(one) != parse_dtype(other):
        return None
    return other if "bfloat16" in str(other) else one


def _joined_shapes(one, other):
    rows_agree = one[:1] == other[:1] or ANY_ROWS in one[:1] + other[:1]
    if len(one) != len(other) or not rows_agree or one[1:] != other[1:]:
        return None
    return other if one[:1] == (ANY_ROWS,) else one
