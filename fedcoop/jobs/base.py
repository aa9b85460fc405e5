"""What every job is: a lane, a number of tries, an order. The kinds are in `types`."""

from typing import ClassVar, Literal

import msgspec

Lane = Literal["default", "inbox", "federate", "push", "governance", "media"]
LANES: tuple[Lane, ...] = ("default", "inbox", "federate", "push", "governance", "media")


class DeadJob(msgspec.Struct, frozen=True):
    """A job that was given up, as it is kept. `died_at` in ms since the epoch."""

    id: int
    kind: str
    lane: str
    body: str
    attempts: int
    died_at: int
    error: str


class GiveUp(Exception):
    """Trying again will not help. The job is kept, dead, with this reason."""


class Job(msgspec.Struct, frozen=True, tag_field="kind", kw_only=True):
    """What a job needs to know. It may run twice, so doing it twice must be as doing it once."""

    lane: ClassVar[Lane] = "default"
    tries: ClassVar[int] = 8

    @property
    def order(self) -> str | None:
        """Jobs of the same order run one after the other, as they were added."""
        return None
