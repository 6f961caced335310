"""What Spark refuses, the module refuses too."""

import json
import os
import zipfile

import numpy as np

from arrays import InDirectory
from memmap_spark import as_memmap, from_numpy, shards

A = np.arange(12, dtype="<i4").reshape(4, 3)


class RefusalsTest(InDirectory):
    def raw(self, name, **fields):
        A.tofile(self.at(name))
        self.write(name + ".memmap.json", json.dumps({"dtype": "<i4", "shape": [4, 3], **fields}))

    def manifest(self, *listed, **fields):
        fields = {"version": 2, "dtype": "<i4", "trailingShape": [3], "shards": list(listed), **fields}
        return self.write("_memmap.json", json.dumps(fields))

    def refused(self, expected, path=None, kind=ValueError, **options):
        message = self.message(kind, as_memmap, path or self.directory, **options)
        self.assertIn(expected, message)
        self.assertTrue(message.startswith("Cannot read "), message)

    def test_names_and_layouts_of_columns_are_compared(self):
        shard = {"name": "a.dat", "rows": 4}
        self.raw("a.dat", columnNames=["x", "y", "z"], layout="array")
        expected = "says columnNames ['x', 'y', 'z'], but the manifest "
        manifest = self.manifest(shard, columnNames=["z", "y", "x"])
        self.refused(expected + manifest + " says columnNames ['z', 'y', 'x'], expected the same")
        self.manifest(shard, layout="elements")
        self.refused(f"its sidecar {self.at('a.dat')}.memmap.json says layout array, but the manifest {manifest} says layout el")
        self.manifest(shard, columnNames=["x", "y", "z"], layout="array")
        self.assertEqual(as_memmap(self.directory).tolist(), A.tolist())
        os.unlink(manifest)
        self.raw("b.dat", columnNames=["x", "y", "w"])
        expected = f"Cannot read {self.directory}: its sidecar {self.at('a.dat')}.memmap.json says columnNames ['x', 'y', 'z'], but"
        self.assertIn(expected, self.message(ValueError, shards, self.directory, 0, 1))
        self.raw("b.dat", columnNames=["x", "y", "z"])
        self.assertEqual([part.tolist() for part in shards(self.directory, 0, 1)], [A.tolist()] * 2)

    def test_a_file_that_is_named_npy_has_a_header(self):
        expected = f"Cannot read {self.at('a.npy')}: it starts with the bytes 00 00 00 00 01 00, expected 93 4e 55 4d 50 59"
        self.raw("a.npy")
        self.refused(expected, self.at("a.npy"))
        os.unlink(self.at("a.npy.memmap.json"))
        self.refused(expected, self.at("a.npy"))
        self.manifest({"name": "a.npy", "rows": 4})
        self.refused(expected)
        self.write("a.npy", "")
        self.refused("it is empty, expected a .npy header", self.at("a.npy"))
        with open(self.at("a.npy"), "wb") as file:
            file.write(b"PK\3\4" + bytes(44))
        self.assertEqual(as_memmap(self.directory)[0, 0], 0x04034B50)

    def test_types_of_partition_columns_are_those_of_columns_that_there_are(self):
        os.mkdir(self.at("Day=1"))
        np.save(self.at("Day=1", "a.npy"), A)
        shard = {"name": "Day=1/a.npy", "rows": 4}
        manifest = self.manifest(shard, partitionTypes={"day": "INT", "year": "INT"})
        self.refused(
            f"Cannot read {manifest}: key 'partitionTypes' has the column 'year', expected one of the partition columns Day"
        )
        self.manifest(shard, partitionTypes={"day": "INT"})
        self.assertEqual(as_memmap(self.directory).tolist(), A.tolist())
        np.save(self.at("a.npy"), A)
        self.manifest({"name": "a.npy", "rows": 4}, partitionTypes={"day": "INT"})
        self.refused("has the column 'day', expected one of the partition columns, of which there are none")

    def test_an_order_that_is_not_needed_is_checked(self):
        np.save(self.at("a.npy"), A)
        self.manifest({"name": "a.npy", "rows": 4, "order": "C"}, order="Z")
        self.refused("key 'order' is 'Z', expected C or F")

    def test_rows_are_counted_in_64_bits(self):
        empty = np.zeros((2**62, 0), "u1")
        for name in "ab":
            np.save(self.at(f"{name}.npy"), empty)
        listed = [{"name": f"{name}.npy", "rows": 2**62} for name in "ab"]
        manifest = self.manifest(*listed, dtype="u1", trailingShape=[0])
        expected = f"{2**63} rows of shape (0,) of u1, expected at most 2^63-1 rows and bytes"
        self.assertEqual(
            self.message(ValueError, shards, self.directory, 0, 1), f"Cannot read {manifest}: its shards have {expected}"
        )
        self.manifest({"name": "a.npy", "rows": 2**61}, {"name": "b.npy", "rows": 0}, trailingShape=[])
        self.refused(f"its shards have {2**61} rows of shape () of <i4, expected at most 2^63-1 rows and bytes")
        self.manifest({"name": "a.npy", "rows": 2**63}, trailingShape=[0])
        self.refused(f"key 'rows' is {2**63}, expected an integer from 0 to 2^63-1")
        os.unlink(manifest)
        self.assertIn(
            f"Cannot read {self.at('b.npy')}: it has {2**62} rows, and the files before it have {2**62}, expected at most",
            self.message(ValueError, shards, self.directory, 0, 1),
        )

    def test_errors_of_the_file_system_name_the_file(self):
        os.symlink("loop.npy", self.at("loop.npy"))
        np.save(self.at("a.npy"), A)
        long_name = self.at("n" * 300 + ".npy")
        for path, kind, found in (
            (self.at("none.npy"), FileNotFoundError, "No such file or directory"),
            (self.at("loop.npy"), OSError, "Too many levels of symbolic links"),
            (self.at("a.npy", "b.npy"), NotADirectoryError, "Not a directory"),
            (long_name, OSError, "File name too long"),
        ):
            for function in (as_memmap, lambda path: shards(path, 0, 1)):
                message = self.message(kind, function, path)
                self.assertTrue(message.startswith(f"Cannot read {path}: {found}, expected "), message)
        with self.assertRaises(FileNotFoundError) as caught:
            as_memmap(self.at("none.npy"))
        self.assertEqual(caught.exception.errno, 2)
        self.assertIn("Cannot map an empty path: expected", self.message(ValueError, as_memmap, ""))
        for path in (self.at("a\0.npy"), self.at("\0*.npy")):
            for function in (as_memmap, lambda path: shards(path, 0, 1)):
                message = self.message(ValueError, function, path)
                self.assertTrue(message.startswith("Cannot map "), message)
                self.assertIn("has a NUL, expected a path without", message)
        message = self.message(FileExistsError, from_numpy, None, A, path=self.at("a.npy"))
        self.assertIn(f"Cannot write {self.at('a.npy')}: File exists, expected ", message)
        os.chmod(self.directory, 0)
        user = os.geteuid()
        try:
            if user == 0:
                os.seteuid(65534)
            self.refused(f"Cannot read {self.at('a.npy')}: Permission denied, expected ", self.at("a.npy"), PermissionError)
        finally:
            os.seteuid(user)
            os.chmod(self.directory, 0o700)

    def test_errors_of_reads_name_the_file_and_not_its_directory(self):
        os.symlink("/proc/self/mem", self.at("x.npy"))  # opens, and has nothing to read at 0
        expected = f"Cannot read {self.at('x.npy')}: Input/output error, expected a file system that answers; try again"
        self.assertEqual(self.message(OSError, as_memmap, self.directory), expected)
        self.assertEqual(self.message(OSError, shards, self.directory, 0, 1), expected)

    def test_a_table_without_shards_is_none(self):
        os.mkdir(self.at("id"))
        np.save(self.at("id", "a.npy"), A[0])
        self.manifest(dtype=[["id", "<i4"]], layout="sideBySide", trailingShape=[])
        for path in (self.directory, self.at("id")):
            self.refused(f"Cannot read {self.directory}: its manifest _memmap.json lists no shard, expected at least one", path)

    def test_a_header_of_version_3_is_as_long_as_its_characters(self):
        wide = np.zeros(3, [(f"列{i}", "<f8") for i in range(100)])
        with open(self.at("x.npy"), "wb") as file:
            np.lib.format.write_array(file, wide, version=(3, 0))
        nbytes = int.from_bytes(np.fromfile(self.at("x.npy"), "u1")[8:12].tobytes(), "little")
        length = nbytes - 200
        with self.assertRaises(ValueError):
            np.load(self.at("x.npy"), max_header_size=length - 1)
        expected = f"its header has {length} characters, expected at most {length - 1}; where the file is trusted, set max_hea"
        self.refused(expected, self.at("x.npy"), max_header_size=length - 1)
        self.assertEqual(as_memmap(self.at("x.npy"), max_header_size=length).dtype, wide.dtype)

    def test_an_archive_ends_with_its_file_and_a_member_with_its_array(self):
        np.savez(self.at("x.npz"), a=A)
        with zipfile.ZipFile(self.at("x.npz"), "a") as archive:
            archive.comment = b"a comment"
        self.assertEqual(as_memmap(self.at("x.npz")).tolist(), A.tolist())
        with open(self.at("x.npz"), "ab") as file:
            file.write(b"more")
        self.refused(f"Cannot read {self.at('x.npz')}: it has no end record of a zip file in its last", self.at("x.npz"))
        with zipfile.ZipFile(self.at("y.npz"), "w") as archive:
            with archive.open("a.npy", "w") as file:
                np.lib.format.write_array(file, A)
                file.write(b"more")
        self.refused(f"{self.at('y.npz')}, member a: 4 bytes follow its array of shape (4, 3), expected none", self.at("y.npz"))
