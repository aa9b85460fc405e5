"""Which custom emoji there are, and which of them a text names."""

from __future__ import annotations

import msgspec

from fedcoop.db import Tx
from fedcoop.emoji import queries
from fedcoop.emoji.types import MOST_IN_A_TEXT, NAMED, Emoji

NONE = "[]"
_decode = msgspec.json.Decoder(list[dict[str, object]]).decode


async def listed(tx: Tx) -> list[Emoji]:
    """All of them, by category and shortcode."""
    return await tx.all(queries.ALL)


async def named_in(tx: Tx, *texts: str) -> str:
    """The custom emoji that these texts name, as a column `emojis` keeps them; `accounts.hydrate.emojis` shows
    them. Asks the database only where something is between colons."""
    found = between_colons(*texts)
    if not found:
        return NONE
    known = {each.shortcode: each for each in await tx.all(queries.NAMED, shortcodes=found)}
    return encoded([known[name] for name in found if name in known])


def among(stored: str, *texts: str) -> str:
    """Those of a column `emojis` that these texts name."""
    if stored == NONE:
        return NONE
    found = set(between_colons(*texts))
    return msgspec.json.encode([each for each in _decode(stored) if each["shortcode"] in found]).decode()


def encoded(emoji: list[Emoji]) -> str:
    """As columns keep them."""
    rows: list[dict[str, object]] = [
        {
            "shortcode": each.shortcode,
            "url": each.url,
            "static_url": each.static_url,
            "visible_in_picker": each.visible_in_picker,
            "category": each.category or None,
        }
        for each in emoji
    ]
    return msgspec.json.encode(rows).decode()


def between_colons(*texts: str) -> list[str]:
    """What may be the shortcodes of emoji, each once."""
    found = dict.fromkeys(name for text in texts if ":" in text for name in NAMED.findall(text))
    return list(found)[:MOST_IN_A_TEXT]
