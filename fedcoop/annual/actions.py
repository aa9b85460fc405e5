"""Asking for a year's report, making it in a job, and marking it as read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from fedcoop import clock, jobs
from fedcoop.annual import access, queries
from fedcoop.annual.types import Archetype, Data, Month, Posted, TopStatuses, TopTag
from fedcoop.db import Database, Tx
from fedcoop.errors import NotFound
from fedcoop.jobs.types import MakeAnnualReport

TALKATIVE = 113
"""Statuses of a year, at Mastodon; who has fewer watches rather than talks."""


async def ask(tx: Tx, account_id: int, year: int) -> bool:
    """Have the report made, if it can be and is not there. Says whether it is being made now."""
    state = await access.state(tx, account_id, year)
    if state == "eligible":
        await tx.execute(
            queries.BEGIN, account_id=account_id, year=year, data="", created_at=clock.now(), read_at=None
        )
        await jobs.add(tx, MakeAnnualReport(account_id=account_id, year=year))
    return state in ("eligible", "generating")


async def make(db: Database, job: MakeAnnualReport) -> None:
    """Job: count the year. Off the event loop, since a year may be long."""
    begin, end = access.bounds(job.year)
    ids = {"account_id": job.account_id, "begin": begin << 16, "end": end << 16}
    async with db.scan() as tx:
        posted = await tx.all(queries.POSTED, **ids)
        followers = await tx.all(queries.FOLLOWERS, account_id=job.account_id, begin=begin, end=end)
        tag = await tx.one(queries.TOP_TAG, **ids)
        top = await tx.scalar(queries.TOP_STATUS, **ids)
    data = Data(
        archetype=archetype(posted),
        time_series=_months(posted, {row[0]: row[1] for row in followers}),
        top_hashtags=[TopTag(tag[0], tag[1])] if tag is not None else [],
        top_statuses=TopStatuses(None if top is None else str(top)),
    )
    async with db.write() as tx:
        await tx.execute(
            queries.FILL,
            of_account=job.account_id,
            of_year=job.year,
            made=msgspec.json.encode(data).decode(),
        )


async def mark_read(tx: Tx, account_id: int, year: int) -> None:
    """Raises `NotFound` where there is no report."""
    if await access.kept_of(tx, account_id, year) is None:
        raise NotFound
    if not await tx.execute(queries.READ, of_account=account_id, of_year=year, at=clock.now()):
        raise NotFound


def archetype(posted: Sequence[Posted]) -> Archetype:
    """A playful word for how somebody used the year."""
    every, reblogs = sum(day.all for day in posted), sum(day.reblogs for day in posted)
    replies, polls = sum(day.replies for day in posted), sum(day.polls for day in posted)
    own = every - reblogs - replies
    if every < TALKATIVE:
        return "lurker"
    if reblogs > 2 * own:
        return "booster"
    if polls > own / 10:
        return "pollster"
    return "replier" if replies > 2 * own else "oracle"


def _months(posted: Sequence[Posted], followers: dict[int, int]) -> list[Month]:
    """Those months in which there was anything."""
    said: Counter[int] = Counter()
    gained: Counter[int] = Counter()
    for each in posted:
        said[_month(each.day)] += each.all
    for day, count in followers.items():
        gained[_month(day)] += count
    return [Month(month, said[month], gained[month]) for month in sorted(said.keys() | gained.keys())]


def _month(day: int) -> int:
    return datetime.fromtimestamp(day * clock.DAY / 1000, UTC).month
