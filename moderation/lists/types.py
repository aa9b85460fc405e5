"""A shared list and what stands in it."""

from typing import Literal

import msgspec


class SharedList(msgspec.Struct, frozen=True):
    """A row of `shared_lists`. `problem` says why it could not be read the last time."""

    url: str
    title: str
    because: str
    subscribed_at: int
    read_at: int | None
    problem: str

    @property
    def name(self) -> str:
        """What people call it."""
        return self.title or self.url


class Listed(msgspec.Struct, frozen=True):
    """A server on a list, and what the list wants done with it."""

    domain: str
    severity: Literal["limit", "suspend"]
    reject_media: bool
    reject_reports: bool
    obfuscate: bool
    comment: str


class StoredEntry(msgspec.Struct, frozen=True):
    """A row of `shared_list_entries`; `proposed` is the severity that was proposed here because of it."""

    url: str
    domain: str
    severity: Literal["limit", "suspend"]
    reject_media: bool
    reject_reports: bool
    obfuscate: bool
    comment: str
    proposed: str
