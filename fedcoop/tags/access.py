"""Reading which hashtags a member follows or features."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fedcoop.db import Row, Tx
from fedcoop.tags import queries


class Tie(msgspec.Struct, frozen=True):
    """How a member stands to a hashtag."""

    following: bool = False
    featuring: bool = False


async def named(tx: Tx, folded: str) -> Row | None:
    """The hashtag (id, name, display_name) of this folded name, if anybody has used it."""
    return await tx.one(queries.BY_NAME, name=folded)


async def ties(tx: Tx, account_id: int, ids: Sequence[int]) -> dict[int, Tie]:
    """How a member stands to these hashtags; one statement, however many they are."""
    rows = await tx.all(queries.TIES, account_id=account_id, ids=list(ids)) if ids and account_id else []
    return {row[0]: Tie(bool(row[1]), bool(row[2])) for row in rows}


async def featured(tx: Tx, account_id: int) -> list[Row]:
    """What an account features, the most used first: id, tag_id, name, display_name, uses, last_used_at."""
    return await tx.all(queries.FEATURED, account_id=account_id)
