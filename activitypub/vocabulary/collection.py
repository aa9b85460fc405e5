"""Lists and pages of lists: outboxes, followers, pinned posts, replies."""

import msgspec

COLLECTIONS = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """A collection or a page of one. `items` are ids, cut at 1 000; `total` is a claim, not a fact."""

    id: str = ""
    type: str
    total: int | None = None
    items: tuple[str, ...] = ()
    first: str = ""
    next: str = ""
    part_of: str = ""
    attributed_to: str = ""
    first_page: "Collection | None" = None
