"""Writes .npy files with odd headers and prints what NumPy makes of each, one line of JSON for each.

SEED and COUNT are set in front of this text; files go to the working directory. A line holds the file's name, and either
the dtype as make_dtypes.py writes it, the shape, the order where it matters and the offset of the data, or NumPy's error.
"""

import json
import pathlib
import random
import struct
import warnings

warnings.simplefilter("ignore")
RANDOM = random.Random(SEED)

NAMES = ["a", "b", "f0", "", "x y", "a.b", "a'b", 'a"b', "a'\"b", "back\\slash", "é", "\xad", "\xa0", "\x85", "\t", "\n", "\r",
         "\0", "\x07", "\x1b", "\x7f", "\u2028", "\u200b", "\u3000", "\ufeff", "\ue000", "\uffff", "日本", "😀", "\U000e0001",
         "\U0010ffff", "[('", "#", "True", "L", "3L", "\f"]  # fmt: skip
SCALARS = """<f8 >f8 f8 =f8 |f8 <i4 >u2 i1 |i1 <i1 >u1 |b1 ? <? |S5 S5 <S5 a5 <U2 >U2 U2 |U2 |V3 V3 <V2 c8 <c16 e d <d f b B h H
 i I l L q Q p P n N F D g <f16 c S U V S0 U0 V0 O |O T <T c32 <M8[ns] >m8[25s] M8[D] m8 M8 <M8 M8[generic] M[ns] m[s] <M[ns]
 M m <M8[1us] <M8[0s] <M8[-1s] <M8[s/1000] <M8[zz] <M8[99999999999s] <M8[s <M8[] |M8[us] =m8[ms] datetime64[s] <datetime64[s]
 timedelta64[3h] float64 <float64 float32 float half single double longdouble int int32 intc intp uint uint8 short byte bool
 bool_ bool8 str bytes void object string_ unicode complex complex64 csingle str_ bytes_ np.float64 numpy.int32 builtins.int
 bfloat16 ml_dtypes.bfloat16 <bfloat16 Int32 F8 FLOAT64 i08 <i08 <i+8 <i8, 2i4 (2,)i4 (2)i4 i4,f8 i4;f8 <f3 <i3 <b2 <c4 <q9 <<f8
 f-8 <f <i <u <c < > = | <S-1 <U1000000000 |S2147483648 <V2147483647 <S99999999999999999999 q8 l8""".split() + [
    "", " ", "<f8 ", " <f8", "<f 8", "<\u0660f8", "f\u0668", "<M8[\u03bcs]", "<M8[ s]", "<f8\n"]  # fmt: skip


def maybe(probability):
    return RANDOM.random() < probability


def quoted(text):
    """A literal of the text: repr mostly, else all escaped or all raw."""
    how = RANDOM.random()
    if how < 0.75:
        return repr(text)
    if how < 0.85:
        return "'" + text + "'"
    if how < 0.9:
        return '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}" for c in text) + '"'
    if how < 0.95:
        return "'" + "".join(f"\\x{ord(c):02x}" if ord(c) < 256 else c for c in text) + "'"
    return RANDOM.choice(["u'%s'", "r'%s'", "b'%s'", "'''%s'''", "'%s' ''", "'%s\\a'", "'%s\\0'", "'%s\\q'", "'%s\\N{BULLET}'",
                          "'%s\\ud800'", "'%s\\ud83d\\ude00'", "'%s\\U00110000'", "'%s\\x4'", "'%s\\\n'", "f'%s'"]) % text


def name():
    pick = RANDOM.random()
    if pick < 0.6:
        return quoted(RANDOM.choice("abcdefgh") + RANDOM.choice(["", "", "1", "2"]))
    if pick < 0.9:
        return quoted(RANDOM.choice(NAMES) + RANDOM.choice(["", "1", "2"]))
    if pick < 0.97:
        return f"({RANDOM.choice([quoted(RANDOM.choice(NAMES)), 'None'])}, {quoted(RANDOM.choice(NAMES + ['t']))})"
    return RANDOM.choice(["None", "5", "('a',)", "('a', 'b', 'c')", "['a', 'b']", "(('a', 'b'), 'c')", "True", "()"])


def length():
    return RANDOM.choice(["1", "2", "3", "3L", "2L", "0", "-1", "03", "0x2", "1_0", "2.0", "True", "None", "+2", "4294967296",
                          "2147483648", "9223372036854775808", "١", "2 L", "2l", "'2'", "(2)"] if maybe(0.25) else "123")  # fmt: skip


def lengths():
    if maybe(0.03):
        return "(" + "1, " * RANDOM.choice([33, 63, 64, 65]) + ")"
    parts = [length() for _ in range(RANDOM.choice([0, 1, 1, 1, 1, 2, 2, 3]))]
    inside = ", ".join(parts) + ("," if len(parts) == 1 or maybe(0.1) else "")
    return f"[{inside}]" if maybe(0.05) else f"({inside})"


def scalar():
    spelled = RANDOM.choice(SCALARS) if maybe(0.3) else RANDOM.choice(["<f8", ">i4", "|u1", "|S3", "<U2", "|V2", "<M8[us]"])
    return repr(spelled) if maybe(0.95) else quoted(spelled)


