"""The module itself: it needs NumPy and the standard library only, of Python 3.9 and newer."""

import ast
import inspect
import os
import sys
import unittest

import memmap_spark

SOURCES = os.path.dirname(memmap_spark.__file__)
STANDARD = {"ast", "atexit", "bisect", "contextlib", "errno", "functools", "glob", "hashlib"}
STANDARD |= {"itertools", "json", "math", "mmap", "operator", "os", "re", "resource", "shutil", "stat", "struct", "sys"}
STANDARD |= {"tempfile", "typing", "warnings"}


class SourceTest(unittest.TestCase):
    def test_it_imports_numpy_and_the_standard_library_only(self):
        for name in sorted(os.listdir(SOURCES)):
            if not name.endswith(".py"):
                continue
            with open(os.path.join(SOURCES, name), encoding="utf-8") as file:
                tree = ast.parse(file.read(), name, feature_version=(3, 9))
            for node in ast.walk(tree):
                modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                modules += [node.module] if isinstance(node, ast.ImportFrom) else []
                for module in modules:
                    root = module.partition(".")[0]
                    self.assertIn(root, STANDARD | {"memmap_spark", "numpy", "ml_dtypes"}, name)
        self.assertNotIn("pyspark", sys.modules)

    def test_what_is_public_is_what_the_pages_name(self):
        self.assertEqual(
            memmap_spark.__all__,
            ["as_memmap", "from_numpy", "options_of", "read", "shards", "to_numpy", "write"],
        )
        self.assertTrue(all(getattr(memmap_spark, name).__doc__ for name in memmap_spark.__all__))

    def test_the_save_mode_is_one_that_clients_of_spark_connect_know(self):
        self.assertEqual(inspect.signature(memmap_spark.write).parameters["mode"].default, "error")
