"""Manifests: ``_memmap.json`` lists the files of its directory, or below it, that are the array or the columns."""

import os
import re
import stat
import warnings
from typing import NamedTuple, Optional

from memmap_spark.changes import json_object, text_of
from memmap_spark.claims import Claims
from memmap_spark.dtypes import fields_of
from memmap_spark.natural_order import natural_key
from memmap_spark.sidecars import LAYOUTS, check_keys, check_layout, check_names, count, descr, lengths, order

MANIFEST = "_memmap.json"
_VERSION_OF_PATHS = 2
_SIDE_BY_SIDE = "sideBySide"
_KEYS = ["version", "dtype", "trailingShape", "order", "columnNames", "layout", "shards", "partitionTypes", "dropped"]
_SHARD_KEYS = ["name", "rows", "dtype", "order"]

# A directory may begin with _ if it is a partition's: a column's name begins with what it likes.
_DIRECTORY = re.compile(r"(?!\.)(?!_[^=]*\Z)[^\\\x00-\x1f]+")
_FILE = re.compile(r"(?![._])[^\\\x00-\x1f]+")
_ESCAPED = re.compile(r"\A[_.]|[\x00-\x1f\"#%'*/:=?\\\x7f{\[\]}^<>|]")


class DroppedError(ValueError):
    """A table was dropped, and some of its files are still there."""


class Shard(NamedTuple):
    """One file that a manifest lists.

    ``name`` is its path from the manifest's directory, ``directory`` that of its directory with a slash after it, if any,
    and ``column`` the name of its column; None if it holds whole rows.
    """

    name: str
    directory: str
    column: Optional[str]
    claims: Claims


def read_manifest(directory):
    """Returns the shards that the manifest of a directory lists, column after column; None if there is no manifest.

    Partitions are in the order of their names, and the shards of a directory in that of the manifest.

    Raises:
        ValueError: if it is none that this release knows, lists a file outside of its directory, or contradicts itself.
    """
    path = os.path.join(directory, MANIFEST)
    if not os.path.lexists(path):
        return None
    fields = json_object(text_of(path), path)
    _check(fields, directory, path)
    columns = _columns(fields, path)
    shards, names = [], set()
    for entry in fields["shards"]:
        check_keys(entry, _SHARD_KEYS, path)
        name = entry.get("name")
        _check_name(name, fields["version"], path)
        if name in names:
            raise ValueError(f"Cannot read {path}: shard {name!r} is listed twice, expected each name once")
        names.add(name)
        rows = count(entry, "rows", path)
        if rows is None:
            raise ValueError(f"Cannot read {path}: shard {name!r} has no key 'rows', expected an integer of 0 or more")
        below = name[: name.rfind("/") + 1]
        if columns and below not in columns:
            raise ValueError(
                f"Cannot read {path}: shard {name!r}, expected it in {', '.join(columns)}, the directories of the columns "
                "side by side"
            )
        column, dtype, trailing = columns[below] if columns else (None, fields["dtype"], fields["trailingShape"])
        own_order = order(entry, path) or order(fields, path)
        claims = Claims(f"the manifest {path}", descr(entry, path) if "dtype" in entry else dtype, (rows, *trailing), own_order)
        shards.append(Shard(name, below, column, claims))
    if columns:
        _check_rows(shards, columns, directory)
        positions = {below: position for position, below in enumerate(columns)}
        return sorted(shards, key=lambda shard: positions[shard.directory])
    return sorted(shards, key=lambda shard: natural_key(shard.directory))


def shards_above(directory):
    """Returns the directory whose manifest lists the files of a partition's or column's directory, and these.

    They are None if no manifest says anything of it, and none if that of its table lists no file of it. In a sticky
    directory, such as ``/tmp``, another user's manifest says nothing of one's directories.
    """
    directory = os.path.abspath(directory)
    above = directory
    if "=" not in os.path.basename(directory):
        return _column_above(directory)
    shards = None
    while shards is None and "=" in os.path.basename(above):
        above = os.path.dirname(above)
        shards = None if _is_foreign(above, directory) else read_manifest(above)
    if not any(shard.directory and shard.column is None for shard in shards or []):
        return above, None
    below = os.path.relpath(directory, above) + "/"
    return above, [shard for shard in shards if shard.directory.startswith(below)]


