"""Lists and pages of lists: outboxes, followers, pinned posts, replies."""

import msgspec

COLLECTIONS = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """A collection or a page of one. `items` are ids, cut at 1 000; `total` is a claim, not a fact."""

    id: str = ""
    type: str
    total: int | None = None
    items: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    """Those items that are hashtags, by name."""
    first: str = ""
    next: str = ""
    part_of: str = ""
    attributed_to: str = ""
    first_page: "Collection | None" = None


class FeaturedItem(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a collection of recommendations, with the address of their consent (FEP-7aa9)."""

    id: str
    featured_object: str
    authorization: str = ""


class FeaturedCollection(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts that somebody recommends (FEP-7aa9). `items` are cut at 150."""

    id: str
    type: str = "FeaturedCollection"
    attributed_to: str
    name: str = ""
    summary: str = ""
    language: str = ""
    url: str = ""
    topic: str = ""
    sensitive: bool = False
    discoverable: bool = True
    published: int | None = None
    items: tuple[FeaturedItem, ...] = ()
