"""Hashtags, and following them. https://docs.joinmastodon.org/methods/tags/, …/followed_tags/
Those on profiles are `featured_tags`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from fedcoop.accounts.types import Account
from fedcoop.db import Row, Tx
from fedcoop.tags import access as tag_access
from fedcoop.tags import actions, queries
from fedcoop.tags.access import Tie
from fedcoop.text import compose
from fedcoop.timelines import tags
from fedcoop.trends import access
from web.api import api
from web.call import Call
from web.paging import Listing, PageParams


class TagParams(msgspec.Struct, kw_only=True):
    name: str


@api.get("/api/v1/tags/{name}", scope="read", public=True)
async def show(call: Call, params: TagParams) -> dict[str, Any]:
    """Also a tag that nobody has used yet: it exists as soon as somebody does."""
    folded = compose.fold(params.name)
    async with call.db.scan() as tx:
        rows = [row for row in await tags.beginning_with(tx, folded, limit=1) if row["name"] == folded]
        shown = await tag_entities(call, tx, rows)
        unused = (await access.days(tx, "tag", [0]))[0]
    return shown[0] if shown else _tag(call, 0, folded, params.name, unused, Tie())


async def tag_entities(call: Call, tx: Tx, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows of `tags` as the API shows them, with how much they were used. Open the transaction with `scan`."""
    ids = [row["id"] for row in rows]
    days = await access.days(tx, "tag", ids)
    own = await tag_access.ties(tx, call.viewer, ids)
    return [
        _tag(call, row["id"], row["name"], row["display_name"], days[row["id"]], own.get(row["id"], Tie()))
        for row in rows
    ]


def _tag(
    call: Call, id_: int, name: str, display_name: str, history: access.History, own: Tie
) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": str(id_),
        "name": display_name or name,
        "url": f"{call.config.base_url}/tags/{quote(name)}",
        "history": history,
    }
    if call.viewer:
        shown |= {"following": own.following, "featuring": own.featuring}
    return shown


Verb = Callable[[Tx, Account, int], Awaitable[object]]


def _verb(name: str, scope: str | tuple[str, ...], verb: Verb) -> None:
    """An operation that changes how a member stands to a hashtag, and answers with the hashtag."""

    async def handle(call: Call, params: TagParams) -> dict[str, Any]:
        async with call.db.write() as tx:
            tag = await actions.made(tx, params.name)
            await verb(tx, await call.account(tx), tag["id"])
        return await one(call, tag)

    api.post(f"/api/v1/tags/{{name}}/{name}", scope=scope)(handle)


async def one(call: Call, tag: Row) -> dict[str, Any]:
    """A hashtag as it stands after a change."""
    async with call.db.scan() as tx:
        return (await tag_entities(call, tx, [tag]))[0]


_verb("follow", "write:follows", actions.follow)
_verb("unfollow", "write:follows", actions.unfollow)
_verb("unfeature", "write:accounts", actions.unfeature)


@api.post("/api/v1/tags/{name}/feature", scope="write:accounts")
async def feature(call: Call, params: TagParams) -> dict[str, Any]:
    async with call.db.write() as tx:
        tag = await actions.made(tx, params.name)
        await actions.feature(tx, await call.account(tx), tag, params.name)
    return await one(call, tag)


@api.get("/api/v1/followed_tags", scope="read:follows")
async def followed(call: Call, params: PageParams) -> Listing:
    async with call.db.scan() as tx:
        rows = await queries.FOLLOWED.all(tx, params.page(100, 200), account_id=call.account_id)
        shown = await tag_entities(call, tx, rows)
    ends = (rows[0][0], rows[-1][0]) if rows else (None, None)
    return Listing(shown, *ends, backward="since_id")
