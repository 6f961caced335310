"""Builds the wheel of memmap_spark: ``pip wheel ./connector``.

A build backend of PEP 517. It needs the standard library only, so pip downloads nothing. The wheel holds the Python files of
the jar and the licence. Two builds of the same files are equal byte by byte.
"""

import base64
import hashlib
import pathlib
import re
import zipfile

_CONNECTOR = pathlib.Path(__file__).resolve().parents[2]
_RESOURCES = _CONNECTOR / "src" / "main" / "resources"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_FILE_MODE = 0o100644 << 16

_METADATA = """\
Metadata-Version: 2.1
Name: memmap-spark
Version: {version}
Summary: NumPy's side of memmap-spark: arrays into Spark, DataFrames into arrays, maps of what Spark wrote for training
License: Apache-2.0
License-File: LICENSE
Requires-Python: >=3.9
Requires-Dist: numpy
"""

_WHEEL = """\
Wheel-Version: 1.0
Generator: memmap-spark
Root-Is-Purelib: true
Tag: py3-none-any
"""


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """Writes the wheel into a directory and returns its name."""
    version = _version()
    about = f"memmap_spark-{version}.dist-info"
    files = {
        path.relative_to(_RESOURCES).as_posix(): path.read_bytes()
        for path in sorted((_RESOURCES / "memmap_spark").rglob("*.py"))
    }
    files[f"{about}/LICENSE"] = (_CONNECTOR.parent / "LICENSE").read_bytes()
    files[f"{about}/METADATA"] = _METADATA.format(version=version).encode()
    files[f"{about}/WHEEL"] = _WHEEL.encode()
    record = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in files.items()]
    files[f"{about}/RECORD"] = "\n".join([*record, f"{about}/RECORD,,", ""]).encode()
    name = f"memmap_spark-{version}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, _FIRST_DAY)
            entry.external_attr = _FILE_MODE
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, content)
    return name


def _digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _version():
    """The version of the jar, as PEP 440 writes it."""
    parent = re.search(r"<parent>.*?<version>(.*?)</version>.*?</parent>", (_CONNECTOR / "pom.xml").read_text(), re.S)
    return parent.group(1).replace("-SNAPSHOT", ".dev0")
