"""What NumPy and zipfile see in a .npz file: a line per member in the order of the archive, then what testzip says."""
import sys
import zipfile

import numpy as np

with np.load(sys.argv[1]) as arrays:
    for name in arrays.files:
        array = arrays[name]
        first = array[0].tolist() if len(array) else '-'
        print('%s|%s|%s|%s' % (name, array.dtype.descr if array.dtype.names else array.dtype.str, array.shape, first))
with zipfile.ZipFile(sys.argv[1]) as archive:
    print('testzip', archive.testzip(), [entry.compress_type for entry in archive.infolist()] == [0] * len(archive.infolist()))
