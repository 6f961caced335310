"""Errors of the file system and of NumPy in the words of this module."""

import contextlib
import errno
import os

_EXPECTED = {
    errno.ENOENT: "a file or directory; correct the path",
    errno.ENOTDIR: "directories above it; correct the path",
    errno.ELOOP: "a file; remove the links that lead in a circle",
    errno.ENAMETOOLONG: "a shorter name; correct the path",
    errno.EACCES: "one that this user may access; change its permissions or those of the directories above it",
    errno.EPERM: "one that this user may access; change its permissions or those of the directories above it",
    errno.EEXIST: "a path where nothing is; remove the file or choose another path",
    errno.ENOMEM: "free address space; close other maps",
    errno.EMFILE: "fewer open files and maps; close some, or raise the limit of this process",
}


@contextlib.contextmanager
def naming(path, verb="read"):
    """Gives the errors of a block the form of all others: the file, what was found, what was expected, what to do.

    An OSError keeps its class and ``errno``, so that a caller can tell what is worth another attempt.
    """
    try:
        yield
    except OSError as e:
        if e.errno is None or str(e).startswith("Cannot "):
            raise
        file = os.fsdecode(e.filename) if isinstance(e.filename, (str, bytes)) else path
        expected = _EXPECTED.get(e.errno, "a file system that answers; try again")
        named = type(e)(f"Cannot {verb} {file}: {e.strerror}, expected {expected}")
        named.errno = e.errno
        raise named from e
    except ValueError as e:
        if str(e).startswith("Cannot "):
            raise
        raise ValueError(f"Cannot {verb} {path}: {e}, expected an array that this NumPy can map") from e


def checked_path(path, verb):
    """Returns a path that the system has a spelling for.

    Raises:
        ValueError: if it is empty, holds a NUL, or characters that names of files here cannot have.
    """
    path = os.fsdecode(path)
    if not path:
        raise ValueError(f"Cannot {verb} an empty path: expected that of a file or directory; correct the path")
    if "\0" in path:
        raise ValueError(f"Cannot {verb} {path!r}: it has a NUL, expected a path without; correct the path")
    try:
        os.fsencode(path)
    except UnicodeEncodeError as e:
        raise ValueError(
            f"Cannot {verb} {path!r}: the encoding of file names here, {e.encoding}, has not all of its characters, "
            "expected one that has; start Python with LC_ALL=C.UTF-8"
        ) from e
    return path
