"""Writes headers.tsv: .npy headers as NumPy writes them.

Columns: dtype, shape, order, format version, bytes of the whole header, its SHA-256, its text without the padding.
Run with numpy 2.4.6 and ml_dtypes 0.6.0: python3 make_headers.py
"""

import hashlib
import io
import pathlib

import ml_dtypes
import numpy as np
from numpy.lib import _format_impl as npy

WIDE = "4000 fields"
DTYPES = {name: np.dtype(name) for name in "<f8 >i2 |b1 |u1 <c16 |S10 <U5 |V16 <M8[25s] >m8[ns]".split()}
DTYPES |= {
    text: np.dtype(eval(text))
    for text in [
        "[('a', '<i4'), ('v', '>f4', (3,))]",
        "{'names': ['a', 'b'], 'formats': ['<i4', '<f8'], 'offsets': [0, 8], 'itemsize': 24}",
        "[(('title', 'a'), '<i4'), ('p', [('x', '<f4'), ('y', '<f4')], (2, 2))]",
        "[(\"a'b\", '<i4'), ('é', '<i4')]",
        "[('back\\\\slash', '<i4'), ('x\"\\'', '<i4')]",
        "[('日本', '<i4'), ('é', '<i4')]",
    ]
}
DTYPES["bfloat16"] = np.dtype(ml_dtypes.bfloat16)
DTYPES["[('a', bfloat16), ('b', '<f4')]"] = np.dtype([("a", ml_dtypes.bfloat16), ("b", "<f4")])
SHAPES = [(), (0,), (1,), (1000,), (10**12,), (2**63 - 1,), (3, 4), (1000000, 16), (0, 7), (2, 3, 4, 5), (1,) * 64]

rows = []


def add(name, dtype, shape, order):
    fp = io.BytesIO()
    d = {"descr": npy.dtype_to_descr(dtype), "fortran_order": order == "F", "shape": shape}
    npy._write_array_header(fp, d)
    header = fp.getvalue()
    start = 10 if header[6] == 1 else 12
    text = header[start:].decode("utf-8" if header[6] == 3 else "latin1").rstrip()
    if np.prod(shape, dtype=float) < 1000:
        saved = io.BytesIO()
        np.save(saved, np.zeros(shape, dtype, order))
        if order == "C" or len(shape) > 1 and saved.getvalue()[: len(header)].find(b"True") > 0:
            assert saved.getvalue().startswith(header), (name, shape, order)
    digest = hashlib.sha256(header).hexdigest()
    rows.append((name, shape, order, header[6], len(header), digest, "" if name == WIDE else text))


for order in "CF":
    for name, dtype in DTYPES.items():
        for shape in SHAPES if name == "<f8" else [(), (3,), (12345, 6)]:
            add(name, dtype, shape, order)
add(WIDE, np.dtype([(f"f{i}", "<f4") for i in range(4000)]), (5,), "C")
for width in range(64):
    name = f"[('{'x' * width}y', '<i4')]"
    add(name, np.dtype(eval(name)), (7,), "C")

out = pathlib.Path(__file__).with_name("headers.tsv")
out.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
print(len(rows), "headers")
