"""Reading one's own notifications, one by one and in groups."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.ids import LARGEST, AccountId
from fedcoop.notifications import queries
from fedcoop.notifications.types import GROUPED, TYPES, Group, Notification
from fedcoop.paging import Page

UNREAD_AT_MOST = 100
"""A client shows no larger number, so no more are counted. https://docs.joinmastodon.org/methods/notifications/"""
ALONE = "ungrouped-"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which notifications: of certain types, without others, from one account, also those held back."""

    types: Collection[str] = ()
    exclude_types: Collection[str] = ()
    from_account_id: int | None = None
    filtered: bool = False
    grouped: Collection[str] = ()
    """Types of which several are one; the others stand alone."""

    @property
    def listed(self) -> list[str]:
        return [
            each
            for each in TYPES
            if (not self.types or each in self.types) and each not in self.exclude_types
        ]


EVERYTHING = Wanted()


async def page(tx: Tx, account_id: int, page: Page, wanted: Wanted = EVERYTHING) -> list[Notification]:
    """A page of them, newest first; of those that are grouped, the newest of each group."""
    one_sender = wanted.from_account_id is not None
    params = {"account_id": account_id, "types": wanted.listed, "grouped": _grouped(wanted)}
    if one_sender:
        params["from_account_id"] = wanted.from_account_id
    # A group is as new as its newest, also where the page is bounded from below.
    return await queries.PAGES[wanted.filtered, one_sender].all(tx, page, **params)


async def groups(tx: Tx, account_id: int, bounds: Page, wanted: Wanted) -> list[Group]:
    """A page of groups, the one with the newest notification first, in two statements."""
    heads = await page(tx, account_id, bounds, wanted)
    return await _gathered(tx, account_id, heads, bounds.max_id, wanted)


async def one_group(tx: Tx, account_id: int, group_key: str) -> Group:
    """All that are shown as this one. Raises `NotFound`."""
    newest = await group(tx, account_id, group_key, Page(limit=1))
    if not newest:
        raise NotFound
    wanted = Wanted(filtered=True, grouped=() if group_key.startswith(ALONE) else GROUPED)
    return (await _gathered(tx, account_id, newest, LARGEST, wanted))[0]


async def _gathered(
    tx: Tx, account_id: int, heads: list[Notification], below: int, wanted: Wanted
) -> list[Group]:
    grouped = set(_grouped(wanted))
    together = [each.group_key for each in heads if each.type in grouped]
    members: dict[str, list[AccountId]] = {}
    known: dict[str, tuple[int, int]] = {}
    if together:
        for row in await tx.all(
            queries.MEMBERS,
            account_id=account_id,
            keys=together,
            page_below=below,
            lowest=heads[-1].id,
            filtered=wanted.filtered,
            from_account_id=wanted.from_account_id or 0,
        ):
            members.setdefault(row["group_key"], []).append(row["from_account_id"])
            known[row["group_key"]] = (row["count"], row["oldest"] or 0)
    found = []
    for each in heads:
        single = each.group_key not in known or each.type not in grouped
        count, oldest = (1, each.id) if single else known[each.group_key]
        sample = [each.from_account_id] if single else list(dict.fromkeys(members[each.group_key]))
        key = f"{ALONE}{each.id}" if single else each.group_key
        found.append(Group(each, key, count, oldest or each.id, sample))
    return found


async def group(tx: Tx, account_id: int, group_key: str, page: Page) -> list[Notification]:
    """A page of those that are shown as one."""
    if (id_ := alone(group_key)) is not None:
        found = await tx.one(queries.FIND, account_id=account_id, id=id_)
        return [found] if found and page.since_id < id_ < page.max_id and id_ > (page.min_id or 0) else []
    return await queries.GROUP.all(tx, page, account_id=account_id, group_key=group_key)


async def find(tx: Tx, account_id: int, id: int) -> Notification:
    """One's own notification. Raises `NotFound`."""
    found = await tx.one(queries.FIND, account_id=account_id, id=id)
    if found is None:
        raise NotFound
    return found


async def unread_count(
    tx: Tx, account_id: int, wanted: Wanted = EVERYTHING, *, limit: int = UNREAD_AT_MOST
) -> int:
    """How many, or how many groups, are newer than the marker, counted up to `limit`."""
    one_sender = wanted.from_account_id is not None
    params = {"account_id": account_id, "types": wanted.listed, "grouped": _grouped(wanted)}
    if one_sender:
        params["from_account_id"] = wanted.from_account_id
    return int(await tx.scalar(queries.UNREAD[one_sender], **params, page_below=LARGEST, limit=limit))


def _grouped(wanted: Wanted) -> list[str]:
    return [each for each in wanted.grouped if each in GROUPED]


def alone(group_key: str) -> int | None:
    """The id of the one notification that this key stands for; None for the key of a group."""
    digits = group_key.removeprefix(ALONE)
    if digits == group_key:
        return None
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0
