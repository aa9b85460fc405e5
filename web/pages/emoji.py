"""Custom emoji as pictures in the words of a page. Which there are is told by the API's entities."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

Pictures = Sequence[tuple[str, str]]
"""Shortcodes and the addresses of their pictures."""

_BETWEEN_TAGS = re.compile(r"(<[^>]*>)")
_SHORTCODE = re.compile(r":([A-Za-z0-9_]{2,}):")


def pictured(html: str, emojis: Pictures) -> str:
    """Safe HTML with the pictures in its text, never inside a tag (docs/security.md, F4)."""
    pictures = dict(emojis)
    if not pictures:
        return html

    def picture(found: re.Match[str]) -> str:
        url = pictures.get(found[1])
        if url is None:
            return found[0]
        return f'<img class="emoji" src="{escape(url)}" alt="{found[0]}" title="{found[0]}" loading="lazy">'

    parts = _BETWEEN_TAGS.split(html)
    return "".join(part if part.startswith("<") else _SHORTCODE.sub(picture, part) for part in parts)


def emoji(text: str, emojis: Pictures) -> Markup:
    """Words with the pictures in them; as a filter of the templates."""
    return Markup(pictured(str(escape(text)), emojis))  # noqa: S704 # the words are escaped just here
