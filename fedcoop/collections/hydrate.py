"""From rows to collections as the API shows them, without I/O."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from fedcoop import clock
from fedcoop.collections.types import Collection, CollectionEntity, Item, ShallowTag, item_entity
from fedcoop.text import compose


def collection_entity(collection: Collection, items: Sequence[Item], base_url: str) -> CollectionEntity:
    """A collection with what its viewer sees in it."""
    local = collection.uri.startswith(f"{base_url}/")
    tag = collection.tag
    return CollectionEntity(
        id=str(collection.id),
        account_id=str(collection.account_id),
        uri=collection.uri,
        url=collection.url or None,
        name=collection.name,
        description=collection.description,
        language=collection.language,
        local=local,
        sensitive=bool(collection.sensitive),
        discoverable=bool(collection.discoverable),
        tag=ShallowTag(tag, f"{base_url}/tags/{quote(compose.fold(tag))}") if tag else None,
        item_count=len(items),
        items=[item_entity(item) for item in items],
        created_at=clock.iso(collection.created_at),
        updated_at=clock.iso(collection.updated_at),
    )
