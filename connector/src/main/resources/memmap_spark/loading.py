"""Maps for a training loader: equal shares for its workers, in order or shuffled by blocks."""

import bisect
import errno
import glob
import itertools
import operator
import os
import sys

import numpy as np

from memmap_spark.blocks import FilesInOrder, ShuffledBlocks
from memmap_spark.claims import agreed
from memmap_spark.header import MAX_HEADER_SIZE
from memmap_spark.maps import UNTRACKED, arrays_at, check_partitions, local_path
from memmap_spark.natural_order import natural_key
from memmap_spark.sidecars import MAX_LENGTH
from memmap_spark.unlisted import COMPANIONS

_BLOCK_NBYTES = 1 << 20
_LEAST_BLOCKS = 1024
_HIDDEN = ("_", ".")


def shards(
    path,
    rank,
    world_size,
    drop_tail=True,
    seed=None,
    epoch=0,
    block_rows=None,
    columns=None,
    max_header_size=MAX_HEADER_SIZE,
):
    """Returns the rows of one worker as a list of maps, in the order in which it reads them; at least one, perhaps empty.

    All workers get the same number of rows, and no two the same row but for padding. Without a seed the worker of rank
    0 gets the first rows. With one, blocks of neighbouring rows are shuffled, alike for all workers and another way in
    each epoch, before they are shared out.

    Columns side by side are a list of dicts, each of maps of the same rows by the names of the columns.

    A worker keeps 8 to 10 bytes of each block of the table while it shuffles, and maps all files of its share. Files must
    have equal dtypes: the reader also joins those whose types are the same in Spark, but a map converts nothing.

    Args:
        path: a file, a directory, a pattern, or a list of them, end to end on axis 0 as the reader has them.
        rank: of the worker, from 0.
        world_size: the number of workers.
        drop_tail: whether the rows that do not come out even are left out; if not, the first ones are repeated.
        seed: an integer of 0 or more; None keeps the rows in order, whatever the epoch.
        block_rows: rows of a block; by default as many as a MiB holds, but at least 1024 blocks if there are the rows.
        columns: the names of columns side by side, or of the fields of a record, for dicts of these only; one name for a
            list of maps of that column.
        max_header_size: the longest header of a file, as in ``np.load``.

    Raises:
        FileNotFoundError: if there is nothing at the path.
        OSError: if the share has more files than this process may have open, which Python 3.13 does not need.
        ValueError: as :func:`memmap_spark.as_memmap`, and if the files differ in dtype or shape of a row, there is no such
            column, or a number is out of its range.
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
    arrays = _chosen(path, _arrays(path, max_header_size), columns)
    ends = np.array(sorted({0}.union(*(array.starts for array in arrays.values()))), np.int64)
    total = int(ends[-1])
    if seed is None or total == 0:
        blocks = FilesInOrder(ends)
    else:
        rows = block_rows or _block_rows(arrays.values(), total)
        blocks = ShuffledBlocks(ends, operator.index(rows), [operator.index(seed), epoch])
    share = total // world_size if drop_tail else -(-total // world_size)
    ranges = _ranges(total, rank * share, (rank + 1) * share)
    parts = [part for first, last in ranges for part in blocks.parts(first, last)] or [(0, 0)]
    _open(list(arrays.values()), [begin for begin, _ in parts])
    if columns is None and None in arrays or isinstance(columns, str):
        (array,) = arrays.values()
        return [array.rows(begin, end) for begin, end in parts]
    return [{name: array.rows(begin, end) for name, array in arrays.items()} for begin, end in parts]


class _Array:
    """Files end to end on axis 0, or one field of their rows."""

    def __init__(self, files, field=None):
        self.files, self.field, self.maps = files, field, {}
        self.starts = list(itertools.accumulate((file.shape[0] for file in files), initial=0))

    def row_nbytes(self):
        """Bytes that a row takes in the files."""
        return self.files[0].dtype.itemsize * int(np.prod(self.files[0].shape[1:], dtype=np.int64))

    def open(self, rows):
        """Maps the files of these rows."""
        for i in self.files_of(rows):
            whole = self.files[i].open()
            self.maps[i] = whole if self.field is None else whole[self.field]

    def files_of(self, rows):
        """Returns the positions of the files that have these rows; the last file has those that no file has."""
        return sorted({self._file(row) for row in rows})

    def rows(self, begin, end):
        """Rows of one file, which is mapped."""
        i = self._file(begin)
        return self.maps[i][begin - self.starts[i] : end - self.starts[i]]

    def _file(self, row):
        return min(bisect.bisect_right(self.starts, row), len(self.files)) - 1


def _open(arrays, rows):
    """Maps the files of these rows; what cannot be mapped leaves nothing mapped, so that files can be opened again."""
    try:
        for array in arrays:
            array.open(rows)
    except OSError as e:
        for array in arrays:
            array.maps.clear()
        if e.errno != errno.EMFILE or sys.version_info >= UNTRACKED:
            raise
        import resource  # Windows has neither it nor such a limit

        count = sum(len(array.files_of(rows)) for array in arrays)
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        error = OSError(
            f"Cannot map the {count} files of a share, such as {arrays[0].files[0].path}: Python before 3.13 keeps a mapped "
            f"file open, and this process may open {most}, expected more than {count}; raise the limit, as with ulimit -n "
            f"{count + most}, save fewer and larger files, or use Python 3.13"
        )
        error.errno = e.errno
        raise error from e


def _arrays(path, max_header_size):
    """The files at a path by the columns that they are; None is the column of whole rows."""
    paths = path if isinstance(path, (list, tuple)) else [path]
    matches = [match for each in paths for match in _matches(each)]
    known = {}
    found = [arrays_at(match, max_header_size, known=known) for match in matches]
    if not found:
        raise ValueError(f"Cannot share out {path}: it names no file, expected at least one")
    if len(found) > 1 and any(None not in arrays for arrays in found):
        raise ValueError(
            f"Cannot share out {path}: it names columns that are arrays side by side, expected their directory alone"
        )
    arrays = found[0] if len(found) == 1 else {None: [file for arrays in found for file in arrays[None]]}
    check_partitions(arrays.get(None, []), matches)
    for files in arrays.values():
        _check_alike(path, files)
    return arrays


def _check_alike(path, files):
    first, rows = files[0], 0
    tables = [claims for file in files for claims in file.tables]
    if tables:
        agreed(path, tables)
    for file in files:
        if not file.shape:
            raise ValueError(f"Cannot share out {file.path}: it is one element of shape (), expected rows on axis 0")
        if file.dtype != first.dtype or file.shape[1:] != first.shape[1:]:
            raise ValueError(
                f"Cannot share out {path}: {file.path} has rows of shape {file.shape[1:]} of {file.dtype}, and "
                f"{first.path} of shape {first.shape[1:]} of {first.dtype}, expected the same"
            )
        if file.shape[0] > MAX_LENGTH - rows:
            raise ValueError(
                f"Cannot read {file.path}: it has {file.shape[0]} rows, and the files before it have {rows}, expected at most "
                f"{MAX_LENGTH} together; read fewer of these files at once"
            )
        rows += file.shape[0]


def _chosen(path, arrays, columns):
    """The arrays of these columns, which may be fields of whole rows."""
    if columns is None:
        return {name: _Array(files) for name, files in arrays.items()}
    names = [columns] if isinstance(columns, str) else list(columns)
    fields = arrays[None][0].dtype.names if None in arrays else None
    known = list(arrays) if None not in arrays else fields
    if not known:
        raise ValueError(
            f"Cannot share out columns {columns!r} of {path}: its rows are {arrays[None][0].dtype}, expected records or "
            "columns side by side"
        )
    unknown = [f"column {name!r}" for name in names if name not in known]
    if unknown or not names:
        raise ValueError(
            f"Cannot share out {', '.join(unknown) or 'no column'} of {path}: expected some of {', '.join(known)}"
        )
    return {name: _Array(arrays[None], name) if fields else _Array(arrays[name]) for name in names}


def _matches(path):
    """The files of a pattern, none if it matches companions only; a pattern that exists as a file is that file."""
    path = local_path(path)
    if os.path.lexists(path) or not (glob.has_magic(path) or "{" in path):
        return [path]
    # Hadoop negates brackets by ^ too.
    found = {
        match
        for pattern in _alternatives(path)
        for match in glob.glob(pattern.replace("[^", "[!"))
        if not os.path.basename(match).startswith(_HIDDEN)
        and not _in_hidden_directory(match, pattern)
    }
    if not found:
        raise FileNotFoundError(f"Cannot read {path}: no file matches the pattern, expected at least one")
    return sorted((match for match in found if not match.endswith(COMPANIONS)), key=natural_key)


def _alternatives(pattern):
    """The patterns that one with ``{a,b}`` means."""
    begin, depth, cuts = pattern.find("{"), 0, []
    for i in range(max(begin, 0), len(pattern) if begin >= 0 else 0):
        depth += {"{": 1, "}": -1}.get(pattern[i], 0)
        if depth == 0 or (depth == 1 and pattern[i] in "{,"):
            cuts.append(i)
        if depth == 0:
            parts = [pattern[first + 1 : last] for first, last in zip(cuts, cuts[1:])]
            return [each for part in parts for each in _alternatives(pattern[:begin] + part + pattern[i + 1 :])]
    return [pattern]


def _in_hidden_directory(match, pattern):
    """Whether a wildcard of the pattern matches the name of a hidden directory above the match."""
    names, parts = ([part for part in path.split(os.sep)[-2::-1] if part] for path in (match, pattern))
    return any(
        name.startswith(_HIDDEN) and glob.has_magic(part) and not part.startswith(_HIDDEN)
        for name, part in zip(names, parts)
    )


def _block_rows(arrays, total):
    row_nbytes = sum(array.row_nbytes() for array in arrays)
    return max(1, min(_BLOCK_NBYTES // max(1, row_nbytes), -(-total // _LEAST_BLOCKS)))


def _ranges(total, begin, end):
    """The positions of a share; after the last row the first one follows."""
    while begin < end:
        first = begin % total
        last = min(total, first + end - begin)
        yield first, last
        begin += last - first
