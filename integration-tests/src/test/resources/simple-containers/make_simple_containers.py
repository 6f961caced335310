#!/usr/bin/env python3
"""Writes files of other containers as their writers do, and golden.json: what Spark must show for each.

    python3 make_simple_containers.py      the committed files, from their fixed seed, beside this script

Needs NumPy 1.24 or newer. The expected values are read back by NumPy as the readers of each format do it: idx2numpy,
big-ann-benchmarks, faiss, llm.c, Megatron's and fairseq's IndexedDataset, datatrove.
"""

import pathlib
import struct
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "golden"))

import numpy as np
import spark_view
from make_golden import Golden

SEED = 20261128
IDX = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
XBIN = {"fbin": "<f4", "f16bin": "<f2", "u8bin": "u1", "i8bin": "i1", "ibin": "<i4"}
XVECS = {"fvecs": "<f4", "ivecs": "<i4", "bvecs": "u1"}
CODES = {1: "u1", 2: "i1", 3: "<i2", 4: "<i4", 5: "<i8", 6: "<f8", 7: "<f4", 8: "<u2"}
LENGTHS = [3, 0, 5, 1, 4]


class SimpleContainers:
    def __init__(self):
        self.golden = Golden(HERE)
        self.random = np.random.default_rng(SEED)

    def numbers(self, dtype, *shape):
        dtype = np.dtype(dtype)
        if dtype.kind == "f":
            return self.random.normal(size=shape).astype(dtype)
        info = np.iinfo(dtype)
        return self.random.integers(info.min, info.max, shape, dtype.newbyteorder("="), endpoint=True).astype(dtype)

    def write(self, name, *parts):
        path = self.golden.file(name)
        path.write_bytes(b"".join(parts))
        return path

    def idx(self):
        for code, dtype in IDX.items():
            for shape in [(7,), (3, 2), (2, 3, 4)]:
                head = struct.pack(f">BBBB{len(shape)}I", 0, 0, code, len(shape), *shape)
                name = f"images-{code}-idx{len(shape)}-ubyte"
                path = self.write(name, head, self.numbers(dtype, *shape).tobytes())
                data = path.read_bytes()
                read = np.frombuffer(data, dtype, offset=4 + 4 * data[3]).reshape(shape)
                self.golden.expect(name, path, read, {})

    def llmc(self):
        shards = []
        for magic, version, dtype in [(20240520, 1, "<u2"), (20240801, 7, "<u4")]:
            for shard in range(3):
                header = np.zeros(256, "<i4")
                header[:3] = magic, version, 5 + shard
                name = f"llmc-{dtype[1:]}/fineweb_train_{shard:06d}.bin"
                path = self.write(name, header.tobytes(), self.numbers(dtype, 5 + shard).tobytes())
                tokens = np.frombuffer(path.read_bytes()[1024:], dtype)
                self.golden.expect(name, path, tokens, {})
                shards = [tokens] if shard == 0 else [*shards, tokens]
            self.golden.expect(f"llmc-{dtype[1:]}", path.parent, np.concatenate(shards), {})

    def xbin(self):
        for suffix, dtype in XBIN.items():
            path = self.write(f"base.{suffix}", struct.pack("<II", 4, 3), self.numbers(dtype, 4, 3).tobytes())
            n, d = np.fromfile(path, "<u4", 2)
            self.golden.expect(path.name, path, np.fromfile(path, dtype, offset=8).reshape(n, d), {})
        name = "crop.u8bin.crop_nb_2"
        path = self.write(name, struct.pack("<II", 2, 150), self.numbers("u1", 2, 150).tobytes())
        self.golden.expect(name, path, np.fromfile(path, "u1", offset=8).reshape(2, 150), {})
        path = self.write("query.bin", struct.pack("<II", 2, 2), self.numbers("<f4", 2, 2).tobytes())
        read = np.fromfile(path, "<f4", offset=8).reshape(2, 2)
        self.golden.expect("query.bin", path, read, {"container": "xbin", "dtype": "<f4"})
        ids, distances = self.numbers("<i4", 3, 2), self.numbers("<f4", 3, 2)
        path = self.write("neighbours.ibin", struct.pack("<II", 3, 2), ids.tobytes(), distances.tobytes())
        self.golden.expect("neighbours.ibin#ids", path, ids, {"member": "ids"})
        self.golden.expect("neighbours.ibin#distances", path, distances, {"member": "distances"})
        both = np.zeros(3, [("ids", "<i4", (2,)), ("distances", "<f4", (2,))])
        both["ids"], both["distances"] = ids, distances
        self.golden.expect("neighbours.ibin", path, both, {})

    def xvecs(self):
        for suffix, dtype in XVECS.items():
            rows = self.numbers(dtype, 4, 3)
            path = self.write(f"base.{suffix}", *(struct.pack("<i", 3) + row.tobytes() for row in rows))
            record = np.dtype([("dim", "<i4"), ("vector", dtype, (3,))])
            self.golden.expect(path.name, path, np.fromfile(path, record), {})

    def rows(self, name, path, sequences, layout):
        """A row for each of these 1-D arrays."""
        tables = [spark_view.table(sequence, {}) for sequence in sequences]
        schema = tables[0][0].replace("value:", "value:array<")[:-1] + ">>"
        rows = [[[value for value, in table[1]]] for table in tables]
        self.golden.expect_rows(f"{name} {layout}", path, schema, rows, {"layout": layout})

    def sequences(self, name, dtype, sizes, pointers, documents=()):
        """What IndexedDataset.__getitem__ gives of Megatron and fairseq: pointers are in bytes."""
        data = (HERE / "arrays" / f"{name}.bin").read_bytes()
        read = [np.frombuffer(data, dtype, size, pointer) for size, pointer in zip(sizes, pointers)]
        path = HERE / "arrays" / f"{name}.idx"
        self.rows(name, path, read, "sequences")
        if len(documents) > 0:
            whole = [np.concatenate(read[start:end]) for start, end in zip(documents, documents[1:])]
            self.rows(name, path, whole, "documents")

    def dataset(self, name, index, tokens, members):
        path = self.write(name + ".idx", index)
        data = self.write(name + ".bin", tokens.tobytes())
        for file in [path, data, path.with_suffix("")]:
            self.golden.expect(file.name, file, np.fromfile(data, tokens.dtype), {})
        for member, expected in members.items():
            self.golden.expect(f"{name}#{member}", path, expected, {"member": member})

    def mapped(self):
        """The index of IndexedDatasetBuilder, and of fairseq's MMapIndexedDataset.Index.writer."""
        n = len(LENGTHS)
        for code, dtype in CODES.items():
            tokens = self.numbers(dtype, sum(LENGTHS))
            sizes = np.array(LENGTHS, "<i4")
            pointers = ((np.cumsum(sizes) - sizes) * tokens.itemsize).astype("<i8")
            documents = np.array([0, 2, 3, n], "<i8")
            head = b"MMIDIDX\x00\x00" + struct.pack("<QBQ", 1, code, n)
            arrays = sizes.tobytes() + pointers.tobytes()
            members = {"sizes": sizes, "pointers": pointers}
            self.dataset(f"fairseq-{code}", head + arrays, tokens, members)
            self.sequences(f"fairseq-{code}", dtype, sizes, pointers)
            whole = head + struct.pack("<Q", len(documents)) + arrays + documents.tobytes()
            self.dataset(f"megatron-{code}", whole, tokens, {**members, "documents": documents})
            if code == 8:
                modes = np.array([0, 1, 0, 0, 1], "i1")
                self.dataset("modes-8", whole + modes.tobytes(), tokens, {"modes": modes, "documents": documents})
                self.sequences("modes-8", dtype, sizes, pointers, documents)
        self.sequences("megatron-4", "<i4", sizes, (np.cumsum(sizes) - sizes) * 4, documents)
        doubles = self.numbers("<f8", sum(LENGTHS))
        head = b"MMIDIDX\x00\x00" + struct.pack("<QBQ", 1, 7, n)
        pointers = ((np.cumsum(sizes) - sizes) * doubles.itemsize).astype("<i8")
        self.dataset("double-7", head + sizes.tobytes() + pointers.tobytes(), doubles, {})
        self.sequences("double-7", "<f8", sizes, pointers)

    def cached(self):
        """The index of fairseq's IndexedDatasetBuilder."""
        n = len(LENGTHS)
        tokens = self.numbers("<i4", sum(LENGTHS))
        offsets = np.concatenate([[0], np.cumsum(LENGTHS)]).astype("<i8")
        sizes = np.array(LENGTHS, "<i8")
        head = b"TNTIDX\x00\x00" + struct.pack("<QQQQQ", 1, 4, 4, n, n)
        arrays = np.arange(n + 1, dtype="<i8").tobytes() + offsets.tobytes() + sizes.tobytes()
        members = {"sizes": sizes, "pointers": offsets}
        self.dataset("cached", head + arrays, tokens, members)
        documents = np.array([0, n], "<i8")
        whole = head + struct.pack("<Q", len(documents)) + arrays + documents.tobytes()
        self.dataset("cached-documents", whole, tokens, {**members, "documents": documents})
        self.sequences("cached", "<i4", LENGTHS, offsets[:-1] * 4)
        self.sequences("cached-documents", "<i4", LENGTHS, offsets[:-1] * 4, documents)

    def datatrove(self):
        for dtype in ["<u2", "<u4"]:
            name = f"00000_{dtype[1:]}_shuffled.ds"
            tokens, loss = self.numbers(dtype, sum(LENGTHS)), self.random.random(sum(LENGTHS)) < 0.5
            ends = np.cumsum(LENGTHS).astype("<u8")
            path = self.write(name, tokens.tobytes())
            metadata = f"gpt2|{tokens.itemsize}\n{len(tokens)}\n{len(tokens)} T".encode()
            for suffix, part in {"metadata": metadata, "index": ends.tobytes(), "loss": loss.tobytes()}.items():
                self.write(f"{name}.{suffix}", part)
            self.golden.expect(name, path, np.fromfile(path, dtype), {})
            self.golden.expect(name + "#ends", path, ends, {"member": "ends"})
            self.golden.expect(name + "#loss", path, loss, {"member": "loss"})
            read = np.fromfile(path, dtype)
            documents = [read[start:end] for start, end in zip([0, *ends[:-1]], ends)]
            self.rows(name, path, documents, "sequences")
            self.rows(name, path, documents, "documents")


def main():
    containers = SimpleContainers()
    for family in ["idx", "llmc", "xbin", "xvecs", "mapped", "cached", "datatrove"]:
        getattr(containers, family)()
    containers.golden.write_index(SEED)


if __name__ == "__main__":
    main()
