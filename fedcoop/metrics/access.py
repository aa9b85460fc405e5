"""Counting. Open the transaction with `db.scan()`; the number of statements depends on what is asked for and not
on how long the time is."""

from __future__ import annotations

import platform
from typing import Any

from fedcoop import __version__, clock
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.metrics import queries
from fedcoop.metrics.types import LONGEST_DAYS, Asked, Cohort, Dimension, Frequency, Measure

MEASURES = tuple(queries.DAILY)
DIMENSIONS = (*queries.MOST, "space_usage", "software_versions")
_BY_TIME = (
    "new_users", "opened_reports", "resolved_reports", "instance_reports", "instance_follows",
    "instance_followers",
)  # fmt: skip
"""What is counted by a column of its own, and not by the moment in an id."""
_TAKES = {"tag": "tag_id", "instance": "domain"}


def period(start_at: str, end_at: str) -> tuple[int, int]:
    """From the first moment of one day to the last of another, in ms. Raises `Invalid` for what is no time, and
    for more than a year."""
    try:
        start, end = (clock.parse(text) // clock.DAY * clock.DAY for text in (start_at, end_at))
    except (ValueError, OverflowError):
        raise Invalid("start_at and end_at must be dates, such as 2026-11-25", "start_at") from None
    if not 0 <= start <= end or end - start > LONGEST_DAYS * clock.DAY:
        raise Invalid("start_at must be before end_at, by a year at most", "start_at")
    return start, end + clock.DAY


def lately() -> tuple[int, int]:
    """The last thirty days, today with them."""
    end = (clock.now() // clock.DAY + 1) * clock.DAY
    return end - 30 * clock.DAY, end


async def measure(tx: Tx, key: str, asked: Asked) -> Measure:
    """One measure by days, with its total and that of the same time before. Raises `Invalid` for one that there is
    not, or that lacks what it is about."""
    if key not in queries.DAILY:
        raise Invalid(f"There is no measure called {key[:50]}", "keys")
    numbers = {row["day"]: row["number"] for row in await tx.all(queries.DAILY[key], **_params(key, asked))}
    days = range(asked.start // clock.DAY, asked.end // clock.DAY)
    before = Asked(
        start=max(2 * asked.start - asked.end, 0), end=asked.start, tag_id=asked.tag_id, domain=asked.domain
    )
    of_server = key.startswith("instance_")
    return Measure(
        key=key,
        unit=None,
        total=str(await _total(tx, key, asked, numbers)),
        previous_total=None if of_server else str(await _total(tx, key, before, None)),
        data=[{"date": clock.iso(day * clock.DAY), "value": str(numbers.get(day, 0))} for day in days],
    )


async def _total(tx: Tx, key: str, asked: Asked, numbers: dict[int, int] | None) -> int:
    params = _params(key, asked)
    if key in queries.DISTINCT:
        return int(await tx.scalar(queries.DISTINCT[key], **params))
    if numbers is None:
        numbers = {row["day"]: row["number"] for row in await tx.all(queries.DAILY[key], **params)}
    return sum(numbers.values())


async def dimension(tx: Tx, key: str, asked: Asked, limit: int) -> Dimension:
    """What there is most of. Raises `Invalid` as `measure` does."""
    if key == "space_usage":
        return Dimension(key, await _space(tx))
    if key == "software_versions":
        return Dimension(key, await _software(tx))
    if key not in queries.MOST:
        raise Invalid(f"There is no dimension called {key[:50]}", "keys")
    params = _params(key, asked)
    if key == "instance_accounts":
        params = {"domain": asked.domain}
    rows = await tx.all(queries.MOST[key], **params, limit=limit)
    return Dimension(
        key, [{"key": row["key"], "human_key": row["key"], "value": str(row["number"])} for row in rows]
    )


async def _space(tx: Tx) -> list[dict[str, str]]:
    database = int(await tx.scalar(queries.DATABASE_SIZE[tx.dialect]))
    copies = int(await tx.scalar(queries.COPIES_SIZE))
    name = "SQLite" if tx.dialect == "sqlite" else "PostgreSQL"
    return [
        {"key": tx.dialect, "human_key": name, "value": str(database), **_bytes(database)},
        {"key": "copies", "human_key": "Copies of others' media", "value": str(copies), **_bytes(copies)},
    ]


def _bytes(number: int) -> dict[str, str]:
    return {"unit": "bytes", "human_value": f"{number / 1_000_000:.1f} MB"}


async def _software(tx: Tx) -> list[dict[str, str]]:
    name = "SQLite" if tx.dialect == "sqlite" else "PostgreSQL"
    versions = {
        "fedcoop": ("fedcoop", __version__),
        "python": ("Python", platform.python_version()),
        tx.dialect: (name, str(await tx.scalar(queries.DATABASE_VERSION[tx.dialect]))),
    }
    return [
        {"key": key, "human_key": called, "value": version, "human_value": version}
        for key, (called, version) in versions.items()
    ]


def _params(key: str, asked: Asked) -> dict[str, Any]:
    """What the statement of this key wants. Raises `Invalid` where something is not said."""
    about = key.partition("_")[0]
    params: dict[str, Any] = {}
    if about in _TAKES:
        name = _TAKES[about]
        params[name] = getattr(asked, name)
        if not params[name]:
            said = "id" if about == "tag" else "domain"
            raise Invalid(f"Say which one with {key}[{said}]", key)
    if key in _BY_TIME:
        return params | {"start": asked.start, "end": asked.end}
    return params | {"start_id": asked.start << 16, "end_id": asked.end << 16}


async def retention(tx: Tx, start: int, end: int, frequency: Frequency) -> list[Cohort]:
    """Of those who joined in each period, how many did something in it and in each one after. Two statements."""
    joined = await tx.all(queries.JOINED, start=start, end=end)
    seen = await tx.all(
        queries.SEEN,
        ids=[row["account_id"] for row in joined],
        start_id=start << 16,
        end_id=end << 16,
    )
    days = range(start // clock.DAY, end // clock.DAY)
    periods = list(dict.fromkeys(_period(day * clock.DAY, frequency) for day in days))
    cohort_of = {row["account_id"]: _period(row["created_at"], frequency) for row in joined}
    active: dict[tuple[str, str], set[int]] = {}
    for account_id, day in seen:
        where = (cohort_of[account_id], _period(day * clock.DAY, frequency))
        active.setdefault(where, set()).add(account_id)
    sizes: dict[str, int] = {}
    for cohort in cohort_of.values():
        sizes[cohort] = sizes.get(cohort, 0) + 1
    return [
        Cohort(
            period=cohort,
            frequency=frequency,
            data=[
                _kept(later, len(active.get((cohort, later), ())), sizes.get(cohort, 0))
                for later in periods[place:]
            ],
        )
        for place, cohort in enumerate(periods)
    ]


def _kept(later: str, number: int, of: int) -> dict[str, str | float]:
    return {"date": later, "rate": number / of if of else 0.0, "value": str(number)}


def _period(ms: int, frequency: Frequency) -> str:
    """The first moment of the day or month."""
    day = clock.day(ms)
    return f"{day if frequency == 'day' else day[:8] + '01'}T00:00:00.000Z"
