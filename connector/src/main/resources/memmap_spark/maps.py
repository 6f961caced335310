"""Arrays that Spark or NumPy wrote, as memory maps."""

import mmap
import os
import stat
import sys
from functools import partial
from typing import Callable, NamedTuple, Optional, Tuple

import numpy as np

from memmap_spark.archives import members_of
from memmap_spark.changes import pending_append, unfinished
from memmap_spark.claims import ANY_ROWS, Claims, agreed
from memmap_spark.directories import files_of
from memmap_spark.dtypes import named_dtype, parse_dtype
from memmap_spark.failures import checked_path, naming
from memmap_spark.header import MAGIC, MAX_HEADER_SIZE, header_bytes, read_header
from memmap_spark.partitions import check_alike
from memmap_spark.sidecars import MAX_LENGTH, sidecar_of

_MAX_NDIM = 64 if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else 32
UNTRACKED = (3, 13)  # the Python from which on a map needs no open file
_MOST_READS = 50  # of a file that changes meanwhile


class ArrayFile(NamedTuple):
    """One array in one file.

    ``tables`` are the statements about the columns that all files of an array have, ``found`` is the :func:`_state` of the
    file when it was described, and ``again`` describes it once more.
    """

    path: str
    dtype: np.dtype
    shape: Tuple[int, ...]
    order: str
    offset: int
    tables: Tuple[Claims, ...] = ()
    found: Tuple[int, ...] = ()
    again: Optional[Callable[[], "ArrayFile"]] = None

    @property
    def end(self):
        """The first byte after it."""
        return self.offset + self.dtype.itemsize * int(np.prod(self.shape, dtype=object))

    def open(self, mode="r"):
        """Maps it. An array without a byte cannot be mapped and is a plain one."""
        if 0 in self.shape or self.dtype.itemsize == 0:
            empty = np.zeros(self.shape, self.dtype, self.order)
            empty.flags.writeable = mode != "r"
            return empty
        with naming(self.path), open(self.path, "rb") as file:
            now = _state(file)
            if _is_another(now, self.found) or now[2] < self.end or (now != self.found and not self._is_in(self.again())):
                raise ValueError(
                    f"Cannot map {self.path}: it was replaced or cut after its description was read, expected the same file, of "
                    f"at least {self.end} bytes; map it again"
                )
            return self._map(file, mode)

    def _is_in(self, other):
        """Returns True if the elements of an array of the same file lie where these lie; rows may follow."""
        rows = other.shape[:1] if self.order == "C" else self.shape[:1]
        layout = (other.dtype, other.order, other.offset, other.shape)
        return layout == (self.dtype, self.order, self.offset, rows + self.shape[1:]) and other.end >= self.end

    def _map(self, file, mode):
        """As ``np.memmap``, which would keep a descriptor of the file also where Python needs none for a map."""
        access = mmap.ACCESS_READ if mode == "r" else mmap.ACCESS_COPY
        start = self.offset - self.offset % mmap.ALLOCATIONGRANULARITY
        tracked = {"trackfd": False} if sys.version_info >= UNTRACKED else {}
        buffer = mmap.mmap(file.fileno(), self.end - start, access=access, offset=start, **tracked)
        array = np.ndarray.__new__(np.memmap, self.shape, self.dtype, buffer, self.offset - start, None, self.order)
        array._mmap, array.filename, array.offset, array.mode = buffer, self.path, self.offset, mode
        return array


