"""A delivery as it is claimed, and what became of it."""

from typing import Literal

import msgspec


class Delivery(msgspec.Struct, frozen=True):
    """One body for one inbox. Times are milliseconds since the epoch."""

    id: int
    activity_id: int
    account_id: int
    inbox: str
    host: str
    attempts: int
    created_at: int


Fate = Literal["done", "again", "host_down", "inbox_gone", "failed"]
"""`again`: this delivery later; `host_down`: all of the host's later; the rest is final."""


class Result(msgspec.Struct, frozen=True):
    """What a try came to. `retry_after` is in seconds, as the other server asked."""

    delivery: Delivery
    fate: Fate
    error: str = ""
    retry_after: int | None = None


class HostRow(msgspec.Struct, frozen=True):
    """What is remembered of a host that has been tried."""

    domain: str
    failures: int
    first_failure_at: int | None
    retry_at: int | None
    last_success_at: int | None
