"""Directories of arrays, with a manifest and without."""

import json
import os
import pickle

import numpy as np

from arrays import InDirectory
from memmap_spark import as_memmap
from memmap_spark.natural_order import natural_key

A = np.arange(12, dtype="<i4").reshape(4, 3)


class DirectoriesTest(InDirectory):
    def manifest(self, *shards, **fields):
        fields = {"version": 1, "dtype": "<i4", "trailingShape": [3], "shards": list(shards), **fields}
        self.write("_memmap.json", json.dumps(fields))

    def test_a_manifest_names_the_file(self):
        np.save(self.at("part-0.npy"), A)
        np.save(self.at("other.npy"), A)
        self.manifest({"name": "part-0.npy", "rows": 4})
        np.testing.assert_array_equal(np.asarray(as_memmap(self.directory)), A)

    def test_several_shards_name_the_function_for_them(self):
        for i in range(2):
            np.save(self.at(f"{i}.npy"), A)
        expected = "its 2 shards, such as 0.npy, are files of their own, expected one file; use shards(path, rank, world_size)"
        self.assertIn(expected, self.message(ValueError, as_memmap, self.directory))
        self.manifest({"name": "0.npy", "rows": 4}, {"name": "1.npy", "rows": 4})
        self.assertIn(expected, self.message(ValueError, as_memmap, self.directory))

    def test_manifests_that_do_not_fit_are_refused(self):
        np.save(self.at("a.npy"), A)

        def refused(expected, *shards, kind=ValueError, **fields):
            self.manifest(*shards, **fields)
            self.assertIn(expected, self.message(kind, as_memmap, self.directory))

        refused("says shape (5, 3), expected the same", {"name": "a.npy", "rows": 5})
        refused("says dtype <i8, expected the same", {"name": "a.npy", "rows": 4, "dtype": "<i8"})
        refused("says order F, expected the same", {"name": "a.npy", "rows": 4}, order="F")
        refused("lists b.npy, which is not there", {"name": "b.npy", "rows": 4}, kind=FileNotFoundError)
        refused("lists no shard")
        refused("the array was dropped", {"name": "a.npy", "rows": 4}, dropped=True)
        refused("version 3, expected 1 or 2, which this release knows", {"name": "a.npy", "rows": 4}, version=3)
        refused("version True, expected 1 or 2", {"name": "a.npy", "rows": 4}, version=True)
        for key, value, expected in (
            ("layout", "rows", "one of columns, array, elements, sideBySide"),
            ("layout", None, "one of columns, array, elements, sideBySide"),
            ("dropped", None, "true or false"),
            ("columnNames", None, "a list of different names"),
            ("columnNames", ["a", "a", "b"], "a list of different names"),
            ("dtype", None, "a NumPy dtype; None has no bytes"),
        ):
            refused(f"key {key!r} is {value!r}, expected {expected}", {"name": "a.npy", "rows": 4}, **{key: value})
        refused("key 'dtype' is None, expected a NumPy dtype", {"name": "a.npy", "rows": 4, "dtype": None})
        refused("shard 'a.npy' is listed twice, expected", {"name": "a.npy", "rows": 4}, {"name": "a.npy", "rows": 4})
        refused("version 1, expected 2 beside the key 'partitionTypes'", {"name": "a.npy", "rows": 4}, partitionTypes={})
        refused("unknown key 'row'", {"name": "a.npy", "row": 4})
        for name in ("../a.npy", "_a.npy", ".a.npy", "", 5, "d/a.npy"):
            refused("expected a plain file name", {"name": name, "rows": 4})

    def test_a_key_that_is_there_twice_is_refused(self):
        np.save(self.at("a.npy"), A)
        shard = '{"name": "b.npy", "rows": 4, "name": "a.npy"}'
        for twice, text in (("dtype", '"dtype": "<i8", "shards": []'), ("name", f'"shards": [{shard}]')):
            self.write("_memmap.json", '{"version": 1, "dtype": "<i4", "trailingShape": [3], ' + text + "}")
            expected = f"it is no JSON (it has the key {twice!r} twice), expected an object"
            self.assertIn(expected, self.message(ValueError, as_memmap, self.directory))

    def test_a_raw_shard_is_as_long_as_its_manifest_says(self):
        np.arange(15, dtype="<i4").tofile(self.at("part-0.dat"))
        self.manifest({"name": "part-0.dat", "rows": 4})
        for sidecar in (None, {"dtype": "<i4"}):
            if sidecar:
                self.write("part-0.dat.memmap.json", json.dumps(sidecar))
            self.assertIn("ends at byte 48, and the file at 60", self.message(ValueError, as_memmap, self.directory))
        self.write("part-0.dat.memmap.json", json.dumps({"dtype": "<i4", "shape": [4, 3]}))
        np.testing.assert_array_equal(np.asarray(as_memmap(self.directory)), A)

    def test_raw_shards(self):
        A.tofile(self.at("part-0.dat"))
        self.write("part-0.dat.memmap.json", json.dumps({"dtype": "<i4", "shape": [4, 3]}))
        np.testing.assert_array_equal(np.asarray(as_memmap(self.directory)), A)
        self.manifest({"name": "part-0.dat", "rows": 4})
        os.unlink(self.at("part-0.dat.memmap.json"))
        np.testing.assert_array_equal(np.asarray(as_memmap(self.directory)), A)

    def test_directories_without_an_array_are_refused(self):
        self.assertIn("it holds no array", self.message(ValueError, as_memmap, self.directory))
        np.save(self.at("0.npy"), A)
        with open(self.at("info"), "wb") as file:
            pickle.dump({"chunks": ((4,), (3,)), "dtype": A.dtype, "axis": 1}, file)
        self.assertIn("does not say axis 0", self.message(ValueError, as_memmap, self.directory))
        with open(self.at("info"), "wb") as file:
            pickle.dump({"chunks": ((4,), (3,)), "dtype": A.dtype, "axis": 0}, file)
        np.testing.assert_array_equal(np.asarray(as_memmap(self.directory)), A)
        self.write("info", "notes")
        np.testing.assert_array_equal(np.asarray(as_memmap(self.directory)), A)

    def test_names_are_in_natural_order(self):
        names = ["1.npy", "01.npy", "2.npy", "10.npy", "a.npy", "a1b2.npy", "a1b10.npy", "é.npy", "\U0001F600.npy", "\uFF5E.npy"]
        self.assertEqual(sorted(reversed(names), key=natural_key), names)
