"""Manifests: ``_memmap.json`` lists the files of its directory, or below it, that are the array or the columns."""

import bisect
import math
import os
import re
import stat
import warnings
from typing import Dict, List, NamedTuple

from memmap_spark.changes import json_object, text_of
from memmap_spark.claims import Claims
from memmap_spark.dtypes import fields_of, parse_dtype
from memmap_spark.natural_order import natural_key
from memmap_spark.partitions import check_types, is_partition
from memmap_spark.sidecars import LAYOUTS, MAX_LENGTH, check_keys, count, descr, layout, lengths, order
from memmap_spark.sidecars import names as column_names

MANIFEST = "_memmap.json"
_VERSION_OF_PATHS = 2
_MAX_NDIM = 64
_MOST_NBYTES = 256 << 20
_MOST_READS = 10  # of a manifest that is replaced meanwhile
_SIDE_BY_SIDE = "sideBySide"
_KEYS = ["version", "dtype", "trailingShape", "order", "columnNames", "layout", "shards", "partitionTypes", "dropped"]
_SHARD_KEYS = ["name", "rows", "dtype", "order"]

# A directory may begin with _ if it is a partition's: a column's name begins with what it likes.
_DIRECTORY = re.compile(r"(?!\.)(?!_[^=]*\Z)[^\\\x00-\x1f]+")
_FILE = re.compile(r"(?![._])[^\\\x00-\x1f]+")
_ESCAPED = re.compile(r"\A[_.]|[\x00-\x1f\"#%'*/:=?\\\x7f{\[\]}^<>|]")


class Shard(NamedTuple):
    """One file that a manifest lists.

    ``name`` is its path from the manifest's directory, ``directory`` that of its directory with a slash after it, if any.
    """

    name: str
    directory: str
    claims: Claims


class Manifest(NamedTuple):
    """What a manifest says.

    ``columns`` are the names of columns side by side by their directories, if there are any. ``directories`` are the shards
    by their directories, and ``names`` these, sorted.
    """

    home: str
    shards: List[Shard]
    columns: Dict[str, str]
    types: Dict[str, str]
    dropped: bool
    directories: Dict[str, List[Shard]]
    names: List[str]

    def is_partitioned(self):
        """Returns True if it lists files of directories below its own, which are no columns."""
        return not self.columns and (bool(self.types) or any(shard.directory for shard in self.shards))

    def lists(self, below):
        """Returns True if it lists files in a directory below its own."""
        return bool(self._at(below))

    def _at(self, below):
        """The directories at or below one that have shards."""
        begin = end = bisect.bisect_left(self.names, below)
        while end < len(self.names) and self.names[end].startswith(below):
            end += 1
        return self.names[begin:end]

    def files(self, below):
        """Returns the shards in a directory below, or all, by the names of their columns; None is that of whole rows.

        Partitions are in the order of their names, and the shards of a directory in that of the manifest.

        Raises:
            ValueError: if the array was dropped, or there is no shard.
        """
        if self.dropped:
            raise ValueError(
                f"Cannot read {self.home}: the array was dropped, but not all of its files could be deleted, expected an "
                "array; drop it again, or overwrite it"
            )
        if not self.shards:
            raise ValueError(f"Cannot read {self.home}: its manifest {MANIFEST} lists no shard, expected at least one")
        if not self.lists(below):
            raise ValueError(
                f"Cannot read {os.path.join(self.home, below)}: the manifest {os.path.join(self.home, MANIFEST)} lists no "
                f"file of it, expected at least one; read {self.home}"
            )
        if below or not self.columns:
            found = sorted(self._at(below), key=natural_key)
            return {None: [shard for name in found for shard in self.directories[name]]}
        files = {name: [] for name in self.columns.values()}
        for shard in self.shards:
            files[self.columns[shard.directory]].append(shard)
        for name, found in files.items():
            if not found:
                raise ValueError(
                    f"Cannot read {self.home}: its manifest {MANIFEST} lists no file of column {name!r}, expected at least one"
                )
        return files


def read_manifest(directory):
    """Returns the manifest of a directory; None if there is none.

    Raises:
        ValueError: if it is none that this release knows, lists a file outside of its directory, or contradicts itself.
    """
    text = _text(directory)
    return None if text is None else _parse(text, directory)


def _text(directory):
    path = os.path.join(directory, MANIFEST)
    try:
        return text_of(path, _MOST_NBYTES) if os.path.lexists(path) else None
    except FileNotFoundError:
        return None  # it was removed meanwhile


