"""Accounts as Mastodon's API shows them. `hydrate` fills them in.

https://docs.joinmastodon.org/entities/Account/ and those it links to.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType


class CustomEmoji(msgspec.Struct):
    shortcode: str
    url: str
    static_url: str
    visible_in_picker: bool = True
    category: str | None = None


class Field(msgspec.Struct):
    name: str
    value: str
    verified_at: str | None


class AccountRole(msgspec.Struct):
    """A role that everybody sees."""

    id: str
    name: str
    color: str


class Role(msgspec.Struct):
    """One's own role. `permissions` is a sum of Mastodon's flags, in decimal."""

    id: str
    name: str
    permissions: str
    color: str = ""
    highlighted: bool = False
    collection_limit: int | None = 25


class FeatureApproval(msgspec.Struct):
    """Who may put the account into a collection, and whether the one who asks may."""

    automatic: list[str]
    manual: list[str]
    current_user: str


class Source(msgspec.Struct):
    """What a member typed, and the defaults for new statuses."""

    privacy: str
    sensitive: bool
    language: str | None
    note: str
    fields: list[Field]
    follow_requests_count: int
    hide_collections: bool
    discoverable: bool
    indexable: bool
    attribution_domains: list[str]
    quote_policy: str


class Account(msgspec.Struct, kw_only=True):
    id: str
    username: str
    acct: str
    display_name: str
    locked: bool
    bot: bool
    group: bool
    discoverable: bool | None
    indexable: bool
    noindex: bool | None
    created_at: str
    note: str
    url: str | None
    uri: str
    avatar: str
    avatar_static: str
    avatar_description: str | None
    header: str
    header_static: str
    header_description: str | None
    followers_count: int
    following_count: int
    statuses_count: int
    last_status_at: str | None
    hide_collections: bool | None
    show_media: bool | None
    show_media_replies: bool | None
    show_featured: bool | None
    feature_approval: FeatureApproval
    emojis: list[CustomEmoji]
    fields: list[Field]
    roles: list[AccountRole] | None
    # Sent only where they say something.
    limited: bool | UnsetType = UNSET
    suspended: bool | UnsetType = UNSET
    memorial: bool | UnsetType = UNSET
    moved: Account | UnsetType = UNSET


class MutedAccount(Account, kw_only=True):
    mute_expires_at: str | None


class CredentialAccount(Account, kw_only=True):
    source: Source
    role: Role


class Profile(msgspec.Struct, kw_only=True):
    """One's own profile, as typed."""

    id: str
    display_name: str
    note: str
    fields: list[Field]
    avatar: str | None
    avatar_static: str | None
    avatar_description: str
    header: str | None
    header_static: str | None
    header_description: str
    locked: bool
    bot: bool
    hide_collections: bool | None
    discoverable: bool | None
    indexable: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: list[str]
