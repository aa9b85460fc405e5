"""Finding accounts, hashtags and statuses, by words or by their address. https://docs.joinmastodon.org/methods/search/"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Raw

from fedcoop.accounts.types import Account
from fedcoop.ids import LARGEST, AccountId, StatusId
from fedcoop.search import access
from fedcoop.search.types import Page
from fedcoop.statuses import queries
from fedcoop.statuses.types import Status
from fedcoop.text import compose
from fedcoop.timelines import tags
from fedcoop.trends import access as trends
from web.api import api
from web.call import Call
from web.mastodon.accounts import SearchParams, search_accounts
from web.mastodon.elsewhere import thing_at
from web.mastodon.tags import tag_entities

MOST = 40


class EverythingParams(SearchParams, kw_only=True):
    type: Literal["accounts", "hashtags", "statuses"] | None = None
    limit: int = 20
    account_id: AccountId | None = None
    max_id: StatusId | None = None
    min_id: StatusId | None = None
    exclude_unreviewed: bool = False


class Results(msgspec.Struct, kw_only=True):
    accounts: list[Raw]
    statuses: list[Raw]
    hashtags: list[dict[str, Any]]
    collections: list[Any]


@api.get("/api/v2/search", scope="read:search", public=True)
async def search(call: Call, params: EverythingParams) -> Results:
    """Asking other servers, and turning pages, is for members: anybody else could keep us busy for others."""
    found = Results(accounts=[], statuses=[], hashtags=[], collections=[])
    text = params.q.strip()
    if not call.viewer:
        params.resolve = False
        params.offset = 0
        params.following = False
    if not text:
        return found
    if text.startswith(("https://", "http://")):
        await _by_address(call, params, found)
        return found
    if params.type in (None, "accounts") and not text.startswith("#"):
        found.accounts = await search_accounts(call, params)
    if params.type in (None, "hashtags") and not text.startswith("@"):
        found.hashtags = await _tags(call, params)
    if params.type in (None, "statuses") and call.viewer and not text.startswith(("#", "@")):
        found.statuses = await _statuses(call, params)
    return found


async def _statuses(call: Call, params: EverythingParams) -> list[Raw]:
    page = Page(
        limit=min(max(params.limit, 1), MOST),
        offset=max(params.offset, 0),
        above=params.min_id or 0,
        below=params.max_id or LARGEST,
    )
    async with call.db.scan() as tx:
        refs = await access.statuses(tx, call.viewer, params.q, page, account_id=params.account_id or 0)
        return await call.show.statuses(tx, call.viewer, refs)


async def _tags(call: Call, params: EverythingParams) -> list[dict[str, Any]]:
    folded = compose.fold(params.q.strip().removeprefix("#"))
    limit = min(max(params.limit, 1), MOST)
    async with call.db.scan() as tx:
        rows = await tags.beginning_with(tx, folded, limit=limit, offset=max(params.offset, 0))
        if params.exclude_unreviewed:
            hidden = await trends.unreviewed(tx, [row["id"] for row in rows])
            rows = [row for row in rows if row["id"] not in hidden]
        return await tag_entities(call, tx, rows)


async def _by_address(call: Call, params: EverythingParams, found: Results) -> None:
    url = params.q.strip()
    ours = url.startswith(f"{call.config.base_url}/")
    thing = await thing_at(call, url) if params.resolve or ours else None
    async with call.db.read() as tx:
        if thing is None:
            thing = await tx.one(queries.BY_URI, uri=url)
        if isinstance(thing, Account) and params.type in (None, "accounts"):
            found.accounts = list((await call.show.accounts(tx, [thing.id])).values())
        if isinstance(thing, Status) and params.type in (None, "statuses"):
            found.statuses = list((await call.show.by_ids(tx, call.viewer, [thing.id])).values())
