"""Lists, who is in them, and their timelines. https://docs.joinmastodon.org/methods/lists/"""

from __future__ import annotations

import msgspec

from fedcoop.ids import AccountId, ListId
from fedcoop.lists import access, actions, queries
from fedcoop.lists.types import ListEntity, RepliesPolicy, entity
from fedcoop.timelines import pages
from web.api import api
from web.call import Call
from web.mastodon.accounts import AccountParams
from web.mastodon.timelines import listed as page_of
from web.paging import Listing, PageParams


class ListParams(msgspec.Struct, kw_only=True):
    id: ListId


class CreateParams(msgspec.Struct, kw_only=True):
    title: str = ""
    replies_policy: RepliesPolicy = "list"
    exclusive: bool = False


class EditParams(ListParams, kw_only=True):
    title: str | None = None
    replies_policy: RepliesPolicy | None = None
    exclusive: bool | None = None


class MembersParams(PageParams, kw_only=True):
    id: ListId


class ChangeParams(ListParams, kw_only=True):
    account_ids: list[AccountId] = []


class TimelineParams(PageParams, kw_only=True):
    list_id: ListId


@api.get("/api/v1/lists", scope="read:lists")
async def own(call: Call) -> list[ListEntity]:
    async with call.db.read() as tx:
        return [entity(each) for each in await access.own(tx, call.account_id)]


@api.post("/api/v1/lists", scope="write:lists")
async def create(call: Call, params: CreateParams) -> ListEntity:
    async with call.db.write() as tx:
        made = await actions.create(
            tx,
            call.account_id,
            params.title,
            replies_policy=params.replies_policy,
            exclusive=params.exclusive,
        )
    return entity(made)


@api.get("/api/v1/lists/{id}", scope="read:lists")
async def one(call: Call, params: ListParams) -> ListEntity:
    async with call.db.read() as tx:
        return entity(await access.find(tx, call.account_id, params.id))


@api.put("/api/v1/lists/{id}", scope="write:lists")
async def edit(call: Call, params: EditParams) -> ListEntity:
    async with call.db.write() as tx:
        found = await access.find(tx, call.account_id, params.id)
        made = await actions.edit(
            tx,
            found,
            title=found.title if params.title is None else params.title,
            replies_policy=params.replies_policy or found.replies_policy,
            exclusive=bool(found.exclusive if params.exclusive is None else params.exclusive),
        )
    return entity(made)


@api.delete("/api/v1/lists/{id}", scope="write:lists")
async def delete(call: Call, params: ListParams) -> None:
    async with call.db.write() as tx:
        await actions.delete(tx, await access.find(tx, call.account_id, params.id))


@api.get("/api/v1/lists/{id}/accounts", scope="read:lists")
async def members(call: Call, params: MembersParams) -> Listing:
    """A page of them; all for a limit of 0."""
    async with call.db.read() as tx:
        found = await access.find(tx, call.account_id, params.id)
        whole = params.limit == 0
        if whole:
            rows = await tx.all(queries.ALL_MEMBERS, list_id=found.id)
        else:
            rows = await queries.MEMBERS.all(tx, params.page(40, 80), list_id=found.id)
        shown = await call.show.accounts(tx, [row[1] for row in rows])
    ends = (None, None) if whole or not rows else (rows[0][0], rows[-1][0])
    return Listing([shown[row[1]] for row in rows if row[1] in shown], *ends, backward="since_id")


@api.post("/api/v1/lists/{id}/accounts", scope="write:lists")
async def add(call: Call, params: ChangeParams) -> None:
    async with call.db.write() as tx:
        await actions.add(tx, await access.find(tx, call.account_id, params.id), params.account_ids)


@api.delete("/api/v1/lists/{id}/accounts", scope="write:lists")
async def remove(call: Call, params: ChangeParams) -> None:
    async with call.db.write() as tx:
        await actions.remove(tx, await access.find(tx, call.account_id, params.id), params.account_ids)


@api.get("/api/v1/accounts/{id}/lists", scope="read:lists")
async def with_account(call: Call, params: AccountParams) -> list[ListEntity]:
    async with call.db.read() as tx:
        return [entity(each) for each in await access.with_member(tx, call.account_id, params.id)]


@api.get("/api/v1/timelines/list/{list_id}", scope="read:lists")
async def timeline(call: Call, params: TimelineParams) -> Listing:
    async with call.db.read() as tx:
        found = await access.find(tx, call.account_id, params.list_id)
        refs = await pages.of_list(tx, call.account_id, found.id, params.page())
        return page_of(refs, await call.show.statuses(tx, call.viewer, refs))
