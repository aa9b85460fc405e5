"""Accounts and the people behind the local ones, as rows; and what is needed to make or change them."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from fedcoop.accounts.consent import Allowed
from fedcoop.ids import AccountId

Kind = Literal["person", "bot", "group", "application", "organization"]
UserRole = Literal["user", "moderator", "admin"]
QuotePolicy = Literal["public", "followers", "nobody"]
"""Who may quote what a member says."""

LONGEST_USERNAME = 30
LONGEST_DISPLAY_NAME = 60
LONGEST_NOTE = 1000
MOST_FIELDS = 6
LONGEST_FIELD = 255


class Account(msgspec.Struct, frozen=True):
    """A row of `accounts`, local or remote. Times are milliseconds since the epoch."""

    id: AccountId
    username: str
    domain: str | None
    handle: str
    uri: str
    url: str
    kind: str
    display_name: str
    note: str
    note_source: str
    fields: str
    emojis: str
    avatar: str
    avatar_static: str
    avatar_description: str
    header: str
    header_static: str
    header_description: str
    locked: bool
    discoverable: bool
    indexable: bool
    hide_collections: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    memorial: bool
    also_known_as: str
    moved_to_id: AccountId | None
    inbox: str
    shared_inbox: str
    outbox: str
    followers_uri: str
    following_uri: str
    featured_uri: str
    featured_tags_uri: str
    collections_uri: str
    feature_policy: str
    public_key_id: str
    public_key: str
    followers_count: int
    following_count: int
    statuses_count: int
    last_status_at: int | None
    created_at: int
    updated_at: int
    fetched_at: int | None
    limited_at: int | None
    sensitized_at: int | None
    suspended_at: int | None
    deleted_at: int | None
    revision: int

    @property
    def local(self) -> bool:
        return self.domain is None

    @property
    def acct(self) -> str:
        """`alice`, or `bob@b.test` for somebody elsewhere."""
        return self.username if self.domain is None else f"{self.username}@{self.domain}"


class User(msgspec.Struct, frozen=True):
    """A row of `users`: the person behind a local account."""

    account_id: AccountId
    email: str
    password_hash: str
    role: str
    locale: str
    default_visibility: str
    default_sensitive: bool
    default_language: str | None
    default_quote_policy: QuotePolicy
    default_rules: str
    """Who may answer, favourite and boost: JSON of `fedcoop.statuses.consent.rules`; empty for everybody."""
    reason: str
    created_at: int
    confirmed_at: int | None
    approved_at: int | None
    disabled_at: int | None
    password_changed_at: int


class KeyPair(NamedTuple):
    """An RSA key, as PEM."""

    public_pem: str
    private_pem: str


class StoredField(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row of a profile's table, as `accounts.fields` keeps it: `value` is safe HTML, `source` what a
    member typed."""

    name: str
    value: str
    verified_at: int | None = None
    source: str = ""


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who joins. `password_hash` and `keys` are made beforehand, off the event loop."""

    username: str
    email: str
    password_hash: str
    keys: KeyPair
    role: UserRole = "user"
    kind: Kind = "person"
    locale: str = "en"
    confirmed: bool = True
    approved: bool = True
    display_name: str = ""
    reason: str = ""
    by_operator: bool = False
    """Whoever runs the server may use names that others may not, such as `admin`."""


class RemoteAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account of another server as that server describes it. Texts are raw; they are made safe here."""

    uri: str
    username: str
    domain: str
    url: str = ""
    kind: Kind = "person"
    display_name: str = ""
    note: str = ""
    fields: list[tuple[str, str]] = []
    emojis: list[dict[str, str]] = []
    avatar: str = ""
    avatar_description: str = ""
    header: str = ""
    header_description: str = ""
    locked: bool = False
    discoverable: bool = False
    indexable: bool = False
    hide_collections: bool = False
    memorial: bool = False
    show_media: bool = True
    show_media_replies: bool = True
    show_featured: bool = True
    """Which tabs of the profile its owner wants shown."""
    also_known_as: list[str] = []
    inbox: str = ""
    shared_inbox: str = ""
    outbox: str = ""
    followers_uri: str = ""
    following_uri: str = ""
    featured_uri: str = ""
    featured_tags_uri: str = ""
    collections_uri: str = ""
    feature_policy: Allowed | None = None
    public_key_id: str = ""
    public_key: str = ""
    created_at: int | None = None
    followers_count: int | None = None
    following_count: int | None = None
    statuses_count: int | None = None


class ProfileEdit(msgspec.Struct, frozen=True, kw_only=True):
    """What a member changes of a profile and of the defaults for new statuses; `UNSET` stays as it is."""

    display_name: str | msgspec.UnsetType = msgspec.UNSET
    note: str | msgspec.UnsetType = msgspec.UNSET
    fields: list[tuple[str, str]] | msgspec.UnsetType = msgspec.UNSET
    avatar: str | msgspec.UnsetType = msgspec.UNSET
    avatar_static: str | msgspec.UnsetType = msgspec.UNSET
    avatar_description: str | msgspec.UnsetType = msgspec.UNSET
    header: str | msgspec.UnsetType = msgspec.UNSET
    header_static: str | msgspec.UnsetType = msgspec.UNSET
    header_description: str | msgspec.UnsetType = msgspec.UNSET
    locked: bool | msgspec.UnsetType = msgspec.UNSET
    bot: bool | msgspec.UnsetType = msgspec.UNSET
    discoverable: bool | msgspec.UnsetType = msgspec.UNSET
    indexable: bool | msgspec.UnsetType = msgspec.UNSET
    hide_collections: bool | msgspec.UnsetType = msgspec.UNSET
    show_media: bool | msgspec.UnsetType = msgspec.UNSET
    show_media_replies: bool | msgspec.UnsetType = msgspec.UNSET
    show_featured: bool | msgspec.UnsetType = msgspec.UNSET
    attribution_domains: list[str] | msgspec.UnsetType = msgspec.UNSET
    privacy: str | msgspec.UnsetType = msgspec.UNSET
    sensitive: bool | msgspec.UnsetType = msgspec.UNSET
    language: str | msgspec.UnsetType | None = msgspec.UNSET
    quote_policy: str | msgspec.UnsetType = msgspec.UNSET
