"""The many ways in which users write a dtype or a shape into an option."""

import ast
import json

import numpy as np
import spark_view


def dtype_text(dtype, turn):
    """One of the ways to say this dtype, another at every turn."""
    if spark_view.is_bfloat16(dtype):
        return "bfloat16"
    if dtype.names is None:
        ways = [dtype.str, str(dtype), repr(dtype)]
        if dtype.kind in "iufcb" and dtype.isnative:
            ways += [str(dtype.type), dtype.name, dtype.str[1:]]
    else:
        ways = [text for text in (str(dtype), repr(dtype)) if denotes(text, dtype)]
        if in_order(dtype):
            ways += [str(dtype.descr), json.dumps(dtype.descr)]
    return ways[turn % len(ways)]


def denotes(text, dtype):
    """Whether NumPy reads this text as this dtype: of a packed record in an aligned one it prints another."""
    try:
        read = eval(text, {"dtype": np.dtype}) if text.startswith("dtype(") else np.dtype(ast.literal_eval(text))
    except ValueError:
        return False
    return read == dtype


def in_order(dtype):
    """Whether a descr can say this record, which knows no offsets."""
    offsets = [dtype.fields[name][1] for name in dtype.names]
    ends = [dtype.fields[name][1] + dtype.fields[name][0].itemsize for name in dtype.names]
    return all(end <= offset for end, offset in zip(ends, offsets[1:]))


def shape_text(shape, turn):
    """One of the ways to say this shape, another at every turn."""
    plain = ",".join(str(n) for n in shape)
    ways = [str(shape), "[" + plain + "]", plain] if shape else ["()"]
    if shape and 0 not in shape:
        ways.append(",".join(["-1"] + [str(n) for n in shape[1:]]))
    return ways[turn % len(ways)]
