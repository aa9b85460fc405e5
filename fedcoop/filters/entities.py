"""Filters as Mastodon's API shows them, in both versions. https://docs.joinmastodon.org/entities/Filter/,
…/V1_Filter/, …/FilterResult/"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from fedcoop import clock
from fedcoop.filters.types import Filter, FilteredStatus, Keyword


class FilterKeyword(msgspec.Struct):
    id: str
    keyword: str
    whole_word: bool


class FilterStatus(msgspec.Struct):
    id: str
    status_id: str


class FilterEntity(msgspec.Struct, kw_only=True):
    """The second version; in a `FilterResult` without what it consists of."""

    id: str
    title: str
    context: list[str]
    expires_at: str | None
    filter_action: str
    keywords: list[FilterKeyword] | UnsetType = UNSET
    statuses: list[FilterStatus] | UnsetType = UNSET


class FilterResult(msgspec.Struct):
    filter: FilterEntity
    keyword_matches: list[str] | None
    status_matches: list[str] | None


class FilterV1(msgspec.Struct):
    """The first version, where each keyword is a filter of its own."""

    id: str
    phrase: str
    context: list[str]
    whole_word: bool
    expires_at: str | None
    irreversible: bool


def entity(found: Filter) -> FilterEntity:
    return FilterEntity(
        id=str(found.id),
        title=found.title,
        context=list(found.contexts()),
        expires_at=clock.iso_or_none(found.expires_at),
        filter_action=found.action,
    )


def whole(found: Filter, keywords: list[Keyword], statuses: list[FilteredStatus]) -> FilterEntity:
    """The filter with those of the keywords and statuses that are its own."""
    return msgspec.structs.replace(
        entity(found),
        keywords=[keyword(each) for each in keywords if each.filter_id == found.id],
        statuses=[filtered(each) for each in statuses if each.filter_id == found.id],
    )


def keyword(found: Keyword) -> FilterKeyword:
    return FilterKeyword(str(found.id), found.keyword, bool(found.whole_word))


def filtered(found: FilteredStatus) -> FilterStatus:
    return FilterStatus(str(found.id), str(found.status_id))


def first_version(found: Filter, of: Keyword) -> FilterV1:
    return FilterV1(
        id=str(of.id),
        phrase=of.keyword,
        context=list(found.contexts()),
        whole_word=bool(of.whole_word),
        expires_at=clock.iso_or_none(found.expires_at),
        irreversible=found.action == "hide",
    )
