"""Spans of time as a constitution writes them ("6 days", "5 seconds"); times themselves are in
`fedcoop.clock`."""

import re
from functools import total_ordering

SECOND = 1000
UNITS = {
    "second": SECOND,
    "minute": 60 * SECOND,
    "hour": 3_600 * SECOND,
    "day": 86_400 * SECOND,
    "week": 7 * 86_400 * SECOND,
}
LONGEST = 10 * 366 * UNITS["day"]
_PART = re.compile(r"(\d{1,9})\s*(second|minute|hour|day|week)s?")


@total_ordering
class Duration:
    """A span of time in whole milliseconds, never negative; written and read as words. (Not a Struct:
    msgspec hands values of a plain class to the hooks in `read`, which turn them into words and back.)"""

    __slots__ = ("ms",)

    def __init__(self, ms: int) -> None:
        self.ms = ms

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Duration) and self.ms == other.ms

    def __lt__(self, other: "Duration") -> bool:
        return self.ms < other.ms

    def __hash__(self) -> int:
        return hash(self.ms)

    def __repr__(self) -> str:
        return f"Duration({self.ms})"

    def __str__(self) -> str:
        return say_duration(self.ms)


NOTHING = Duration(0)


def read_duration(text: str) -> Duration:
    """Read "6 days", "1 day 12 hours", "0 seconds". Raises ValueError with a sentence for anything else."""
    total, rest = 0, text.strip().lower()
    if not rest:
        raise ValueError('an empty duration; write for instance "6 days" or "5 seconds"')
    while rest:
        part = _PART.match(rest)
        if part is None:
            raise ValueError(f'"{text}" is no duration; write for instance "6 days" or "5 seconds"')
        total += int(part[1]) * UNITS[part[2]]
        rest = rest[part.end() :].lstrip(" ,")
    if total > LONGEST:
        raise ValueError(f'"{text}" is longer than ten years')
    return Duration(total)


def say_duration(ms: int) -> str:
    """Say a span in at most two units, as `read_duration` reads it back: "6 days", "1 day 12 hours"."""
    seconds = ms // SECOND
    parts: list[str] = []
    for name in ("day", "hour", "minute", "second"):
        size = UNITS[name] // SECOND
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(parts) or "0 seconds"
