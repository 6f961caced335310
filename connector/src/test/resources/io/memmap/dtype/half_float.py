"""Writes half_float.txt beside itself: what NumPy makes of float16. Run once, with NumPy 2: python3 half_float.py"""

import hashlib
import pathlib

import numpy as np

halves = np.arange(1 << 16, dtype="<u2")
with np.errstate(all="ignore"):
    floats = halves.view("<f2").astype(">f4")
    back = floats.astype(">f2")
    # 64-bit patterns near each half and between them, then any at all.
    random = np.random.default_rng(16)
    near = floats.astype("f8") * (1 + random.integers(-4096, 4097, 1 << 16) * 2.0**-22)
    anything = random.integers(0, 1 << 64, 1 << 16, dtype="u8").view("f8")
    doubles = np.concatenate([near, anything])
    narrowed = doubles.astype("<f2")

lines = ["floats " + hashlib.sha256(floats.tobytes()).hexdigest()]
lines += ["back " + hashlib.sha256(back.tobytes()).hexdigest()]
keep = np.concatenate([np.arange(0, 1 << 16, 97), (1 << 16) + np.arange(0, 1 << 16, 211)])
for d, h in zip(doubles[keep].view("u8"), narrowed[keep].view("u2")):
    lines.append(f"{d:016x} {h:04x}")
pathlib.Path(__file__).with_name("half_float.txt").write_text("\n".join(lines) + "\n")
