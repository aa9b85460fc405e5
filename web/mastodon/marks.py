"""What members do with a status: favourite, reblog, bookmark, pin, mute its conversation; and who did.
https://docs.joinmastodon.org/methods/statuses/"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from msgspec import Raw

from fedcoop.accounts.types import Account
from fedcoop.bookmarks import actions as bookmark_actions
from fedcoop.bookmarks import queries as bookmark_queries
from fedcoop.db import Row, Tx
from fedcoop.errors import NotFound
from fedcoop.favourites import actions as favourite_actions
from fedcoop.favourites import queries as favourite_queries
from fedcoop.ids import StatusId
from fedcoop.paging import Paged
from fedcoop.pins import actions as pin_actions
from fedcoop.statuses import access, mutes, reblogs
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.types import Status
from fedcoop.timelines.refs import Ref
from web.api import api
from web.call import Call
from web.mastodon.statuses import StatusParams
from web.paging import Listing, PageParams

Verb = Callable[[Tx, Account, Status], Awaitable[object]]


class OfStatusParams(PageParams, kw_only=True):
    id: StatusId


class ReblogParams(StatusParams, kw_only=True):
    visibility: str | None = None


def _mark(name: str, scope: str, verb: Verb) -> None:
    """An operation that does something to a status that one sees, and answers with the status."""

    async def handle(call: Call, params: StatusParams) -> Raw:
        async with call.db.write() as tx:
            account = await call.account(tx)
            status = await access.original(tx, account.id, params.id)
            await verb(tx, account, status)
            return await call.show.status(tx, account.id, status.id)

    api.post(f"/api/v1/statuses/{{id}}/{name}", scope=scope)(handle)


def _unmark(name: str, scope: str, verb: Verb) -> None:
    """The reverse: also for a status that is no longer shown, if only it is still there."""

    async def handle(call: Call, params: StatusParams) -> Raw:
        async with call.db.write() as tx:
            account = await call.account(tx)
            status = await tx.one(status_queries.BY_ID, id=params.id)
            if status is not None and status.reblog_of_id is not None:
                status = await tx.one(status_queries.BY_ID, id=status.reblog_of_id)
            if status is None:
                raise NotFound
            await verb(tx, account, status)
            await access.visible(tx, account.id, status.id)
            return await call.show.status(tx, account.id, status.id)

    api.post(f"/api/v1/statuses/{{id}}/{name}", scope=scope)(handle)


_mark("favourite", "write:favourites", favourite_actions.add)
_unmark("unfavourite", "write:favourites", favourite_actions.remove)
_mark("bookmark", "write:bookmarks", bookmark_actions.add)
_unmark("unbookmark", "write:bookmarks", bookmark_actions.remove)
_mark("pin", "write:accounts", pin_actions.add)
_unmark("unpin", "write:accounts", pin_actions.remove)
_unmark("unreblog", "write:statuses", reblogs.remove)
_mark("mute", "write:mutes", mutes.add)
_unmark("unmute", "write:mutes", mutes.remove)


@api.post("/api/v1/statuses/{id}/reblog", scope="write:statuses")
async def reblog(call: Call, params: ReblogParams) -> Raw:
    async with call.db.write() as tx:
        account = await call.account(tx)
        status = await access.original(tx, account.id, params.id)
        visibility = params.visibility if params.visibility in ("public", "unlisted", "private") else "public"
        made = await reblogs.add(tx, account, status, visibility=visibility)  # type: ignore[arg-type]
        return await call.show.status(tx, account.id, made.id)


@api.get("/api/v1/statuses/{id}/favourited_by", scope="read:accounts", public=True)
async def favourited_by(call: Call, params: OfStatusParams) -> Listing:
    return await _who(call, params, favourite_queries.BY, "status_id")


@api.get("/api/v1/statuses/{id}/reblogged_by", scope="read:accounts", public=True)
async def reblogged_by(call: Call, params: OfStatusParams) -> Listing:
    return await _who(call, params, status_queries.REBLOGGED_BY, "id")


async def _who(call: Call, params: OfStatusParams, by: Paged[Row], key: str) -> Listing:
    async with call.db.read() as tx:
        status = await access.original(tx, call.viewer, params.id)
        rows = await by.all(tx, params.page(40, 80), **{key: status.id})
        accounts = await call.show.accounts(tx, [row[1] for row in rows])
    shown = [accounts[row[1]] for row in rows if row[1] in accounts]
    return Listing(shown, *_ends(rows), backward="since_id")


def _ends(rows: Sequence[Row | tuple[int, Ref]]) -> tuple[int | None, int | None]:
    return (rows[0][0], rows[-1][0]) if rows else (None, None)


@api.get("/api/v1/favourites", scope="read:favourites")
async def own_favourites(call: Call, params: PageParams) -> Listing:
    return await _marked(call, params, favourite_queries.PAGE)


@api.get("/api/v1/bookmarks", scope="read:bookmarks")
async def own_bookmarks(call: Call, params: PageParams) -> Listing:
    return await _marked(call, params, bookmark_queries.PAGE)


async def _marked(call: Call, params: PageParams, query: Paged[tuple[int, Ref]]) -> Listing:
    async with call.db.read() as tx:
        rows = await query.all(tx, params.page(), viewer=call.account_id)
        shown = await call.show.statuses(tx, call.viewer, [ref for _, ref in rows])
    return Listing(shown, *_ends(rows))
