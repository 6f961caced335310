"""The central directory of a zip file. Unlike that of ``zipfile``, its comment ends with the file, as Spark's reader has it."""

import os
import struct
from typing import NamedTuple

_END = b"PK\5\6"
_END64 = b"PK\6\6"
_LOCATOR = b"PK\6\7"
_ENTRY = b"PK\1\2"
_END_NBYTES = 22
_END64_NBYTES = 56
_LOCATOR_NBYTES = 20
_ENTRY_NBYTES = 46
_MOST_NBYTES = 64 << 20
_U2_MAX = 0xFFFF
_U4_MAX = 0xFFFFFFFF
_UTF_8 = 0x800


class Entry(NamedTuple):
    """One entry: ``nbytes`` in the file and ``real_nbytes`` when it is unpacked, from the local header at ``offset``."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    nbytes: int
    real_nbytes: int
    offset: int


class _End(NamedTuple):
    """The end record, or the zip64 one that rules in its place."""

    at: int
    disks: tuple
    entries_here: int
    entries: int
    nbytes: int
    offset: int


def read_directory(file, path):
    """Returns the first byte of the directory of a zip file, and its entries in their order.

    Raises:
        ValueError: if the file does not end in a directory, or the directory contradicts itself.
    """
    end = _end(file, path)
    if any(end.disks) or end.entries_here != end.entries:
        raise _damaged(path, "it is one of several disks", "an archive in one file")
    if end.nbytes > min(end.at, _MOST_NBYTES) or end.entries > end.nbytes // _ENTRY_NBYTES:
        raise _damaged(
            path,
            f"its directory has {end.entries} entries in {end.nbytes} bytes",
            f"at least {_ENTRY_NBYTES} bytes for each, before its end record at byte {end.at}, and at most {_MOST_NBYTES}",
        )
    start = end.at - end.nbytes
    before = start - end.offset
    if before < 0 or (before > 0 and before % (_U4_MAX + 1) == 0):
        cut = ": a writer such as cnpy cut offsets to 32 bits" if before > 0 else ""
        raise _damaged(
            path,
            f"its end record says that the directory begins at byte {end.offset}, but it begins at {start}{cut}",
            "the same",
        )
    file.seek(start)
    return start, _entries(file.read(end.nbytes), end.entries, before, start, path)


def _end(file, path):
    nbytes = os.fstat(file.fileno()).st_size
    first = max(0, nbytes - _LOCATOR_NBYTES - _END64_NBYTES - _END_NBYTES - _U2_MAX)
    file.seek(first)
    tail = file.read(nbytes - first)
    at = tail.rfind(_END, max(0, len(tail) - _END_NBYTES - _U2_MAX), max(0, len(tail) - _END_NBYTES + len(_END)))
    while at >= 0 and at + _END_NBYTES + struct.unpack_from("<H", tail, at + 20)[0] != len(tail):
        at = tail.rfind(_END, max(0, len(tail) - _END_NBYTES - _U2_MAX), at + len(_END) - 1)
    if at < 0:
        raise _damaged(
            path,
            f"it has no end record of a zip file in its last {len(tail)} bytes",
            "one at its end; it is truncated, still being written, or has bytes after the archive",
        )
    locator = at - _LOCATOR_NBYTES
    if locator >= 0 and tail.startswith(_LOCATOR, locator):
        return _end64(file, first + locator, *struct.unpack_from("<QI", tail, locator + 8), path)
    disk, disk_of_start, *numbers = struct.unpack_from("<4H2I", tail, at + 4)
    return _End(first + at, (disk, disk_of_start), *numbers)


def _end64(file, locator, said, disks, path):
    """The record is right before its locator, unless it has room for extensions."""
    for at in (locator - _END64_NBYTES, said):
        if 0 <= at <= locator - _END64_NBYTES:
            file.seek(at)
            record = file.read(_END64_NBYTES)
            if record.startswith(_END64) and struct.unpack_from("<Q", record, 4)[0] == locator - at - 12:
                disk, disk_of_start, *numbers = struct.unpack_from("<2I4Q", record, 16)
                return _End(at, (disk, disk_of_start, max(0, disks - 1)), *numbers)
    raise _damaged(path, f"it has no zip64 end record before the locator at byte {locator}", "one")


def _entries(directory, count, before, start, path):
    entries, at = [], 0
    for i in range(count):
        end = len(directory) + 1
        if directory.startswith(_ENTRY, at) and at + _ENTRY_NBYTES <= len(directory):
            end = at + _ENTRY_NBYTES + sum(struct.unpack_from("<3H", directory, at + 28))
        if end > len(directory):
            raise _damaged(path, f"its directory holds no entry {i} at byte {start + at}", f"{count} entries of whole length")
        entries.append(_entry(directory, at, before, start, path))
        at = end
    if at != len(directory):
        raise _damaged(
            path, f"the {count} entries of its directory have {at} bytes", f"{len(directory)} as its end record says"
        )
    return entries


def _entry(directory, at, before, start, path):
    flags, method, _, _, nbytes, real_nbytes, name_nbytes, extra_nbytes, _, disk = struct.unpack_from(
        "<2H2I2I4H", directory, at + 8
    )
    (offset,) = struct.unpack_from("<I", directory, at + 42)
    raw_name = directory[at + _ENTRY_NBYTES : at + _ENTRY_NBYTES + name_nbytes]
    try:
        name = raw_name.decode("utf-8" if flags & _UTF_8 else "cp437")
    except UnicodeDecodeError as e:
        raise _damaged(path, "an entry of its directory has a name that is no UTF-8", "UTF-8 as its flags say") from e
    extra = at + _ENTRY_NBYTES + name_nbytes
    real_nbytes, nbytes, offset = _widened([real_nbytes, nbytes, offset], directory[extra : extra + extra_nbytes])
    if disk not in (0, _U2_MAX):
        raise _damaged(path, f"its entry {name} is on another disk", "an archive in one file")
    if offset > start - before or nbytes > start:
        raise _damaged(
            path,
            f"its entry {name} has {nbytes} bytes, {real_nbytes} when unpacked, from byte {offset} of the archive",
            f"them before the directory at byte {start}",
        )
    return Entry(name, raw_name, flags, method, nbytes, real_nbytes, before + offset)


def _widened(numbers, extra):
    """The zip64 values in place of those that are at their limit, in the order in which the field has them."""
    at = 0
    while at + 4 <= len(extra):
        kind, nbytes = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            wide = [extra[i : i + 8] for i in range(at + 4, min(len(extra), at + 4 + nbytes) - 7, 8)]
            return [
                int.from_bytes(wide.pop(0), "little") if number == _U4_MAX and wide else number for number in numbers
            ]
        at += 4 + nbytes
    return numbers


def _damaged(path, found, expected):
    return ValueError(f"Cannot read {path}: {found}, expected {expected}")
