"""Measures, dimensions and cohorts as Mastodon's admin API shows them."""

from __future__ import annotations

from typing import Literal

import msgspec

Frequency = Literal["day", "month"]
LONGEST_DAYS = 366
MOST_LIMIT = 100


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted: from the beginning of one day to the end of another, in ms; the hashtag or the server that
    it is about, where it is about one."""

    start: int
    end: int
    tag_id: int = 0
    domain: str = ""


class Measure(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/Admin_Measure/"""

    key: str
    unit: str | None
    total: str
    data: list[dict[str, str]]
    previous_total: str | None = None


class Dimension(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/Admin_Dimension/"""

    key: str
    data: list[dict[str, str]]


class Cohort(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/Admin_Cohort/"""

    period: str
    frequency: Frequency
    data: list[dict[str, str | float]]
