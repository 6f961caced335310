"""The application that SparkSubmitTest submits with the connector's jar as --py-files. Its argument is a directory."""

import os
import sys

import numpy as np
from pyspark.sql import SparkSession

import memmap_spark

spark = SparkSession.builder.getOrCreate()
files = sys.argv[1]
print("FOUND module in", os.path.basename(os.path.dirname(os.path.dirname(memmap_spark.__file__))))

a = np.arange(8.0).reshape(4, 2)
df = memmap_spark.from_numpy(spark, a, path=os.path.join(files, "a.npy"))


def first_column(rank):
    import memmap_spark as module

    return [int(row[0]) // 2 for part in module.shards(files + "/a.npy", rank, 2) for row in part]


seen = spark.sparkContext.parallelize(range(2), 2).flatMap(first_column).collect()
print("FOUND executors see", seen)
print("FOUND sum", df.selectExpr("sum(c0 + c1)").first()[0])
print("FOUND again", memmap_spark.to_numpy(df, path=os.path.join(files, "again.npy")).tolist())
try:
    memmap_spark.from_numpy(spark, a)
except ValueError as e:
    print("FOUND " + str(e))