def descr(depth=0):
    if maybe(0.03):
        return RANDOM.choice(["None", "5", "True", "[]", "()", "{}", "('<i4', (2,))", "('<i4', ())", "('<i4', 1)", "['<i4']",
                              "{'names': ['a'], 'formats': ['<i4']}", "('<i4',)", "['<i4', (2,)]", "b'<f8'"])  # fmt: skip
    if depth > 2 or maybe(0.3):
        return scalar()
    fields = []
    for _ in range(RANDOM.choice([1, 1, 2, 2, 3, 5])):
        parts = [name(), descr(depth + 1) if maybe(0.25) else scalar()]
        if maybe(0.25):
            parts.append(length() if maybe(0.15) else lengths())
        if maybe(0.01):
            parts.append("1")
        fields.append(("[%s]" if maybe(0.03) else "(%s)") % ", ".join(parts))
    if maybe(0.15):
        fields.insert(RANDOM.randint(0, len(fields)), "('', '|V%d')" % RANDOM.randint(1, 4))
    inside = ", ".join(fields) + ("," if maybe(0.05) else "")
    return f"({inside})" if maybe(0.02) else f"[{inside}]"


def header():
    entries = [
        ["'descr'", descr()],
        ["'fortran_order'", RANDOM.choice(["1", "None", "'False'", "false", "0", "not True"]) if maybe(0.03)
         else RANDOM.choice(["False", "False", "True"])],
        ["'shape'", lengths() if maybe(0.3) else RANDOM.choice(["(2,)", "(1, 3)", "()", "(2, 2)", "(0,)", "(0, 5)"])],
    ]  # fmt: skip
    if maybe(0.03):
        entries.append(["'extra'", "1"])
    if maybe(0.03):
        entries.append(["'shape'", "(2,)"])
    if maybe(0.02):
        entries.pop(RANDOM.randrange(len(entries)))
    if maybe(0.05):
        RANDOM.shuffle(entries)
    if maybe(0.03):
        entries[0][0] = RANDOM.choice(["b'descr'", "'Descr'", "'\\x64escr'", "u'descr'", "descr", "'''descr'''", "'de' 'scr'"])
    colon = RANDOM.choice([": ", ":", " : ", ":\n"]) if maybe(0.05) else ": "
    text = "{" + ", ".join(colon.join(entry) for entry in entries) + RANDOM.choice([", }", "}", ",}"])
    if maybe(0.05):
        text = RANDOM.choice(["\n", " ", "\t", "\ufeff", "# x\n", "(", "\f", "\v", "\xa0", "\r\n"]) + text
    if maybe(0.05):
        text += RANDOM.choice(["#", " # x", "\0", ")", ",", ";", "\t", "\r\n", "\n\n", "\f", "\v", "x", "\x1a", "\u3000"])
    if maybe(0.05):
        at = RANDOM.randrange(len(text))
        text = text[:at] + RANDOM.choice(["", " ", "\n", "(", "'", "\\", "\0", ",", "-", "L"]) + text[at + RANDOM.choice([0, 1]):]
    return text


def written():
    text = header()
    major = RANDOM.choice([1, 1, 1, 2, 3, 3])
    try:
        encoded = text.encode("utf-8" if major == 3 else "latin1", "surrogatepass")
    except UnicodeEncodeError:
        major = 3
        encoded = text.encode("utf-8", "surrogatepass")
    offset = 10 if major == 1 else 12
    if maybe(0.9):
        encoded += b" " * (63 - (offset + len(encoded)) % 64) + b"\n"
    elif maybe(0.5):
        encoded += b" " * RANDOM.randint(0, 9) + RANDOM.choice([b"\n", b"", b"\r\n", b"\0"])
    length = len(encoded) + (RANDOM.choice([-9, -1, 1, 9, 1000]) if maybe(0.03) else 0)
    version = RANDOM.choice([(1, 1), (0, 0), (4, 0), (3, 1)]) if maybe(0.02) else (major, 0)
    data = b"".join(struct.pack("<B", n % 251) for n in range(RANDOM.choice([40, 400, 4000])))
    magic = b"\x93NUMPY" if maybe(0.99) else RANDOM.choice([b"\x93NUMPZ", b"\x93numpy", b"", b"PK\3\4"])
    return magic + bytes(version) + struct.pack("<H" if major == 1 else "<I", max(length, 0)) + encoded + data


def tree(dtype):
    """As make_dtypes.py: '<f4', '<f4(3, 2)', '{8: x@0 |i1; y/title@4 <i4}'."""
    if dtype.subdtype:
        base, shape = dtype.subdtype
        while base.subdtype:
            base, more = base.subdtype
            shape += more
        return f"{tree(base)}({', '.join(map(str, shape))})"
    if dtype.names is None:
        return dtype.str
    fields = []
    for field_name in dtype.names:
        field, offset, *title = dtype.fields[field_name]
        fields.append(f"{field_name}{'/' + title[0] if title else ''}@{offset} {tree(field)}")
    return f"{{{dtype.itemsize}: {'; '.join(fields)}}}"


def verdict(path):
    try:
        array = np.load(path)
        start = path.read_bytes()[6:12]
        wide = start[0] > 1
        offset = (12 if wide else 10) + int.from_bytes(start[2 : 6 if wide else 4], "little")
        if array.size and array.dtype.itemsize:
            mapped = np.load(path, mmap_mode="r")
            assert (mapped.dtype, mapped.shape, mapped.offset) == (array.dtype, array.shape, offset), "mapped as another"
        order = "F" if not array.flags.c_contiguous else "" if array.flags.f_contiguous else "C"
        shown = tree(array.dtype).encode("utf-8", "replace").decode("utf-8")
        return {"dtype": shown, "shape": str(array.shape), "order": order, "offset": offset}
    except Exception as e:
        return {"error": f"{type(e).__name__}: {ascii(str(e)[:200])}"}


for number in range(COUNT):
    path = pathlib.Path(f"{number}.npy")
    path.write_bytes(written())
    print(json.dumps({"file": path.name, **verdict(path)}))
