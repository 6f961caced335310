"""Files that others replace meanwhile, and files of arrays that are not read."""

import json
import os
import pickle
import sys
from functools import partial

import numpy as np

from arrays import InDirectory, within
from memmap_spark import as_memmap, from_numpy, options_of
from memmap_spark.maps import arrays_at

A = np.arange(12, dtype="<i4").reshape(4, 3)
SECOND_READ = 3  # of a manifest: to open it is two events


def at_opening(path, place, change):
    """Makes a change before a file is opened for this time. Returns a list that is empty from then on, or once it is cleared."""
    left = [place]

    def before(event, args):
        if event == "open" and args[0] == path and left:
            left[0] -= 1
            if left[0] == 0:
                left.clear()
                change()

    sys.addaudithook(before)
    return left


class ReplacedFilesTest(InDirectory):
    def changed_at(self, place, change):
        """Changes the file before it is opened for this time, and returns its map or the refusal."""
        np.save(self.at("x.npy"), A)
        left = at_opening(self.at("x.npy"), place, lambda: change(self.at("x.npy")))
        try:
            return as_memmap(self.at("x.npy")).tolist(), left
        except ValueError as e:
            return str(e), left
        finally:
            left.clear()

    def test_a_file_that_is_replaced_is_one_of_both_or_refused(self):
        new = np.arange(6, dtype="<f8").reshape(2, 3)

        def replace(path):
            np.save(self.at("y.npy"), new)
            os.replace(self.at("y.npy"), path)

        found = [self.changed_at(place, replace) for place in (1, 2, 3, 4)]
        self.assertEqual([each for each, _ in found[:3]], [new.tolist()] * 3)
        expected = f"Cannot map {self.at('x.npy')}: it was replaced or cut after its description was read, expected the same file"
        self.assertIn(expected, found[3][0])

    def test_a_file_that_is_cut_is_refused(self):
        found, _ = self.changed_at(4, lambda path: os.truncate(path, 130))
        self.assertIn("it was replaced or cut after its description was read, expected the same file, of at least 176", found)

    def test_a_file_that_grows_is_mapped_as_it_was(self):
        def grow(path):
            with open(path, "ab") as file:
                file.write(bytes(8))

        self.assertEqual(self.changed_at(4, grow)[0], A.tolist())

    def test_a_file_that_is_saved_anew_is_mapped_only_where_its_elements_lie_as_before(self):
        f = partial(np.asfortranarray, A)
        for before, after, is_mapped in (
            (A, A + 1, True),
            (A, np.ones((6, 3), A.dtype), True),
            (A, A.astype(">i4"), False),
            (A, A.view("<f4"), False),
            (A, np.ones((12, 3, 1), A.dtype), False),
            (A, f(), False),
            (f(), f() + 1, True),
            (f(), np.ones((3, 6), A.dtype).T, False),
            (A, np.ones((6, 3), [("a" * 80, A.dtype)])["a" * 80], True),
            (A.view([("a", "<i4")]), np.ones((6, 3), [("a" * 80, "<i4")]), False),
        ):
            np.save(self.at("x.npy"), before)
            found = arrays_at(self.at("x.npy"), 10000)[None][0]
            with open(self.at("x.npy"), "r+b") as file:
                np.save(file, after)
                file.truncate()
                os.utime(file.fileno(), ns=(1, 1))
            for each in (found, pickle.loads(pickle.dumps(found))):
                if is_mapped:
                    self.assertEqual(each.open().tolist(), after[:4].tolist())
                else:
                    self.assertIn("it was replaced or cut after its description was read", self.message(ValueError, each.open))

    def test_a_member_that_is_saved_anew_elsewhere_in_its_archive_is_not_mapped_by_its_old_place(self):
        np.savez(self.at("x.npz"), a=A)
        found = arrays_at(self.at("x.npz"), 10000)[None][0]
        with open(self.at("x.npz"), "r+b") as file:
            np.savez(file, aa=A + 1)
        self.assertIn("it was replaced or cut after its description was read", self.message(ValueError, found.open))

    def test_the_manifest_of_a_partition_that_is_replaced_is_read_again(self):
        fields = {"version": 1, "dtype": "<i4", "trailingShape": [3]}
        os.mkdir(self.at("day=1"))
        np.save(self.at("day=1", "b.npy"), A)
        manifest = self.at("day=1", "_memmap.json")

        def listed(name):
            self.write(manifest, json.dumps({**fields, "shards": [{"name": f"{name}.npy", "rows": 4}]}))

        for change, found in ((lambda: os.unlink(manifest), A), (lambda: listed("b"), A), (lambda: listed("c"), None)):
            listed("a")
            at_opening(manifest, SECOND_READ, change)
            if found is not None:
                self.assertEqual(as_memmap(self.directory).tolist(), found.tolist())
            else:
                self.assertIn("lists c.npy, which is not there", self.message(FileNotFoundError, as_memmap, self.directory))

    def test_a_manifest_that_is_replaced_is_read_again(self):
        fields = {"version": 2, "dtype": "<i4", "trailingShape": [3]}

        def listed(name):
            return {**fields, "shards": [{"name": f"day=1/{name}.npy", "rows": 4}]}

        os.mkdir(self.at("day=1"))
        np.save(self.at("day=1", "b.npy"), A)
        for path in (self.directory, self.at("day=1")):
            manifest = self.write("_memmap.json", json.dumps(listed("a")))
            self.assertIn("lists day=1/a.npy, which is not there", self.message(FileNotFoundError, as_memmap, path))
            at_opening(manifest, SECOND_READ, partial(self.write, "_memmap.json", json.dumps(listed("b"))))
            self.assertEqual(as_memmap(path).tolist(), A.tolist())

    def test_a_copy_of_a_replaced_file_is_told_by_its_length(self):
        A.tofile(self.at("x.dat"))
        own = json.dumps({"dtype": "<i4", "shape": [4, 3]})
        texts = {"ino=1) 5 7": json.dumps({"dtype": "<f8"}), "copy 48": own}
        self.write("x.dat.memmap.json", json.dumps({"inTransit": texts}))
        self.assertEqual(as_memmap(self.at("x.dat")).tolist(), A.tolist())
        self.write("x.dat.memmap.json", json.dumps({"inTransit": {**texts, "copy 48": ""}}))
        self.assertIn("nothing says what it holds", self.message(ValueError, as_memmap, self.at("x.dat")))

    def test_a_fifo_in_the_place_of_a_mapped_file_holds_nobody_up(self):
        np.save(self.at("x.npy"), A)
        found = as_memmap(self.at("x.npy"))
        os.unlink(self.at("x.npy"))
        os.mkfifo(self.at("x.npy"))
        with within(30):
            self.assertEqual(options_of(found)["shape"], "(4, 3)")

    def test_a_file_that_is_not_read_is_removed(self):
        for _ in range(2):
            with self.assertRaises(AttributeError):  # there is no session to read it with
                from_numpy(None, A, path=self.at("x.npy"))
            self.assertEqual(os.listdir(self.directory), [])

    def test_dtypes_that_spark_does_not_read_are_not_written(self):
        for dtype, reason in (("O", "it holds Python objects"), ("g", "it is a longdouble"), ("M8", "it has no unit")):
            message = self.message(ValueError, from_numpy, None, np.zeros(3, np.dtype(dtype)), path=self.at("x.npy"))
            self.assertIn("Cannot make a DataFrame of dtype ", message)
            self.assertIn(reason, message)
        self.assertEqual(os.listdir(self.directory), [])
