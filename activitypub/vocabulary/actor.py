"""Who acts: people, groups, programs. What they do is in `activity`."""

import msgspec

from activitypub.vocabulary.post import Consent, CustomEmoji

ACTORS = frozenset({"Person", "Service", "Application", "Group", "Organization"})


class PublicKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that an actor signs with: RSA as PEM (`publicKey`) or a Multikey (FEP-521a)."""

    id: str
    owner: str
    pem: str = ""
    multibase: str = ""


class Field(msgspec.Struct, frozen=True):
    """One row of the table on a profile (PropertyValue); `value` is HTML."""

    name: str
    value: str


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A person, group or program of another server, as it describes itself."""

    id: str
    type: str
    username: str
    """`preferredUsername`; empty where the document is only a stub that carries a key."""
    name: str = ""
    summary: str = ""
    url: str = ""
    inbox: str = ""
    shared_inbox: str = ""
    outbox: str = ""
    followers: str = ""
    following: str = ""
    featured: str = ""
    featured_tags: str = ""
    featured_collections: str = ""
    can_feature: Consent | None = None
    """Who may put it into a collection (FEP-7aa9); None where nothing is said."""
    webfinger: str = ""
    """The handle it calls its own (FEP-2c59), `user@host`."""
    keys: tuple[PublicKey, ...] = ()
    implements: tuple[str, ...] = ()
    """What its server says that it understands (FEP-844e)."""
    icon: str = ""
    icon_description: str = ""
    image: str = ""
    image_description: str = ""
    fields: tuple[Field, ...] = ()
    emojis: tuple[CustomEmoji, ...] = ()
    hashtags: tuple[str, ...] = ()
    manually_approves: bool = False
    discoverable: bool = False
    indexable: bool = False
    memorial: bool = False
    suspended: bool = False
    show_media: bool = True
    show_media_replies: bool = True
    show_featured: bool = True
    """Which tabs of a profile its owner wants shown (Mastodon 4.6); all, where nothing is said."""
    moved_to: str = ""
    also_known_as: tuple[str, ...] = ()
    attribution_domains: tuple[str, ...] = ()
    published: int | None = None
    updated: int | None = None
