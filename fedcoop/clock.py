"""The one clock: milliseconds since the epoch, and their text forms. Tests move it with `advance`."""

import time
from datetime import UTC, datetime
from functools import lru_cache

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_offset = 0
_latest = 0


def now() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000 + _offset


def onward() -> int:
    """The same, but never earlier than it was in this process. While a clock that was set back catches up, each
    call is a millisecond after the one before: ids are made of this, so that new things stay the newest."""
    global _latest
    moment = now()
    _latest = moment if moment >= _latest else _latest + 1
    return _latest


def advance(*, seconds: float) -> None:
    """Move the clock of this process, for tests."""
    global _offset
    _offset += int(seconds * SECOND)


def reset() -> None:
    """Undo every `advance`."""
    global _offset, _latest
    _offset = _latest = 0


def as_datetime(ms: int) -> datetime:
    """The moment in UTC, for libraries that want it so."""
    return datetime.fromtimestamp(ms / SECOND, UTC)


@lru_cache(maxsize=64)
def _day(day: int) -> str:
    return datetime.fromtimestamp(day * 86400, UTC).strftime("%Y-%m-%dT")


def iso(ms: int) -> str:
    """`2026-11-23T06:49:00.000Z`, as Mastodon's API writes times. Ten times faster than `strftime`."""
    day, rest = divmod(ms, DAY)
    seconds, milli = divmod(rest, SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_day(day)}{hour:02d}:{minute:02d}:{second:02d}.{milli:03d}Z"


def iso_or_none(ms: int | None) -> str | None:
    return None if ms is None else iso(ms)


def day(ms: int) -> str:
    """`2026-11-23`."""
    return _day(ms // DAY)[:10]


def parse(text: str) -> int:
    """ISO 8601 to milliseconds; a time without a zone counts as UTC. Raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * SECOND)
