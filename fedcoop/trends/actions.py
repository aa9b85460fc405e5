"""Computing trends, in a job that comes again, and reviewing what may be shown."""

from __future__ import annotations

import msgspec

from fedcoop import clock
from fedcoop.db import Database, Tx
from fedcoop.trends import queries
from fedcoop.trends.scoring import scored
from fedcoop.trends.types import FADING, Kind, Trend, Used

EVERY = 10 * clock.MINUTE
MOST = 200
"""Trends of a kind that are kept."""
MOST_STATUSES = 500
KINDS: tuple[Kind, ...] = ("tag", "status", "link")


async def compute(db: Database) -> None:
    """Count anew what is used, off the event loop, and keep what is a trend now."""
    for kind in KINDS:
        now = clock.now()
        async with db.scan() as tx:
            known = {trend.subject_id: trend for trend in await tx.all(queries.KNOWN, kind=kind)}
            used = await _used(tx, kind, list(known), now)
        found = [scored(kind, each, known.get(each.subject_id), now) for each in used]
        best = sorted((trend for trend in found if trend), key=lambda trend: trend.score, reverse=True)
        async with db.write() as tx:
            await _keep(tx, kind, best[:MOST])


async def _keep(tx: Tx, kind: Kind, best: list[Trend]) -> None:
    await tx.execute(queries.FORGET, kind=kind)
    await tx.many(queries.ADD, [msgspec.structs.asdict(trend) for trend in best])


async def _used(tx: Tx, kind: Kind, known: list[int], now: int) -> list[Used]:
    """What enough accounts used today, and how much is still used of what was a trend."""
    today = now // clock.DAY * clock.DAY
    threshold = FADING[kind].threshold
    if kind == "status":
        return await tx.all(
            queries.STATUSES_USED,
            since_id=(now - 2 * clock.DAY) << 16,
            threshold=threshold,
            limit=MOST_STATUSES,
        )
    days = {"since_id": (today - clock.DAY) << 16, "today_id": today << 16}
    fresh, again = (
        (queries.TAGS_USED, queries.TAGS_USED_AGAIN)
        if kind == "tag"
        else (queries.LINKS_USED, queries.LINKS_USED_AGAIN)
    )
    found = {each.subject_id: each for each in await tx.all(fresh, threshold=threshold, **days)}
    for each in await tx.all(again, ids=known, **days):
        found.setdefault(each.subject_id, each)
    for subject_id in known:
        found.setdefault(subject_id, Used(subject_id, 0, 0))
    return list(found.values())


async def review(tx: Tx, kind: Kind, subject_id: int, reviewer_id: int, *, allowed: bool) -> None:
    """Let something be shown as a trend from now on, or never."""
    await tx.execute(
        queries.SET_REVIEW,
        kind=kind,
        subject_id=subject_id,
        allowed=allowed,
        reviewer_id=reviewer_id,
        reviewed_at=clock.now(),
    )
