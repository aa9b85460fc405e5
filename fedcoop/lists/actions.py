"""Making, changing and removing lists, and choosing who is in them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fedcoop import ids
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.ids import ListId
from fedcoop.lists import queries
from fedcoop.lists.types import LONGEST_TITLE, MOST_LISTS, AccountList, RepliesPolicy
from fedcoop.text import fit

BACKFILLED = 100
"""How many statuses of the home timeline those who come to a list bring with them."""


async def create(
    tx: Tx, account_id: int, title: str, *, replies_policy: RepliesPolicy = "list", exclusive: bool = False
) -> AccountList:
    """A new list with nobody in it. Raises `Invalid` without a title, or when there are too many."""
    if await tx.scalar(queries.COUNT, account_id=account_id) >= MOST_LISTS:
        raise Invalid("Validation failed: You have reached the maximum number of lists")
    made = AccountList(ListId(ids.new_id()), account_id, _title(title), replies_policy, exclusive)
    await tx.execute(queries.INSERT, **msgspec.structs.asdict(made))
    return made


async def edit(
    tx: Tx, found: AccountList, *, title: str, replies_policy: RepliesPolicy, exclusive: bool
) -> AccountList:
    """Change a list. What it shows already stays; those in a list that becomes exclusive leave the home
    timeline, and come back when it ceases to be."""
    made = msgspec.structs.replace(
        found, title=_title(title), replies_policy=replies_policy, exclusive=exclusive
    )
    await tx.execute(
        queries.UPDATE,
        of_list=made.id,
        new_title=made.title,
        new_replies_policy=made.replies_policy,
        new_exclusive=made.exclusive,
    )
    if bool(found.exclusive) != made.exclusive:
        members = await tx.scalars(queries.MEMBER_IDS, list_id=made.id)
        if made.exclusive:
            await tx.execute(queries.TAKE_FROM_HOME, account_id=made.account_id, ids=members)
        else:
            await tx.execute(queries.BRING_HOME, account_id=made.account_id, list_id=made.id, ids=members)
    return made


async def delete(tx: Tx, found: AccountList) -> None:
    await remove(tx, found, await tx.scalars(queries.MEMBER_IDS, list_id=found.id))
    await tx.execute(queries.DELETE, list_id=found.id)


async def add(tx: Tx, found: AccountList, account_ids: Sequence[int]) -> None:
    """Put accounts into a list, with what they have at home. Raises `NotFound` for one that the member does not
    follow; then nobody is added."""
    wanted = list(dict.fromkeys(account_ids))
    followed = await tx.scalars(queries.FOLLOWED, account_id=found.account_id, ids=wanted)
    if set(followed) != set(wanted):
        raise NotFound
    await tx.many(
        queries.ADD,
        [
            {"list_id": found.id, "account_id": id_, "owner_id": found.account_id, "id": ids.new_id()}
            for id_ in wanted
        ],
    )
    await tx.execute(queries.FILL, account_id=found.account_id, list_id=found.id, ids=wanted, most=BACKFILLED)
    if found.exclusive:
        await tx.execute(queries.TAKE_FROM_HOME, account_id=found.account_id, ids=wanted)


async def remove(tx: Tx, found: AccountList, account_ids: Sequence[int]) -> None:
    """Take accounts out of a list, with what they have there. Who is not in it is left alone."""
    gone = list(dict.fromkeys(account_ids))
    await tx.execute(queries.REMOVE, list_id=found.id, ids=gone)
    if found.exclusive:
        await tx.execute(queries.BRING_HOME, account_id=found.account_id, list_id=found.id, ids=gone)
    await tx.execute(queries.EMPTY, list_id=found.id, ids=gone)


def _title(title: str) -> str:
    title = fit(title).strip()
    if not title:
        raise Invalid("Validation failed: Title can't be blank", "title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(
            f"Validation failed: Title is too long (maximum is {LONGEST_TITLE} characters)", "title"
        )
    return title
