"""Custom emoji as rows, and how a text names them."""

from __future__ import annotations

import re

import msgspec

SHORTCODE = re.compile(r"[A-Za-z0-9_]{2,64}")
NAMED = re.compile(r"(?<![A-Za-z0-9:]):([A-Za-z0-9_]{2,64}):(?![A-Za-z0-9:])")
"""As Mastodon finds them: a shortcode between colons, with no letter or digit beside."""
MOST = 5000
MOST_IN_A_TEXT = 50
LARGEST = 262_144
"""Bytes of a picture, as with Mastodon."""


class Emoji(msgspec.Struct, frozen=True):
    """A row of `custom_emoji`. The addresses are those of `fedcoop.media.storage`; `category` may be empty."""

    id: int
    shortcode: str
    url: str
    static_url: str
    category: str
    visible_in_picker: bool
    created_at: int
