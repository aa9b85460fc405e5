"""Whom one may meet: the directory, https://docs.joinmastodon.org/methods/directory/, and suggestions,
https://docs.joinmastodon.org/methods/suggestions/"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Raw

from fedcoop.directory import access, suggestions
from fedcoop.errors import NotFound
from fedcoop.ids import parse_id
from web.api import ANY_TOKEN, api
from web.call import Call

OLDER_WORDS = {"featured": "staff", "friends_of_friends": "past_interactions", "most_followed": "global"}
"""What older clients read as `source`."""


class DirectoryParams(msgspec.Struct, kw_only=True):
    limit: int = 40
    offset: int = 0
    order: Literal["active", "new"] = "active"
    local: bool = False


class SuggestionsParams(msgspec.Struct, kw_only=True):
    limit: int = 40


class SuggestedParams(msgspec.Struct, kw_only=True):
    account_id: str


@api.get("/api/v1/directory", scope=ANY_TOKEN, public=True, app_token=True)
async def directory(call: Call, params: DirectoryParams) -> list[Raw]:
    async with call.db.scan() as tx:
        ids = await access.directory(
            tx,
            call.viewer,
            params.order,
            local=params.local,
            limit=min(max(params.limit, 1), 80),
            offset=min(max(params.offset, 0), 10_000),
        )
        shown = await call.show.accounts(tx, ids)
    return [shown[id_] for id_ in ids if id_ in shown]


@api.get("/api/v2/suggestions", scope="read")
async def suggested(call: Call, params: SuggestionsParams) -> list[dict[str, Any]]:
    found, shown = await _suggested(call, params)
    return [
        {"source": OLDER_WORDS[sources[0]], "sources": sources, "account": shown[id_]}
        for id_, sources in found.items()
        if id_ in shown
    ]


@api.get("/api/v1/suggestions", scope="read")
async def suggested_accounts(call: Call, params: SuggestionsParams) -> list[Raw]:
    found, shown = await _suggested(call, params)
    return [shown[id_] for id_ in found if id_ in shown]


async def _suggested(
    call: Call, params: SuggestionsParams
) -> tuple[dict[int, list[suggestions.Source]], dict[int, Raw]]:
    async with call.db.scan() as tx:
        found = await suggestions.suggested(
            tx, call.account_id, featured=call.config.featured_accounts, limit=min(max(params.limit, 1), 80)
        )
        return found, await call.show.accounts(tx, found)


@api.delete("/api/v1/suggestions/{account_id}", scope="read")
async def dismiss(call: Call, params: SuggestedParams) -> dict[str, Any]:
    """Succeeds also for an id that is none."""
    try:
        account_id = parse_id(params.account_id)
    except NotFound:
        return {}
    async with call.db.write() as tx:
        if await call.show.accounts(tx, [account_id]):
            await suggestions.dismiss(tx, call.account_id, account_id)
    return {}
