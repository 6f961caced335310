"""Answers one question a line about an array in a file, with NumPy or Dask.

python3 arrays.py numpy|dask

A line on standard input holds, between tabs: path, dtype, rows, columns, order, a path to write to, and an expression
over the array a (a list of arrays, if the path is a directory of .npy files). The line on standard output says "ok", the
seconds that opening and evaluating took, and the numbers.
"""

import os
import sys
import time

import numpy as np


def open_array(path, dtype, rows, columns, order):
    if os.path.isdir(path):
        return [np.load(os.path.join(path, name), mmap_mode="r") for name in os.listdir(path)]
    return np.memmap(path, dtype, "r", shape=(rows,) if columns == 1 else (rows, columns), order=order)


def write(a, target):
    copy = np.lib.format.open_memmap(target, "w+", a.dtype, a.shape)
    copy[:] = a
    copy.flush()
    return len(copy)


def with_numpy(expression, a, target):
    return eval(expression, {"np": np, "a": a, "target": target, "write": write})


def with_dask(expression, a, target):
    lazy = dask.array.from_array(a)
    return dask.compute(eval(expression, {"np": np, "a": lazy}), scheduler="threads", num_workers=2)[0]


if sys.argv[1] == "dask":
    import dask
    import dask.array

    evaluate, title, version = with_dask, "Dask", "Dask " + dask.__version__
else:
    evaluate, title, version = with_numpy, "numpy.memmap", "NumPy " + np.__version__

print("ready", title, version, sep="\t", flush=True)
for line in sys.stdin:
    path, dtype, rows, columns, order, target, expression = line.rstrip("\n").split("\t")
    start = time.perf_counter()
    answer = np.ravel(evaluate(expression, open_array(path, dtype, int(rows), int(columns), order), target))
    seconds = time.perf_counter() - start
    print("ok", repr(seconds), " ".join(repr(float(value)) for value in answer), sep="\t", flush=True)
