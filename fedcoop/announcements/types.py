"""Announcements as rows, and as the API shows them. https://docs.joinmastodon.org/entities/Announcement/"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, Raw, UnsetType

from fedcoop.accounts.entities import CustomEmoji


class Announcement(msgspec.Struct, frozen=True):
    """A row of `announcements`."""

    id: int
    text: str
    content: str
    mentions: str
    tags: str
    starts_at: int | None
    ends_at: int | None
    all_day: bool
    because: str
    published_at: int
    updated_at: int


class Mention(msgspec.Struct, frozen=True):
    id: str
    username: str
    url: str
    acct: str


class Tag(msgspec.Struct, frozen=True):
    name: str
    url: str


class Reaction(msgspec.Struct, kw_only=True):
    """How many put the same emoji; `me` is left out where nobody in particular looks."""

    name: str
    count: int
    me: bool | UnsetType = UNSET
    url: str | UnsetType = UNSET
    static_url: str | UnsetType = UNSET
    announcement_id: str | UnsetType = UNSET


class AnnouncementEntity(msgspec.Struct, kw_only=True):
    id: str
    content: str
    starts_at: str | None
    ends_at: str | None
    all_day: bool
    published_at: str
    updated_at: str
    read: bool | UnsetType = UNSET
    mentions: Raw
    statuses: list[str] = []
    tags: Raw
    emojis: list[CustomEmoji] = []
    reactions: list[Reaction]
