"""Rows in the order in which all workers together read them, as blocks of which none reaches over the end of a file."""

import numpy as np


class FilesInOrder:
    """Each file is a block; ``ends`` are the rows after the last one of each, as int64 after a leading 0."""

    def __init__(self, ends):
        self.ends = ends

    def parts(self, first, last):
        """Returns begin and end of the rows between two positions, block by block; the first is less than the last."""
        begins, ends, skipped = self._blocks(first, last)
        begins[0] += skipped
        ends[-1] -= (ends - begins).sum() - (last - first)
        return zip(begins.tolist(), ends.tolist())

    def _blocks(self, first, last):
        """Begins and ends of the blocks that hold these positions, as new arrays, and rows of the first before them."""
        begin, end = np.searchsorted(self.ends, [first, last - 1], "right")
        return self.ends[begin - 1 : end].copy(), self.ends[begin : end + 1].copy(), first - int(self.ends[begin - 1])


class ShuffledBlocks(FilesInOrder):
    """Blocks of so many rows, and of what remains at the end of each file, in an order that depends on the entropy only.

    A block takes the 8 bytes of its number in that order, and 2 more until the order is known. Which rows it has is
    arithmetic: a file has one short block at most, so that positions are multiples of a length from one to the next.
    """

    def __init__(self, ends, block_rows, entropy):
        super().__init__(ends)
        lengths = np.diff(ends)
        self.block_rows = min(block_rows, int(ends[-1]))
        counts = -(-lengths // self.block_rows)
        self.firsts = np.append(0, np.cumsum(counts))
        # This generator gives the same numbers in all versions of NumPy: workers may have different ones.
        generator = np.random.RandomState(np.random.MT19937(np.random.SeedSequence(entropy)))
        self.order = generator.permutation(int(self.firsts[-1]))
        missing = counts * self.block_rows - lengths
        is_short = np.zeros(len(self.order), bool)
        is_short[self.firsts[1:][missing > 0] - 1] = True
        short = np.flatnonzero(is_short[self.order])
        self.places = np.append(0, short + 1)
        self.positions = self.places * self.block_rows - np.append(0, np.cumsum(missing[self._files(self.order[short])]))

    def _blocks(self, first, last):
        place, skipped = self._place(first)
        numbers = self.order[place : self._place(last - 1)[0] + 1]
        files = self._files(numbers)
        begins = self.ends[files] + (numbers - self.firsts[files]) * self.block_rows
        return begins, begins + np.minimum(self.block_rows, self.ends[files + 1] - begins), skipped

    def _place(self, position):
        """The place in the order of the block that holds a position, and rows of the block before it."""
        i = np.searchsorted(self.positions, position, "right") - 1
        blocks, skipped = divmod(position - int(self.positions[i]), self.block_rows)
        return int(self.places[i]) + blocks, skipped

    def _files(self, numbers):
        return np.searchsorted(self.firsts, numbers, "right") - 1
