"""Tables whose manifest lists files of directories below it: partitions, and columns side by side."""

import json
import os
import sys

import numpy as np

from arrays import InDirectory
from memmap_spark import as_memmap, shards


class Table(InDirectory):
    def save(self, name, a):
        os.makedirs(os.path.dirname(self.at(name)), exist_ok=True)
        np.save(self.at(name), a)
        return {"name": name, "rows": len(a)}

    def manifest(self, *shards, **fields):
        fields = {"version": 2, "dtype": "<i4", "trailingShape": [], "shards": list(shards), **fields}
        self.write("_memmap.json", json.dumps(fields))

    def refused(self, expected, *shards_of_it, kind=ValueError, **fields):
        self.manifest(*shards_of_it, **fields)
        for function in (as_memmap, lambda path: shards(path, 0, 1)):
            self.assertIn(expected, self.message(kind, function, self.directory))


class PartitionsTest(Table):
    def days(self):
        """Partitions in the order of a second append, in which the reader does not have them."""
        listed = [
            self.save(name, np.array(values, "<i4"))
            for name, values in {
                "day=10/part-0.npy": [5, 6],
                "day=9/part-1.npy": [1],
                "day=9/part-0.npy": [2, 3],
                "day=__HIVE_DEFAULT_PARTITION__/part-0.npy": [7],
                "day=10/part-2.npy": [],
            }.items()
        ]
        self.save("day=9/left.npy", np.array([-1], "<i4"))
        self.manifest(*listed, partitionTypes={"day": "INT"})

    def test_shards_are_in_the_order_of_their_directories(self):
        self.days()
        maps = shards(self.directory, 0, 1)
        self.assertEqual([each.tolist() for each in maps], [[1], [2, 3], [5, 6], [7]])
        self.assertEqual(
            [os.path.relpath(each.filename, self.directory) for each in maps],
            ["day=9/part-1.npy", "day=9/part-0.npy", "day=10/part-0.npy", "day=__HIVE_DEFAULT_PARTITION__/part-0.npy"],
        )
        self.assertIn(
            "its 5 shards, such as day=9/part-1.npy, are files", self.message(ValueError, as_memmap, self.directory)
        )

    def test_a_partition_has_the_files_that_the_manifest_above_lists(self):
        self.days()
        self.assertEqual([each.tolist() for each in shards(self.at("day=9"), 0, 1)], [[1], [2, 3]])
        self.assertEqual([each.tolist() for each in shards(self.at("day=?"), 0, 1)], [[1], [2, 3]])
        self.assertEqual(as_memmap(self.at("day=__HIVE_DEFAULT_PARTITION__")).tolist(), [7])
        os.mkdir(self.at("day=11"))
        self.save("day=11/part-0.npy", np.array([8], "<i4"))
        self.assertIn("lists no file of it, expected at least one", self.message(ValueError, as_memmap, self.at("day=11")))
        own = {"version": 1, "dtype": "<i4", "trailingShape": [], "shards": [{"name": "part-0.npy", "rows": 1}]}
        self.write("day=11/_memmap.json", json.dumps(own))
        self.assertEqual(as_memmap(self.at("day=11")).tolist(), [8])
        self.write("day=9/_memmap.json", json.dumps(own))
        self.save("day=9/part-0.npy", np.array([2, 3], "<i4"))
        self.assertEqual([each.tolist() for each in shards(self.at("day=9"), 0, 1)], [[1], [2, 3]])

    def test_a_manifest_is_read_once_however_many_of_its_partitions_are_named(self):
        self.days()
        opened = []
        sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "open" else None)
        counts = []
        for path in (self.at("day=9"), self.at("day=*"), [self.at("day=9"), self.at("day=10")]):
            shards(path, 0, 1)
            counts.append(opened.count(self.at("_memmap.json")))
            opened.clear()
        self.assertEqual(counts, counts[:1] * 3)

    def test_a_table_in_a_directory_that_is_named_as_a_partition(self):
        listed = self.save("run=5/date=1/a.npy", np.arange(3, dtype="<i4"))
        self.save("run=5/date=1/left.npy", np.array([-1], "<i4"))
        fields = {"version": 2, "dtype": "<i4", "trailingShape": [], "partitionTypes": {"date": "INT"}}
        self.write("run=5/_memmap.json", json.dumps({**fields, "shards": [{**listed, "name": "date=1/a.npy"}]}))
        for name in ("run=5", "run=5/date=1"):
            self.assertEqual([each.tolist() for each in shards(self.at(name), 0, 1)], [[0, 1, 2]])

    def test_partitions_of_several_columns(self):
        names = ["_year=2026/month=2/b.npy", "_year=2026/month=10/a.npy", "_year=2026/month=2/a.npy"]
        self.manifest(*(self.save(name, np.array([i], "<i4")) for i, name in enumerate(names)))
        self.assertEqual([each.tolist() for each in shards(self.directory, 0, 1)], [[0], [2], [1]])
        self.assertEqual([each.tolist() for each in shards(self.at("_year=2026", "month=2"), 0, 1)], [[0], [2]])
        self.assertEqual(len(shards(self.at("_year=2026"), 0, 1)), 3)

    def test_paths_that_lead_elsewhere_are_refused(self):
        shard = self.save("day=1/a.npy", np.array([1], "<i4"))
        names = ["../a.npy", "day=1/../a.npy", "/a.npy", "day=1//a.npy", "./a.npy", "day=1/", "day=1/_a.npy", "day=1/.a.npy"]
        for name in names + ["_day/a.npy", ".day=1/a.npy", "day=1\\a.npy", "day=1/a\n.npy", "", 5, None]:
            expected = f"shard {name!r}, expected a path of plain names, without _ or . at the beginning"
            self.refused(expected, {"name": name, "rows": 1})
        self.refused("shard 'day=1/a.npy', expected a plain file name in version 1", shard, version=1)
        self.refused("shard 'day=1/a.npy' is listed twice, expected each name once", shard, shard)
        self.refused("says shape (2,), expected the same", {**shard, "rows": 2})
        self.refused("says dtype <f4, expected the same", shard, dtype="<f4")
        self.refused("lists day=2/a.npy, which is not there", {**shard, "name": "day=2/a.npy"}, kind=FileNotFoundError)
        self.refused("it is no regular file", {**shard, "name": "day=1"})
        self.refused("key 'partitionTypes' is ['day'], expected an object of texts", shard, partitionTypes=["day"])

    def test_links_below_the_table_are_refused(self):
        shard = self.save("day=1/a.npy", np.array([1], "<i4"))
        os.symlink(self.at("day=1"), self.at("day=2"))
        os.mkdir(self.at("day=3"))
        os.symlink(self.at("day=1", "a.npy"), self.at("day=3", "a.npy"))
        for name, link in (("day=2/a.npy", "day=2"), ("day=3/a.npy", "day=3/a.npy")):
            self.refused(f"lists {link}, which is a link, expected none", {**shard, "name": name})
        self.manifest(shard)
        os.symlink(self.directory, self.directory + ".link")
        self.addCleanup(os.unlink, self.directory + ".link")
        self.assertEqual(as_memmap(self.directory + ".link").tolist(), [1])


