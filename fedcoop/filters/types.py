"""Filters as rows, and as a member writes them. https://docs.joinmastodon.org/entities/Filter/"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from fedcoop.ids import FilteredId, FilterId, KeywordId, StatusId

Context = Literal["home", "notifications", "public", "thread", "account"]
CONTEXTS: tuple[Context, ...] = ("home", "notifications", "public", "thread", "account")
Action = Literal["warn", "hide", "blur"]
ACTIONS: tuple[Action, ...] = ("warn", "hide", "blur")

MOST_FILTERS = 200
MOST_KEYWORDS = 200
"""Of one filter, as of the statuses in it."""
LONGEST_TITLE = 256
LONGEST_KEYWORD = 512


class Filter(msgspec.Struct, frozen=True):
    """A row of `filters`; `context` is a JSON list."""

    id: FilterId
    account_id: int
    title: str
    context: str
    action: Action
    expires_at: int | None

    def contexts(self) -> list[Context]:
        return msgspec.json.decode(self.context, type=list[Context])


class Keyword(msgspec.Struct, frozen=True):
    """A row of `filter_keywords`."""

    id: KeywordId
    filter_id: FilterId
    keyword: str
    whole_word: bool


class FilteredStatus(msgspec.Struct, frozen=True):
    """A row of `filter_statuses`."""

    id: FilteredId
    filter_id: FilterId
    status_id: StatusId


class KeywordChange(msgspec.Struct, frozen=True, kw_only=True):
    """A keyword to add or, with an id, to change or to remove."""

    id: KeywordId | None = None
    keyword: str | None = None
    whole_word: bool | None = None
    remove: bool = False


class FilterChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of a filter; what is not set stays as it is."""

    title: str | UnsetType = UNSET
    context: Sequence[str] | UnsetType = UNSET
    action: str | UnsetType = UNSET
    expires_at: int | UnsetType | None = UNSET
    keywords: tuple[KeywordChange, ...] = ()
