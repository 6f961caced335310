"""Archives of ``np.savez``: zip files whose members are ``.npy`` files."""

import struct

from memmap_spark.zip_directory import read_directory

_SUFFIX = ".npy"
_LOCAL = b"PK\3\4"
_LOCAL_NBYTES = 30
_STORED = 0


def members_of(file, path, member):
    """Returns the name of a stored member for messages, and its first byte and its end in the archive.

    Args:
        member: its name, with or without ``.npy``; None for the only one.

    Raises:
        ValueError: if there is none of this name, several to choose from, or it is compressed or encrypted.
    """
    if not (member is None or isinstance(member, str)):
        raise ValueError(f"Cannot map member {member!r} of {path}: it is no text, expected the name of a member")
    start, entries = read_directory(file, path)
    arrays = {entry.name: entry for entry in reversed(entries) if entry.name.endswith(_SUFFIX)}
    names = ", ".join(dict.fromkeys(_shown(entry) for entry in entries if entry.name in arrays)) or "none"
    if member is None and len(arrays) == 1:
        (entry,) = arrays.values()
    elif member is None:
        raise ValueError(f"Cannot map {path}: its members are {names}, expected one; pass member= to as_memmap")
    else:
        entry = arrays.get(member) or arrays.get(member + _SUFFIX)
        if entry is None:
            raise ValueError(f"Cannot map member {member!r} of {path}: its members are {names}, expected one of them")
    _check_one(entry, entries, path)
    name = f"{path}, member {_shown(entry)}"
    begin = _begin(file, entry, name)
    limit = min(at for at in (start, *(each.offset for each in entries)) if at > entry.offset)
    if begin + entry.nbytes > limit:
        raise ValueError(
            f"Cannot read {name}: its {entry.nbytes} bytes from byte {begin} end after byte {limit}, where the next entry or "
            "the directory of the archive begins, expected them before it; the file is damaged"
        )
    return name, begin, begin + entry.nbytes


def _shown(entry):
    """An entry that is all suffix keeps it."""
    return entry.name[: -len(_SUFFIX)] or entry.name


def _check_one(entry, entries, path):
    all_names = [each.name for each in entries]
    if all_names.count(entry.name) > 1:
        raise ValueError(
            f"Cannot map member {_shown(entry)!r} of {path}: the archive has two entries of this name, expected one; write "
            "the file again"
        )
    if _shown(entry) != entry.name and _shown(entry) in all_names:
        raise ValueError(
            f"Cannot map member {_shown(entry)!r} of {path}: the archive has the entries {_shown(entry)} and {entry.name}, "
            "and np.load takes the first one for this name, expected one; write the file again"
        )


def _begin(file, entry, name):
    """The first byte after the local header, which is of the same entry: a program may have overwritten the file."""
    if entry.flags & 1 or entry.method != _STORED:
        raise ValueError(
            f"Cannot map {name}: it is compressed or encrypted, expected one that is stored as np.savez does; read it with "
            "np.load, or save it again"
        )
    if entry.nbytes != entry.real_nbytes:
        raise ValueError(
            f"Cannot read {name}: it is stored in {entry.nbytes} bytes, expected its real size of {entry.real_nbytes} bytes; "
            "write the file again"
        )
    file.seek(entry.offset)
    local = file.read(_LOCAL_NBYTES + len(entry.raw_name))
    same = local.startswith(_LOCAL) and len(local) == _LOCAL_NBYTES + len(entry.raw_name)
    if same:
        (method,), (name_nbytes, extra_nbytes) = struct.unpack_from("<H", local, 8), struct.unpack_from("<2H", local, 26)
        same = method == _STORED and name_nbytes == len(entry.raw_name) and local.endswith(entry.raw_name)
    if not same:
        raise ValueError(
            f"Cannot read {name}: the bytes at {entry.offset} are not the local header of its entry in the directory, "
            "expected the same name and method; the file is damaged, or was overwritten while it was written"
        )
    return entry.offset + len(local) + extra_nbytes
