"""RFC 8785, the JSON Canonicalization Scheme, for what ledger entries hold: objects, lists, strings,
booleans, null and integers. One value has one text, so that everybody hashes the same bytes."""

import re
from typing import Any

import msgspec

LARGEST = 2**53 - 1
"""Beyond this JavaScript's numbers, which RFC 8785 prescribes, are no longer exact."""

_LONG_NUMBER = re.compile(rb"[:,\[]-?[0-9]{16}")
_encode_sorted = msgspec.json.Encoder(order="sorted").encode

_SHORT = {0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r", 0x22: '\\"', 0x5C: "\\\\"}
_ESCAPES = {code: _SHORT.get(code, f"\\u{code:04x}") for code in [*range(0x20), 0x22, 0x5C]}


def canonical(value: object) -> bytes:
    """The canonical UTF-8 text. Raises ValueError for fractions, integers that JSON would blur, lone
    surrogates, and anything that is no JSON."""
    parts: list[str] = []
    _write(value, parts)
    try:
        return "".join(parts).encode()
    except UnicodeEncodeError:
        raise ValueError("a string with a lone surrogate has no canonical form") from None


def read_canonical(text: bytes) -> Any:
    """The value of a canonical text. Raises ValueError when the text is not exactly the canonical one."""
    try:
        value = _decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise ValueError(f"no JSON: {wrong}") from None
    if not _is_plainly_canonical(value, text) and canonical(value) != text:
        raise ValueError("the text is JSON, but not in its canonical form")
    return value


def _is_plainly_canonical(value: object, text: bytes) -> bool:
    """Whether a fast encoder settles it. It agrees with RFC 8785 on objects in ASCII without escapes and on
    integers of at most fifteen digits; nearly every entry is so, and of anything else this says nothing."""
    if not text.startswith(b"{") or not text.isascii() or b"\\" in text or _LONG_NUMBER.search(text):
        return False
    return _encode_sorted(value) == text


def _no_fractions(number: str) -> None:
    raise ValueError(f"{number} has a fraction or an exponent, which no canonical integer has")


_decode = msgspec.json.Decoder(float_hook=_no_fractions).decode


def _write(value: object, parts: list[str]) -> None:
    match value:
        case None:
            parts.append("null")
        case bool():
            parts.append("true" if value else "false")
        case int() | float():
            parts.append(_number(value))
        case str():
            parts.append(f'"{value.translate(_ESCAPES)}"')
        case list() | tuple():
            parts.append("[")
            for index, item in enumerate(value):
                if index:
                    parts.append(",")
                _write(item, parts)
            parts.append("]")
        case dict():
            parts.append("{")
            for index, (name, item) in enumerate(sorted(value.items(), key=_order)):
                if index:
                    parts.append(",")
                parts.append(f'"{name.translate(_ESCAPES)}":')
                _write(item, parts)
            parts.append("}")
        case _:
            raise ValueError(f"{type(value).__name__} has no canonical form")


def _number(value: int | float) -> str:
    whole = int(value) if value == value and abs(value) <= LARGEST else None
    if whole is None or whole != value:
        raise ValueError(f"{value} is no integer that JSON keeps exactly")
    return str(whole)


def _order(item: tuple[object, object]) -> bytes:
    """Names sort by their UTF-16 code units (RFC 8785, section 3.2.3)."""
    name = item[0]
    if not isinstance(name, str):
        raise ValueError("the names in an object are strings")
    return name.encode("utf-16-be", "surrogatepass")
