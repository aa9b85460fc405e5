"""Finding a member's own filters: those of others are not there."""

from __future__ import annotations

from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.filters import queries
from fedcoop.filters.entities import FilterEntity, whole
from fedcoop.filters.types import Filter, FilteredStatus, Keyword


async def find(tx: Tx, account_id: int, id: int) -> Filter:
    """One's own filter. Raises `NotFound`."""
    found = await tx.one(queries.FIND, account_id=account_id, id=id)
    if found is None:
        raise NotFound
    return found


async def keyword(tx: Tx, account_id: int, id: int) -> Keyword:
    """A keyword of one's own filters. Raises `NotFound`."""
    found = await tx.one(queries.KEYWORD, account_id=account_id, id=id)
    if found is None:
        raise NotFound
    return found


async def filtered(tx: Tx, account_id: int, id: int) -> FilteredStatus:
    """A status in one's own filters. Raises `NotFound`."""
    found = await tx.one(queries.STATUS, account_id=account_id, id=id)
    if found is None:
        raise NotFound
    return found


async def keywords(tx: Tx, *filters: Filter) -> list[Keyword]:
    return await tx.all(queries.KEYWORDS_OF, filter_ids=[each.id for each in filters])


async def statuses(tx: Tx, *filters: Filter) -> list[FilteredStatus]:
    return await tx.all(queries.STATUSES_OF, filter_ids=[each.id for each in filters])


async def own(tx: Tx, account_id: int) -> list[FilterEntity]:
    """All of a member's filters, whole; three statements, however many they are."""
    return await shown(tx, *await tx.all(queries.ALL, account_id=account_id))


async def shown(tx: Tx, *filters: Filter) -> list[FilterEntity]:
    """These filters, whole."""
    words, in_them = await keywords(tx, *filters), await statuses(tx, *filters)
    return [whole(each, words, in_them) for each in filters]
