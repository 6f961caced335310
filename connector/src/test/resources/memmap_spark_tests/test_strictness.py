"""Spellings that NumPy or Python's own parsers take and Spark does not, and the other way round."""

import errno
import json
import os
import resource
import sys
import tracemalloc

import numpy as np

from arrays import InDirectory
from memmap_spark import as_memmap, options_of, read, shards

A = np.arange(12, dtype="<i4").reshape(4, 3)


class HeadersTest(InDirectory):
    def header(self, text, version=(1, 0)):
        with open(self.at("x.npy"), "wb") as file:
            file.write(b"\x93NUMPY" + bytes(version))
            file.write((len(text) + 1).to_bytes(2 if version == (1, 0) else 4, "little") + text.encode() + b"\n")
            file.write(bytes(96))
        return self.at("x.npy")

    def refused(self, expected, text, version=(1, 0)):
        self.assertIn(expected, self.message(ValueError, as_memmap, self.header(text, version)))

    def dict(self, descr="'<i4'", shape="(4, 3)", order="False"):
        return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"

    def test_literals_are_those_that_repr_writes(self):
        for shape in ("(0x4, 3)", "(4_0, 3)", "(4, +3)", "(4, 03)", "(4, 3) # rows", "(4.0, 3)", "(4, 3, {1})"):
            self.refused("its header is no literal of Python", self.dict(shape=shape))
        for descr in ("'<' 'i4'", "b'<i4'", "u'<i4'", "'''<i4'''", r"'\N{LESS-THAN SIGN}i4'", r"'\74i4'", r"'\uD800'"):
            self.refused("its header is no literal of Python", self.dict(descr))
        self.refused("the key 'shape' twice", self.dict()[:-2] + "'shape': (2, 6)}")
        self.refused("a key that is no text", "{1: 2}")
        self.refused("its header is no literal of Python", self.dict(shape="(4L, 3)"), (3, 0))
        for text in (self.dict(shape="(4L, 3L)"), self.dict(r"'\x3ci4'"), self.dict(shape="(4,\n3,)"), self.dict('"<i4"')):
            self.assertEqual(as_memmap(self.header(text)).shape, (4, 3))

    def test_dtypes_are_those_of_headers(self):
        for descr in ("'bfloat16'", "('<f4', (3,))", "['<i4', [3]]", "{'names': ['a'], 'formats': ['<i4']}", "[]", "None"):
            self.refused("its header has descr", self.dict(descr, "(2,)"))
        self.refused("its header has descr", self.dict("[('a', {'names': ['b'], 'formats': ['<i4']})]", "(2,)"))
        self.refused("its header has descr", self.dict("[('', '<i4'), ('', '<i4')]", "(2,)"))
        found = as_memmap(self.header(self.dict("[('', '<i4', (2,)), ('a', '<i2'), ('', '|V2')]", "(2,)")))
        self.assertEqual((found.dtype.names, found.dtype.fields["a"][1], found.dtype.itemsize), (("a",), 8, 12))
        self.assertEqual(as_memmap(self.header(self.dict("[('', '<i4')]"))).dtype, np.dtype("<i4"))

    def test_dtypes_without_a_type_of_spark_are_refused(self):
        for descr, expected in (
            ("'<M8'", "it has no unit"),
            ("'m8[generic]'", "it has no unit"),
            ("'S0'", "it has no bytes"),
            ("[('a', '<i4'), ('b', '|V0')]", "it has no bytes"),
            ("[('a', '<i4', (0,))]", "it has no bytes"),
            ("'<M8[0s]'", "it has no unit"),
            ("'<M8[s/2]'", "a part of a unit is not read"),
            ("'<f16'", "it is a longdouble"),
            ("[('a', '<c32')]", "it is a longdouble"),
            ("'<i4,<i4'", "comma-separated"),
            ("'3i4'", "comma-separated"),
            ("'<3i4'", "comma-separated"),
            ("[('a', '>2i4')]", "comma-separated"),
            ("'<3M8[ns]'", "comma-separated"),
            ("'< i4'", "with a space"),
            ("'<i 4'", "with a space"),
            ("'T'", "is no NumPy dtype"),
        ):
            self.refused(expected, self.dict(descr, "(2,)"))