def _column_above(directory):
    above, name = os.path.split(directory)
    try:
        shards = None if _is_foreign(above, directory) else read_manifest(above)
    except DroppedError:
        raise
    except (FileNotFoundError, PermissionError, ValueError) as e:
        warnings.warn(f"{above}: its manifest says nothing of {name}: {e}", stacklevel=2)
        shards = None
    found = [shard._replace(column=None) for shard in shards or [] if shard.column and shard.directory == name + "/"]
    return above, found or None


def _is_foreign(above, directory):
    path = os.path.join(above, MANIFEST)
    sticky = os.stat(above).st_mode & stat.S_ISVTX and os.path.lexists(path)
    return bool(sticky) and os.lstat(path).st_uid != os.lstat(directory).st_uid


def check_there(directory, shards):
    """Checks that the files of shards are there, and that no link leads to those in directories below.

    Raises:
        FileNotFoundError: if one is not there.
        ValueError: if there is a link: what it leads to may be outside of the array.
    """
    checked = set()
    for shard in shards:
        parts = shard.name.split("/")
        for end in range(1, len(parts) + 1) if shard.directory else ():
            below = "/".join(parts[:end])
            if below not in checked and os.path.islink(os.path.join(directory, below)):
                raise ValueError(
                    f"Cannot read {directory}: its manifest {MANIFEST} lists {below}, which is a link, expected none, as "
                    "what it leads to is no part of the array; put there what it leads to"
                )
            checked.add(below)
        if not os.path.exists(os.path.join(directory, shard.name)):
            raise FileNotFoundError(
                f"Cannot read {directory}: its manifest {MANIFEST} lists {shard.name}, which is not there, expected all of "
                f"its {len(shards)} shards; restore it, or remove the manifest to read what is left"
            )


def _check(fields, directory, path):
    version = fields.get("version")
    if type(version) is not int or version not in (1, _VERSION_OF_PATHS):
        raise ValueError(f"Cannot read {path}: version {version!r}, expected 1 or 2, which this release knows")
    check_keys(fields, _KEYS, path)
    if not isinstance(fields.get("dropped", False), bool):
        raise ValueError(f"Cannot read {path}: key 'dropped' is {fields['dropped']!r}, expected true or false")
    if fields.get("dropped"):
        raise DroppedError(
            f"Cannot read {directory}: the array was dropped, but not all of its files could be deleted, expected an "
            "array; drop it again, or overwrite it"
        )
    types = fields.get("partitionTypes", {})
    if not isinstance(types, dict) or not all(isinstance(type_name, str) for type_name in types.values()):
        raise ValueError(f"Cannot read {path}: key 'partitionTypes' is {types!r}, expected an object of texts")
    if version < _VERSION_OF_PATHS and "partitionTypes" in fields:
        raise ValueError(f"Cannot read {path}: version {version}, expected 2 beside the key 'partitionTypes'")
    descr(fields, path)
    check_names(fields, path)
    check_layout(fields, [*LAYOUTS, _SIDE_BY_SIDE], path)
    lengths(fields, "trailingShape", path)
    shards = fields.get("shards")
    if not isinstance(shards, list) or not shards or not all(isinstance(shard, dict) for shard in shards):
        raise ValueError(f"Cannot read {directory}: its manifest {MANIFEST} lists no shard, expected at least one")


def _check_name(name, version, path):
    plain = isinstance(name, str)
    *directories, file = name.split("/") if plain else [""]
    if not _FILE.fullmatch(file) or not all(_DIRECTORY.fullmatch(each) for each in directories):
        what = "a plain file name" if version < _VERSION_OF_PATHS else "a path of plain names"
        raise ValueError(f"Cannot read {path}: shard {name!r}, expected {what}, without _ or . at the beginning")
    if directories and version < _VERSION_OF_PATHS:
        raise ValueError(f"Cannot read {path}: shard {name!r}, expected a plain file name in version {version}")


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


def _check_rows(shards, columns, directory):
    rows = dict.fromkeys(columns)
    for shard in shards:
        rows[shard.directory] = (rows[shard.directory] or 0) + shard.claims.shape[0]
    first = next(iter(rows))
    for below, found in rows.items():
        if found is None:
            raise ValueError(
                f"Cannot read {directory}: its manifest {MANIFEST} lists no file of column {columns[below][0]!r}, expected "
                "at least one"
            )
        if found != rows[first]:
            raise ValueError(
                f"Cannot read {directory}: {first} has {rows[first]} rows and {below} {found}, expected equal row counts "
                "side by side"
            )
