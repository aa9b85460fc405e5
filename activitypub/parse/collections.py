"""Collections and their pages; items are read as ids, whoever wants one fetches it."""

from typing import Any

from activitypub.errors import Ignored
from activitypub.parse.fields import (
    address,
    count,
    first_of_map,
    identifier,
    identifiers,
    is_language,
    items,
    moment,
    text,
    yes,
)
from activitypub.parse.tags import read_hashtags
from activitypub.vocabulary import Collection, FeaturedCollection, FeaturedItem

MOST_FEATURED = 150


def read_collection(document: dict[str, Any], kind: str, depth: int = 0) -> Collection:
    """The collection, with its first page where that is embedded."""
    first = document.get("first")
    embedded = isinstance(first, dict) and "type" in first and depth == 0
    return Collection(
        id=identifier(document),
        type=kind,
        total=count(document.get("totalItems")),
        items=identifiers(document.get("orderedItems")) or identifiers(document.get("items")),
        hashtags=tuple(
            tag.name for tag in read_hashtags(document.get("orderedItems") or document.get("items"))
        ),
        first=identifier(first),
        next=identifier(document.get("next")),
        part_of=identifier(document.get("partOf")),
        attributed_to=identifier(document.get("attributedTo")),
        first_page=read_collection(first, kind, 1) if embedded and isinstance(first, dict) else None,
    )


def read_featured(document: dict[str, Any]) -> FeaturedCollection:
    """Accounts that somebody recommends (FEP-7aa9). Raises `Ignored` without an id or an owner."""
    identity, owner = identifier(document), identifier(document.get("attributedTo"))
    if not identity or not owner:
        raise Ignored("a collection of recommendations without an id or an owner")
    mapped = document.get("summaryMap")
    language = next((key for key in mapped if is_language(key)), "") if isinstance(mapped, dict) else ""
    topic = read_hashtags(document.get("topic"))
    members = [_item(one) for one in items(document.get("orderedItems"))[:MOST_FEATURED]]
    return FeaturedCollection(
        id=identity,
        attributed_to=owner,
        name=text(document.get("name")),
        summary=text(document.get("summary"), 5_000) or first_of_map(mapped, 5_000),
        language=language,
        url=address(document.get("url"), identity),
        topic=topic[0].name if topic else "",
        sensitive=yes(document.get("sensitive")),
        discoverable=document.get("discoverable") is not False,
        published=moment(document.get("published")),
        items=tuple(one for one in members if one is not None),
    )


def _item(value: Any) -> FeaturedItem | None:
    """One entry; None where it is not embedded, or does not say whom it means."""
    if not isinstance(value, dict):
        return None
    item = FeaturedItem(
        id=identifier(value),
        featured_object=identifier(value.get("featuredObject")),
        authorization=identifier(value.get("featureAuthorization")),
    )
    return item if item.id and item.featured_object else None