def _parse(text, directory):
    path = os.path.join(directory, MANIFEST)
    fields = json_object(text, path)
    _check(fields, path)
    columns = _columns(fields, path)
    names = column_names(fields, path)
    rows_as = layout(fields, [*LAYOUTS, _SIDE_BY_SIDE], path)
    whole = (fields["dtype"], tuple(fields["trailingShape"]), names, rows_as)
    shards, listed = [], set()
    for entry in fields["shards"]:
        check_keys(entry, _SHARD_KEYS, path)
        name = entry.get("name")
        _check_name(name, fields["version"], path)
        if name in listed:
            raise ValueError(f"Cannot read {path}: shard {name!r:.255} is listed twice, expected each name once")
        listed.add(name)
        rows = count(entry, "rows", path)
        if rows is None:
            raise ValueError(f"Cannot read {path}: shard {name!r:.255} has no key 'rows', expected an integer from 0 to 2^63-1")
        below = name[: name.rfind("/") + 1]
        if columns and below not in columns:
            raise ValueError(
                f"Cannot read {path}: shard {name!r:.255}, expected it in {', '.join(columns)}, the directories of the columns "
                "side by side"
            )
        dtype, trailing, *table = (*columns[below][1:], None, None) if columns else whole
        own_order = order(entry, path) or order(fields, path)
        own_dtype = descr(entry, path) if "dtype" in entry else dtype
        shards.append(Shard(name, below, Claims(f"the manifest {path}", own_dtype, (rows, *trailing), own_order, None, *table)))
    _check_rows(fields, shards, columns, path)
    types = fields.get("partitionTypes", {})
    check_types(types, shards, path)
    directories = {}
    for shard in shards:
        directories.setdefault(shard.directory, []).append(shard)
    by_directory = {below: column[0] for below, column in columns.items()}
    return Manifest(
        directory, shards, by_directory, types, fields.get("dropped", False), directories, sorted(directories)
    )


def table_above(directory, known):
    """Returns the manifest that lists the files of a partition's or column's directory, None if there is none.

    In a sticky directory, such as ``/tmp``, another user's manifest says nothing of one's directories.

    Args:
        known: the manifests above partitions, by their directories; those that are read are put there. A pattern leads to
            thousands of partitions of one table.
    """
    above = directory
    if not is_partition(directory):
        return _table_of_column(directory)
    while is_partition(above):
        above = os.path.dirname(above)
        if _is_foreign(above, directory):
            continue
        if above not in known:
            known[above] = read_manifest(above)
        if known[above] is not None:
            return known[above] if known[above].is_partitioned() else None
    return None


def _table_of_column(directory):
    above, name = os.path.split(directory)
    try:
        text = None if _is_foreign(above, directory) else _text(above)
    except (FileNotFoundError, PermissionError):
        return None
    try:
        manifest = None if text is None else _parse(text, above)
    except ValueError as e:
        warnings.warn(f"{above}: its manifest says nothing of {name}: {e}", stacklevel=2)
        return None
    return manifest if manifest and name + "/" in manifest.columns else None


def _is_foreign(above, directory):
    path = os.path.join(above, MANIFEST)
    sticky = os.stat(above).st_mode & stat.S_ISVTX and os.path.lexists(path)
    return bool(sticky) and os.lstat(path).st_uid != os.lstat(directory).st_uid


def files_there(read, known):
    """Returns a manifest and its files by the names of their columns; None twice without a manifest.

    A write may replace the manifest meanwhile and delete the files of the old one: then it is read again.

    Args:
        read: a function that returns the manifest, and the directory below its own of which files are wanted.
        known: manifests that were read before, as in :func:`table_above`; one that was replaced is taken out.

    Raises:
        FileNotFoundError: if a file is not there.
        ValueError: as :meth:`Manifest.files`, or if a link leads to a file in a directory below.
    """
    for left in reversed(range(_MOST_READS)):
        manifest, below = read()
        if manifest is None:
            return None, None
        files = manifest.files(below)
        try:
            _check_there(manifest, [shard for shards in files.values() for shard in shards])
            return manifest, files
        except FileNotFoundError:
            known.pop(manifest.home, None)
            if left == 0 or read_manifest(manifest.home) == manifest:
                raise


def _check_there(manifest, shards):
    """Checks that the files of shards are there, and that no link leads to those in directories below.

    Raises:
        FileNotFoundError: if one is not there.
        ValueError: if there is a link: what it leads to may be outside of the array.
    """
    home, checked = manifest.home, set()
    for shard in shards:
        parts = shard.name.split("/")
        for end in range(1, len(parts) + 1) if shard.directory else ():
            below = "/".join(parts[:end])
            if below not in checked and os.path.islink(os.path.join(home, below)):
                raise ValueError(
                    f"Cannot read {home}: its manifest {MANIFEST} lists {below}, which is a link, expected none, as "
                    "what it leads to is no part of the array; put there what it leads to"
                )
            checked.add(below)
        try:
            os.stat(os.path.join(home, shard.name))
        except (FileNotFoundError, NotADirectoryError) as e:
            raise FileNotFoundError(
                f"Cannot read {home}: its manifest {MANIFEST} lists {shard.name}, which is not there, expected all of "
                f"its {len(manifest.shards)} shards; restore it, or remove the manifest to read what is left"
            ) from e


