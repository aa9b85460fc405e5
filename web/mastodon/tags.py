"""Hashtags. https://docs.joinmastodon.org/methods/tags/ Following them comes with the whole client API."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from fedcoop import clock
from fedcoop.db import Row
from fedcoop.text import compose
from fedcoop.timelines import tags
from web.api import api
from web.call import Call


class TagParams(msgspec.Struct, kw_only=True):
    name: str


@api.get("/api/v1/tags/{name}", scope="read", public=True)
async def show(call: Call, params: TagParams) -> dict[str, Any]:
    """Also a tag that nobody has used yet: it exists as soon as somebody does."""
    folded = compose.fold(params.name)
    async with call.db.read() as tx:
        rows = [row for row in await tags.beginning_with(tx, folded, limit=1) if row["name"] == folded]
    return tag_entity(call, rows[0]) if rows else _tag(call, 0, folded, params.name)


def tag_entity(call: Call, row: Row) -> dict[str, Any]:
    """A row of `tags` as the API shows it."""
    return _tag(call, row["id"], row["name"], row["display_name"])


def _tag(call: Call, id_: int, name: str, display_name: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": str(id_),
        "name": display_name or name,
        "url": f"{call.config.base_url}/tags/{quote(name)}",
        "history": [_day(ago) for ago in range(7)],
    }
    if call.viewer:
        shown |= {"following": False, "featuring": False}
    return shown


def _day(ago: int) -> dict[str, str]:
    """Uses by day are not counted yet."""
    midnight = (clock.now() // clock.DAY - ago) * clock.DAY
    return {"day": str(midnight // clock.SECOND), "accounts": "0", "uses": "0"}
