"""What somebody searches for, as understood by `grammar`, and what is read of a status to keep its words."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from fedcoop.db.fulltext import Phrase
from fedcoop.ids import LARGEST

Where = Literal["all", "library", "public"]
"""One's library is what one wrote, was mentioned in, favourited, boosted, bookmarked or voted in."""


class Asked(msgspec.Struct, kw_only=True):
    """Words and marks to have and to lack, and bounds of time as exclusive ids. Handles are not looked up yet."""

    having: list[Phrase] = []
    lacking: list[Phrase] = []
    authors: list[str] = []
    no_authors: list[str] = []
    boosted: bool | None = None
    where: Where = "all"
    above: int = 0
    below: int = LARGEST

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to search for."""
        return not (self.having or self.lacking or self.authors or self.no_authors) and (
            self.boosted is None and self.above == 0 and self.below == LARGEST
        )


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Which of those found are wanted; ids are exclusive bounds."""

    limit: int = 20
    offset: int = 0
    above: int = 0
    below: int = LARGEST


class Attached(NamedTuple):
    """A file of a status."""

    type: str
    description: str | None


class Source(msgspec.Struct, frozen=True):
    """What words and marks of a status are made of."""

    id: int
    account_id: int
    visibility: str
    content: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    in_reply_to_id: int | None
    in_reply_to_uri: str | None
    quotes: bool
    indexable: bool
    poll_options: str | None
    card: str | None
