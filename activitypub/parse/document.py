"""JSON from strangers: bytes to a dict, within limits and in the one way that every parser agrees on.

Two parsers that read one signed document differently are how forgeries pass, so whatever is ambiguous is
refused: a key twice, a number no float can hold, half a surrogate pair (RFC 8259 §4 and §6, RFC 7493).
"""

import json
import math
import re
from typing import Any

from activitypub.errors import Ignored

LARGEST = 1_000_000
"""Bytes of a document, Mastodon's limit."""
DEEPEST = 32
"""Levels of nesting; real documents need fewer than ten."""
LONGEST_NUMBER = 32

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_NUL = re.compile(rb"\\u0000")


def decode(body: bytes) -> dict[str, Any]:
    """The document in `body`. Raises `Ignored` when it is no JSON object or leaves the limits."""
    if len(body) > LARGEST:
        raise Ignored("document larger than 1 MB")
    if _NUL.search(body) or b"\0" in body:
        raise Ignored("document holds a NUL character")
    try:
        document = json.loads(
            body,
            object_pairs_hook=_unique,
            parse_float=_float,
            parse_int=_int,
            parse_constant=_constant,
        )
        if _SURROGATE.search(body):
            json.dumps(document, ensure_ascii=False).encode()
    except RecursionError:
        raise Ignored("nested too deeply") from None
    except UnicodeError:
        raise Ignored("not UTF-8") from None
    except ValueError as error:
        raise Ignored(f"not JSON: {error}") from None
    if isinstance(document, list) and len(document) == 1:
        document = document[0]
    if not isinstance(document, dict):
        raise Ignored("not a JSON object")
    if body.count(b"[") + body.count(b"{") > DEEPEST:
        check_depth(document)
    return document


def check_depth(document: object) -> None:
    """Raises `Ignored` when lists and objects are nested more than `DEEPEST` levels."""
    level: list[object] = [document]
    for _ in range(DEEPEST):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise Ignored("nested too deeply")


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return [child for child in value.values() if isinstance(child, dict | list)]
    if isinstance(value, list):
        return [child for child in value if isinstance(child, dict | list)]
    return []


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Ignored("a key stands twice in one object")
    return found


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number) or len(text) > LONGEST_NUMBER:
        raise Ignored("a number too large")
    return number


def _int(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise Ignored("a number too large")
    return int(text)


def _constant(text: str) -> float:
    raise Ignored(f"{text} is no JSON number")
