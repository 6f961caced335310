"""The header of a ``.npy`` file or of a member of a zip archive."""

from memmap_spark.claims import Claims
from memmap_spark.dtypes import header_descr
from memmap_spark.literals import parse_literal

MAGIC = b"\x93NUMPY"
MAX_HEADER_SIZE = 10_000  # that of np.load
_MAX_UTF8_NBYTES = 4
_CONTINUATION = bytes(range(0x80, 0xC0))
KEYS = {"descr", "fortran_order", "shape"}


def read_header(file, name, max_header_size, start=0):
    """Returns what a header says.

    Args:
        file: opened for reading bytes.
        name: of the array, for messages.
        max_header_size: the most characters that are parsed.
        start: the first byte of the header in the file.

    Raises:
        ValueError: if there is no header of versions 1.0 to 3.0, or it is damaged.
    """
    file.seek(start)
    prefix = file.read(12)
    if not prefix:
        raise ValueError(f"Cannot read {name}: it is empty, expected a .npy header")
    if not prefix.startswith(MAGIC):
        raise ValueError(
            f"Cannot read {name}: it starts with the bytes {prefix[:6].hex(' ')}, expected {MAGIC.hex(' ')} as every .npy "
            "file; give a file without a header another name"
        )
    if len(prefix) < 12:
        raise _cut(name)
    version = tuple(prefix[6:8])
    if version not in ((1, 0), (2, 0), (3, 0)):
        raise ValueError(f"Cannot read {name}: format version {version[0]}.{version[1]}, expected 1.0, 2.0 or 3.0")
    text_offset = 10 if version == (1, 0) else 12
    nbytes = int.from_bytes(prefix[8:text_offset], "little")
    if nbytes > max_header_size * (_MAX_UTF8_NBYTES if version == (3, 0) else 1):
        raise _long(name, nbytes, "bytes", max_header_size)
    file.seek(start + text_offset)
    text = file.read(nbytes)
    if len(text) < nbytes:
        raise _cut(name)
    length = len(text.translate(None, _CONTINUATION)) if version == (3, 0) else nbytes
    if length > max_header_size:  # np.load decodes a header before it counts
        raise _long(name, length, "characters", max_header_size)
    fields = _fields(text, version, name)
    return Claims(
        "its header",
        fields["descr"],
        fields["shape"],
        "F" if fields["fortran_order"] else "C",
        start + text_offset + nbytes,
    )


def header_bytes(file, max_header_size):
    """Returns the bytes of a header at the start of a file, those that are there; none if it is no ``.npy`` file.

    Of a longer one than :func:`read_header` takes only the beginning.
    """
    prefix = file.read(12)
    if not prefix.startswith(MAGIC):
        return b""
    nbytes = int.from_bytes(prefix[8 : 10 if prefix[6:7] == b"\1" else 12], "little")
    return prefix + file.read(min(nbytes, _MAX_UTF8_NBYTES * max_header_size))


def _long(name, length, unit, most):
    return ValueError(
        f"Cannot read {name}: its header has {length} {unit}, expected at most {most}; where the file is trusted, set "
        f"max_header_size={length}"
    )


def _cut(name):
    return ValueError(f"Cannot read {name}: it ends inside its header; it is truncated or still being written")


def _fields(text, version, name):
    if not text.endswith(b"\n"):
        raise ValueError(f"Cannot read {name}: its header of {len(text)} bytes does not end in a newline, expected one")
    try:
        decoded = text.decode("utf-8" if version == (3, 0) else "latin1")
        fields = parse_literal(decoded, longs=version != (3, 0))
    except ValueError as e:
        raise ValueError(f"Cannot read {name}: its header is no literal of Python ({e}), expected a dict") from e
    if not isinstance(fields, dict) or set(fields) != KEYS:
        raise ValueError(f"Cannot read {name}: its header is {decoded[:100]}, expected a dict of {sorted(KEYS)}")
    shape = fields["shape"]
    if not isinstance(shape, tuple) or not all(type(length) is int and length >= 0 for length in shape):
        raise ValueError(f"Cannot read {name}: its header has shape {shape!r}, expected a tuple of integers of 0 or more")
    if not isinstance(fields["fortran_order"], bool):
        raise ValueError(
            f"Cannot read {name}: its header has fortran_order {fields['fortran_order']!r}, expected True or False"
        )
    try:
        return {**fields, "descr": header_descr(fields["descr"])}
    except ValueError as e:
        raise ValueError(f"Cannot read {name}: its header has descr {e}, expected a dtype that can be mapped") from e
