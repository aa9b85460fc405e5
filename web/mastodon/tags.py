"""Hashtags. https://docs.joinmastodon.org/methods/tags/ Following them comes with the whole client API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from fedcoop.db import Row, Tx
from fedcoop.text import compose
from fedcoop.timelines import tags
from fedcoop.trends import access
from web.api import api
from web.call import Call


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
    return shown[0] if shown else _tag(call, 0, folded, params.name, unused)


async def tag_entities(call: Call, tx: Tx, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows of `tags` as the API shows them, with how much they were used. Open the transaction with `scan`."""
    days = await access.days(tx, "tag", [row["id"] for row in rows])
    return [_tag(call, row["id"], row["name"], row["display_name"], days[row["id"]]) for row in rows]


def _tag(call: Call, id_: int, name: str, display_name: str, history: access.History) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": str(id_),
        "name": display_name or name,
        "url": f"{call.config.base_url}/tags/{quote(name)}",
        "history": history,
    }
    if call.viewer:
        shown |= {"following": False, "featuring": False}
    return shown