IDS = np.arange(10, dtype="<i8")
XY = np.arange(20, dtype="<f4").reshape(10, 2)
RECORD = [["id", "<i8"], ["x/y", "<f4", [2]]]


class ColumnsTest(Table):
    def columns(self, ids=(4, 6), xys=(3, 3, 4)):
        """Two columns that are cut differently."""
        listed = [
            self.save(f"{name}/part-{i}.npy", part)
            for name, a, cuts in (("id", IDS, ids), ("x%2Fy", XY, xys))
            for i, part in enumerate(np.split(a, np.cumsum(cuts)[:-1]))
        ]
        self.manifest(*listed, dtype=RECORD, layout="sideBySide")
        return listed

    def check(self, parts, order, **columns):
        """The parts hold these rows of both columns."""
        for part in parts:
            self.assertEqual(len({len(column) for column in part.values()}), 1)
        self.assertEqual(np.concatenate([part["id"] for part in parts]).tolist(), IDS[order].tolist())
        self.assertEqual(np.concatenate([part["x/y"] for part in parts]).tolist(), XY[order].tolist())

    def test_parts_have_equal_rows_of_every_column(self):
        self.columns()
        parts = shards(self.directory, 0, 1)
        self.assertEqual([list(part) for part in parts], [["id", "x/y"]] * 4)
        self.assertEqual([len(part["id"]) for part in parts], [3, 1, 2, 4])
        self.check(parts, range(10))
        self.assertTrue(all(isinstance(column, np.memmap) for part in parts for column in part.values()))
        self.check(shards(self.directory, 1, 3), range(3, 6))
        self.check(shards(self.directory, 2, 3, drop_tail=False), [8, 9, 0, 1])

    def test_columns_are_shuffled_alike(self):
        self.columns()
        parts = shards(self.directory, 0, 1, seed=1, block_rows=2)
        order = np.concatenate([part["id"] for part in parts]).tolist()
        self.assertEqual(sorted(order), list(range(10)))
        self.assertNotEqual(order, list(range(10)))
        self.check(parts, order)

    def test_columns_can_be_chosen(self):
        self.columns()
        (part,) = shards(self.at(), 1, 2, columns=["id"])
        self.assertEqual((list(part), part["id"].tolist()), (["id"], [5, 6, 7, 8, 9]))
        parts = shards(self.directory, 0, 1, columns="x/y")
        self.assertEqual([len(part) for part in parts], [3, 3, 4])
        self.assertEqual(np.concatenate(parts).tolist(), XY.tolist())
        self.assertEqual(list(shards(self.directory, 0, 1, columns=["x/y", "id"])[0]), ["x/y", "id"])
        for columns, found in ((["id", "z"], "column 'z'"), ([], "no column")):
            expected = f"Cannot share out {found} of {self.directory}: expected some of id, x/y"
            self.assertEqual(self.message(ValueError, shards, self.directory, 0, 1, columns=columns), expected)
        self.manifest(*self.columns(), dtype=RECORD[::-1], layout="sideBySide")
        self.assertEqual(list(shards(self.directory, 0, 1)[0]), ["x/y", "id"])

    def test_fields_of_a_record_can_be_chosen(self):
        a = np.zeros(4, [("id", "<i8"), ("xy", "<f4", (2,))])
        a["id"] = range(4)
        np.save(self.at("a.npy"), a)
        (part,) = shards(self.at("a.npy"), 1, 2, columns=["xy", "id"])
        self.assertEqual((list(part), part["id"].tolist(), part["xy"].shape), (["xy", "id"], [2, 3], (2, 2)))
        (part,) = shards(self.at("a.npy"), 0, 2, columns="id")
        self.assertEqual(part.tolist(), [0, 1])
        expected = f"column 'z' of {self.at('a.npy')}: expected some of id, xy"
        self.assertIn(expected, self.message(ValueError, shards, self.at("a.npy"), 0, 1, columns="z"))
        np.save(self.at("b.npy"), IDS)
        expected = f"columns 'id' of {self.at('b.npy')}: its rows are int64, expected records or columns side by side"
        self.assertIn(expected, self.message(ValueError, shards, self.at("b.npy"), 0, 1, columns="id"))

    def test_a_column_of_a_dropped_table_is_refused(self):
        shard = self.save("id/part-0.npy", IDS)
        fields = {"version": 2, "dtype": [["id", "<i8"]], "trailingShape": [], "layout": "sideBySide", "shards": [shard]}
        self.write("_memmap.json", json.dumps({**fields, "dropped": True}))
        self.assertIn("the array was dropped", self.message(ValueError, as_memmap, self.at("id")))
        os.unlink(self.at("_memmap.json"))
        os.symlink("gone", self.at("_memmap.json"))
        expected = f"Cannot read {self.at('_memmap.json')}: it is a symbolic link to gone, which does not exist, expected a file"
        self.assertIn(expected, self.message(ValueError, as_memmap, self.at("id")))

    def test_tables_without_rows(self):
        self.columns()
        listed = [self.save("id/e.npy", IDS[:0]), self.save("x%2Fy/e.npy", XY[:0])]
        self.manifest(*listed, dtype=RECORD, layout="sideBySide")
        (part,) = shards(self.directory, 0, 2)
        self.assertEqual((part["id"].shape, part["x/y"].shape), ((0,), (0, 2)))

    def test_a_map_is_that_of_one_array(self):
        self.columns(ids=(10,))
        expected = (
            "its columns id, x/y are arrays side by side, expected one array; use shards(path, rank, world_size), or map a "
            "column by its directory, such as id"
        )
        self.assertIn(expected, self.message(ValueError, as_memmap, self.directory))
        self.assertEqual(as_memmap(self.at("id")).tolist(), IDS.tolist())
        expected = "are arrays side by side, expected their directory alone"
        self.assertIn(expected, self.message(ValueError, shards, [self.directory, self.directory], 0, 1))

    def test_a_column_has_the_files_that_the_manifest_above_lists(self):
        self.columns(ids=(10,))
        np.save(self.at("id", "part-9.npy"), np.arange(3, dtype=IDS.dtype))
        for name in ("id", "id/", "../" + os.path.basename(self.directory) + "/id"):
            self.assertEqual(as_memmap(self.at(name)).tolist(), IDS.tolist())
        self.write("_memmap.json", "{}")
        with self.assertWarnsRegex(UserWarning, "its manifest says nothing of id"):
            self.assertEqual(sum(map(len, shards(self.at("id"), 0, 1))), len(IDS) + 3)

    def test_tables_that_do_not_fit_are_refused(self):
        listed = self.columns()
        fields = {"dtype": RECORD, "layout": "sideBySide"}
        self.refused("id/ has 4 rows and x%2Fy/ 10, expected equal row counts", listed[0], *listed[2:], **fields)
        self.refused("id/ has 10 rows and x%2Fy/ 0, expected equal row counts", *listed[:2], **fields)
        empty = self.save("id/e.npy", IDS[:0])
        self.refused("lists no file of column 'x/y', expected at least one", empty, **fields)
        other = self.save("other/a.npy", IDS)
        self.refused("shard 'other/a.npy', expected it in id/, x%2Fy/", *listed, other, **fields)
        self.refused("shard 'id/d/a.npy', expected it in", *listed, {"name": "id/d/a.npy", "rows": 1}, **fields)
        self.refused("expected a record, with a field for each array", *listed, dtype="<i8", layout="sideBySide")
        self.refused("id/ has 4 rows", listed[0], *listed[2:], dtype=str(np.dtype([("id", "<i8"), ("x/y", "<f4", 2)])), layout="sideBySide")
        self.refused("key 'dtype' is [], expected a NumPy dtype; [] is no NumPy dtype that Spark reads", *listed, dtype=[], layout="sideBySide")
        self.refused("expected a record, with a field for each array", *listed, **fields, trailingShape=[2])
        self.refused("says dtype <i4, expected the same", *listed, dtype=[["id", "<i4"], RECORD[1]], layout="sideBySide")
        self.refused("says shape (3, 3), expected the same", *listed, dtype=[RECORD[0], ["x/y", "<f4", 3]], layout="sideBySide")
        self.refused("the array was dropped", *listed, **fields, dropped=True)
        self.refused("expected a plain file name in version 1", *listed, **fields, version=1)

    def test_names_of_directories(self):
        names = {"_a": "%5Fa", ".b": "%2Eb", "c_": "c_", "d=e*": "d%3De%2A", "é\u007f": "é%7F", "50%": "50%25", "f g": "f g"}
        listed = [self.save(f"{directory}/a.npy", IDS + i) for i, directory in enumerate(names.values())]
        self.manifest(*listed, dtype=[[name, "<i8"] for name in names], layout="sideBySide")
        (part,) = shards(self.directory, 0, 1)
        self.assertEqual({name: column[0] for name, column in part.items()}, {name: i for i, name in enumerate(names)})

    def test_dtypes_of_columns(self):
        a = np.zeros(3, [("r", "<i2"), ("s", "<f8", (2,))])
        arrays = {"r": a, "t": np.zeros((3, 2), "V2"), "u": np.zeros((3, 1, 2), "<u2")}
        listed = [self.save(f"{name}/a.npy", array) for name, array in arrays.items()]
        dtype = [["r", [["r", "<i2"], ["s", "<f8", [2]]]], ["t", "bfloat16", [2]], ["u", "<u2", [1, 2]]]
        as_dict = {"names": list("rtu"), "formats": [dtype[0][1], ["bfloat16", [2]], ["<u2", [1, 2]]]}
        for spelled in (dtype, "[('r', [('r', '<i2'), ('s', '<f8', (2,))]), ('t', 'bfloat16', (2,)), ('u', '<u2', (1, 2))]", str(as_dict)):
            self.manifest(*listed, dtype=spelled, layout="sideBySide")
            (part,) = shards(self.directory, 0, 1)
            self.assertEqual([part[name].shape for name in "rtu"], [(3,), (3, 2), (3, 1, 2)])
            self.assertEqual([part["r"].dtype, part["t"].itemsize], [a.dtype, 2])
