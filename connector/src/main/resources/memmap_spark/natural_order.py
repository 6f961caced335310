"""The order of names, which is that of rows."""

import re


def natural_key(name):
    """Orders names as the reader does, ``2.npy`` before ``10.npy``: digits by their value, all else by UTF-16 units."""
    key, zeros = [], []
    for part in re.findall(r"[0-9]+|[^0-9]", name, re.DOTALL):
        if "0" <= part[0] <= "9":
            digits = part.lstrip("0")  # Python refuses to make a number of thousands of them
            key.append((ord("0"), len(digits), digits))
            zeros.append(len(part) - len(digits))
        else:
            units = part.encode("utf-16-be", "surrogatepass")
            key.extend((int.from_bytes(units[i : i + 2], "big"), 0, "") for i in range(0, len(units), 2))
    return key, zeros
