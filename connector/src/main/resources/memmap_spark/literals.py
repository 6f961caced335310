"""Python literals of ``.npy`` headers: only what ``repr`` writes, so that all readers understand it alike."""

import ast
import re

_ESCAPE = r"\\(?:[\\'\"nrt]|x[0-9a-fA-F]{2}|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|U(?!0000[dD][89a-fA-F])[0-9a-fA-F]{8})"
_STRING = rf"'(?:[^'\\\0\n\r]|{_ESCAPE})*'|\"(?:[^\"\\\0\n\r]|{_ESCAPE})*\""
_INTEGER = r"-?(?:0|[1-9][0-9]*)(?P<long>L?)(?![\w.])"
_TOKEN = re.compile(rf"(?P<space>[ \t\n\r]+)|(?P<string>{_STRING})|{_INTEGER}|[(){{}}[\],:]|True|False|None")


def parse_literal(text, longs):
    """Returns the value of a literal of texts, integers, booleans, None, tuples, lists, and dicts with texts as keys.

    Args:
        longs: whether integers may end in an L, as Python 2 wrote them.

    Raises:
        ValueError: if it is anything else.
    """
    parts, at, after_string = [], 0, False
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or (token["long"] and not longs):
            raise ValueError(f"found {text[at : at + 20]!r} at character {at}, expected what repr writes")
        if token["string"] and after_string:
            raise ValueError(f"found two texts side by side at character {at}, expected one")
        after_string = bool(token["string"]) or (after_string and bool(token["space"]))
        parts.append(token[0][:-1] if token["long"] else token[0])
        at = token.end()
    try:
        tree = ast.parse("".join(parts).strip(" \t\n\r"), mode="eval")
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                _check_keys(node)
            elif isinstance(node, ast.Set):
                raise ValueError("found a set, expected a dict")
        return ast.literal_eval(tree)
    except (TypeError, SyntaxError, MemoryError, RecursionError) as e:
        raise ValueError(str(e)) from e


def _check_keys(node):
    seen = set()
    for key in node.keys:
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise ValueError("found a key that is no text, expected a text")
        if key.value in seen:
            raise ValueError(f"found the key {key.value!r:.80} twice, expected each key once")
        seen.add(key.value)
