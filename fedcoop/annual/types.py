"""A year's report, as it is kept and as Mastodon's API shows it (schema version 2).
https://docs.joinmastodon.org/entities/AnnualReport/"""

from __future__ import annotations

from typing import Literal

import msgspec

Archetype = Literal["lurker", "booster", "pollster", "replier", "oracle"]
State = Literal["available", "generating", "eligible", "ineligible"]
SCHEMA_VERSION = 2


class Month(msgspec.Struct):
    month: int
    statuses: int
    followers: int


class TopTag(msgspec.Struct):
    name: str
    count: int


class TopStatuses(msgspec.Struct):
    by_reblogs: str | None
    by_replies: str | None = None
    by_favourites: str | None = None


class Data(msgspec.Struct):
    archetype: Archetype
    time_series: list[Month]
    top_hashtags: list[TopTag]
    top_statuses: TopStatuses


class AnnualReport(msgspec.Struct):
    year: int
    data: Data
    account_id: str
    schema_version: int = SCHEMA_VERSION
    share_url: str | None = None


class Posted(msgspec.Struct, frozen=True):
    """What somebody posted on a day: of all of it, how much were boosts, answers to others, and polls."""

    day: int
    all: int
    reblogs: int
    replies: int
    polls: int


class Kept(msgspec.Struct, frozen=True):
    """A row of `annual_reports`; `data` is JSON, empty until it is made."""

    account_id: int
    year: int
    data: str
    created_at: int
    read_at: int | None
