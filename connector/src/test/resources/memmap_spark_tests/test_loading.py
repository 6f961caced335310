"""Shares of a training loader."""

import errno
import itertools
import os
import subprocess
import sys
import tracemalloc
import unittest

import numpy as np

from arrays import InDirectory
from memmap_spark import shards


def rows(maps):
    return [tuple(row) for each in maps for row in np.asarray(each).tolist()]


class ShardsTest(InDirectory):
    def files(self, *lengths):
        """A directory of files of so many rows, and all rows."""
        os.makedirs(self.at("d"), exist_ok=True)
        total = sum(lengths)
        a = np.arange(2 * total, dtype="<i4").reshape(total, 2)
        begin = 0
        for i, length in enumerate(lengths):
            np.save(self.at("d", f"{i}.npy"), a[begin : begin + length])
            begin += length
        return self.at("d"), [tuple(row) for row in a.tolist()]

    def test_one_worker_reads_all_rows_in_order(self):
        path, all_rows = self.files(*range(12))
        maps = shards(path, 0, 1)
        self.assertEqual(rows(maps), all_rows)
        self.assertEqual([len(each) for each in maps], list(range(1, 12)))
        self.assertTrue(all(isinstance(each, np.memmap) and not each.flags.writeable for each in maps))

    def test_every_worker_gets_as_many_rows(self):
        for lengths in ((10,), (3, 0, 4, 1), (1, 1, 1), (0,)):
            path, all_rows = self.files(*lengths)
            for world, seed in itertools.product((1, 2, 3, 7, 20), (None, 5)):
                whole = rows(shards(path, 0, 1, seed=seed, epoch=2))
                self.assertEqual(sorted(whole), all_rows)
                dropped = [rows(shards(path, rank, world, seed=seed, epoch=2)) for rank in range(world)]
                self.assertEqual({len(share) for share in dropped}, {len(all_rows) // world})
                self.assertEqual(sum(dropped, []), whole[: len(all_rows) // world * world])
                padded = [rows(shards(path, rank, world, drop_tail=False, seed=seed, epoch=2)) for rank in range(world)]
                self.assertEqual({len(share) for share in padded}, {-(-len(all_rows) // world)})
                self.assertEqual(sum(padded, []), (whole * (world + 1))[: -(-len(all_rows) // world) * world])
            for name in os.listdir(path):
                os.unlink(os.path.join(path, name))

    def test_a_worker_without_rows_has_an_empty_map(self):
        path, _ = self.files(1)
        for maps in (shards(path, 1, 2), shards(path, 0, 2, seed=1)):
            self.assertEqual((len(maps), np.concatenate(maps).shape, maps[0].dtype), (1, (0, 2), np.dtype("<i4")))

    def test_blocks_are_shuffled_by_seed_and_epoch(self):
        path, all_rows = self.files(50, 30, 20)
        orders = [
            tuple(rows(shards(path, 0, 1, seed=seed, epoch=epoch))) for seed, epoch in ((1, 0), (1, 1), (2, 0), (2, 1))
        ]
        self.assertEqual(len({*orders, tuple(all_rows)}), 5)
        self.assertEqual(rows(shards(path, 0, 1, seed=1, epoch=1)), list(orders[1]))
        self.assertEqual(rows(shards(path, 0, 1, epoch=9)), all_rows)

    def test_the_order_is_the_same_in_all_versions_of_numpy(self):
        path, _ = self.files(8)
        self.assertEqual([row[0] // 2 for row in rows(shards(path, 0, 1, seed=3, epoch=4))], [0, 4, 1, 6, 5, 2, 7, 3])

    def test_shares_of_short_blocks_stay_as_they_are(self):
        path, _ = self.files(7, 1, 5, 9, 2)
        def share(*args, **options):
            return [(each[:, 0] // 2).tolist() for each in shards(path, *args, seed=7, epoch=2, block_rows=3, **options)]

        blocks = [[13, 14, 15], [0, 1, 2], [22, 23], [7], [3, 4, 5], [8, 9, 10], [16, 17, 18], [11, 12], [19, 20, 21], [6]]
        self.assertEqual(share(0, 1), blocks)
        self.assertEqual(share(1, 5), [[1, 2], [22, 23]])
        self.assertEqual(share(4, 5, drop_tail=False), [[19, 20, 21], [6], [13]])
        self.assertEqual(share(6, 7, drop_tail=False), [[13, 14, 15], [0]])

    def test_a_share_takes_memory_for_its_own_blocks(self):
        count = 2_000_000
        np.zeros(count, "u1").tofile(self.at("x.dat"))
        self.write("x.dat.memmap.json", '{"dtype": "u1"}')
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        self.assertEqual(len(shards(self.at("x.dat"), 1, 1000, seed=1, block_rows=1)), count // 1000)
        self.assertLess(tracemalloc.get_traced_memory()[1], 20 * count)

    @unittest.skipIf(os.name == "nt", "Windows has no such limit")
    def test_more_files_than_may_be_open(self):
        path, all_rows = self.files(*[1] * 100)
        program = (
            "import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
            "from memmap_spark import shards\n"
            "try:\n"
            "    print(sum(len(part) for part in shards(sys.argv[1], 0, 1)))\n"
            "except OSError as e:\n"
            "    print(e.errno, open(sys.argv[2]).read(), e)\n"
        )
        found = subprocess.run(
            [sys.executable, "-c", program, path, self.write("other", "opened")],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        if sys.version_info >= (3, 13):
            self.assertEqual(found, "100")
        else:
            self.assertEqual(
                found,
                f"{errno.EMFILE} opened Cannot map the 100 files of a share, such as {path}/0.npy: Python before 3.13 keeps a "
                "mapped file open, and this process may open 64, expected more than 100; raise the limit, as with ulimit -n "
                "164, save fewer and larger files, or use Python 3.13",
            )

    def test_a_missing_ml_dtypes_is_looked_for_once(self):
        path, _ = self.files(*[1] * 5)
        asked = []

        class Finder:
            @staticmethod
            def find_spec(name, *_):
                asked.append(name)

        sys.meta_path.insert(0, Finder)
        self.addCleanup(sys.meta_path.remove, Finder)
        shards(path, 0, 1)
        self.assertLessEqual(asked.count("ml_dtypes"), 1)

    def test_a_block_stays_together(self):
        path, all_rows = self.files(50, 30, 20)
        maps = shards(path, 0, 1, seed=1, block_rows=8)
        self.assertEqual(sorted(len(each) for each in maps), [2, 4, 6] + [8] * 11)
        for each in maps:
            first = int(each[0, 0]) // 2
            self.assertEqual(rows([each]), all_rows[first : first + len(each)])

    def test_files_patterns_and_lists(self):
        path, all_rows = self.files(*[1] * 11)
        self.assertEqual(rows(shards(os.path.join(path, "*.npy"), 0, 1)), all_rows)
        names = [os.path.join(path, f"{i}.npy") for i in (3, 1)]
        self.assertEqual(rows(shards(names, 0, 1)), [all_rows[3], all_rows[1]])
        self.assertEqual(rows(shards(names[0], 0, 1)), [all_rows[3]])
        np.save(self.at("x[1].npy"), np.ones((1, 2), "<i4"))
        self.assertEqual(rows(shards(self.at("x[1].npy"), 0, 1)), [(1, 1)])
        with self.assertRaisesRegex(FileNotFoundError, "no file matches the pattern"):
            shards(self.at("none*.npy"), 0, 1)

    def test_patterns_are_those_of_hadoop(self):
        for i, name in enumerate(("a0", "b1", "_old", ".tmp", "_p=1")):
            os.makedirs(self.at(name))
            np.save(self.at(name, f"{i}.npy"), np.full((1, 2), i, "<i4"))
        for pattern, expected in (
            ("*/*.npy", [0, 1]),
            ("[^a]*/*.npy", [1]),
            ("*/[^0].npy", [1]),
            ("_*/*.npy", [2, 4]),
            ("_old/*.npy", [2]),
            ("*//*.npy", [0, 1]),
        ):
            self.assertEqual(rows(shards(self.at(pattern), 0, 1)), [(i, i) for i in expected], pattern)

    def test_what_cannot_be_shared_out_is_refused(self):
        path, _ = self.files(3, 4)
        for rank, world in ((2, 2), (-1, 2), (0, 0)):
            self.assertIn(f"rank {rank} of world_size {world}", self.message(ValueError, shards, path, rank, world))
        self.assertIn("seed -1 and epoch 0", self.message(ValueError, shards, path, 0, 1, seed=-1))
        self.assertIn("block_rows 0", self.message(ValueError, shards, path, 0, 1, seed=1, block_rows=0))
        with self.assertRaises(TypeError):
            shards(path, 0.5, 2)
        np.save(self.at("d", "2.npy"), np.ones((2, 3), "<i4"))
        self.assertIn("rows of shape (3,) of int32, and", self.message(ValueError, shards, path, 0, 1))
        np.save(self.at("d", "2.npy"), np.ones((2, 2), "<i8"))
        self.assertIn("rows of shape (2,) of int64, and", self.message(ValueError, shards, path, 0, 1))
        np.save(self.at("s.npy"), np.array(1))
        self.assertIn("one element of shape ()", self.message(ValueError, shards, self.at("s.npy"), 0, 1))
        self.assertIn("it names no file", self.message(ValueError, shards, [], 0, 1))
        self.write("d/.2.npy.redo.json", "{}")
        self.assertIn("a change of it is not finished", self.message(ValueError, shards, path, 0, 1))