class SidecarsTest(InDirectory):
    def sidecar(self, **fields):
        A.tofile(self.at("a.dat"))
        self.write("a.dat.memmap.json", fields.pop("text", None) or json.dumps(fields))
        return self.at("a.dat")

    def test_spellings_of_dtypes(self):
        spellings = ["np.int32", "numpy.int32", "dtype('int32')", "np.dtype('<i4')", "<class 'numpy.int32'>", "'<i4'", '"i4"']
        for dtype in [*spellings, "int32", "i", "intc", " <i4 "]:
            self.assertEqual(as_memmap(self.sidecar(dtype=dtype, shape=[4, 3])).dtype, A.dtype, dtype)
        self.assertEqual(as_memmap(self.sidecar(dtype="ml_dtypes.bfloat16")).itemsize, 2)
        for dtype in ([["", "<i4", [3]]], [["", "|V12"]]):
            self.assertEqual(len(as_memmap(self.sidecar(dtype=dtype))), 4)
        found = as_memmap(self.sidecar(dtype=[["", "<i4", [2]], ["b", "<i4"]]))
        self.assertEqual((found.dtype.names, found["f0"].shape), (("f0", "b"), (4, 2)))
        found = as_memmap(self.sidecar(dtype=[["", "bfloat16"], ["b", "<i2"]]))
        self.assertEqual((found.dtype.names, len(found)), (("f0", "b"), 12))
        found = as_memmap(self.sidecar(dtype=[["a", ["<i2", [2]], [3]]]))
        self.assertEqual((found["a"].shape, found.dtype["a"].shape), ((4, 3, 2), (3, 2)))
        for dtype in ("dtype([('a', 'i1'), ('b', '<i4')], align=True)", "dtype((numpy.record, [('a', 'V4'), ('b', '<i4')]))"):
            self.assertEqual(as_memmap(self.sidecar(dtype=dtype)).dtype.fields["b"], (A.dtype, 4))
        for dtype in ("i4,i4", "f16", "M8", "S0", [["a", "V0"]], "{'names': ['a'], 'formats': ['i4'], 'other': 1}"):
            self.assertIn("key 'dtype' is", self.message(ValueError, as_memmap, self.sidecar(dtype=dtype)))

    def test_a_sub_array_is_in_c_order(self):
        path = self.sidecar(dtype="('<i4', (3,))", shape=[4], order="F")
        expected = "dtype ('<i4', (3,)) with order F, expected order C; give the axes of the sub-array in the shape instead"
        self.assertIn(expected, self.message(ValueError, as_memmap, path))

    def test_json_is_that_of_its_standard(self):
        for value, expected in (("NaN", "NaN"), ("-Infinity", "-Infinity"), ("1e999", "1e999"), ('"\\ud800"', "surrogate")):
            path = self.sidecar(text='{"dtype": "<i4", "columnNames": [%s]}' % value)
            message = self.message(ValueError, as_memmap, path)
            self.assertIn("it is no JSON", message)
            self.assertIn(expected, message)
        path = self.sidecar(text='{"dtype": "<i4", "columnNames": ["\\ud83d\\ude00"], "shape": [4, 3]}')
        self.assertEqual(as_memmap(path).shape, (4, 3))

    def test_a_sidecar_that_leads_nowhere_is_refused_and_one_that_goes_is_none(self):
        np.save(self.at("x.npy"), A)
        sidecar = self.at("x.npy.memmap.json")
        os.symlink("gone", sidecar)
        expected = f"Cannot read {sidecar}: it is a symbolic link to gone, which does not exist, expected a file"
        self.assertIn(expected, self.message(ValueError, as_memmap, self.at("x.npy")))
        os.unlink(sidecar)
        self.write("x.npy.memmap.json", json.dumps({"dtype": "<i8"}))

        def remove(event, args):
            """Removes the sidecar after the module has found it and before the file is opened, as a writer may."""
            if event == "open" and args[0] == sidecar and os.path.lexists(sidecar):
                os.unlink(sidecar)

        sys.addaudithook(remove)
        self.assertEqual(as_memmap(self.at("x.npy")).tolist(), A.tolist())
        self.assertFalse(os.path.lexists(sidecar))

    def test_a_link_in_a_directory_has_the_sidecar_beside_it_only(self):
        np.save(self.at("x.npy"), A)
        self.write("x.npy.memmap.json", json.dumps({"dtype": "<i8"}))
        os.mkdir(self.at("d"))
        os.symlink(self.at("x.npy"), self.at("d", "l.npy"))
        self.assertEqual(as_memmap(self.at("d")).tolist(), A.tolist())
        self.assertIn("says dtype <i8, expected the same", self.message(ValueError, as_memmap, self.at("d", "l.npy")))

    def test_a_sidecar_has_16_mib_at_most(self):
        path = self.sidecar(text=json.dumps({"dtype": "<i4", "shape": [4, 3]}) + " " * (16 << 20))
        self.assertIn(f"it has more than {16 << 20} bytes", self.message(ValueError, as_memmap, path))


