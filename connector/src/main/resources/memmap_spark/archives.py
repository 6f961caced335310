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
        archive = zipfile.ZipFile(file)
        entries = archive.namelist()
        infos = {info.filename: info for info in archive.infolist() if info.filename.endswith(_SUFFIX)}
        starts = sorted({info.header_offset for info in archive.infolist()})
        limits = dict(zip(starts, [*starts[1:], archive.start_dir]))
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
    try:
        if info.header_offset < 0 or info.compress_size != info.file_size:
            raise zipfile.BadZipFile(f"a stored entry of {info.file_size} bytes in {info.compress_size}")
        # Compares the local header with the directory.
        archive.open(info).close()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as e:
        raise ValueError(f"Cannot read {name}: {e}, expected an entry as np.savez stores it; the file is damaged") from e
    file.seek(info.header_offset)
    start = info.header_offset + 30 + sum(struct.unpack("<HH", file.read(30)[26:30]))
    if start + info.file_size > limits[info.header_offset]:
        raise ValueError(
            f"Cannot read {name}: its {info.file_size} bytes from byte {start} end after byte {limits[info.header_offset]}, "
            "where the next entry or the directory of the archive begins, expected them before it; the file is damaged"
        )
    return name, start, start + info.file_size
