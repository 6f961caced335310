"""Options that describe maps, and values of options."""

import os
import pathlib
import unittest

import numpy as np

from arrays import InDirectory, elements
from memmap_spark import options_of
from memmap_spark.options import option_texts

RECORD = np.dtype([("a", "<i4"), ("b", ">f8", (2,)), ("c", "U3")], align=True)


class OptionsOfTest(InDirectory):
    def map(self, dtype="<f4", shape=(6, 4), offset=0, order="C"):
        dtype = np.dtype(dtype)
        path = self.at("x.dat")
        nbytes = offset + dtype.itemsize * int(np.prod(shape)) + 7
        np.random.default_rng(1).integers(1, 100, nbytes, dtype=np.uint8).tofile(path)
        return np.memmap(path, dtype, "r", offset, shape, order)

    def check(self, view):
        options = options_of(view)
        self.assertTrue(all(isinstance(value, str) for value in options.values()), options)
        read = elements(self.at("x.dat"), options)
        self.assertEqual(read.shape, view.shape)
        self.assertEqual(np.ascontiguousarray(read).tobytes(), np.ascontiguousarray(view).tobytes())
        self.assertEqual(read.dtype, view.dtype)

    def test_says_what_a_raw_file_needs(self):
        self.assertEqual(
            options_of(self.map(offset=5)),
            {
                "container": "raw",
                "dtype": "<f4",
                "shape": "(6, 4)",
                "order": "C",
                "offset": "5",
                "sidecar": "ignore",
                "trailingBytes": "ignore",
            },
        )

    def test_maps_and_contiguous_views_give_their_very_elements(self):
        for offset in (0, 1, 127, 4096, 5000):
            for order in "CF":
                m = self.map(offset=offset, order=order)
                self.check(m)
                self.check(m.T)
                self.check(m.T[2:3] if order == "F" else m[3:5])
                self.check(m.T[1:] if order == "F" else m[2:])
                self.check(m[:, 1:3] if order == "F" else m[1:3])
                self.check(m.view("<i4"))
                self.check(np.asarray(m)[1:] if order == "C" else np.asarray(m).T[1:])
                self.check(m[1:, :][2:] if order == "C" else m[:, 1:][:, 1:])

    def test_other_shapes_and_dtypes(self):
        m = self.map("<f4", (6, 4), 3)
        for view in (
            m.view("u1"),
            m.view("V8"),
            m.reshape(-1),
            m.reshape(2, 3, 4)[1],
            m.reshape(2, 3, 4).T,
            m[3:4, ...].reshape(()) if m[3:4].size == 1 else m[2, 1:2].reshape(()),
            m.ravel()[7:11],
            m[5:5],
            m.view(">i2"),
            m.view(">M8[s]") if m.shape[1] % 2 == 0 else m,
        ):
            self.check(view)

    def test_records(self):
        m = self.map(RECORD, (5,), 16)
        self.check(m)
        self.check(m[2:])
        message = self.message(ValueError, options_of, m["a"])
        self.assertIn("has strides (40,), expected elements of 4 bytes end to end", message)

    def test_a_npy_file_is_described_behind_its_header(self):
        a = np.asfortranarray(np.arange(12.0).reshape(3, 4))
        np.save(self.at("x.npy"), a)
        options = options_of(np.load(self.at("x.npy"), mmap_mode="r")[:, 1:])
        self.assertEqual((options["offset"], options["shape"], options["order"]), ("152", "(3, 3)", "F"))
        self.assertEqual(elements(self.at("x.npy"), options).tolist(), a[:, 1:].tolist())

    def test_strided_views_are_refused(self):
        m = self.map()
        for view in (m[::2], m[:, 1], m[:, 1:3], m[::-1], m[1:3, :2].T, np.broadcast_to(m[0], (3, 4))):
            self.assertIn("expected elements of 4 bytes end to end", self.message(ValueError, options_of, view))

    def test_arrays_in_memory_are_refused(self):
        m = self.map()
        for copy in (np.arange(3), m.copy(), m[[1, 2]], m + 1, np.array(m)):
            self.assertIn("it is in memory", self.message(ValueError, options_of, copy))
        self.assertIn("a list: expected", self.message(TypeError, options_of, [1]))

    def test_changes_that_are_not_in_the_file_are_refused(self):
        m = self.map()
        private = np.memmap(self.at("x.dat"), "<f4", "c", 0, (6, 4))
        self.assertIn("mapped with mode c", self.message(ValueError, options_of, private[1:]))
        with open(self.at("x.dat"), "rb", buffering=0) as file:
            nameless = np.memmap(open(file.fileno(), "rb", closefd=False), "u1", "r", 0, (3,))
        self.assertIn("a file without a name", self.message(ValueError, options_of, nameless))
        self.check(m)


    @unittest.skipUnless(os.path.exists("/proc/self/maps"), "needs a list of the maps of a process")
    def test_a_map_of_a_file_that_was_replaced_is_refused(self):
        np.save(self.at("x.npy"), np.zeros(5))
        m = np.load(self.at("x.npy"), mmap_mode="r")
        held = options_of(m[1:])
        np.save(self.at("y.npy"), np.ones(5))
        os.replace(self.at("y.npy"), self.at("x.npy"))
        for view in (m, m[1:]):
            message = self.message(ValueError, options_of, view)
            self.assertIn(f"{self.at('x.npy')}: the file was replaced after it was mapped", message)
        again = np.load(self.at("x.npy"), mmap_mode="r")
        self.assertEqual(options_of(again[1:]), held)
        with open(self.at("x.npy"), "r+b") as file:
            file.write(b"\x93")
        self.assertEqual(options_of(again[1:]), held)
        os.unlink(self.at("x.npy"))
        self.assertEqual(options_of(again[1:]), held)


class OptionTextsTest(InDirectory):
    def test_values_of_python_and_numpy_become_texts(self):
        given = {
            "dtype": np.float32,
            "shape": (np.int64(5), 2),
            "offset": np.int64(3),
            "transpose": np.True_,
            "update": False,
            "order": None,
            "path": pathlib.Path("/d/x"),
            "columnNames": ["a", "b"],
            "columnDtypes": {"a": np.dtype("<u2"), "b": float, "c": "U3", "d": np.dtype([("x", "<i4")])},
        }
        texts = option_texts(given)
        self.assertEqual(texts["dtype"], "<f4")
        self.assertIn(texts["shape"], ("(np.int64(5), 2)", "(5, 2)"))
        self.assertEqual(texts["offset"], "3")
        self.assertEqual((texts["transpose"], texts["update"]), ("true", "false"))
        self.assertNotIn("order", texts)
        self.assertEqual(texts["path"], "/d/x")
        self.assertEqual(texts["columnNames"], "['a', 'b']")
        self.assertEqual(texts["columnDtypes"], str({"a": "<u2", "b": "<f8", "c": "U3", "d": "[('x', '<i4')]"}))

    def test_dtypes_of_every_kind(self):
        for dtype in ("<f4", ">i8", "|b1", "|S5", "<U7", "<M8[25s]", "|V3", "<c16"):
            self.assertEqual(option_texts({"dtype": np.dtype(dtype)})["dtype"], dtype)
        self.assertEqual(option_texts({"DTYPE": RECORD})["DTYPE"], str(RECORD))
        for scalar, text in ((int, "<i8"), (bool, "|b1"), (complex, "<c16"), (np.half, "<f2")):
            self.assertEqual(option_texts({"dtype": scalar})["dtype"], text)
