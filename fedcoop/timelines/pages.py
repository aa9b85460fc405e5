"""The pages of each timeline, as refs. Putting statuses on home timelines is `fan_out`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.paging import Page
from fedcoop.timelines import queries
from fedcoop.timelines.refs import Ref

Scope = Literal["all", "local", "remote"]


async def home(tx: Tx, viewer: int, page: Page) -> list[Ref]:
    """What the accounts that `viewer` follows have posted and reblogged."""
    return await queries.HOME.all(tx, page, viewer=viewer, now=clock.now())


async def of_list(tx: Tx, viewer: int, list_id: int, page: Page) -> list[Ref]:
    """What the accounts in a list, which is the viewer's own, have posted and reblogged."""
    return await queries.LIST.all(tx, page, viewer=viewer, now=clock.now(), list_id=list_id)


async def public(
    tx: Tx, viewer: int, page: Page, *, scope: Scope = "all", only_media: bool = False
) -> list[Ref]:
    """All public statuses known here, from here, or from elsewhere. `viewer` is 0 for nobody."""
    return await queries.PUBLIC[scope, only_media].all(tx, page, viewer=viewer, now=clock.now())


async def tagged(
    tx: Tx, viewer: int, tag: str, page: Page, *, scope: Scope = "all", only_media: bool = False
) -> list[Ref]:
    """Public statuses with the hashtag, whose name is folded already."""
    tag_id = await tx.scalar(queries.TAG_ID, name=tag)
    if tag_id is None:
        return []
    return await queries.TAGGED[scope, only_media].all(
        tx, page, viewer=viewer, tag_id=tag_id, now=clock.now()
    )


async def tagged_several(
    tx: Tx,
    viewer: int,
    page: Page,
    *,
    any_of: Sequence[str],
    all_of: Sequence[str],
    none_of: Sequence[str],
    scope: Scope = "all",
    only_media: bool = False,
) -> list[Ref]:
    """Public statuses with any of some hashtags, with all of others, and with none of a third kind. Their names
    are folded already. Many statuses are looked at: not on the event loop."""
    rows = await tx.all(queries.TAGS_NAMED, names=list({*any_of, *all_of, *none_of}))
    known: dict[str, int] = dict(rows)  # type: ignore[arg-type] # rows of two columns
    if not set(all_of) <= known.keys():
        return []
    wanted = {known[name] for name in all_of}
    return await queries.TAGGED_SEVERAL[scope, only_media].all(
        tx,
        page,
        viewer=viewer,
        now=clock.now(),
        any_ids=[known[name] for name in any_of if name in known],
        all_ids=list(wanted),
        all_count=len(wanted),
        none_ids=[known[name] for name in none_of if name in known],
    )


async def of_account(
    tx: Tx,
    viewer: int,
    account_id: int,
    page: Page,
    *,
    no_replies: bool = False,
    no_reblogs: bool = False,
    only_media: bool = False,
    tag: str = "",
) -> list[Ref]:
    """What an account posted, as far as `viewer` may see it; with a hashtag, whose name is folded already, if one
    is given."""
    variant = queries.OF_ACCOUNT[no_replies, no_reblogs, only_media, bool(tag)]
    wanted = {"viewer": viewer, "account_id": account_id}
    if tag:
        tag_id = await tx.scalar(queries.TAG_ID, name=tag)
        if tag_id is None:
            return []
        wanted["tag_id"] = tag_id
    return await variant.all(tx, page, **wanted)


async def pinned(tx: Tx, viewer: int, account_id: int, page: Page) -> list[Ref]:
    """What an account shows first on its profile, as far as `viewer` may see it."""
    return await queries.PINNED.all(tx, page, viewer=viewer, account_id=account_id)
