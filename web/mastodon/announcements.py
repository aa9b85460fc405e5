"""What the server says to all members. https://docs.joinmastodon.org/methods/announcements/"""

from __future__ import annotations

import msgspec

from fedcoop.announcements import access, actions
from fedcoop.announcements.types import AnnouncementEntity
from fedcoop.ids import parse_id
from web.api import ANY_TOKEN, api
from web.call import Call


class ListParams(msgspec.Struct, kw_only=True):
    with_dismissed: bool = False


class OneParams(msgspec.Struct, kw_only=True):
    id: str


class ReactionParams(OneParams, kw_only=True):
    name: str


@api.get("/api/v1/announcements", scope=ANY_TOKEN)
async def current(call: Call, params: ListParams) -> list[AnnouncementEntity]:
    async with call.db.read() as tx:
        return await access.current(
            tx, call.account_id, call.config.base_url, with_dismissed=params.with_dismissed
        )


@api.post("/api/v1/announcements/{id}/dismiss", scope="write:accounts")
async def dismiss(call: Call, params: OneParams) -> None:
    async with call.db.write() as tx:
        await actions.dismiss(tx, call.account_id, parse_id(params.id))


@api.put("/api/v1/announcements/{id}/reactions/{name}", scope="write:favourites")
async def react(call: Call, params: ReactionParams) -> None:
    async with call.db.write() as tx:
        await actions.react(tx, call.account_id, parse_id(params.id), params.name)


@api.delete("/api/v1/announcements/{id}/reactions/{name}", scope="write:favourites")
async def take_back(call: Call, params: ReactionParams) -> None:
    async with call.db.write() as tx:
        await actions.take_back(tx, call.account_id, parse_id(params.id), params.name)
