"""NumPy's side of memmap-spark: arrays into Spark, DataFrames into arrays, and what Spark wrote as maps for training.

Needs NumPy and the standard library only; functions that take a session need the PySpark that it came from. The module
lies in the connector's jar, so that the jar is also on Python's path: ``--py-files memmap-spark.jar``, or
``PYTHONPATH=memmap-spark.jar`` without Spark. Errors name the file, what was found, what was expected, and what to do.
"""

from memmap_spark.frames import from_numpy, read, to_numpy, write
from memmap_spark.loading import shards
from memmap_spark.maps import as_memmap
from memmap_spark.options import options_of

__all__ = ["as_memmap", "from_numpy", "options_of", "read", "shards", "to_numpy", "write"]