def as_memmap(path, mode="r", member=None, max_header_size=MAX_HEADER_SIZE):
    """Returns the map of an array in one file, as ``np.load(path, mmap_mode=mode)`` does of a ``.npy`` file.

    The path is that of a ``.npy`` file, of a raw file with its sidecar, of an archive of ``np.savez``, or of a directory
    with or without a manifest that holds one of them.

    Args:
        mode: ``r``, or ``c`` for a map whose changes stay in memory.
        member: the name of a stored member of an archive; needed if it has several.
        max_header_size: the longest header, as in ``np.load``.

    Raises:
        FileNotFoundError: if there is nothing at the path.
        OSError: of the same class as the file system's own, if the file system refuses.
        ValueError: if it is no array, its descriptions contradict each other, it is longer than its file, a change of it
            is not finished, or it lies in several files or is several arrays side by side: see :func:`memmap_spark.shards`.
    """
    if mode not in ("r", "c"):
        raise ValueError(f"Cannot map {path} with mode {mode!r}: expected r or c; write through Spark, or use np.memmap")
    arrays = arrays_at(path, max_header_size, member)
    if None not in arrays:
        directory = os.path.basename(os.path.dirname(next(iter(arrays.values()))[0].path))
        raise ValueError(
            f"Cannot map {path}: its columns {', '.join(arrays)} are arrays side by side, expected one array; use "
            f"shards(path, rank, world_size), or map a column by its directory, such as {directory}"
        )
    files = arrays[None]
    check_partitions(files, [path])
    if len(files) > 1:
        first = os.path.relpath(files[0].path, local_path(path))
        raise ValueError(
            f"Cannot map {path}: its {len(files)} shards, such as {first}, are files of their own, expected one file; use "
            "shards(path, rank, world_size)"
        )
    return files[0].open(mode)


def local_path(path, verb="map"):
    """Returns a path of this machine, also of a URI of the scheme ``file``, as ``_file`` has it."""
    path = checked_path(path, verb)
    scheme, colon, rest = path.partition(":")
    if not colon or "/" in scheme or not scheme.isalnum() or os.path.lexists(path):
        return path
    if scheme != "file":
        raise ValueError(f"Cannot {verb} {path}: NumPy knows files of this machine only, expected a path of one; mount it")
    return rest[2:] if rest.startswith("///") else rest


def arrays_at(path, max_header_size, member=None, known=None):
    """Returns the files of the arrays at a path by the names of their columns, each in row order; at least one.

    One array of whole rows has the name None.

    Args:
        known: a dict that keeps manifests for the next path.
    """
    path = os.path.abspath(local_path(path))
    with naming(path):
        listed = files_of(path, {} if known is None else known) if os.path.isdir(path) else {None: [(path, None)]}
        return {
            name: [_described(file, claims, file == path, member, max_header_size) for file, claims in files]
            for name, files in listed.items()
        }


def check_partitions(files, paths):
    """Checks that the directories of files, which these paths lead to, name the same columns.

    Raises:
        ValueError: naming two directories that do not.
    """
    paths = [os.path.abspath(local_path(path)) for path in paths]
    bases = {path if os.path.isdir(path) else os.path.dirname(path) for path in paths}
    check_alike([os.path.dirname(file.path) for file in files], bases)


def _described(path, listed, is_named, member, max_header_size):
    """Describes one file; ``listed`` is what a manifest says of it, or None, and a path that was given is ``is_named``."""
    with naming(path):
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise ValueError(f"Cannot read {path}: it is no regular file, expected one")
        return _unchanged(path, listed, is_named, member, max_header_size)


def _unchanged(path, listed, is_named, member, max_header_size):
    """Describes one file as it was at a time when no writer changed it."""
    for _ in range(_MOST_READS):
        described, error = None, None
        found, seen = _seen(path, max_header_size)
        try:
            described = _read(path, listed, is_named, member, max_header_size)
        except ValueError as e:
            error = e
        append = pending_append(path)
        now, again = _seen(path, max_header_size)
        if again == seen and not _is_another(now, found) and (append is None or append.leaves_whole(seen)):
            break
    else:
        if append:
            raise unfinished(path, append.fields) from error
    if error:
        raise error
    return described._replace(found=found, again=partial(_described, path, listed, is_named, member, max_header_size))


def _seen(path, max_header_size):
    """The state of a file, and its header if it is a ``.npy`` file, else its length: that which tells of rows."""
    with open(path, "rb") as file:
        state = _state(file)
        return state, header_bytes(file, max_header_size) or state[2]


def _state(file):
    """Device and inode, length and time of modification."""
    found = os.fstat(file.fileno())
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _is_another(now, found):
    """Returns True if a state is that of another file. Some mounts change the inodes of files that stay."""
    return now[:2] != found[:2] and now[2:] != found[2:]