class UnlistedTest(InDirectory):
    def save(self, name, *values):
        os.makedirs(os.path.dirname(self.at(name)), exist_ok=True)
        np.save(self.at(name), np.array(values, "<i4"))

    def parts(self, name=""):
        return [part.tolist() for part in shards(self.at(name), 0, 1)]

    def refused(self, expected, name=""):
        self.assertIn(expected, self.message(ValueError, shards, self.at(name), 0, 1))

    def test_partitions_without_a_manifest(self):
        self.save("t/day=10/a.npy", 3)
        self.save("t/day=9/10.npy", 2)
        self.save("t/day=9/9.npy", 1)
        self.save("t/_day=1/a.npy", 9)
        self.save("t/.day=1/a.npy", 9)
        self.save("t/_tmp/a.npy", 9)
        self.write("t/README", "no array")
        self.refused("found the partition columns _day and day, expected directories of the same columns", "t")
        os.rename(self.at("t/_day=1"), self.at("t/_old"))
        self.assertEqual(self.parts("t"), [[1], [2], [3]])
        self.assertEqual(self.parts("t/day=9"), [[1], [2]])
        self.save("t/a.npy", 0)
        self.refused("found the partition columns none and day, expected directories of the same columns", "t")

    def test_partitions_of_several_columns_without_a_manifest(self):
        self.save("t/a=1/b=2/x.npy", 2)
        self.save("t/a=1/b=1/x.npy", 1)
        self.save("t/a=0/b=9/y.npy", 0)
        self.assertEqual(self.parts("t"), [[0], [1], [2]])
        fields = {"version": 1, "dtype": "<i4", "trailingShape": []}
        self.save("t/a=1/b=1/left.npy", 9)
        manifest = {**fields, "shards": [{"name": "x.npy", "rows": 1}]}
        self.write("t/a=1/b=1/_memmap.json", json.dumps(manifest))
        self.assertEqual(self.parts("t"), [[0], [1], [2]])
        self.write("t/a=1/b=1/_memmap.json", json.dumps({**manifest, "dropped": True}))
        self.refused("the array was dropped", "t")
        manifest = {**fields, "version": 2, "shards": [{"name": "c=1/x.npy", "rows": 1}]}
        self.write("t/a=1/b=1/_memmap.json", json.dumps(manifest))
        self.refused("as a partition: its manifest _memmap.json lists c=1/x.npy, expected files of its own", "t")
        os.unlink(self.at("t/a=1/b=1/_memmap.json"))
        self.save("t/a=2/c=2/x.npy", 2)
        self.refused("found the partition columns a, b and a, c, expected directories", "t")
        os.rename(self.at("t/a=2/c=2"), self.at("t/a=2/A=2"))
        self.refused("two of its directories name the same one of the partition columns a, A, expected distinct names", "t")
        os.rename(self.at("t/a=2/A=2"), self.at("t/a=2/b="))
        self.refused("as a partition: 'b=' has an empty name or value, expected name=value; rename it", "t")

    def test_partitions_of_a_manifest_name_the_same_columns(self):
        for name in ("a=1/x.npy", "b=1/x.npy", "a=1/A=2/x.npy", "=1/x.npy"):
            self.save("t/" + name, 1)

        def refused(expected, *names):
            shard_list = [{"name": name, "rows": 1} for name in names]
            fields = {"version": 2, "dtype": "<i4", "trailingShape": [], "shards": shard_list}
            self.write("t/_memmap.json", json.dumps(fields))
            self.refused(expected, "t")

        refused("found the partition columns a and b, expected directories of the same columns", "a=1/x.npy", "b=1/x.npy")
        refused("two of its directories name the same one of the partition columns a, A", "a=1/A=2/x.npy")
        refused("'=1' has an empty name or value", "=1/x.npy")

    def test_directories_in_the_place_of_files_are_refused(self):
        self.save("t/a.npy", 1)
        os.mkdir(self.at("t/b.npy"))
        self.refused(f"Cannot read {self.at('t/b.npy')}: it is a directory, expected a file", "t")

    def test_chunks_of_zarr_are_refused(self):
        os.mkdir(self.at("z"))
        A.tofile(self.at("z/0.0"))
        self.write("z/0.0.memmap.json", json.dumps({"dtype": "<i4"}))
        self.assertEqual(len(self.parts("z")[0]), 12)
        self.write("z/.zarray", "{}")
        self.refused("it is a Zarr array or group, as its file .zarray says, expected .npy or raw files", "z")

    def test_arrays_by_other_names(self):
        os.mkdir(self.at("d"))
        np.savez(self.at("d/a.npz"), A)
        self.write("d/README", "no array")
        self.assertEqual(as_memmap(self.at("d")).tolist(), A.tolist())
        self.write("d/b.safetensors", "")
        self.refused("its files a.npz and b.safetensors are of two formats, expected one", "d")
        os.mkdir(self.at("e"))
        with open(self.at("e/array"), "wb") as file:
            np.save(file, A)
        self.write("e/README", "no array")
        self.assertEqual(as_memmap(self.at("e")).tolist(), A.tolist())

    def test_patterns_with_alternatives(self):
        for name, value in (("a.npy", 1), ("b.npy", 2), ("c.npy", 3), ("d/a.npy", 4)):
            self.save("t/" + name, value)
        self.assertEqual(self.parts("t/{b,a}.npy"), [[1], [2]])
        self.assertEqual(self.parts("t/{[bc],{a,x}}.n*"), [[1], [2], [3]])
        self.assertEqual(self.parts("t/{c,d/a}.npy"), [[3], [4]])
        with self.assertRaisesRegex(FileNotFoundError, "Cannot read .* no file matches the pattern"):
            self.parts("t/{x,y}.npy")

    def test_patterns_match_no_companions_and_directories_of_one_table(self):
        self.save("t/a=0/b=1/x.npy", 1)
        self.save("t/a=1/b=1/x.npy", 2)
        self.write("t/a=0/b=1/y.ds.index", "")
        self.assertEqual(self.parts("t/a=0/b=1/*"), [[1]])
        self.refused("it names no file, expected at least one", "t/a=0/b=1/y*")
        self.assertEqual(self.parts("t/*/b=1"), [[1], [2]])
        expected = f"{self.at('t/a=0/b=1')} together with {self.at('t/a=1/b=1')}: found the partition columns b and b, expected"
        self.refused(expected, "t/*")
        paths = [self.at("t"), self.at("t/a=0"), self.at("t/a=1"), self.at("t/a=0/b=1"), self.at("t/a=1/b=1/x.npy")]
        self.assertEqual([part.tolist() for part in shards(paths, 0, 1)], [[1], [2], [1], [2], [1], [2]])


