"""What Spark must show for a NumPy array: the schema, as Spark's catalogString spells it, and every value, exactly.

Values are JSON: integers and decimals as integers, floats as the hex digits of their bits ("nan" for every NaN),
bytes as hex digits, dates in days and timestamps in microseconds since 1970, intervals in months or microseconds,
structs and arrays as lists, NULL as null.
"""

import struct

import numpy as np

# NumPy itself has no bfloat16: it is two bytes with this mark.
BFLOAT16 = np.dtype("V2", metadata={"memmap": "bfloat16"})

NAT = -(2**63)
INTEGERS = {
    "i1": "tinyint", "i2": "smallint", "i4": "int", "i8": "bigint",
    "u1": "smallint", "u2": "int", "u4": "bigint", "u8": "decimal(20,0)",
}  # fmt: skip
ATTOSECONDS = {
    "W": 604800 * 10**18, "D": 86400 * 10**18, "h": 3600 * 10**18, "m": 60 * 10**18, "s": 10**18,
    "ms": 10**15, "us": 10**12, "ns": 10**9, "ps": 10**6, "fs": 10**3, "as": 1,
}  # fmt: skip
FINER_THAN_MICROSECONDS = ("ns", "ps", "fs", "as")
WIDEST_IN_COLUMNS = 100


def is_bfloat16(dtype):
    return dtype.metadata is not None and dtype.metadata.get("memmap") == "bfloat16"


def spark_type(dtype, options):
    """The catalogString of one element."""
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return "array<" * len(shape) + spark_type(base, options) + ">" * len(shape)
    if dtype.names is not None:
        return "struct<" + ",".join(fields_of(dtype, options)) + ">"
    if is_bfloat16(dtype):
        return "float"
    kind = dtype.kind
    if kind == "b":
        return "boolean"
    if kind in "iu":
        return INTEGERS[kind + str(dtype.itemsize)]
    if kind == "f":
        return "double" if dtype.itemsize == 8 else "float"
    if kind == "c":
        part = "float" if dtype.itemsize == 8 else "double"
        return f"struct<re:{part},im:{part}>"
    if kind in "SU":
        return "binary" if kind == "S" and options.get("stringEncoding") == "binary" else "string"
    if kind == "V":
        return "binary"
    unit = np.datetime_data(dtype)[0]
    if unit in FINER_THAN_MICROSECONDS and options.get("nanos") == "long":
        return "bigint"
    if kind == "m":
        return "interval year to month" if unit in "YM" else "interval day to second"
    if unit in ("Y", "M", "W", "D"):
        return "date"
    return "timestamp" if options.get("timestampType") == "ltz" else "timestamp_ntz"


def fields_of(dtype, options):
    return [f"{name}:{spark_type(dtype[name], options)}" for name in dtype.names]


def bits(value, width):
    if value != value:
        return "nan"
    return struct.pack(">f" if width == 4 else ">d", value).hex()


def ticks_value(a, options):
    """Days, microseconds, months or ticks of a datetime64 or timedelta64, or None for NaT."""
    ticks = int(a.astype("i8"))
    if ticks == NAT:
        return None
    unit, count = np.datetime_data(a.dtype)
    if unit in "YM" and a.dtype.kind == "M":
        return int(a.astype("M8[D]").astype("i8"))
    if unit in "YM":
        return ticks * count * (12 if unit == "Y" else 1)
    if a.dtype.kind == "M" and unit in "WD":
        return ticks * count * (7 if unit == "W" else 1)
    if unit in FINER_THAN_MICROSECONDS and options.get("nanos") == "long":
        return ticks
    return ticks * count * ATTOSECONDS[unit] // ATTOSECONDS["us"]


def values(a, options):
    """An array, or a 0-d array for one element, as JSON."""
    if a.ndim > 0:
        return [values(a[i, ...], options) for i in range(a.shape[0])]
    dtype = a.dtype
    if dtype.names is not None:
        return [values(a[name], options) for name in dtype.names]
    if is_bfloat16(dtype):
        return bits(struct.unpack("<f", b"\0\0" + a.tobytes())[0], 4)
    kind = dtype.kind
    if kind == "b":
        return a.tobytes() != b"\0"
    if kind in "iu":
        return int(a)
    if kind == "f":
        return bits(float(a), 8 if dtype.itemsize == 8 else 4)
    if kind == "c":
        return [bits(float(part), dtype.itemsize // 2) for part in (a.real, a.imag)]
    if kind == "S":
        encoding = options.get("stringEncoding", "utf-8")
        return a.tobytes().hex() if encoding == "binary" else bytes(a.item()).decode(encoding)
    if kind == "U":
        return str(a.item())
    if kind == "V":
        return a.tobytes().hex()
    return ticks_value(a, options)


def table(a, options):
    """The schema and the rows of an array under the reader's options."""
    if options.get("transpose") == "true":
        a = a.T
    layout = options.get("layout", "auto")
    element = spark_type(a.dtype, options)
    if layout == "elements":
        indices = [f"i{axis}:bigint" for axis in range(a.ndim)]
        columns = indices + (fields_of(a.dtype, options) if a.dtype.names else ["value:" + element])
        rows = []
        for index in np.ndindex(a.shape):
            value = values(a[index + (Ellipsis,)], options)
            rows.append(list(index) + (value if a.dtype.names else [value]))
    elif a.ndim <= 1:
        columns = fields_of(a.dtype, options) if a.dtype.names else ["value:" + element]
        rows = values(a.reshape(-1), options)
        rows = rows if a.dtype.names else [[value] for value in rows]
    elif a.ndim == 2 and not a.dtype.names and (
        layout == "columns" or (layout == "auto" and a.shape[1] <= WIDEST_IN_COLUMNS)
    ):
        columns = [f"c{i}:{element}" for i in range(a.shape[1])]
        rows = values(a, options)
    else:
        columns = ["value:" + "array<" * (a.ndim - 1) + element + ">" * (a.ndim - 1)]
        rows = [[value] for value in values(a, options)]
    if "columnNames" in options:
        names = options["columnNames"].split(",")
        assert len(names) == len(columns)
        columns = [name + column[column.index(":") :] for name, column in zip(names, columns)]
    return "struct<" + ",".join(columns) + ">", rows
