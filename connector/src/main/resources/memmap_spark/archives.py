"""Archives of ``np.savez``: zip files whose members are ``.npy`` files."""

import struct
import zipfile

_SUFFIX = ".npy"


def members_of(file, path, member):
    """Returns the name of a stored member for messages, and its first byte and its end in the archive.

    Args:
        member: its name, with or without ``.npy``; None for the only one.

    Raises:
        ValueError: if there is none of this name, several to choose from, or it is compressed or encrypted.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.namelist()
            infos = {info.filename: info for info in archive.infolist() if info.filename.endswith(_SUFFIX)}
    except zipfile.BadZipFile as e:
        raise ValueError(f"Cannot read {path}: {e}, expected an archive of np.savez; it is truncated or damaged") from e
    names = ", ".join(name[: -len(_SUFFIX)] for name in infos) or "none"
    if member is None and len(infos) == 1:
        (info,) = infos.values()
    elif member is None:
        raise ValueError(f"Cannot map {path}: its members are {names}, expected one; pass member=")
    else:
        info = infos.get(member) or infos.get(member + _SUFFIX)
        if info is None:
            raise ValueError(f"Cannot map member {member!r} of {path}: its members are {names}, expected one of them")
        if info.filename != member and member in entries:
            raise ValueError(
                f"Cannot map member {member!r} of {path}: the archive has the entries {member} and {info.filename}, and "
                "np.load takes the first one for this name, expected one; write the file again"
            )
    name = f"{path}, member {info.filename[: -len(_SUFFIX)]}"
    if info.flag_bits & 1 or info.compress_type != zipfile.ZIP_STORED:
        raise ValueError(
            f"Cannot map {name}: it is compressed or encrypted, expected one that is stored as np.savez does; read it with "
            "np.load, or save it again"
        )
    file.seek(info.header_offset)
    local = file.read(30)
    if len(local) < 30 or not local.startswith(b"PK\3\4"):
        raise ValueError(f"Cannot read {name}: its local header at byte {info.header_offset} is damaged, expected PK 3 4")
    start = info.header_offset + 30 + sum(struct.unpack("<HH", local[26:30]))
    return name, start, start + info.file_size
