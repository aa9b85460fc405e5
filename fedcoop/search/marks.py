"""The marks kept beside a status's words, by which operators find: each has a `_`, which no word has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fedcoop.search.types import Attached, Source
from fedcoop.text.links import links

ANY = "any_"
PUBLIC = "public_"
"""Anybody here may find it: it is public, and its author allows finding it."""
HAS = ("media", "image", "video", "audio", "poll", "link", "embed")
IS = ("reply", "sensitive", "quote")

_KINDS = {"image": "image", "gifv": "video", "video": "video", "audio": "audio"}


def by(account_id: int) -> str:
    return f"by_{account_id}"


def language(code: str) -> str:
    return f"in_{re.sub('[^a-z0-9]', '_', code.lower())}"


def of(source: Source, media: Sequence[Attached]) -> list[str]:
    """All marks of a status."""
    marks = [ANY, by(source.account_id)]
    if source.visibility == "public" and source.indexable:
        marks.append(PUBLIC)
    if source.language:
        # Who asks for Portuguese wants that of Brazil as well.
        primary = source.language.replace("_", "-").partition("-")[0]
        marks += {language(source.language), language(primary)}
    if media:
        marks.append("has_media")
        marks += sorted({f"has_{_KINDS[each.type]}" for each in media if each.type in _KINDS})
    if source.poll_options is not None:
        marks.append("has_poll")
    if source.card is not None or links(source.content):
        marks.append("has_link")
    if source.card == "video":
        marks.append("has_embed")
    if source.in_reply_to_id is not None or source.in_reply_to_uri is not None:
        marks.append("is_reply")
    if source.quotes:
        marks.append("is_quote")
    if source.sensitive:
        marks.append("is_sensitive")
    return marks
