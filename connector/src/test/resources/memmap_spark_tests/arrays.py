"""What the tests share: a directory of their own, a limit of time, and reading with options as the reader does."""

import ast
import contextlib
import os
import shutil
import signal
import tempfile
import unittest

import numpy as np


class InDirectory(unittest.TestCase):
    """Tests of files in a directory of their own."""

    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)

    def at(self, *names):
        return os.path.join(self.directory, *names)

    def write(self, name, text):
        with open(self.at(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.at(name)

    def message(self, kind, function, *args, **options):
        with self.assertRaises(kind) as caught:
            function(*args, **options)
        message = str(caught.exception)
        self.assertRegex(message, "^Cannot [^\n]*[^\n.]$")
        return message


@contextlib.contextmanager
def within(seconds):
    """Fails a block that takes longer."""

    def late(*_):
        raise AssertionError(f"not done after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def elements(path, options):
    """The array that reader options give of a raw file."""
    return np.memmap(
        path,
        np.dtype(ast.literal_eval(options["dtype"]) if options["dtype"][0] in "[{(" else options["dtype"]),
        "r",
        int(options["offset"]),
        ast.literal_eval(options["shape"]),
        options["order"],
    )
