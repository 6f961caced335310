"""Maps for a training loader: equal shares for its workers, in order or shuffled by blocks."""

import bisect
import glob
import operator
import os

import numpy as np

from memmap_spark.directories import natural_key
from memmap_spark.maps import array_files, local_path
from memmap_spark.sidecars import SUFFIX

_BLOCK_NBYTES = 1 << 20
_LEAST_BLOCKS = 1024


def shards(path, rank, world_size, drop_tail=True, seed=None, epoch=0, block_rows=None):
    """Returns the rows of one worker as a list of maps, in the order in which it reads them; at least one, perhaps empty.

    All workers get the same number of rows, and no two the same row but for padding. Without a seed the worker of rank
    0 gets the first rows. With one, blocks of neighbouring rows are shuffled, alike for all workers and another way in
    each epoch, before they are shared out.

    Args:
        path: a file, a directory, a pattern, or a list of them, end to end on axis 0 as the reader has them.
        rank: of the worker, from 0.
        world_size: the number of workers.
        drop_tail: whether the rows that do not come out even are left out; if not, the first ones are repeated.
        seed: an integer of 0 or more; None keeps the rows in order, whatever the epoch.
        block_rows: rows of a block; by default as many as a MiB holds, but at least 1024 blocks if there are the rows.

    Raises:
        FileNotFoundError: if there is nothing at the path.
        ValueError: as :func:`memmap_spark.as_memmap`, and if the files differ in dtype or shape of a row, or a number is
            out of its range.
    """
    rank, world_size, epoch = operator.index(rank), operator.index(world_size), operator.index(epoch)
    if world_size < 1 or not 0 <= rank < world_size:
        raise ValueError(
            f"Cannot share out {path}: rank {rank} of world_size {world_size}, expected a rank of 0 or more and less "
            "than world_size"
        )
    if epoch < 0 or (seed is not None and operator.index(seed) < 0):
        raise ValueError(f"Cannot share out {path}: seed {seed} and epoch {epoch}, expected integers of 0 or more")
    if block_rows is not None and operator.index(block_rows) < 1:
        raise ValueError(f"Cannot share out {path}: block_rows {block_rows}, expected 1 or more")
    files = _files(path)
    runs = [(file, 0, file.shape[0]) for file in files if file.shape[0] > 0]
    total = sum(end for _, _, end in runs)
    if seed is not None and runs:
        runs = _shuffled(runs, block_rows or _block_rows(files[0], total), [operator.index(seed), epoch])
    share = total // world_size if drop_tail else -(-total // world_size)
    parts = list(_cut(runs, total, rank * share, (rank + 1) * share)) or [(files[0], 0, 0)]
    maps = {file: file.open() for file in dict.fromkeys(file for file, _, _ in parts)}
    return [maps[file][begin:end] for file, begin, end in parts]


def _files(path):
    paths = path if isinstance(path, (list, tuple)) else [path]
    files = [file for each in paths for match in _matches(each) for file in array_files(match)]
    if not files:
        raise ValueError(f"Cannot share out {path}: it names no file, expected at least one")
    first = files[0]
    for file in files:
        if not file.shape:
            raise ValueError(f"Cannot share out {file.path}: it is one element of shape (), expected rows on axis 0")
        if file.dtype != first.dtype or file.shape[1:] != first.shape[1:]:
            raise ValueError(
                f"Cannot share out {path}: {file.path} has rows of shape {file.shape[1:]} of {file.dtype}, and "
                f"{first.path} of shape {first.shape[1:]} of {first.dtype}, expected the same"
            )
    return files


def _matches(path):
    """The files of a pattern; a pattern that exists as a file is that file."""
    path = local_path(path)
    if os.path.lexists(path) or not glob.has_magic(path):
        return [path]
    found = [
        match
        for match in glob.glob(path)
        if not os.path.basename(match).startswith(("_", ".")) and not match.endswith(SUFFIX)
    ]
    if not found:
        raise FileNotFoundError(f"Cannot read {path}: no file matches the pattern, expected at least one")
    return sorted(found, key=natural_key)


def _block_rows(file, total):
    row_nbytes = max(1, file.dtype.itemsize * int(np.prod(file.shape[1:], dtype=np.int64)))
    return max(1, min(_BLOCK_NBYTES // row_nbytes, -(-total // _LEAST_BLOCKS)))


def _shuffled(runs, block_rows, entropy):
    blocks = [
        (file, begin, min(begin + block_rows, end))
        for file, first, end in runs
        for begin in range(first, end, block_rows)
    ]
    # This generator gives the same numbers in all versions of NumPy: workers may have different ones.
    generator = np.random.RandomState(np.random.MT19937(np.random.SeedSequence(entropy)))
    return [blocks[i] for i in generator.permutation(len(blocks))]


def _cut(runs, total, begin, end):
    """The parts of runs between two positions; after the last row the first one follows."""
    starts = [0]
    for _, first, last in runs:
        starts.append(starts[-1] + last - first)
    while begin < end:
        position = begin % total
        run = bisect.bisect_right(starts, position) - 1
        file, first, last = runs[run]
        first += position - starts[run]
        last = min(last, first + end - begin)
        yield file, first, last
        begin += last - first
