"""RFC 8785, against its own examples and Python's encoder."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.ledger.canonical import LARGEST, canonical, read_canonical

SCALARS = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


def test_names_sort_by_utf_16_as_in_the_rfc() -> None:
    """RFC 8785, section 3.2.3."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\xf6"]
    written = canonical(dict.fromkeys(names, 0)).decode()
    assert list(json.loads(written)) == ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]


def test_strings_are_escaped_as_in_the_rfc() -> None:
    """RFC 8785, section 3.2.2: only what must be escaped is."""
    text = '€$\x0f\nA\'B"\\\\"/\u2028\x7f'
    assert canonical(text) == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u2028\x7f"'.encode()


@given(VALUES)
def test_a_value_comes_back_from_its_one_text(value: object) -> None:
    assert read_canonical(canonical(value)) == value


@given(st.recursive(SCALARS, lambda inner: st.dictionaries(st.text(alphabet="abcæø"), inner), max_leaves=9))
def test_it_agrees_with_pythons_encoder_where_both_are_defined(value: object) -> None:
    """Names below U+10000 sort the same by code point and by UTF-16 unit."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(value) == text.encode()


def test_whole_floats_become_integers() -> None:
    assert canonical([1.0, -0.0, 3]) == b"[1,0,3]"


@pytest.mark.parametrize(
    "value",
    [1.5, math.nan, math.inf, LARGEST + 1, -(2**60), "\ud800", {"\udc00": 1}, {1: 2}, {1, 2}, b"bytes"],
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"canonical|integer|strings"):
        canonical(value)


@pytest.mark.parametrize(
    "text",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b"[1.0]",
        b'"\\u0041"',
        b"[",
        b"\xff",
        b'{"a":1,"a":1}',
        b"[1e3]",
        b"[-0]",
        b"9007199254740993",
    ],
)
def test_any_other_spelling_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"JSON|fraction|exactly"):
        read_canonical(text)


@given(st.text(), st.integers(-LARGEST, LARGEST), st.sampled_from(["", " ", "\n", "0", ".0", "e0"]))
def test_only_the_canonical_text_is_read(word: str, number: int, more: str) -> None:
    """What is read without being written anew is what would have been written."""
    text = f'{{"{word}":{number}{more},"a":"{word}"}}'.encode("utf-8", "surrogatepass")
    try:
        value = read_canonical(text)
    except ValueError:
        return
    assert canonical(value) == text