def _read(path, listed, is_named, member, max_header_size):
    with open(path, "rb") as file:
        nbytes = os.fstat(file.fileno()).st_size
        magic = file.read(6)
        sidecar = sidecar_of(path, nbytes, is_named)
        claims = [each for each in (sidecar, listed) if each is not None]
        # Bytes may come before an archive.
        is_archive = magic.startswith((b"PK\3\4", b"PK\5\6")) or (path.endswith(".npz") and magic != MAGIC)
        if is_archive and not claims:
            name, start, end = members_of(file, path, member)
            described = _checked(path, [read_header(file, name, max_header_size, start)], end)
            if described.end < end:
                raise ValueError(
                    f"Cannot read {name}: {end - described.end} bytes follow its array of shape {described.shape}, expected "
                    "none; save the array again"
                )
            return described
        if member is not None:
            raise ValueError(f"Cannot read member {member!r} of {path}: it is no archive, expected one of np.savez")
        if magic == MAGIC or (path.endswith(".npy") and not is_archive):
            return _checked(path, [read_header(file, path, max_header_size), *claims], nbytes)
    if not any(each.descr is not None for each in claims):
        raise ValueError(
            f"Cannot read {path}: it is no .npy file and nothing says what it holds, expected a .npy file or a sidecar "
            f"{path}.memmap.json; np.memmap takes dtype and shape"
        )
    described = _checked(path, claims, nbytes)
    for each in claims if described.order == "F" else ():
        if parse_dtype(each.descr).subdtype is not None:
            raise ValueError(
                f"Cannot read {path}: {each.source} says dtype {each.descr} with order F, expected order C; give the axes of "
                "the sub-array in the shape instead"
            )
    if (sidecar is None or sidecar.shape is None) and described.end < nbytes:
        raise ValueError(
            f"Cannot read {path}: its array ends at byte {described.end}, and the file at {nbytes}, expected the same, as only "
            "a manifest gives its shape; it is another file than the one that the manifest lists"
        )
    return described


def _checked(path, sources, end):
    """Joins what the sources say, with the rows that the file has where none says how many."""
    claims = agreed(path, sources)
    dtype = named_dtype(claims.descr)
    offset = claims.offset or 0
    shape = claims.shape or (() if claims.shape == () else (ANY_ROWS,))
    if shape[:1] == (ANY_ROWS,):
        shape = (_rows(path, dtype, shape[1:], offset, end),) + shape[1:]
    nbytes, most = dtype.itemsize, dtype.itemsize
    for length in shape:
        nbytes *= length
        most *= max(1, length)  # NumPy multiplies the lengths, even if one is 0
    if len(shape) + dtype.ndim > _MAX_NDIM or most > MAX_LENGTH - offset:
        raise ValueError(
            f"Cannot read {path}: shape {shape} of {dtype}, expected at most {_MAX_NDIM} axes and 2^63-1 bytes; it is damaged"
        )
    if offset + nbytes > end:
        raise ValueError(
            f"Cannot read {path}: shape {shape} of {dtype} is {nbytes} bytes from offset {offset}, but there are {end}, "
            f"expected at least {offset + nbytes}; it is truncated or still being written"
        )
    tables = tuple(source.of_table() for source in sources if source.column_names or source.layout)
    return ArrayFile(path, dtype, shape, claims.order or "C", offset, tables)


def _rows(path, dtype, trailing, offset, end):
    row_nbytes = dtype.itemsize
    for length in trailing:
        row_nbytes *= length
    if row_nbytes == 0:
        return 0
    if offset > end:
        raise ValueError(
            f"Cannot read {path}: its array begins at byte {offset}, but the file ends at {end}, expected at most {end}; it is "
            "truncated, or the offset is wrong"
        )
    rows, rest = divmod(end - offset, row_nbytes)
    if rest:
        raise ValueError(
            f"Cannot read {path}: {end - offset} bytes from offset {offset} are no whole number of rows of {row_nbytes} "
            f"bytes, expected {rows * row_nbytes} or {(rows + 1) * row_nbytes}; correct dtype and shape"
        )
    return rows
