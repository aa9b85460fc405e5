"""The three kinds of trends, what is counted of each, and how fast it fades."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from fedcoop import clock

Kind = Literal["tag", "status", "link"]


class Fading(msgspec.Struct, frozen=True):
    """`threshold` are the accounts that make a trend; below `ends` it is none any more; a peak is forgotten after
    `cooldown` and worth half after `half_life` (milliseconds)."""

    threshold: int
    half_life: int
    ends: float
    cooldown: int = 2 * clock.DAY


# Mastodon's numbers, but for statuses: on a small server an hour is too short for six people to see one.
FADING: dict[Kind, Fading] = {
    "tag": Fading(threshold=5, half_life=4 * clock.HOUR, ends=1.0),
    "status": Fading(threshold=5, half_life=6 * clock.HOUR, ends=0.3),
    "link": Fading(threshold=5, half_life=8 * clock.HOUR, ends=1.0),
}


class Used(NamedTuple):
    """How many accounts used something today and yesterday; of a status, how many like it."""

    subject_id: int
    today: int
    yesterday: int
    since: int = 0
    """When a status was written, from which on it fades; 0 for what fades from its peak."""


class Trend(msgspec.Struct, frozen=True):
    """A row of `trends`."""

    kind: Kind
    subject_id: int
    score: float
    peak: float
    peak_at: int


class Day(msgspec.Struct, frozen=True):
    """How much something was used on a day of UTC. Numbers are strings, as Mastodon has them."""

    day: str
    accounts: str
    uses: str
