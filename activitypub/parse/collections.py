"""Collections and their pages; items are read as ids, whoever wants one fetches it."""

from typing import Any

from activitypub.parse.fields import count, identifier, identifiers
from activitypub.vocabulary import Collection


def read_collection(document: dict[str, Any], kind: str, depth: int = 0) -> Collection:
    """The collection, with its first page where that is embedded."""
    first = document.get("first")
    embedded = isinstance(first, dict) and "type" in first and depth == 0
    return Collection(
        id=identifier(document),
        type=kind,
        total=count(document.get("totalItems")),
        items=identifiers(document.get("orderedItems")) or identifiers(document.get("items")),
        first=identifier(first),
        next=identifier(document.get("next")),
        part_of=identifier(document.get("partOf")),
        attributed_to=identifier(document.get("attributedTo")),
        first_page=read_collection(first, kind, 1) if embedded and isinstance(first, dict) else None,
    )
