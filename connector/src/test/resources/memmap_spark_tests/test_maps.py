"""Maps of files and archives, also beside writers."""

import json
import os
import time
import zipfile

import numpy as np

from arrays import InDirectory
from memmap_spark import as_memmap, shards
from memmap_spark.changes import _hidden

A = np.arange(12, dtype="<i4").reshape(4, 3)


class FilesTest(InDirectory):
    def check(self, found, expected):
        self.assertEqual(found.dtype, expected.dtype)
        np.testing.assert_array_equal(np.asarray(found), expected)
        self.assertFalse(found.flags.writeable)

    def test_npy_files(self):
        record = np.zeros(3, [("a", "<i4"), ("b", ">f8", (2,))])
        for a in (A, np.asfortranarray(A), A[0], np.array(5.0), A.astype(">u2"), record, np.array(["é"] * 3)):
            np.save(self.at("x.npy"), a)
            self.check(as_memmap(self.at("x.npy")), a)
            self.assertIsInstance(as_memmap(self.at("x.npy")), np.memmap)
        for version in ((1, 0), (2, 0), (3, 0)):
            with open(self.at("v.npy"), "wb") as file:
                np.lib.format.write_array(file, A, version=version)
            self.check(as_memmap("file:" + self.at("v.npy")), A)
            self.check(as_memmap("file://" + self.at("v.npy")), A)

    def test_a_private_map_changes_in_memory_only(self):
        np.save(self.at("x.npy"), A)
        m = as_memmap(self.at("x.npy"), mode="c")
        m[0] = -1
        self.check(as_memmap(self.at("x.npy")), A)
        self.assertIn("with mode 'r+': expected r or c", self.message(ValueError, as_memmap, self.at("x.npy"), "r+"))

    def test_arrays_without_a_byte(self):
        np.save(self.at("x.npy"), A[:0])
        self.check(as_memmap(self.at("x.npy")), A[:0])
        self.sidecar("e.dat", b"", dtype="<f4", shape=[0, 5])
        self.check(as_memmap(self.at("e.dat")), np.zeros((0, 5), "<f4"))

    def sidecar(self, name, data, **fields):
        with open(self.at(name), "wb") as file:
            file.write(data)
        self.write(name + ".memmap.json", json.dumps(fields))
        return self.at(name)

    def test_raw_files_that_begin_as_archives(self):
        self.check(as_memmap(self.sidecar("pk.dat", b"PK\3\4" + bytes(8), dtype="<u4")), np.array([0x04034B50, 0, 0], "<u4"))
        np.savez(self.at("z.npz"), A)
        with open(self.at("z.npz"), "rb") as file:
            data = file.read()
        self.check(as_memmap(self.sidecar("z.npz", data, dtype="u1", shape=[4])), np.frombuffer(b"PK\3\4", "u1"))

    def test_raw_files_with_a_sidecar(self):
        self.check(as_memmap(self.sidecar("a.dat", A.tobytes(), dtype="<i4", shape=[4, 3], fileNbytes=48)), A)
        self.check(as_memmap(self.sidecar("b.dat", A.tobytes(), dtype="<i4")), A.ravel())
        self.check(as_memmap(self.sidecar("b.dat", A.tobytes(), dtype=A.dtype.descr)), A.ravel())
        self.assertEqual(as_memmap(self.sidecar("b.dat", bytes(8), dtype=[["a", "<i4"], ["", "<i4"]])).dtype.names, ("a", "f1"))
        self.check(as_memmap(self.sidecar("c.dat", b"xyz" + A.tobytes("F") + b"tail", dtype="i4", shape=[4, 3], order="F", offset=3)), A)
        r = np.zeros(2, [("a", "<i4"), ("b", "<f8", (2,)), ("c", [("d", "i1")])])
        fields = [["a", "<i4"], ["", "|V4"], ["b", "<f8", [2]], ["c", [["d", "|i1"]]]]
        gap = np.dtype({"names": ["a", "b", "c"], "formats": ["<i4", ("<f8", (2,)), r.dtype["c"]], "offsets": [0, 8, 24]})
        self.check(as_memmap(self.sidecar("r.dat", bytes(2 * gap.itemsize), dtype=fields)), np.zeros(2, gap))
        for dtype in ("('<i4', (3,))", ["<i4", [3]], ["<i4", 3]):
            self.check(as_memmap(self.sidecar("s.dat", A.tobytes(), dtype=dtype)), A)
        self.assertEqual(as_memmap(self.sidecar("t.dat", A.tobytes(), dtype="bfloat16")).itemsize, 2)

    def test_a_link_finds_the_sidecar_of_its_file(self):
        os.mkdir(self.at("d"))
        self.sidecar("d/a.dat", A.tobytes(), dtype="<i4", shape=[4, 3])
        os.symlink(self.at("d/a.dat"), self.at("l.dat"))
        self.check(as_memmap(self.at("l.dat")), A)

    def test_what_is_no_array_is_refused(self):
        np.save(self.at("x.npy"), A)
        data = np.fromfile(self.at("x.npy"), np.uint8).tobytes()

        def refused(expected, name, data=None, **fields):
            if data is not None:
                with open(self.at(name), "wb") as file:
                    file.write(data)
            if fields:
                self.write(name + ".memmap.json", json.dumps(fields))
            self.assertIn(expected, self.message(ValueError, as_memmap, self.at(name)))

        refused("is 48 bytes from offset 128, but there are 175, expected at least 176; it is truncated", "a.npy", data[:-1])
        refused("ends inside its header", "b.npy", data[:60])
        refused("ends inside its header", "b.npy", data[:9])
        refused("format version 4.0", "c.npy", data[:6] + b"\4" + data[7:])
        refused("does not end in a newline", "d.npy", data[:127] + b" " + data[128:])
        refused("expected a dict of ['descr', 'fortran_order', 'shape']", "e.npy", data.replace(b"'shape'", b"'shopo'"))
        refused("holds Python objects", "f.npy", data.replace(b"'<i4'", b"'|O' "))
        refused("its header is no literal", "g.npy", data.replace(b"(4, 3)", b"f(4,3)"))
        refused("its header is no literal", "m.npy", data.replace(b"(4, 3)", b"{[]:1}"))
        refused("expected at most", "n.npy", data.replace(b"(4, 3), }" + b" " * 22, b"(0, 1%s), }" % (b"0" * 22)))
        refused("nothing says what it holds", "h.dat", b"12345678")
        refused("9 bytes from offset 0 are no whole number of rows of 4", "i.dat", b"123456789", dtype="<i4")
        refused("unknown key 'dtyp'", "j.dat", b"1234", dtyp="<i4")
        refused("it has 4 bytes, expected at least 8", "k.dat", b"1234", dtype="<i4", fileNbytes=8)
        refused("its header says dtype <i4, but its sidecar", "x.npy", dtype="<i8")
        refused("its header says order C, but its sidecar", "x.npy", dtype="<i4", order="F")
        refused("says shape (4, 2), expected the same", "x.npy", dtype="<i4", shape=[4, 2])
        refused("'f99' is no NumPy dtype", "l.dat", b"1234", dtype="f99")
        os.mkfifo(self.at("fifo"))
        self.assertIn("no regular file", self.message(ValueError, as_memmap, self.at("fifo")))
        with self.assertRaises(FileNotFoundError):
            as_memmap(self.at("none.npy"))
        self.assertIn("files of this machine only", self.message(ValueError, as_memmap, "s3a://bucket/x.npy"))

    def test_long_headers_are_read_on_demand(self):
        wide = np.zeros(3, [(f"column_{i}", "<f8") for i in range(600)])
        np.save(self.at("x.npy"), wide)
        message = self.message(ValueError, as_memmap, self.at("x.npy"))
        size = int.from_bytes(np.fromfile(self.at("x.npy"), "u1")[8:10].tobytes(), "little")
        self.assertIn(f"its header has {size} bytes, expected at most 10000; where the file is trusted, set", message)
        self.check(as_memmap(self.at("x.npy"), max_header_size=size), wide)
        self.check(shards(self.at("x.npy"), 0, 1, max_header_size=size)[0], wide)
        np.savez(self.at("x.npz"), wide)
        self.check(as_memmap(self.at("x.npz"), max_header_size=size), wide)

    def test_entries_that_are_not_where_the_archive_says_are_refused(self):
        np.savez(self.at("x.npz"), a=np.zeros(200, "u1"), b=np.ones(300, "u1"))
        data = np.fromfile(self.at("x.npz"), "u1").tobytes()
        begin, second = data.index(b"PK\1\2"), data.rindex(b"PK\1\2")

        def refused(expected, at, value, nbytes=4):
            with open(self.at("y.npz"), "wb") as file:
                file.write(data[:at] + value.to_bytes(nbytes, "little") + data[at + nbytes :])
            self.assertIn(expected, self.message(ValueError, as_memmap, self.at("y.npz"), member="b"))

        refused("the bytes at 0 are not the local header of its entry in the directory, expected the same", second + 42, 0)
        refused("it is stored in 400 bytes, expected its real size of 428 bytes", second + 20, 400)
        sizes = (500).to_bytes(4, "little") * 2
        with open(self.at("y.npz"), "wb") as file:
            file.write(data[: begin + 20] + sizes + data[begin + 28 : second + 20] + sizes + data[second + 28 :])
        for member in ("a", "b"):
            self.assertIn("its 500 bytes from byte", self.message(ValueError, as_memmap, self.at("y.npz"), member=member))

    def test_archives(self):
        np.savez(self.at("x.npz"), a=A, b=np.asfortranarray(A.astype("<f8")))
        self.check(as_memmap(self.at("x.npz"), member="a"), A)
        self.check(as_memmap(self.at("x.npz"), member="b.npy"), A.astype("<f8"))
        self.assertIn("its members are a, b, expected one; pass member=", self.message(ValueError, as_memmap, self.at("x.npz")))
        self.assertIn("member 'c' of", self.message(ValueError, as_memmap, self.at("x.npz"), member="c"))
        np.savez(self.at("one.npz"), A)
        self.check(as_memmap(self.at("one.npz")), A)
        np.savez_compressed(self.at("z.npz"), a=A)
        self.assertIn("is compressed or encrypted", self.message(ValueError, as_memmap, self.at("z.npz")))
        with zipfile.ZipFile(self.at("t.zip"), "w") as archive:
            archive.writestr("readme.txt", "hello")
        self.assertIn("its members are none", self.message(ValueError, as_memmap, self.at("t.zip")))
        with zipfile.ZipFile(self.at("two.npz"), "w") as archive:
            for name, values in (("a", A + 1), ("a.npy", A), ("b.npy", A)):
                with archive.open(name, "w") as file:
                    np.lib.format.write_array(file, values)
        self.check(as_memmap(self.at("two.npz"), member="b"), A)
        self.assertIn("np.load takes the first one", self.message(ValueError, as_memmap, self.at("two.npz"), member="a"))
        with open(self.at("x.npz"), "rb") as file:
            data = file.read()
        with open(self.at("cut.npz"), "wb") as file:
            file.write(data[:200])
        self.assertIn("it has no end record of a zip file in its last 200 bytes", self.message(ValueError, as_memmap, self.at("cut.npz")))
        with open(self.at("prefixed.npz"), "wb") as file:
            file.write(b"PK\3\4" + b"#" * 33 + data)
        self.check(as_memmap(self.at("prefixed.npz"), member="a"), A)
        np.save(self.at("x.npy"), A)
        self.assertIn("it is no archive", self.message(ValueError, as_memmap, self.at("x.npy"), member="a"))


