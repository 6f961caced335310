"""Changes in place that are not finished, and sidecars that a write left half way."""

import errno
import hashlib
import json
import math
import os
import re
import stat
from typing import NamedTuple

_VERSION = 2
_MAX_NBYTES = 170
_KEPT_NBYTES = 120
_MOST_NBYTES = 16 << 20  # of all but manifests
_NO_FILE = (errno.ENXIO, errno.ENODEV, errno.EISDIR, errno.ELOOP, errno.ENOTDIR)  # also sockets and devices
_HALF = re.compile("[\ud800-\udfff]")


class Append(NamedTuple):
    """Rows that are being appended to a file: no reader sees them until its header, or its length, tells of them.

    Also an update in place whose first byte is not written yet.
    """

    fields: dict
    head_before: bytes
    head: bytes
    nbytes_before: int

    def leaves_whole(self, seen):
        """Returns True if the rows are all old or all new in a file of this header or, where it has none, this length."""
        if isinstance(seen, bytes):
            return seen[: len(self.head)] in (self.head_before, self.head)
        return seen == self.nbytes_before


def pending_append(path):
    """Returns the append of which a record lies beside a file, or None.

    A record of a user who may not write the file is not one: else any user of a shared directory could keep others out.

    Raises:
        ValueError: if it is the record of an update that has begun, or cannot be read: the file's rows may be old, new or both.
    """
    real, record = _record(path)
    try:
        found, target = os.lstat(record), os.stat(real)
    except FileNotFoundError:
        return None
    others_write = target.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if found.st_uid not in (target.st_uid, 0) and not others_write:
        return None
    try:
        fields = json_object(text_of(record), record)
    except FileNotFoundError:
        return pending_append(path)
    except (PermissionError, ValueError) as e:
        raise unfinished(path, {}) from e
    try:
        whole = fields["kind"] == "APPEND" or (fields["kind"] == "UPDATE" and _is_untouched(fields, found, target))
        if fields["version"] == _VERSION and whole:
            head_before, head = (fields[name].encode("latin1") for name in ("headBefore", "head"))
            nbytes = fields["before"][1]
            if len(head) == len(head_before) <= nbytes:
                return Append(fields, head_before, head, nbytes)
    except (ValueError, LookupError, TypeError, AttributeError):
        pass  # it is no record, and may name a writer
    raise unfinished(path, fields)


def _is_untouched(fields, record, target):
    """Returns True if no byte of a file has changed in place: it is as it was, and its record is newer."""
    state = [_inode(target), target.st_size, target.st_mtime_ns]
    return state == [fields["before"][0], *fields["after"][1:]] and record.st_mtime_ns > target.st_mtime_ns


def _inode(found):
    return f"ino={found.st_ino})"


def unfinished(path, fields):
    """Returns the error of a file whose rows may be old, new or both, by the fields of the record beside it."""
    real, record = _record(path)
    try:
        writer = f", by {fields['owner']} on host {fields['host']}, process {fields['pid']}, since {fields['since']}"
    except KeyError:
        writer = ""
    return ValueError(
        f"Cannot read {path}: a change of it is not finished{writer}, as {record} says; its rows may be old, new "
        "or both, expected a whole array. Wait for the writer; if it is gone, write the array once more through Spark, or "
        f'finish or undo the change with MemmapRecovery.finish("{real}") or MemmapRecovery.discard'
    )


def _record(path):
    """The file itself, and the record of a change that may lie beside it."""
    real = os.path.realpath(path)
    return real, os.path.join(os.path.dirname(real), _hidden(os.path.basename(real)) + ".redo.json")


def _hidden(name):
    """The hidden name for a plain one: of a long one its beginning and a hash, which the writer makes alike."""
    text = os.fsencode(name)
    if len(text) <= _MAX_NBYTES:
        return "." + name
    kept = _KEPT_NBYTES
    while text[kept] & 0xC0 == 0x80:
        kept -= 1
    digest = bytearray(hashlib.md5(text).digest())
    digest[6] = digest[6] & 0x0F | 0x30
    digest[8] = digest[8] & 0x3F | 0x80
    return "." + os.fsdecode(text[:kept]) + "~" + digest.hex()


def sidecar_fields(path, sidecar):
    """Returns the fields of the sidecar that describes a file, None if it describes another one by now.

    While a write replaces a file, its sidecar holds the description of the old and of the new one, by their identity.

    Raises:
        ValueError: if it is no JSON object, or describes other files than this one.
    """
    fields = json_object(text_of(sidecar), sidecar)
    while "inTransit" in fields:
        found = os.stat(path)
        identity = f"{_inode(found)} {found.st_size} {found.st_mtime_ns}"
        texts = fields["inTransit"]
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            raise ValueError(f"Cannot read {sidecar}: key 'inTransit' is {texts!r:.80}, expected an object of texts")
        text = texts.get(identity, texts.get(f"copy {found.st_size}"))
        if text is None:
            raise ValueError(
                f"Cannot read {path}: its sidecar {sidecar} was left by a write that did not end and describes other files "
                f"than this one, found {identity}, expected {' or '.join(texts):.200}; remove the sidecar, or write it anew"
            )
        if not text:
            return None
        fields = json_object(text, sidecar)
    return fields


def text_of(path, most=_MOST_NBYTES):
    """Returns the text of a small file. A FIFO is not opened to wait for its writer.

    Raises:
        ValueError: if it is no regular file, a link to nothing, longer than ``most`` bytes, or no UTF-8.
    """
    try:
        with open(path, "rb", opener=without_waiting) as file:
            regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            text = file.read(most + 1) if regular else b""
    except FileNotFoundError as e:
        if not os.path.islink(path):
            raise
        raise ValueError(
            f"Cannot read {path}: it is a symbolic link to {os.readlink(path)}, which does not exist, expected a file; remove "
            "the link"
        ) from e
    except OSError as e:
        if e.errno not in _NO_FILE:
            e.filename = path  # a read that fails names no file
            raise
        regular = False
    if not regular:
        raise ValueError(f"Cannot read {path}: it is no regular file, expected one")
    if len(text) > most:
        raise ValueError(f"Cannot read {path}: it has more than {most} bytes, expected at most so many")
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as e:
        raise ValueError(f"Cannot read {path}: it is no UTF-8 ({e.reason} at byte {e.start}), expected a text") from e


def without_waiting(path, flags):
    """Opens a file, for :func:`open`; a FIFO without its writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def json_object(text, path):
    """Returns the object that a text is.

    Raises:
        ValueError: naming the file, if it is none.
    """
    try:
        fields = json.loads(
            text, object_pairs_hook=_of_unlike_keys, parse_constant=_no_number, parse_float=_finite
        )
        if "\\u" in text and _HALF.search(json.dumps(fields, ensure_ascii=False)):
            raise ValueError("it has half a surrogate pair")
    except (ValueError, RecursionError) as e:
        raise ValueError(f"Cannot read {path}: it is no JSON ({e}), expected an object") from e
    if not isinstance(fields, dict):
        raise ValueError(f"Cannot read {path}: it is {text.strip()[:80]}, expected a JSON object")
    return fields


def _no_number(text):
    raise ValueError(f"it has {text}, which is no number of JSON")


def _finite(text):
    return float(text) if math.isfinite(float(text)) else _no_number(text)


def _of_unlike_keys(pairs):
    fields = dict(pairs)
    if len(fields) < len(pairs):
        seen = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise ValueError(f"it has the key {twice!r:.80} twice")
    return fields
