"""Collections: outbox, followers, following, pinned statuses; each as a whole or page by page."""

from collections.abc import Sequence
from typing import Any


def collection(identity: str, total: int, *, paged: bool = True) -> dict[str, Any]:
    """The collection itself: its size and where its first page is. Members stay hidden without pages."""
    found: dict[str, Any] = {"id": identity, "type": "OrderedCollection", "totalItems": total}
    if paged and total:
        found["first"] = f"{identity}?page=true"
    return found


def unsized(identity: str) -> dict[str, Any]:
    """A collection in pages of which nobody has counted all."""
    return {"id": identity, "type": "OrderedCollection", "first": f"{identity}?page=true"}


def page(identity: str, query: str, items: Sequence[Any], following: str = "") -> dict[str, Any]:
    """One page; `query` is this page's, `following` the next one's, empty on the last."""
    found: dict[str, Any] = {
        "id": f"{identity}?{query}",
        "type": "OrderedCollectionPage",
        "partOf": identity,
        "orderedItems": list(items),
    }
    if following:
        found["next"] = f"{identity}?{following}"
    return found


def whole(identity: str, items: Sequence[Any]) -> dict[str, Any]:
    """A small collection, all at once."""
    return {
        "id": identity,
        "type": "OrderedCollection",
        "totalItems": len(items),
        "orderedItems": list(items),
    }


def unordered(identity: str, items: Sequence[Any]) -> dict[str, Any]:
    """The same where no order is meant."""
    return {"id": identity, "type": "Collection", "totalItems": len(items), "items": list(items)}
