"""Who sees which collection, and who may put whom into one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from fedcoop.accounts import consent
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.access import feature_policy
from fedcoop.accounts.types import Account
from fedcoop.collections import queries
from fedcoop.collections.types import Collection, Item
from fedcoop.db import Tx
from fedcoop.errors import NotAllowed, NotFound


async def visible(tx: Tx, viewer: int, id: int) -> Collection:
    """The collection, for anybody whom its owner does not block. Raises `NotFound`."""
    found = await tx.one(queries.VISIBLE, id=id, viewer=viewer)
    if found is None:
        raise NotFound
    return found


async def own(tx: Tx, account: Account, id: int) -> Collection:
    """One's own collection. Raises `NotFound`, and `NotAllowed` for somebody else's."""
    found = await visible(tx, account.id, id)
    if found.account_id != account.id:
        raise NotAllowed("This action is not allowed")
    return found


async def of_account(tx: Tx, viewer: int, account_id: int, *, limit: int, offset: int) -> list[Collection]:
    """What an account recommends, newest first; to others without what is not to be discovered."""
    return await tx.all(queries.OF_ACCOUNT, account_id=account_id, viewer=viewer, limit=limit, offset=offset)


async def with_account(tx: Tx, viewer: int, *, limit: int, offset: int) -> list[Collection]:
    """The collections that the member is in, newest first."""
    return await tx.all(queries.WITH_ACCOUNT, account_id=viewer, viewer=viewer, limit=limit, offset=offset)


async def items(tx: Tx, viewer: int, ids: Sequence[int]) -> dict[int, list[Item]]:
    """What a viewer sees in each of these collections; one statement, however many they are."""
    found: defaultdict[int, list[Item]] = defaultdict(list)
    for item in await tx.all(queries.SHOWN, ids=list(ids), viewer=viewer) if ids else []:
        found[item.collection_id].append(item)
    return found


async def may_feature(tx: Tx, owner: Account, account: Account) -> consent.Standing:
    """Where `owner` stands who wants to put `account` into a collection."""
    if account.suspended_at is not None or account.deleted_at is not None:
        return "denied"
    ties = await tx.one(account_queries.TIES, viewer=owner.id, ids=[account.id])
    if ties is None or ties["blocked"]:
        return "denied"
    return consent.standing(
        feature_policy(account),
        uri=owner.uri,
        own=owner.id == account.id,
        follows=bool(ties["follows"]),
        followed=bool(ties["followed"]),
    )
