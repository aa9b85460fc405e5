"""Damage that keeps a document nearly right, so that it gets past the first check: values exchanged for odd
ones, parts moved, doubled, dropped and nested; and the plain flipping of bytes."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

LONGEST = 200_000
"""Characters of a text that was spoilt."""

ODD: list[Any] = [
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**63, 2**64, -(2**63), 1e308, -0.5, "", " ", "\n",
    "x" * 5_000, [], {}, [[]], [None], [""], {"id": None}, {"type": None}, {"@id": "x"}, {"@value": "x"},
    {"@list": []}, "https://", "https://b.test", "https://coop.test/users/1", "http://127.0.0.1/",
    "https://[::1]/", "//b.test/x", "HTTPS://B.TEST/Users/Bob", "https://b.test:99999/",
    "https://b.test/\u202e", "https://xn--/", "https://bücher.test/", "acct:bob@b.test",
    "javascript:alert(1)", "data:text/html,x", "as:Public", "Public", "#", "#x", "@", "@@", ":x:",
    "2026-02-30T00:00:00Z", "0000-00-00", "9999-12-31T23:59:59.999999999Z", "-1", "P1D", "\ud7ff", "\ufffe",
    "\u0001", "<b>", "<" * 2_000, "&#x0;", "&" * 2_000, "🎉" * 500, "e\u0301" * 500, "NaN", "Infinity",
    "null", "undefined", "Note", "Person", "Collection", "Tombstone", ["Note", "Person"], {"type": "Note"},
    {"type": "Link", "href": "x"},
]  # fmt: skip
"""Values that stand where others were expected."""
KEYS = (
    "id", "@id", "type", "@type", "@context", "@graph", "@included", "@reverse", "actor", "object",
    "target", "to", "cc", "bto", "content", "name", "tag", "url", "inReplyTo", "attributedTo", "oneOf",
    "anyOf", "replies", "first", "next", "items", "quote", "publicKey", "proof", "signature", "as:actor",
    "https://www.w3.org/ns/activitystreams#actor",
)  # fmt: skip


MOST_PLACES = 5_000


def odd(random: Random) -> Any:
    """One of `ODD`, as a copy of its own."""
    return copy.deepcopy(random.choice(ODD))


def damaged(document: Any, random: Random, others: list[dict[str, Any]]) -> Any:
    """A copy with one to four things wrong; `others` lend parts."""
    found = copy.deepcopy(document)
    for _ in range(random.choice((1, 1, 1, 2, 3, 4))):
        places = list(_places(found))
        if not places or len(places) > MOST_PLACES:
            break
        holder, key = random.choice(places)
        _damage(holder, key, random, others)
    return found


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every list and object with each of its keys."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        inner = (
            current.items()
            if isinstance(current, dict)
            else enumerate(current)
            if isinstance(current, list)
            else ()
        )
        for key, child in inner:
            yield current, key
            waiting.append(child)


def _damage(holder: Any, key: Any, random: Random, others: list[dict[str, Any]]) -> None:
    value = holder[key]
    match random.randrange(10):
        case 0:
            del holder[key]
        case 1 | 2 | 3:
            holder[key] = odd(random)
        case 4:
            holder[key] = [copy.deepcopy(value) for _ in range(random.choice((1, 2, 300)))]
        case 5:
            holder[key] = {random.choice(KEYS): value}
        case 6 if isinstance(holder, dict):
            holder[random.choice(KEYS)] = holder.pop(key)
        case 7:
            holder[key] = _nested(value, random.choice((2, 20, 40)), random)
        case 8 if others:
            holder[key] = _part(random.choice(others), random)
        case _:
            holder[key] = _spoilt(value, random) if isinstance(value, str) else odd(random)


def _nested(value: Any, depth: int, random: Random) -> Any:
    key = random.choice(KEYS)
    for _ in range(depth):
        value = {key: value} if random.random() < 0.7 else [value]
    return value


def _part(document: dict[str, Any], random: Random) -> Any:
    holder, key = random.choice(list(_places(document)) or [(document, "id")])
    return copy.deepcopy(holder.get(key) if isinstance(holder, dict) else holder[key])


def _spoilt(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    other = random.choice(ODD)
    middle = (
        other
        if isinstance(other, str)
        else chr(random.choice((0, 9, 32, 127, 0x200B, 0x202E, 0xFEFF, 0x1F389)))
    )
    return text[:at] + middle + text[at + random.randrange(3) :]


def spoilt_text(text: str, random: Random) -> str:
    """A text with some places changed, doubled or cut."""
    for _ in range(random.randrange(1, 5)):
        text = _spoilt(text, random)
        if random.random() < 0.1:
            # Cut before as well: making half a gigabyte would be taken for slowness of what is tried.
            text = text[:LONGEST] * random.choice((2, 50))
        if random.random() < 0.1:
            text = text[: random.randrange(len(text) + 1)]
        text = text[:LONGEST]
    return text


def encoded(document: Any, random: Random) -> bytes:
    """The document as bytes, now and then with some of them flipped, cut or doubled."""
    body = json.dumps(document, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    if random.random() < 0.8 or not body:
        return body
    spoilt = bytearray(body)
    for _ in range(random.randrange(1, 4)):
        at = random.randrange(len(spoilt))
        match random.randrange(3):
            case 0:
                spoilt[at] ^= 1 << random.randrange(8)
            case 1:
                del spoilt[at : at + random.randrange(1, 50)]
            case _:
                spoilt[at:at] = spoilt[at : at + random.randrange(1, 50)]
        if not spoilt:
            break
    return bytes(spoilt)
