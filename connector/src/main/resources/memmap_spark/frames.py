"""DataFrames of arrays, and arrays of DataFrames."""

import atexit
import contextlib
import os
import shutil
import tempfile

import numpy as np

from memmap_spark.dtypes import check_type
from memmap_spark.failures import naming
from memmap_spark.maps import as_memmap, local_path
from memmap_spark.options import filename_of, option_texts, options_of, root_of


def read(spark, path_or_memmap, **options):
    """Returns the DataFrame of a path, of several, or of a ``np.memmap`` or a contiguous view of one.

    Options take Python's and NumPy's own values: classes, dtypes, integers of any kind, tuples, dicts, paths. One that is
    None is not given. ``schema`` is that of the reader.

    Raises:
        ValueError: if the view of a map is none that :func:`options_of` can describe, or an option says what the map says.
    """
    schema = options.pop("schema", None)
    path = path_or_memmap
    if isinstance(path, np.ndarray):
        described = options_of(path)
        given = {name.lower(): value for name, value in options.items() if value is not None}
        twice = [name for name in described if name.lower() in given]
        if twice:
            raise ValueError(
                f"Cannot read a map with the option {twice[0]}={given[twice[0].lower()]}: the map says {twice[0]} "
                f"{described[twice[0]]}, expected options of the columns only; remove the option, or read the path"
            )
        root = root_of(path)
        root.flush()
        options = {**options, **described}
        path = "file:" + filename_of(root)
    elif isinstance(path, (list, tuple)):
        path = [os.fsdecode(each) for each in path]
    else:
        path = os.fsdecode(path)
    reader = spark.read.format("memmap")
    if schema is not None:
        reader = reader.schema(schema)
    return reader.options(**option_texts(options)).load(path)


def write(df, path, mode="error", **options):
    """Saves a DataFrame; ``mode`` is Spark's save mode, and options are normalised as by :func:`read`."""
    df.write.format("memmap").options(**option_texts(options)).mode(mode).save(os.fsdecode(path))


def from_numpy(spark, a, path=None, **options):
    """Returns the DataFrame of a copy of an array, in a ``.npy`` file that lives as long as the DataFrame is used.

    A map is read without a copy by :func:`read`.

    Args:
        path: a new file on storage that the driver and all executors see; needed unless the master is ``local[…]``, where
            it is a temporary file that is deleted when this process ends.
        options: those of :func:`read`.

    Raises:
        ValueError: if the path is needed, or the array is masked or of a dtype that Spark does not read.
        FileExistsError: if there is something at the path.
    """
    if isinstance(a, np.ma.MaskedArray):
        raise ValueError("Cannot make a DataFrame of a masked array: files have no mask; fill it with a.filled(value)")
    a = np.asanyarray(a)
    try:
        check_type(a.dtype)
    except ValueError as e:
        raise ValueError(f"Cannot make a DataFrame of dtype {a.dtype}: {e}; convert it with a.astype") from e
    if path is None:
        directory = _temporary_directory(spark, "Cannot make a DataFrame of an array")
        atexit.register(_remove, directory, os.getpid())
        target = os.path.join(directory, "array.npy")
    else:
        target = os.path.abspath(local_path(path, "write"))
    if str(a.dtype) == "bfloat16":
        options.setdefault("dtype", "bfloat16")
    with naming(target, "write"):
        file = open(target, "xb")
        with _removed_on_failure(target), file:
            np.save(file, a, allow_pickle=False)
    with _removed_on_failure(target):
        return read(spark, "file:" + target, **options)


def to_numpy(df, path=None, **options):
    """Returns the rows of a DataFrame as an array, in their order.

    One column of numbers is a 1-D array, one of arrays a 2-D one, columns ``c0``, ``c1``, … of one type are the 2-D array
    that they were read from, and others are the fields of records.

    Args:
        path: a new file on storage that the driver and all executors see, of which the array is a map that outlives the
            call; needed unless the master is ``local[…]``, where the array is in memory.
        options: those of :func:`write`, such as ``dtype``, ``layout``, ``columnDtypes`` and ``nullValue``.

    Raises:
        ValueError: if the path is needed.
    """
    options = {"output": "file", "container": "npy", **_shape(df, options), **options}
    given = {name.lower(): value for name, value in options.items() if value is not None}
    longest = {"max_header_size": int(given["maxheadernbytes"])} if "maxheadernbytes" in given else {}
    if path is not None:
        target = os.path.abspath(local_path(path, "write"))
        write(df, "file:" + target, **options)
        return as_memmap(target, **longest)
    directory = _temporary_directory(df.sparkSession, "Cannot make an array of a DataFrame")
    try:
        target = os.path.join(directory, "array.npy")
        write(df, "file:" + target, **options)
        return np.array(as_memmap(target, **longest))
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def _removed_on_failure(path):
    """Removes a new file if the block fails, so that the same call can be made again."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise


def _shape(df, options):
    """Columns with the names of positions are the array that they were read from, unless options say what they become."""
    chosen = {name.lower() for name, value in options.items() if value is not None}
    positions = [f"c{i}" for i in range(len(df.columns))]
    types = {field.dataType for field in df.schema.fields}
    if df.columns != positions or len(types) != 1 or chosen & {"layout", "shape", "columndtypes"}:
        return {}
    if types.pop().typeName() in ("array", "map", "string", "binary") or ("dtype" in chosen and len(positions) > 1):
        return {}
    return {"shape": f"-1,{len(positions)}"}


def _remove(directory, process):
    """Removes a directory, unless this is a fork of the process that made it."""
    if os.getpid() == process:
        shutil.rmtree(directory, ignore_errors=True)


def _temporary_directory(spark, refusal):
    try:
        master = spark.sparkContext.master
    except Exception:  # a session of Spark Connect has no context
        master = "a server of Spark Connect"
    if master != "local" and not master.startswith("local["):
        raise ValueError(
            f"{refusal} on {master}: its executors may not see temporary files of this machine, expected path=, a new file "
            "on storage that the driver and all executors see at the same place"
        )
    return tempfile.mkdtemp(prefix="memmap-spark-")
