"""Statuses as Mastodon's API shows them. https://docs.joinmastodon.org/entities/Status/

A status is rendered in parts, so that what is the same for everybody is kept as bytes: `StatusBody` once for
each revision, then the author, then what depends on who looks. `hydrate` puts them together.
"""

from typing import Any

import msgspec
from msgspec import UNSET, Raw, UnsetType

from fedcoop.accounts.entities import CustomEmoji
from fedcoop.cards.types import PreviewCard
from fedcoop.statuses.consent.entities import Policy


class MediaAttachment(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/MediaAttachment/"""

    id: str
    type: str
    url: str | None
    preview_url: str | None
    remote_url: str | None
    preview_remote_url: str | None
    text_url: str | None
    meta: Raw | None
    description: str | None
    blurhash: str | None


class StatusMention(msgspec.Struct):
    id: str
    username: str
    url: str
    acct: str


class StatusTag(msgspec.Struct):
    name: str
    url: str


class StatusApplication(msgspec.Struct):
    name: str
    website: str | None


class StatusBody(msgspec.Struct):
    """What everybody who may see a status sees alike. The rest is the author, the reblog, the quote and
    what depends on who looks (`hydrate`); `sensitive` comes last, so that what is decided about all posts of an
    author can be put there."""

    id: str
    created_at: str
    edited_at: str | None
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    spoiler_text: str
    visibility: str
    language: str | None
    uri: str
    url: str | None
    content: str
    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int
    application: StatusApplication | None
    media_attachments: list[MediaAttachment]
    mentions: list[StatusMention]
    tags: list[StatusTag]
    emojis: list[CustomEmoji]
    card: PreviewCard | None = None
    tagged_collections: list[Any] = []
    interaction_policy: Policy | UnsetType = UNSET
    """GoToSocial's, where not everybody may do everything."""
    sensitive: bool = False


class PollOption(msgspec.Struct):
    title: str
    votes_count: int | None


class Poll(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/Poll/"""

    id: str
    expires_at: str | None
    expired: bool
    multiple: bool
    votes_count: int
    voters_count: int | None
    options: list[PollOption]
    emojis: list[CustomEmoji]
    voted: bool | None
    own_votes: list[int] | None


class Context(msgspec.Struct):
    ancestors: list[Raw]
    descendants: list[Raw]


class StatusSource(msgspec.Struct):
    id: str
    text: str
    spoiler_text: str
    content_type: str


class StatusEdit(msgspec.Struct):
    """One version of a status. https://docs.joinmastodon.org/entities/StatusEdit/"""

    content: str
    spoiler_text: str
    sensitive: bool
    created_at: str
    account: Raw
    media_attachments: list[MediaAttachment]
    emojis: list[CustomEmoji]
    poll: dict[str, list[dict[str, str]]] | None
    quote: Raw
    """What it quotes now, as the status itself shows it."""
