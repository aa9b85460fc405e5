"""Collections and what is in them as rows, and as Mastodon's API shows them.
https://docs.joinmastodon.org/entities/Collection/"""

from __future__ import annotations

from typing import Literal

import msgspec

from fedcoop import clock
from fedcoop.ids import AccountId, CollectionId, CollectionItemId

State = Literal["pending", "accepted", "rejected", "revoked"]

MOST_COLLECTIONS = 25
MOST_ITEMS = 25
MOST_REMOTE_ITEMS = 150
"""Of another server's collection so many are kept."""
LONGEST_NAME = 40
LONGEST_DESCRIPTION = 100
LONGEST_REMOTE_NAME = 256
LONGEST_REMOTE_DESCRIPTION = 2_048


class Collection(msgspec.Struct, frozen=True):
    """A row of `collections`. `tag` is a hashtag without its #, empty for none."""

    id: CollectionId
    account_id: AccountId
    uri: str
    url: str
    name: str
    description: str
    language: str | None
    tag: str
    sensitive: bool
    discoverable: bool
    created_at: int
    updated_at: int


class Item(msgspec.Struct, frozen=True):
    """A row of `collection_items`: an account, and whether it consents."""

    id: CollectionItemId
    collection_id: CollectionId
    account_id: AccountId
    uri: str
    stamp_uri: str
    state: State
    position: int
    created_at: int


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of a collection; texts as they were typed."""

    name: str
    description: str = ""
    language: str | None = None
    tag: str = ""
    sensitive: bool = False
    discoverable: bool = True


class RemoteCollection(msgspec.Struct, frozen=True, kw_only=True):
    """A collection as its own server describes it."""

    uri: str
    url: str = ""
    draft: Draft
    created_at: int | None = None


class ShallowTag(msgspec.Struct, frozen=True):
    name: str
    url: str


class ItemEntity(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    state: str
    created_at: str
    account_id: str | None


class CollectionEntity(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    account_id: str
    uri: str
    url: str | None
    name: str
    description: str
    language: str | None
    local: bool
    sensitive: bool
    discoverable: bool
    tag: ShallowTag | None
    item_count: int
    items: list[ItemEntity]
    created_at: str
    updated_at: str


def item_entity(item: Item) -> ItemEntity:
    return ItemEntity(
        id=str(item.id),
        state=item.state,
        created_at=clock.iso(item.created_at),
        account_id=str(item.account_id),
    )
