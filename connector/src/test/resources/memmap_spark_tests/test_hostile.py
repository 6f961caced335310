"""Files that were made to harm."""

import inspect
import json
import os
import sys
import warnings

import numpy as np

from arrays import InDirectory, within
from memmap_spark import as_memmap, shards
from memmap_spark.natural_order import natural_key

A = np.arange(12, dtype="<i4").reshape(4, 3)


class HostileDtypesTest(InDirectory):
    def header(self, descr, shape="(3,)"):
        text = "{'descr': %s, 'fortran_order': False, 'shape': %s}" % (descr, shape)
        with open(self.at("x.npy"), "wb") as file:
            file.write(b"\x93NUMPY\1\0" + (len(text) + 1).to_bytes(2, "little") + text.encode() + b"\n" + bytes(64))
        return self.at("x.npy")

    def sidecar(self, dtype):
        A.tofile(self.at("x.dat"))
        self.write("x.dat.memmap.json", json.dumps({"dtype": dtype}))
        return self.at("x.dat")

    def test_lengths_that_numpy_1_wraps_are_refused(self):
        for name, length in (
            ("S4294967297", 4294967297),
            ("<U1073741825", 1073741825),
            ("|V2147483648", 2147483648),
            ("S99999999999999999999", 99999999999999999999),
            ("f4294967304", 4294967304),
            ("V-1", "-1"),
            ("S+3", "+3"),
        ):
            expected = f"it has the length {length}, expected one of 0 to 2^31-1 bytes"
            self.assertIn(expected, self.message(ValueError, as_memmap, self.header(repr(name))))
            self.assertIn(expected, self.message(ValueError, as_memmap, self.sidecar([["a", name]])))
            aligned = f"dtype([('a', {name!r})], align=True)"
            self.assertIn(expected, self.message(ValueError, as_memmap, self.sidecar(aligned)))

    def test_names_that_only_some_versions_of_numpy_have(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            self.assertEqual(as_memmap(self.header("'|a5'")).dtype, np.dtype("S5"))
            self.assertEqual(as_memmap(self.sidecar("np.float_")).dtype, np.dtype("f8"))
            self.assertIn("is no NumPy dtype", self.message(ValueError, as_memmap, self.sidecar(["a", "<i4"])))

    def test_half_a_surrogate_pair_and_a_list_as_a_name_are_refused(self):
        message = self.message(ValueError, as_memmap, self.header(r"[('\U0000D800', '<i4')]"))
        self.assertIn("at character 12, expected what repr writes", message)
        self.assertIn("no NumPy dtype", self.message(ValueError, as_memmap, self.sidecar(r"[('\ud800', '<i4')]")))
        message = self.message(ValueError, as_memmap, self.header("[(['t', 'a'], '<i4')]"))
        self.assertIn("expected a text as its name", message)

    def test_a_text_that_takes_all_of_the_parser_is_refused(self):
        with within(30):
            message = self.message(ValueError, as_memmap, self.sidecar("[" + "-" * 100_000 + "1]"))
        self.assertIn(f"Cannot read {self.at('x.dat')}.memmap.json: key 'dtype' is '[----", message)
        self.assertLess(len(message), 1000)

    def test_a_text_of_many_keys_is_refused_at_once(self):
        with within(30):
            message = self.message(ValueError, as_memmap, self.sidecar("{" + "'a': 1, " * 2 + "}"))
            self.assertIn("found the key 'a' twice", message)
            keys = ", ".join(f"'k{i}': 1" for i in range(100_000))
            self.message(ValueError, as_memmap, self.sidecar("{" + keys + "}"))

    def test_bytes_are_counted_from_the_start_of_the_file(self):
        message = self.message(ValueError, as_memmap, self.header("'|u1'", f"({2**63 - 1}, 0)"))
        self.assertIn("expected at most ", message)


class HostileTextsTest(InDirectory):
    def test_a_key_that_comes_twice_among_many_is_found_at_once(self):
        np.save(self.at("x.npy"), A)
        keys = "".join(f'"{i}": 0, ' for i in range(100_000))
        self.write("x.npy.memmap.json", "{" + keys + '"99999": 0}')
        with within(30):
            message = self.message(ValueError, as_memmap, self.at("x.npy"))
        self.assertIn("it has the key '99999' twice", message)

    def test_messages_show_the_beginning_of_a_long_value(self):
        np.save(self.at("x.npy"), A)
        long = "n" * 100_000
        for fields, expected in (
            ({"dtype": "<i4", "shape": [long]}, "key 'shape' is ['nnnn"),
            ({"dtype": "<i4", "order": long}, "key 'order' is 'nnnn"),
            ({"dtype": "<i4", "offset": long}, "key 'offset' is 'nnnn"),
            ({"dtype": "<i4", "layout": long}, "key 'layout' is 'nnnn"),
            ({"dtype": "<i4", "columnNames": [long, long]}, "key 'columnNames' is ['nnnn"),
            ({"dtype": [long]}, "key 'dtype' is ['nnnn"),
            ({"dtype": long}, "key 'dtype' is 'nnnn"),
            ({"dtype": [["a", "<i4", 2, long]]}, "field ['a', '<i4', 2, 'nnnn"),
            ({"dtype": "<i4", long: 1}, "unknown key 'nnnn"),
            ({"inTransit": {long: ""}}, "expected nnnn"),
        ):
            self.write("x.npy.memmap.json", json.dumps(fields))
            message = self.message(ValueError, as_memmap, self.at("x.npy"))
            self.assertIn(expected, message)
            self.assertLess(len(message), 1000)
        os.unlink(self.at("x.npy.memmap.json"))
        shard = {"name": "x.npy", "rows": 4}
        for fields, expected in (
            ({"version": long}, "version 'nnnn"),
            ({"dropped": long}, "key 'dropped' is 'nnnn"),
            ({"partitionTypes": [long]}, "key 'partitionTypes' is ['nnnn"),
            ({"partitionTypes": {long: "INT"}}, "has the column 'nnnn"),
            ({"shards": [{"name": "_" + long, "rows": 1}]}, "shard '_nnnn"),
        ):
            fields = {"version": 2, "dtype": "<i4", "trailingShape": [3], "shards": [shard], **fields}
            self.write("_memmap.json", json.dumps(fields))
            message = self.message(ValueError, as_memmap, self.directory)
            self.assertIn(expected, message)
            self.assertLess(len(message), 1000)

    def test_an_offset_after_the_end_is_said(self):
        with open(self.at("x.dat"), "wb") as file:
            file.write(bytes(8))
        self.write("x.dat.memmap.json", json.dumps({"dtype": "u1", "offset": 100}))
        self.assertEqual(
            self.message(ValueError, as_memmap, self.at("x.dat")),
            f"Cannot read {self.at('x.dat')}: its array begins at byte 100, but the file ends at 8, expected at most 8; it is "
            "truncated, or the offset is wrong",
        )

    def test_numbers_in_names_may_have_thousands_of_digits(self):
        names = ["9" * 4999, "1" * 5000, "0" + "1" * 5000, "1" * 4999 + "2", "a"]
        self.assertEqual(sorted(reversed(names), key=natural_key), names)
        fields = {"version": 2, "dtype": "<i4", "trailingShape": []}
        listed = [{"name": f"day={'1' * 5000}/a.npy", "rows": 1}]
        self.write("_memmap.json", json.dumps({**fields, "shards": listed}))
        message = self.message(OSError, as_memmap, self.directory)
        self.assertIn("File name too long, expected a shorter name", message)


class HostileDirectoriesTest(InDirectory):
    def test_directories_may_be_deeper_than_python_calls(self):
        path, depth = self.at("t", "a=1"), len(inspect.stack())
        for _ in range(120):
            path = os.path.join(path, "x")
        os.makedirs(path)
        np.save(os.path.join(path, "a.npy"), A)
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(depth + 80)
        try:
            (found,) = shards(self.at("t"), 0, 1)
        finally:
            sys.setrecursionlimit(limit)
        self.assertEqual(found.tolist(), A.tolist())

    def test_links_that_lead_in_a_circle_end(self):
        for name, other in (("a=1", "a=2"), ("a=2", "a=1")):
            os.makedirs(self.at("t", name))
            for link in ("b=1", "b=2"):
                os.symlink(os.path.join("..", other), self.at("t", name, link))
        with within(30):
            self.assertIn("it holds no array", self.message(ValueError, shards, self.at("t"), 0, 1))
        os.makedirs(self.at("t", "a=1", "c"))
        np.save(self.at("t", "a=1", "c", "x.npy"), A)
        with within(30):
            self.assertIn("found the partition columns a and a, b", self.message(ValueError, shards, self.at("t"), 0, 1))

    def test_links_to_directories_elsewhere_are_followed(self):
        for name in ("d", "e"):
            os.makedirs(self.at(name))
            np.save(self.at(name, "x.npy"), A)
        os.makedirs(self.at("t"))
        for name, target in (("a=1", "d"), ("a=2", "e"), ("a=3", "d")):
            os.symlink(self.at(target), self.at("t", name))
        os.symlink(self.directory, self.at("d", "up"))
        self.assertEqual([each.tolist() for each in shards(self.at("t"), 0, 1)], [A.tolist()] * 3)
