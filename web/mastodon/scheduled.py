"""Statuses that are published later. https://docs.joinmastodon.org/methods/scheduled_statuses/
Scheduling one is posting it with `scheduled_at`, in `statuses`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import ScheduledId
from fedcoop.scheduled import access, actions, queries
from fedcoop.scheduled.types import Scheduled
from fedcoop.statuses.entities import MediaAttachment
from fedcoop.statuses.shown import media_entity
from web.api import api
from web.call import Call
from web.paging import Listing, PageParams


class ScheduledStatus(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/ScheduledStatus/"""

    id: str
    scheduled_at: str
    params: dict[str, Any]
    media_attachments: list[MediaAttachment]


class ScheduledParams(msgspec.Struct, kw_only=True):
    id: ScheduledId


class MoveParams(ScheduledParams, kw_only=True):
    scheduled_at: str = ""


def moment(text: str) -> int:
    """A time as clients write it, in milliseconds. Raises `Invalid`."""
    try:
        read = datetime.fromisoformat(text.strip())
        at = (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise Invalid("Validation failed: Scheduled at is not a time", "scheduled_at") from None
    return int(at * clock.SECOND)


async def shown(tx: Tx, found: Sequence[Scheduled], base_url: str) -> list[ScheduledStatus]:
    """As the API shows them, with their media; one statement for all."""
    media: defaultdict[int, list[MediaAttachment]] = defaultdict(list)
    for row in await tx.all(queries.MEDIA, ids=[each.id for each in found]) if found else []:
        media[row["scheduled_id"]].append(media_entity(row, base_url))
    return [
        ScheduledStatus(
            id=str(each.id),
            scheduled_at=clock.iso(each.scheduled_at),
            params=_params(each, [item.id for item in media[each.id]]),
            media_attachments=media[each.id],
        )
        for each in found
    ]


def _params(kept: Scheduled, media_ids: list[str]) -> dict[str, Any]:
    draft = kept.written()
    poll = draft.poll and {
        "options": draft.poll.options,
        "expires_in": (draft.poll.expires_at or 0) // clock.SECOND,
        "multiple": draft.poll.multiple,
        "hide_totals": draft.poll.hide_totals,
    }
    return {
        "text": draft.text,
        "poll": poll,
        "media_ids": media_ids or None,
        "sensitive": draft.sensitive,
        "spoiler_text": draft.spoiler_text or None,
        "visibility": draft.visibility,
        "in_reply_to_id": None if draft.in_reply_to_id is None else str(draft.in_reply_to_id),
        "language": draft.language,
        "application_id": draft.app_id,
        "scheduled_at": None,
        "idempotency": None,
        "with_rate_limit": False,
    }


@api.get("/api/v1/scheduled_statuses", scope="read:statuses")
async def listed(call: Call, params: PageParams) -> Listing:
    async with call.db.read() as tx:
        found = await access.page(tx, call.account_id, params.page())
        entities = await shown(tx, found, call.config.base_url)
    return Listing(entities, *((found[0].id, found[-1].id) if found else (None, None)))


@api.get("/api/v1/scheduled_statuses/{id}", scope="read:statuses")
async def one(call: Call, params: ScheduledParams) -> ScheduledStatus:
    async with call.db.read() as tx:
        kept = await access.find(tx, call.account_id, params.id)
        return (await shown(tx, [kept], call.config.base_url))[0]


@api.put("/api/v1/scheduled_statuses/{id}", scope="write:statuses")
async def move(call: Call, params: MoveParams) -> ScheduledStatus:
    async with call.db.write() as tx:
        kept = await access.find(tx, call.account_id, params.id)
        moved = await actions.move(tx, kept, moment(params.scheduled_at))
        return (await shown(tx, [moved], call.config.base_url))[0]


@api.delete("/api/v1/scheduled_statuses/{id}", scope="write:statuses")
async def drop(call: Call, params: ScheduledParams) -> None:
    async with call.db.write() as tx:
        await actions.drop(tx, await access.find(tx, call.account_id, params.id))