class ForeignFilesTest(InDirectory):
    def test_names_of_fields_are_texts(self):
        np.save(self.at("x.npy"), A)
        for name in (None, 0, False, [None, "a"]):
            with open(self.at("x.dat.memmap.json"), "w", encoding="utf-8") as file:
                json.dump({"dtype": [[name, "<i4"], ["b", "<i4"]], "shape": [1]}, file)
            with open(self.at("x.dat"), "wb") as file:
                file.write(bytes(8))
            self.assertIn("expected a text as its name", self.message(ValueError, as_memmap, self.at("x.dat")))

    def test_bytes_may_come_before_an_archive(self):
        np.savez(self.at("y.npz"), a=A)
        with open(self.at("y.npz"), "rb") as file, open(self.at("x.npz"), "wb") as longer:
            longer.write(b"#!/bin/sh\n" + file.read())
        np.testing.assert_array_equal(as_memmap(self.at("x.npz"), member="a"), A)
        self.assertIn("it is no text, expected the name", self.message(ValueError, as_memmap, self.at("x.npz"), member=0))

    def test_no_more_of_a_header_is_read_than_may_be(self):
        with open(self.at("x.npy"), "wb") as file:
            file.write(b"\x93NUMPY\2\0\xff\xff\xff\xff")
            file.truncate(1 << 33)
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        self.assertIn("4294967295 bytes, expected at most 10000", self.message(ValueError, as_memmap, self.at("x.npy")))
        self.assertLess(tracemalloc.get_traced_memory()[1], 1 << 20)

    def test_an_option_of_a_map_is_told_in_any_case(self):
        np.save(self.at("x.npy"), A)
        memmap = as_memmap(self.at("x.npy"))
        for name in options_of(memmap):
            # The option is refused before the session is asked for anything.
            message = self.message(ValueError, read, None, memmap, **{name.upper(): "x"})
            self.assertIn(f"Cannot read a map with the option {name}=x: the map says {name} ", message)

    def test_errors_of_the_file_system_keep_their_class(self):
        np.save(self.at("x.npy"), A)
        manifest = self.write("_memmap.json", "{}")

        def refused(number):
            with self.assertRaises(OSError) as caught:
                as_memmap(self.directory)
            self.assertEqual(caught.exception.errno, number)
            self.assertRegex(str(caught.exception), f"^Cannot read {manifest}: {os.strerror(number)}, expected ")

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        with open(manifest, "rb") as file:
            lowest = file.fileno()
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
        try:
            refused(errno.EMFILE)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        # The memory of a process is a file that opens and has nothing to read at 0.
        for target, number in (("n" * 300, errno.ENAMETOOLONG), ("/proc/self/mem", errno.EIO)):
            os.unlink(manifest)
            os.symlink(target, manifest)
            refused(number)
