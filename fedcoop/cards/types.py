"""The preview of a page: as it is read out of the page, as it is kept, and as Mastodon's API shows it."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Raw

from fedcoop.ids import AccountId

CardType = Literal["link", "photo", "video"]


class Page(msgspec.Struct, kw_only=True):
    """What a page says of itself, made plain. `creator` is the handle of the account that it names as its author,
    which counts only where that account names the page's domain."""

    url: str
    type: CardType = "link"
    title: str = ""
    description: str = ""
    language: str | None = None
    author_name: str = ""
    author_url: str = ""
    provider_name: str = ""
    provider_url: str = ""
    html: str = ""
    embed_url: str = ""
    image: str = ""
    image_description: str = ""
    width: int = 0
    height: int = 0
    published_at: int | None = None
    creator: str = ""
    oembed: str = ""
    """Where more is told, as oEmbed."""


class Card(msgspec.Struct, frozen=True):
    """A row of `preview_cards`."""

    id: int
    url: str
    type: CardType
    title: str
    description: str
    language: str | None
    author_name: str
    author_url: str
    author_id: AccountId | None
    claimed_id: AccountId | None
    provider_name: str
    provider_url: str
    html: str
    embed_url: str
    image: str
    image_description: str
    width: int
    height: int
    published_at: int | None
    fetched_at: int


class Author(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/PreviewCardAuthor/"""

    name: str
    url: str
    account: Raw | None


class PreviewCard(msgspec.Struct, kw_only=True, omit_defaults=False):
    """https://docs.joinmastodon.org/entities/PreviewCard/"""

    url: str
    title: str
    description: str
    language: str | None
    type: str
    author_name: str
    author_url: str
    authors: list[Author]
    provider_name: str
    provider_url: str
    html: str
    width: int
    height: int
    image: str | None
    image_description: str
    embed_url: str
    missing_attribution: bool | str = False
    """Whether who looks wrote it and does not let its site say so; until it is known who looks, the id of who
    would have to (`seen_by`)."""
    blurhash: str | None = None
    published_at: str | None
