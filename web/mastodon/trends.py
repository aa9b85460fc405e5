"""What is used more than usual: hashtags, statuses, links; and reviewing them.
https://docs.joinmastodon.org/methods/trends/ and https://docs.joinmastodon.org/methods/admin/trends/"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Raw

from fedcoop.cards import queries as card_queries
from fedcoop.cards.hydrate import seen_by, shown_cards
from fedcoop.cards.types import Card
from fedcoop.db import Row, Tx
from fedcoop.errors import NotFound
from fedcoop.ids import AccountId
from fedcoop.statuses import access as statuses_access
from fedcoop.text.links import normal
from fedcoop.trends import access, actions, queries
from fedcoop.trends.types import Kind
from moderation.powers import routine
from moderation.powers.routine import Work
from web.api import ANY_TOKEN, api
from web.call import Call
from web.mastodon.tags import tag_entities
from web.mastodon.timelines import listed
from web.paging import Listing, PageParams


class TrendParams(msgspec.Struct, kw_only=True):
    limit: int | None = None
    offset: int = 0

    def bounds(self, usual: int, most: int) -> tuple[int, int]:
        """How many, and after how many."""
        limit = usual if self.limit is None else self.limit
        return min(max(limit, 1), most), min(max(self.offset, 0), 1_000)


class LinkParams(PageParams, kw_only=True):
    url: str = ""


class SubjectParams(msgspec.Struct, kw_only=True):
    id: int


@api.get("/api/v1/trends", scope=ANY_TOKEN, public=True, app_token=True)
@api.get("/api/v1/trends/tags", scope=ANY_TOKEN, public=True, app_token=True)
async def tags(call: Call, params: TrendParams) -> list[dict[str, Any]]:
    async with call.db.scan() as tx:
        rows = await access.tags(tx, call.config, *params.bounds(10, 20))
        return await tag_entities(call, tx, rows)


@api.get("/api/v1/trends/statuses", scope=ANY_TOKEN, public=True, app_token=True)
async def statuses(call: Call, params: TrendParams) -> list[Raw]:
    async with call.db.scan() as tx:
        refs = await access.statuses(tx, call.config, call.viewer, *params.bounds(20, 40))
        return await call.show.statuses(tx, call.viewer, refs)


@api.get("/api/v1/trends/links")
async def links(call: Call, params: TrendParams) -> list[Raw]:
    async with call.db.scan() as tx:
        return await _links(call, tx, await access.links(tx, call.config, *params.bounds(10, 20)))


@api.get("/api/v1/timelines/link", scope="read:statuses", public=True, app_token=True)
async def linking(call: Call, params: LinkParams) -> Listing:
    """Public statuses with a link to a page that is a trend."""
    async with call.db.scan() as tx:
        refs = await access.linking(tx, call.config, call.viewer, normal(params.url), params.page())
        return listed(refs, await call.show.statuses(tx, call.viewer, refs))


@api.get("/api/v1/admin/trends/tags", scope="admin:read")
async def all_tags(call: Call, params: TrendParams) -> list[dict[str, Any]]:
    call.require_staff()
    async with call.db.scan() as tx:
        rows = await access.tags(tx, call.config, *params.bounds(10, 20), staff=True)
        return await _admin_tags(call, tx, rows)


@api.get("/api/v1/admin/trends/statuses", scope="admin:read")
async def all_statuses(call: Call, params: TrendParams) -> list[Raw]:
    call.require_staff()
    async with call.db.scan() as tx:
        refs = await access.statuses(tx, call.config, call.viewer, *params.bounds(20, 40), staff=True)
        return await call.show.statuses(tx, call.viewer, refs)


@api.get("/api/v1/admin/trends/links", scope="admin:read")
async def all_links(call: Call, params: TrendParams) -> list[Raw]:
    call.require_staff()
    async with call.db.scan() as tx:
        return await _links(call, tx, await access.links(tx, call.config, *params.bounds(10, 20), staff=True))


@api.post("/api/v1/admin/trends/tags/{id}/approve", scope="admin:write")
async def approve_tag(call: Call, params: SubjectParams) -> dict[str, Any]:
    return await _review_tag(call, params.id, allowed=True)


@api.post("/api/v1/admin/trends/tags/{id}/reject", scope="admin:write")
async def reject_tag(call: Call, params: SubjectParams) -> dict[str, Any]:
    return await _review_tag(call, params.id, allowed=False)


@api.post("/api/v1/admin/trends/statuses/{id}/approve", scope="admin:write")
async def approve_status(call: Call, params: SubjectParams) -> Raw:
    return await _review_status(call, params.id, allowed=True)


@api.post("/api/v1/admin/trends/statuses/{id}/reject", scope="admin:write")
async def reject_status(call: Call, params: SubjectParams) -> Raw:
    return await _review_status(call, params.id, allowed=False)


@api.post("/api/v1/admin/trends/links/{id}/approve", scope="admin:write")
async def approve_link(call: Call, params: SubjectParams) -> Raw:
    return await _review_link(call, params.id, allowed=True)


@api.post("/api/v1/admin/trends/links/{id}/reject", scope="admin:write")
async def reject_link(call: Call, params: SubjectParams) -> Raw:
    return await _review_link(call, params.id, allowed=False)


async def _review(
    call: Call,
    tx: Tx,
    kind: Kind,
    id_: int,
    trend: str,
    *,
    allowed: bool,
    about: AccountId | None = None,
) -> None:
    """Let it be shown, or not, on the record."""
    did: Work = "let_a_trend_be_shown" if allowed else "hid_a_trend"
    await routine.record(tx, await call.account(tx), did, about=about, words={"trend": trend})
    await actions.review(tx, kind, id_, call.account_id, allowed=allowed)


async def _review_tag(call: Call, id_: int, *, allowed: bool) -> dict[str, Any]:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        rows = await tx.all(queries.TAGS_BY_ID, ids=[id_])
        if not rows:
            raise NotFound
        await _review(call, tx, "tag", id_, f"#{rows[0]['name']}", allowed=allowed)
        return (await _admin_tags(call, tx, rows))[0]


async def _review_status(call: Call, id_: int, *, allowed: bool) -> Raw:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        status = await statuses_access.original(tx, call.viewer, id_)
        if status.visibility != "public":
            raise NotFound
        await _review(
            call, tx, "status", status.id, status.uri, allowed=allowed, about=AccountId(status.account_id)
        )
        return await call.show.status(tx, call.viewer, status.id)


async def _review_link(call: Call, id_: int, *, allowed: bool) -> Raw:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        cards = await tx.all(card_queries.BY_IDS, ids=[id_])
        if not cards:
            raise NotFound
        await _review(call, tx, "link", id_, cards[0].url, allowed=allowed)
        return (await _links(call, tx, cards))[0]


async def _admin_tags(call: Call, tx: Tx, rows: Sequence[Row]) -> list[dict[str, Any]]:
    reviews = await tx.all(queries.REVIEWS, kind="tag", ids=[row["id"] for row in rows])
    allowed = {str(row["subject_id"]): bool(row["allowed"]) for row in reviews}
    return [
        shown
        | {
            "trendable": allowed.get(shown["id"], call.config.trends == "all"),
            "usable": True,
            "requires_review": shown["id"] not in allowed,
        }
        for shown in await tag_entities(call, tx, rows)
    ]


async def _links(call: Call, tx: Tx, cards: Sequence[Card]) -> list[Raw]:
    """Cards as Mastodon's Trends::Link, with the id by which they are reviewed."""
    days = await access.days(tx, "link", [card.id for card in cards])
    shown = [seen_by(each, call.viewer) for each in await shown_cards(tx, cards, call.config.base_url)]
    return [
        Raw(
            msgspec.json.encode(
                {"id": str(card.id)} | msgspec.structs.asdict(each) | {"history": days[card.id]}
            )
        )
        for card, each in zip(cards, shown, strict=True)
    ]
