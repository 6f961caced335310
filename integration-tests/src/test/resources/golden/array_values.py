"""Fills arrays of any dtype with the values that readers get wrong, then with random ones, from one seed."""

import numpy as np
import spark_view

STRINGS = ["", "a", "a\0b", "\0b", "a b ", "é", "ß\0", "日本", "😀", "\U0010ffff", "\ue000", "\x7f", "naïve", "x" * 9]
# Years 1 to 9999 in seconds since 1970.
FIRST_SECOND, LAST_SECOND = -62135596800, 253402300799


class Source:
    def __init__(self, random):
        self.random = random

    def array(self, dtype, shape, options=None, special_first=True):
        """A C-ordered array; padding bytes of records are random too, so that nobody may read them."""
        dtype = np.dtype(dtype)
        count = int(np.prod(shape, dtype=int))
        flat = np.frombuffer(bytearray(self.random.randbytes(count * dtype.itemsize)), dtype=dtype)
        self._fill(flat, options or {}, special_first)
        return flat.reshape(shape)

    def _fill(self, flat, options, special_first):
        dtype = flat.dtype
        if dtype.names is not None:
            for name in dtype.names:
                field = flat[name]
                base = field.dtype
                filled = self.array(base, (field.size,), options, special_first)
                field[...] = filled.reshape(field.shape)
            return
        special = self._special(dtype, options)
        if not special_first:
            self.random.shuffle(special)
        for i in range(len(flat)):
            chosen = i < len(special) and (special_first or self.random.random() < 0.5)
            raw = special[i] if chosen else self._any(dtype, options)
            flat[i : i + 1] = np.frombuffer(raw, dtype=dtype)

    def _special(self, dtype, options):
        """Raw bytes of the values at the edges of a dtype."""
        kind, size = dtype.kind, dtype.itemsize
        order = "<" if dtype.str[0] in "|=" else dtype.str[0]
        if kind == "b":
            return [b"\0", b"\1", b"\2", b"\xff", b"\x80"]
        if kind in "iu":
            top = 2 ** (8 * size)
            return [self._integer(v % top, size, order) for v in (0, 1, -1, top // 2, top // 2 - 1, top // 2 + 1, 10)]
        if spark_view.is_bfloat16(dtype):
            return [v.tobytes() for v in floats(2, 8, "<")]
        if kind == "f":
            return [v.tobytes() for v in floats(size, {2: 5, 4: 8, 8: 11}[size], order)]
        if kind == "c":
            parts = [v.tobytes() for v in floats(size // 2, {8: 8, 16: 11}[size], order)]
            return [parts[i] + parts[-1 - i] for i in range(len(parts))]
        if kind == "S":
            texts = [cut(text, size, options) for text in STRINGS]
            if options.get("stringEncoding") in ("latin1", "binary"):
                texts += [b"\xe9\x80\xff"[:size], b"\0\xfe"[:size]]
            return [text.ljust(size, b"\0") for text in texts]
        if kind == "U":
            encoding = "utf-32-" + ("be" if order == ">" else "le")
            return [text[: size // 4].encode(encoding).ljust(size, b"\0") for text in STRINGS]
        if kind == "V":
            return [b"\0" * size, b"\xff" * size, (b"\1" + b"\0" * size)[:size]]
        low, high = tick_range(dtype)
        step = tick_step(dtype, options)
        ticks = [0, step, -step, 7 * step, -1001 * step, low - low % -step, high - high % step]
        ticks = [spark_view.NAT] + [t for t in ticks if low <= t <= high]
        return [self._integer(t % 2**64, 8, order) for t in ticks]

    def _any(self, dtype, options):
        kind, size = dtype.kind, dtype.itemsize
        order = "<" if dtype.str[0] in "|=" else dtype.str[0]
        if kind in "SU":
            count = size if kind == "S" else size // 4
            text = "".join(self.random.choice("abcXYZ 019éλ日😀\0") for _ in range(self.random.randint(0, count)))
            if kind == "S":
                return cut(text, size, options).ljust(size, b"\0")
            return text.encode("utf-32-" + ("be" if order == ">" else "le")).ljust(size, b"\0")
        if kind in "Mm":
            low, high = tick_range(dtype)
            step = tick_step(dtype, options)
            return self._integer(self.random.randint(low // step + 1, high // step) * step % 2**64, 8, order)
        if kind == "b":
            return self.random.choice([b"\0", b"\1", b"\7"])
        return self.random.randbytes(size)

    @staticmethod
    def _integer(value, size, order):
        return value.to_bytes(size, "big" if order == ">" else "little")


def floats(size, exponent_bits, order):
    """Zeros, infinities, NaNs (quiet, signalling, negative), subnormals, the extremes, and 1.5."""
    mantissa_bits = 8 * size - 1 - exponent_bits
    sign = 1 << (8 * size - 1)
    infinity = ((1 << exponent_bits) - 1) << mantissa_bits
    one_and_a_half = ((1 << (exponent_bits - 1)) - 1) << mantissa_bits | 1 << (mantissa_bits - 1)
    patterns = [
        0, sign, 1, sign | 1, (1 << mantissa_bits) - 1, 1 << mantissa_bits, infinity - 1, sign | (infinity - 1),
        infinity, sign | infinity, infinity | 1 << (mantissa_bits - 1), sign | infinity | 1 << (mantissa_bits - 1),
        infinity | 1, one_and_a_half, sign | one_and_a_half,
    ]  # fmt: skip
    return list(np.array(patterns, dtype=f"{order}u{size}"))


def cut(text, size, options):
    """The bytes of a text, at most size of them, never half a character."""
    encoded = text.encode("utf-8")[:size]
    if options.get("stringEncoding", "utf-8") == "utf-8":
        encoded = encoded.decode("utf-8", "ignore").encode("utf-8")
    return encoded


def tick_range(dtype):
    """The ticks that a Spark value can hold: years 1 to 9999, a microsecond count or a month count."""
    unit, count = np.datetime_data(dtype)
    if unit in "YM":
        if dtype.kind == "m":
            months = count * (12 if unit == "Y" else 1)
            return -(2**31 - 1) // months + 1, (2**31 - 1) // months
        low, high = (-1969, 8029) if unit == "Y" else (-1969 * 12, 8029 * 12 + 11)
        return low // count + 1, high // count
    attoseconds = count * spark_view.ATTOSECONDS[unit]
    if dtype.kind == "M":
        low, high = FIRST_SECOND * 10**18 // attoseconds + 1, LAST_SECOND * 10**18 // attoseconds
    else:
        high = (2**63 - 1) * 10**12 // attoseconds
        low = -high
    # NumPy itself wraps where a count of the bare unit leaves 64 bits.
    most = (2**63 - 1) // count
    return max(low, -most), min(high, most)


def tick_step(dtype, options):
    """How many ticks are whole microseconds, where the reader accepts nothing else."""
    unit = np.datetime_data(dtype)[0]
    if unit in spark_view.FINER_THAN_MICROSECONDS and "nanos" not in options:
        return spark_view.ATTOSECONDS["us"] // spark_view.ATTOSECONDS[unit]
    return 1
