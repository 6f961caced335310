"""Makes each error that a user of PySpark may make, and prints it as a line of JSON. Runs in an empty directory."""

import json

from py4j.protocol import Py4JJavaError

here = os.getcwd()


def at(name):
    return os.path.join(here, name)


np.save("x.npy", np.arange(5))
np.save("grid.npy", np.zeros((4, 3)))
np.save("objects.npy", np.array([{}, 1], dtype=object), allow_pickle=True)
np.savez("z.npz", a=np.arange(3), b=np.arange(4))
np.save("ns.npy", np.array([1], dtype="M8[ns]"))
np.save("latin.npy", np.array([b"\xff"]))
np.arange(10, dtype="u1").tofile("raw.dat")
open("text.npy", "w").write("this is no array")
open("cut.npy", "wb").write(open("x.npy", "rb").read()[:-8])
os.mkdir("empty")
numbers = spark.range(300)
gaps = numbers.selectExpr("IF(id < 9, id, NULL) AS v")
grown = spark.sql("SELECT IF(id = 0, array(1D), array(1D, 2D)) AS v FROM range(2)").coalesce(1)


def read(name, **options):
    return spark.read.format("memmap").options(**options).load(at(name))


def write(frame, name, mode="error", **options):
    frame.write.format("memmap").mode(mode).options(**options).save(at(name))


cases = {
    "missing file": (lambda: read("nope.npy"), "nope.npy: no such file or directory"),
    "missing glob": (lambda: read("nope*.npy"), "no file matches the pattern"),
    "misspelt option": (lambda: read("x.npy", dtpye="f4"), "did you mean 'dtype'?"),
    "NumPy's option": (lambda: read("x.npy", mmap_mode="r"), "reads never change a file, as NumPy's mode r; access=map"),
    "no dtype": (lambda: read("raw.dat", dtype="float65"), "'float65': unknown type"),
    "objects as dtype": (lambda: read("raw.dat", dtype=object), "it holds Python objects"),
    "no shape": (lambda: read("raw.dat", dtype=np.uint8, shape=(5.0, 2)), "'5.0' is not an integer"),
    "wrong shape": (lambda: read("raw.dat", dtype=np.uint8, shape=(np.int64(5), 3)), "raw.dat"),
    "whole elements": (lambda: read("raw.dat", dtype=np.int32), "raw.dat"),
    "undescribed": (lambda: read("raw.dat"), "raw.dat"),
    "other dtype": (lambda: read("x.npy", dtype=np.float32), "x.npy"),
    "text as .npy": (lambda: read("text.npy"), "text.npy"),
    "cut .npy": (lambda: read("cut.npy"), "truncated"),
    "objects": (lambda: read("objects.npy"), "it holds Python objects"),
    "archive": (lambda: read("z.npz"), "choose some by the option member"),
    "empty directory": (lambda: read("empty"), "the directory holds no array"),
    "layout": (lambda: read("x.npy", layout="rows"), "one of auto, columns, array, elements, sequences, documents, sideBySide"),
    "order": (lambda: read("raw.dat", dtype="u1", order="A"), "one of C, F"),
    "flag": (lambda: read("x.npy", transpose="yes"), "true or false"),
    "size": (lambda: read("x.npy", maxPartitionBytes="1x"), "a size of 1 byte or more"),
    "names": (lambda: read("grid.npy", columnNames=["a", "b"]), "columnNames"),
    "schema": (lambda: spark.read.format("memmap").schema("other INT").load(at("x.npy")).collect(), "the schema asks for int"),
    "nanoseconds in a task": (lambda: read("ns.npy").collect(), "ns.npy"),
    "text in a task": (lambda: read("latin.npy").collect(), "latin.npy"),
    "overflow in a task": (lambda: write(numbers, "a.npy", dtype=np.uint8), "256"),
    "null in a task": (lambda: write(gaps, "b.npy"), "nullValue"),
    "width in a task": (
        lambda: write(numbers.selectExpr("'abc' AS s"), "c.npy", columnDtypes={"s": np.dtype("U2")}),
        "abc",
    ),
    "lengths in a task": (lambda: write(grown, "d.npy"), "found an ARRAY of 2 elements"),
    "existing": (lambda: write(numbers, "x.npy"), "it exists"),
    "archive's name": (lambda: write(numbers, "y.safetensors"), "its name ends in .safetensors"),
    "partitions": (
        lambda: numbers.selectExpr("id", "id % 2 AS k").write.format("memmap").partitionBy("m").save(at("p")),
        "partitionBy(m)",
    ),
    "width": (lambda: write(numbers.selectExpr("repeat('a', 1025) AS s"), "e.npy"), "columnDtypes"),
    "null value": (lambda: write(gaps, "f.npy", nullValue={"v": "banana"}), "banana"),
    "column of values": (lambda: write(numbers.selectExpr("id", "id AS v"), "g.npy", fillValue={"other": 0}, rowColumn="id", shape=9), "other"),
    "read option": (lambda: write(numbers, "h.npy", access="map"), "it is for reading only"),
    "unknown option": (lambda: write(numbers, "i.npy", quality=9), "unknown, expected one of these, to read: access"),
}
for name, (case, expected) in cases.items():
    found = {"name": name, "expected": expected, "type": None, "text": "", "cause": ""}
    try:
        case()
    except Exception as error:
        found["type"] = type(error).__name__
        found["text"] = str(error)
        cause = error.java_exception.getCause() if isinstance(error, Py4JJavaError) else None
        found["cause"] = "" if cause is None else cause.toString()
    print("case", json.dumps(found), flush=True)
