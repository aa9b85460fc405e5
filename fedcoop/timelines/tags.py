"""Hashtags by the beginning of their names."""

from fedcoop.db import Row, Tx
from fedcoop.timelines import queries


async def beginning_with(tx: Tx, folded: str, *, limit: int, offset: int = 0) -> list[Row]:
    """Tags (id, name, display_name) whose folded name begins so, the shortest first; none for nothing."""
    if not folded:
        return []
    # A range, not LIKE: it uses the index on both databases, and no character is special in it.
    return await tx.all(
        queries.TAGS_FROM, beginning=folded, end=folded + chr(0x10FFFF), limit=limit, offset=offset
    )
