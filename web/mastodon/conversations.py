"""Direct conversations. https://docs.joinmastodon.org/methods/conversations/"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Raw

from fedcoop.conversations import access, actions
from fedcoop.conversations.types import Conversation
from fedcoop.db import Tx
from fedcoop.ids import ConversationId
from fedcoop.statuses.hydrate import StatusHydrator
from web.api import api
from web.call import Call
from web.mastodon.timelines import listed as page_of
from web.paging import Listing, PageParams


class ConversationEntity(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/Conversation/"""

    id: str
    unread: bool
    accounts: list[Raw]
    last_status: Raw | None


class ConversationParams(msgspec.Struct, kw_only=True):
    id: ConversationId


async def shown(
    tx: Tx, show: StatusHydrator, viewer: int, found: Sequence[Conversation]
) -> list[ConversationEntity]:
    """Conversations as the member sees them, in pages and on open streams; as many statements for many as for
    one. Who talks to nobody else is shown as their own company."""
    others = {each.id: each.others() or [viewer] for each in found}
    accounts = await show.accounts(tx, dict.fromkeys(id_ for ids in others.values() for id_ in ids))
    statuses = await show.by_ids(tx, viewer, [each.last_status_id for each in found])
    return [
        ConversationEntity(
            id=str(each.id),
            unread=bool(each.unread),
            accounts=[accounts[id_] for id_ in others[each.id] if id_ in accounts],
            last_status=statuses.get(each.last_status_id),
        )
        for each in found
    ]


@api.get("/api/v1/conversations", scope="read:statuses")
async def listed(call: Call, params: PageParams) -> Listing:
    """Pages are bounded by the ids of the last statuses, as Mastodon's are."""
    async with call.db.read() as tx:
        found = await access.page(tx, call.account_id, params.page())
        entities = await shown(tx, call.show, call.viewer, found)
    ends = (found[0].last_status_id, found[-1].last_status_id) if found else (None, None)
    return Listing(entities, *ends)


@api.delete("/api/v1/conversations/{id}", scope="write:conversations")
async def delete(call: Call, params: ConversationParams) -> None:
    async with call.db.write() as tx:
        await actions.delete(tx, await access.find(tx, call.account_id, params.id))


def _reading(name: str, *, unread: bool) -> None:
    async def handle(call: Call, params: ConversationParams) -> ConversationEntity:
        async with call.db.write() as tx:
            found = await access.find(tx, call.account_id, params.id)
            changed = await actions.read(tx, found, unread=unread)
            return (await shown(tx, call.show, call.viewer, [changed]))[0]

    api.post(f"/api/v1/conversations/{{id}}/{name}", scope="write:conversations")(handle)


_reading("read", unread=False)
_reading("unread", unread=True)


@api.get("/api/v1/timelines/direct", scope="read:statuses")
async def direct(call: Call, params: PageParams) -> Listing:
    """What older clients ask for instead of conversations."""
    async with call.db.read() as tx:
        refs = await access.statuses(tx, call.account_id, params.page())
        return page_of(refs, await call.show.statuses(tx, call.viewer, refs))
