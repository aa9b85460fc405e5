"""Hashtags that members show on their profiles. https://docs.joinmastodon.org/methods/featured_tags/"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from fedcoop import clock
from fedcoop.accounts import access as accounts
from fedcoop.db import Row
from fedcoop.ids import FeaturedTagId
from fedcoop.tags import access, actions, queries
from web.api import api
from web.call import Call
from web.mastodon.accounts import AccountParams
from web.mastodon.tags import tag_entities

MOST_SUGGESTED = 10


class FeaturedTag(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/FeaturedTag/"""

    id: str
    name: str
    url: str
    statuses_count: str
    last_status_at: str | None


class FeatureParams(msgspec.Struct, kw_only=True):
    name: str = ""


class FeaturedParams(msgspec.Struct, kw_only=True):
    id: FeaturedTagId


def _entity(call: Call, row: Row) -> FeaturedTag:
    return FeaturedTag(
        id=str(row["id"]),
        name=row["display_name"] or row["name"],
        url=f"{call.config.base_url}/tags/{quote(row['name'])}",
        statuses_count=str(row["uses"] or 0),
        last_status_at=clock.day(row["last_used_at"]) if row["last_used_at"] else None,
    )


@api.get("/api/v1/featured_tags", scope="read:accounts")
async def own(call: Call) -> list[FeaturedTag]:
    async with call.db.scan() as tx:
        return [_entity(call, row) for row in await access.featured(tx, call.account_id)]


@api.post("/api/v1/featured_tags", scope="write:accounts")
async def feature(call: Call, params: FeatureParams) -> FeaturedTag:
    async with call.db.write() as tx:
        tag = await actions.made(tx, params.name)
        await actions.feature(tx, await call.account(tx), tag, params.name)
        found = await access.featured(tx, call.account_id)
    return next(_entity(call, row) for row in found if row["tag_id"] == tag["id"])


@api.delete("/api/v1/featured_tags/{id}", scope="write:accounts")
async def unfeature(call: Call, params: FeaturedParams) -> None:
    async with call.db.write() as tx:
        await actions.unfeature_by_id(tx, await call.account(tx), params.id)


@api.get("/api/v1/featured_tags/suggestions", scope="read:accounts")
async def suggestions(call: Call) -> list[dict[str, Any]]:
    """What one uses most and does not show yet."""
    async with call.db.scan() as tx:
        rows = await tx.all(queries.SUGGESTED, account_id=call.account_id, limit=MOST_SUGGESTED)
        return await tag_entities(call, tx, rows)


@api.get("/api/v1/accounts/{id}/featured_tags", scope="read:accounts", public=True)
async def of_account(call: Call, params: AccountParams) -> list[FeaturedTag]:
    async with call.db.scan() as tx:
        account = await accounts.find(tx, params.id)
        if account.suspended_at is not None:
            return []
        return [_entity(call, row) for row in await access.featured(tx, account.id)]
