"""Arrays of random dtype, shape, order, byte order, offset and container, read under random options."""

import numpy as np
from spark_view import BFLOAT16, FINER_THAN_MICROSECONDS

SCALARS = ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16"]
UNITS = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs"]


def scalar(random):
    order = random.choice("<>")
    draw = random.random()
    if draw < 0.6:
        return np.dtype(order + random.choice(SCALARS))
    if draw < 0.8:
        count = random.choice(["", "", str(random.randint(2, 20))])
        return np.dtype(f"{order}{random.choice('Mm')}8[{count}{random.choice(UNITS)}]")
    return np.dtype(f"{order}{random.choice('SUV')}{random.randint(1, 12)}")


def record(random, depth=0):
    names = [f"f{chr(97 + i)}" for i in range(random.randint(1, 6))]
    fields = []
    for name in names:
        field = record(random, depth + 1) if depth < 2 and random.random() < 0.15 else scalar(random)
        shape = tuple(random.randint(1, 3) for _ in range(random.randint(1, 2)))
        fields.append((name, field, shape) if random.random() < 0.2 else (name, field))
    if random.random() < 0.5:
        return np.dtype(fields, align=random.random() < 0.5)
    packed = np.dtype(fields)
    offsets, end = [], 0
    for name in names:
        end += random.choice([0, 0, 1, 3, 8])
        offsets.append(end)
        end += packed[name].itemsize
    itemsize = end + random.choice([0, 0, 1, 5])
    formats = [packed[name] for name in names]
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": itemsize})


def fine_units(dtype):
    """The units below a microsecond that occur anywhere in a dtype, as (unit, count)."""
    if dtype.subdtype is not None:
        return fine_units(dtype.subdtype[0])
    if dtype.names is not None:
        return set().union(*(fine_units(dtype[name]) for name in dtype.names))
    unit = np.datetime_data(dtype) if dtype.kind in "Mm" else ("", 1)
    return {unit} if unit[0] in FINER_THAN_MICROSECONDS else set()


def options_for(random, dtype, shape):
    options = {}
    fine = fine_units(dtype)
    if fine and random.random() < 0.6:
        options["nanos"] = random.choice(["truncate", "long"]) if max(n for _, n in fine) == 1 else "truncate"
    if random.random() < 0.2:
        options["timestampType"] = "ltz"
    if random.random() < 0.2:
        options["stringEncoding"] = random.choice(["latin1", "binary"])
    if len(shape) > 1 and random.random() < 0.3:
        options["transpose"] = "true"
    if shape and random.random() < 0.3:
        options["layout"] = "elements"
    elif len(shape) == 2 and dtype.names is None and random.random() < 0.5:
        options["layout"] = random.choice(["array", "columns"])
    return options


def write(golden, source, cases):
    random = source.random
    for number in range(cases):
        draw = random.random()
        dtype = BFLOAT16 if draw < 0.05 else record(random) if draw < 0.4 else scalar(random)
        ndim = random.choice([0, 1, 1, 1, 2, 2, 2, 3, 3, 4])
        shape = tuple(random.choice([1, 2, 3, 4, 5, 7]) for _ in range(ndim))
        if ndim == 1:
            shape = (random.choice([0, 1, 5, 50, 300]),)
        options = options_for(random, dtype, shape)
        array = source.array(dtype, shape, options, special_first=False)
        partitions = random.choice([None, None, "1", "2", "7"])
        if partitions:
            options["minPartitions"] = partitions
        order = random.choice("CF")
        if array.ndim == 0 or array.size == 0 or random.random() < 0.5:
            golden.npy(f"random-{number}", array, order, random.choice([1, 2, 3]), **options)
        else:
            golden.raw(f"random-{number}", array, order, random.choice([0, 1, 3, 64, 127, 5000]), **options)
    # One array of several batches and partitions.
    long = source.array([("a", ">f4"), ("b", "<i8"), ("s", "S3")], (60_000,))
    golden.npy(f"random-{cases}", long, maxPartitionBytes="300000")
