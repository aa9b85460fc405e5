"""A member's own markers and preferences. https://docs.joinmastodon.org/methods/markers/, …/preferences/"""

from __future__ import annotations

from typing import Any

import msgspec

from fedcoop.accounts import access as accounts
from fedcoop.ids import StatusId
from fedcoop.markers import access, actions, queries
from fedcoop.markers.access import MarkerEntity
from web.api import api
from web.call import Call


class TimelinesParams(msgspec.Struct, kw_only=True):
    timeline: list[str] = []


class LastRead(msgspec.Struct, kw_only=True):
    last_read_id: StatusId | None = None


class SaveParams(msgspec.Struct, kw_only=True):
    home: LastRead | None = None
    notifications: LastRead | None = None


@api.get("/api/v1/markers", scope="read:statuses")
async def markers(call: Call, params: TimelinesParams) -> dict[str, MarkerEntity]:
    wanted = [timeline for timeline in params.timeline if timeline in queries.TIMELINES]
    async with call.db.read() as tx:
        return await access.markers(tx, call.account_id, wanted)


@api.post("/api/v1/markers", scope="write:statuses")
async def save_markers(call: Call, params: SaveParams) -> dict[str, MarkerEntity]:
    sent = {"home": params.home, "notifications": params.notifications}
    last_read = {name: read.last_read_id for name, read in sent.items() if read and read.last_read_id}
    async with call.db.write() as tx:
        return await actions.save(tx, call.account_id, last_read)


@api.get("/api/v1/preferences", scope="read:accounts")
async def preferences(call: Call) -> dict[str, Any]:
    async with call.db.read() as tx:
        user = await accounts.user(tx, call.account_id)
    return {
        "posting:default:visibility": user.default_visibility,
        "posting:default:sensitive": user.default_sensitive,
        "posting:default:language": user.default_language,
        "posting:default:quote_policy": user.default_quote_policy,
        "reading:expand:media": "default",
        "reading:expand:spoilers": False,
        "reading:autoplay:gifs": False,
    }