class ChangesTest(InDirectory):
    def test_records_that_are_links_to_nothing_are_not_overlooked(self):
        np.save(self.at("x.npy"), A)
        os.symlink(self.at("none"), self.at(".x.npy.redo.json"))
        self.assertIn("a change of it is not finished, as", self.message(ValueError, as_memmap, self.at("x.npy")))
        os.remove(self.at(".x.npy.redo.json"))
        os.mkdir(self.at("x.npy.memmap.json"))
        self.assertIn("it is no regular file", self.message(ValueError, as_memmap, self.at("x.npy")))

    def test_an_unfinished_change_is_refused(self):
        np.save(self.at("x.npy"), A)
        record = {"kind": "UPDATE", "owner": "spark", "host": "h", "pid": 7, "since": "now"}
        self.write(".x.npy.redo.json", json.dumps(record))
        os.symlink(self.at("x.npy"), self.at("link.npy"))
        for name in ("x.npy", "link.npy"):
            message = self.message(ValueError, as_memmap, self.at(name))
            self.assertIn("a change of it is not finished, by spark on host h, process 7, since now", message)
        self.write(".x.npy.redo.json", "torn")
        self.assertIn("a change of it is not finished, as", self.message(ValueError, as_memmap, self.at("x.npy")))
        self.assertIn("a change of it is not finished", self.message(ValueError, as_memmap, self.directory))

    def test_an_update_whose_first_byte_is_not_written_leaves_the_old_rows(self):
        np.save(self.at("x.npy"), A)
        A.tofile(self.at("x.dat"))
        self.write("x.dat.memmap.json", json.dumps({"dtype": "<i4", "shape": [4, 3]}))
        for name in ("x.npy", "x.dat"):
            os.utime(self.at(name), ns=(0, 10**18 + 5))
            found = os.stat(self.at(name))
            record = {"version": 2, "kind": "UPDATE", "headBefore": "", "head": "", "owner": "spark", "host": "h", "pid": 7, "since": "now"}
            record["before"] = [f"ino={found.st_ino})", found.st_size, 3]
            for after, modified, whole in (
                ([found.st_size, found.st_mtime_ns], None, True),
                ([found.st_size + 1, found.st_mtime_ns], None, False),
                ([found.st_size, 0], None, False),
                ([found.st_size, found.st_mtime_ns], found.st_mtime_ns, False),
                ([found.st_size, found.st_mtime_ns, 0], None, False),
            ):
                path = self.write(f".{name}.redo.json", json.dumps({**record, "after": ["k", *after]}))
                if modified is not None:
                    os.utime(path, ns=(0, modified))
                if whole:
                    self.assertEqual(as_memmap(self.at(name)).tolist(), A.tolist())
                    self.write(f".{name}.redo.json", json.dumps({**record, "kind": "EVIL", "after": ["k", *after]}))
                    self.assertIn("a change of it is not finished, by spark", self.message(ValueError, as_memmap, self.at(name)))
                else:
                    self.assertIn("a change of it is not finished, by spark", self.message(ValueError, as_memmap, self.at(name)))

    def test_rows_that_are_being_appended_are_seen_when_the_header_or_the_length_tells_of_them(self):
        np.save(self.at("x.npy"), A[:2])
        np.save(self.at("y.npy"), A)
        before, after = (np.fromfile(self.at(name), "u1").tobytes() for name in ("x.npy", "y.npy"))
        record = {"version": 2, "kind": "APPEND", "owner": "spark", "host": "h", "pid": 7, "since": "now", "before": ["k", len(before), 5]}
        record["headBefore"], record["head"] = (data[:128].decode("latin1") for data in (before, after))
        self.write(".x.npy.redo.json", json.dumps(record))
        for data, expected in ((before, A[:2]), (before + after[-9:], A[:2]), (after, A)):
            with open(self.at("x.npy"), "wb") as file:
                file.write(data)
            np.testing.assert_array_equal(as_memmap(self.at("x.npy")), expected)
        for torn in (after.replace(b"(4, 3)", b"(3, 3)"), after.replace(b"(4, 3)", b"(4, 3 ")):
            with open(self.at("x.npy"), "wb") as file:
                file.write(torn)
            message = self.message(ValueError, as_memmap, self.at("x.npy"))
            self.assertIn("a change of it is not finished, by spark on host h, process 7, since now", message)

        raw = self.at("r.dat")
        A[:2].tofile(raw)
        self.write("r.dat.memmap.json", json.dumps({"dtype": "('<i4', (3,))"}))
        self.write(".r.dat.redo.json", json.dumps({**record, "before": ["k", 24, 5], "headBefore": "", "head": ""}))
        np.testing.assert_array_equal(as_memmap(raw), A[:2])
        A[:3].tofile(raw)
        self.assertIn("not finished, by spark", self.message(ValueError, as_memmap, raw))

    def test_a_map_beside_a_writer_has_all_rows_of_an_append_or_none(self):
        np.save(self.at("x.npy"), np.arange(1))
        writer = os.fork()
        if writer == 0:
            status = 1
            try:
                for rows in range(1, 400):
                    self.append(rows)
                    time.sleep(0.002)  # a job of Spark takes longer
                status = 0
            finally:
                os._exit(status)
        ended = (0, 0)
        try:
            while ended == (0, 0):
                ended = os.waitpid(writer, os.WNOHANG)
                found = as_memmap(self.at("x.npy"))
                np.testing.assert_array_equal(found, np.arange(len(found)))
        finally:
            if ended == (0, 0):
                os.waitpid(writer, 0)
        self.assertEqual(ended, (writer, 0))
        self.assertEqual(len(as_memmap(self.at("x.npy"))), 400)

    def append(self, rows):
        """Appends a row as Spark does: a record, the row, the header, and the record is gone."""
        with open(self.at("x.npy"), "r+b") as file:
            before = file.read(128)
            head = before.replace(b"(%d,)" % rows, b"(%d,)" % (rows + 1)).replace(b" " * (rows in (9, 99)) + b"\n", b"\n")
            record = {"version": 2, "kind": "APPEND", "before": ["k", 128 + 8 * rows, 5], "pid": rows}
            record["headBefore"], record["head"] = before.decode("latin1"), head.decode("latin1")
            self.write("staged", json.dumps(record))
            os.rename(self.at("staged"), self.at(".x.npy.redo.json"))
            file.seek(0, os.SEEK_END)
            file.write(rows.to_bytes(8, "little"))
            file.flush()
            file.seek(0)
            file.write(head)
            file.flush()
        os.unlink(self.at(".x.npy.redo.json"))

    def test_records_of_another_release_are_not_read(self):
        np.save(self.at("x.npy"), A)
        data = np.fromfile(self.at("x.npy"), "u1").tobytes()
        record = {"version": 2, "kind": "APPEND", "before": ["k", len(data), 5]}
        record["headBefore"] = record["head"] = data[:128].decode("latin1")
        self.write(".x.npy.redo.json", json.dumps(record))
        np.testing.assert_array_equal(as_memmap(self.at("x.npy")), A)
        for other in ({"version": 3}, {"head": ""}, {"before": ["k", 127, 5]}, {"before": ["k", -1, 5], "head": "", "headBefore": ""}):
            self.write(".x.npy.redo.json", json.dumps({**record, **other}))
            self.assertIn("a change of it is not finished, as", self.message(ValueError, as_memmap, self.at("x.npy")))

    def test_records_of_long_names_are_found(self):
        self.assertEqual(_hidden("x.npy"), ".x.npy")
        name = "é" * 100 + ".npy"
        np.save(self.at(name), A)
        self.write(_hidden(name) + ".redo.json", "{}")
        self.assertIn("not finished", self.message(ValueError, as_memmap, self.at(name)))

    def test_a_sidecar_in_transit_describes_the_file_that_is_there(self):
        path = self.at("x.dat")
        A.tofile(path)
        found = os.stat(path)
        identity = f"ino={found.st_ino}) {found.st_size} {found.st_mtime_ns}"
        own = json.dumps({"dtype": "<i4", "shape": [4, 3]})
        transit = json.dumps({"inTransit": {"ino=1) 2 3": "", identity: own}})
        self.write("x.dat.memmap.json", transit)
        np.testing.assert_array_equal(np.asarray(as_memmap(path)), A)
        self.write("x.dat.memmap.json", json.dumps({"inTransit": {"ino=1) 2 3": own}}))
        self.assertIn(f"found {identity}, expected ino=1) 2 3", self.message(ValueError, as_memmap, path))
        self.write("x.dat.memmap.json", json.dumps({"inTransit": {identity: ""}}))
        self.assertIn("nothing says what it holds", self.message(ValueError, as_memmap, path))