def _check(fields, path):
    version = fields.get("version")
    if type(version) is not int or version not in (1, _VERSION_OF_PATHS):
        raise ValueError(f"Cannot read {path}: version {version!r:.80}, expected 1 or 2, which this release knows")
    check_keys(fields, _KEYS, path)
    if not isinstance(fields.get("dropped", False), bool):
        raise ValueError(f"Cannot read {path}: key 'dropped' is {fields['dropped']!r:.80}, expected true or false")
    types = fields.get("partitionTypes", {})
    if not isinstance(types, dict) or not all(isinstance(type_name, str) for type_name in types.values()):
        raise ValueError(f"Cannot read {path}: key 'partitionTypes' is {types!r:.80}, expected an object of texts")
    if version < _VERSION_OF_PATHS and "partitionTypes" in fields:
        raise ValueError(f"Cannot read {path}: version {version}, expected 2 beside the key 'partitionTypes'")
    descr(fields, path)
    order(fields, path)
    if len(lengths(fields, "trailingShape", path)) >= _MAX_NDIM:
        raise ValueError(
            f"Cannot read {path}: trailingShape has {len(fields['trailingShape'])} axes, expected at most {_MAX_NDIM - 1}, as "
            "the rows are an axis too"
        )
    shards = fields.get("shards")
    if not isinstance(shards, list) or not all(isinstance(shard, dict) for shard in shards):
        raise ValueError(f"Cannot read {path}: key 'shards' is {shards!r:.80}, expected a list of objects")


def _check_name(name, version, path):
    plain = isinstance(name, str)
    *directories, file = name.split("/") if plain else [""]
    if not _FILE.fullmatch(file) or not all(_DIRECTORY.fullmatch(each) for each in directories):
        what = "a plain file name" if version < _VERSION_OF_PATHS else "a path of plain names"
        raise ValueError(f"Cannot read {path}: shard {name!r:.255}, expected {what}, without _ or . at the beginning")
    if directories and version < _VERSION_OF_PATHS:
        raise ValueError(f"Cannot read {path}: shard {name!r:.255}, expected a plain file name in version {version}")


def _columns(fields, path):
    """Name, dtype and shape of a row of each column by its directory; none if the manifest lists one array."""
    if fields.get("layout") != _SIDE_BY_SIDE:
        return {}
    expected = "expected a record, with a field for each array side by side"
    try:
        columns = fields_of(fields.get("dtype"))
    except ValueError as e:
        raise ValueError(f"Cannot read {path}: its dtype {e}, {expected}") from e
    if fields["trailingShape"]:
        raise ValueError(f"Cannot read {path}: its rows have shape {tuple(fields['trailingShape'])}, {expected}")
    return {_directory(name): (name, dtype, trailing) for name, dtype, trailing in columns}


def _directory(column):
    """The directory of a column: its name, in which is escaped what no directory can be named."""
    return _ESCAPED.sub(lambda match: f"%{ord(match.group()):02X}", column) + "/"


def _check_rows(fields, shards, columns, path):
    """Checks that 64 bits hold all rows and bytes, and that columns side by side have equal rows."""
    total, nbytes, usual = 0, 0, parse_dtype(fields["dtype"]).itemsize
    size = math.prod(max(1, length) for length in fields["trailingShape"])
    empty = 0 in fields["trailingShape"]
    rows = dict.fromkeys(columns, 0)
    for shard in shards:
        found = shard.claims.shape[0]
        own = columns or shard.claims.descr is fields["dtype"]
        itemsize = usual if own else parse_dtype(shard.claims.descr).itemsize
        total += found
        nbytes += 0 if empty else found * size * itemsize
        if columns:
            rows[shard.directory] += found
        if max(total, nbytes, size * itemsize) > MAX_LENGTH:
            raise ValueError(
                f"Cannot read {path}: its shards have {total} rows of shape {tuple(fields['trailingShape'])} of "
                f"{fields['dtype']}, expected at most 2^63-1 rows and bytes"
            )
    first = next(iter(rows), None)
    for below, found in rows.items():
        if found != rows[first]:
            raise ValueError(
                f"Cannot read {path}: {first} has {rows[first]} rows and {below} {found}, expected equal row counts side by "
                "side"
            )
