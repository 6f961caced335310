"""Directories that are named ``column=value``, and the columns that they name."""

import os
import re

_ESCAPED = re.compile("%([0-9A-Fa-f]{2})")


def is_partition(directory):
    """Returns True if a directory has the name of a partition."""
    return "=" in os.path.basename(directory)


def columns_of(below):
    """Returns the names of the columns that the directories of a path name, outermost first."""
    return [_unescaped(part.partition("=")[0]) for part in below.split("/") if "=" in part]


def check_types(types, shards, path):
    """Checks that types are those of columns in the names of directories, in any case; without a shard nothing names these.

    Raises:
        ValueError: naming a column that is none.
    """
    names = columns_of(shards[0].directory) if shards else []
    for column in sorted(types) if shards else ():
        if column.lower() not in [name.lower() for name in names]:
            raise ValueError(
                f"Cannot read {path}: key 'partitionTypes' has the column {column!r:.80}, expected one of the partition columns"
                f"{' ' + ', '.join(names) if names else ', of which there are none'}"
            )


def check_alike(directories, bases):
    """Checks that directories with files name the same columns.

    Args:
        directories: absolute paths.
        bases: the directories that columns are named below: those that were asked for, and those of files that were.

    Raises:
        ValueError: naming two that do not, or one without a name or a value.
    """
    first = None
    for directory in dict.fromkeys(directories):
        names, base = _named(directory, bases)
        lowered = [name.lower() for name in names]
        if len(set(lowered)) < len(lowered):
            raise ValueError(
                f"Cannot read {directory}: two of its directories name the same one of the partition columns "
                f"{', '.join(names)}, expected distinct names; rename one of them"
            )
        named = (lowered, base if names else None)
        if first is None:
            first = directory, names, named
        elif first[2] != named:
            shown = [f"{', '.join(each) or 'none'}" for each in (first[1], names)]
            raise ValueError(
                f"Cannot read {first[0]} together with {directory}: found the partition columns {shown[0]} and {shown[1]}, "
                "expected directories of the same columns in one directory, and files only in the innermost ones; move what "
                "does not belong there"
            )


def _named(directory, bases):
    """The columns of the innermost directories that name some, one in another, and the path of the directory above them."""
    names, at = [], directory
    while at not in bases and at != os.path.dirname(at) and (is_partition(at) or not names):
        name, equals, value = os.path.basename(at).partition("=")
        if equals and not (name and value):
            raise ValueError(
                f"Cannot read {directory} as a partition: {os.path.basename(at)!r} has an empty name or value, expected "
                "name=value; rename it"
            )
        if equals:
            names.insert(0, _unescaped(name))
        at = os.path.dirname(at)
    return names, at


def _unescaped(text):
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)
