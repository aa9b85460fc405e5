"""Filters: keywords and single statuses. https://docs.joinmastodon.org/methods/filters/
Their first version is `filters_v1`; what they meet is told in each status' `filtered`."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from fedcoop import clock
from fedcoop.errors import Invalid
from fedcoop.filters import access, actions
from fedcoop.filters.entities import FilterEntity, FilterKeyword, FilterStatus, filtered, keyword
from fedcoop.filters.types import FilterChange, KeywordChange
from fedcoop.ids import FilteredId, FilterId, KeywordId, StatusId
from fedcoop.statuses import access as statuses
from web.api import api
from web.call import Call

UNCHANGED = "unchanged"
LONGEST = 100 * 365 * 24 * 60 * 60
"""Seconds that a filter can be asked to last."""


class FilterParams(msgspec.Struct, kw_only=True):
    id: FilterId


class KeywordAttributes(msgspec.Struct, kw_only=True):
    id: KeywordId | None = None
    keyword: str | None = None
    whole_word: bool | None = None
    destroy: bool = msgspec.field(default=False, name="_destroy")


class ChangeParams(msgspec.Struct, kw_only=True):
    title: str | None = None
    context: list[str] | None = None
    filter_action: str | None = None
    expires_in: str | None = UNCHANGED
    keywords_attributes: list[KeywordAttributes] = []


class EditParams(ChangeParams, kw_only=True):
    id: FilterId


class InFilterParams(msgspec.Struct, kw_only=True):
    filter_id: FilterId


class AddKeywordParams(InFilterParams, kw_only=True):
    keyword: str = ""
    whole_word: bool = True


class KeywordParams(msgspec.Struct, kw_only=True):
    id: KeywordId


class EditKeywordParams(KeywordParams, kw_only=True):
    keyword: str | None = None
    whole_word: bool | None = None


class AddStatusParams(InFilterParams, kw_only=True):
    status_id: StatusId


class FilteredParams(msgspec.Struct, kw_only=True):
    id: FilteredId


def until(expires_in: str | None) -> int | UnsetType | None:
    """The moment when so many seconds are over; none for an empty field. Raises `Invalid`."""
    if expires_in == UNCHANGED:
        return UNSET
    if expires_in is None or not expires_in.strip():
        return None
    try:
        seconds = int(expires_in[:20])
    except ValueError:
        raise Invalid("expires_in must be a whole number", "expires_in") from None
    if not 0 <= seconds <= LONGEST:
        raise Invalid("Validation failed: Expires in is out of range", "expires_in")
    return clock.now() + seconds * clock.SECOND


def _change(params: ChangeParams) -> FilterChange:
    return FilterChange(
        title=UNSET if params.title is None else params.title,
        context=UNSET if params.context is None else params.context,
        action=UNSET if params.filter_action is None else params.filter_action,
        expires_at=until(params.expires_in),
        keywords=tuple(
            KeywordChange(
                id=each.id, keyword=each.keyword, whole_word=each.whole_word, remove=bool(each.destroy)
            )
            for each in params.keywords_attributes
        ),
    )


@api.get("/api/v2/filters", scope="read:filters")
async def listed(call: Call) -> list[FilterEntity]:
    async with call.db.read() as tx:
        return await access.own(tx, call.account_id)


@api.post("/api/v2/filters", scope="write:filters")
async def create(call: Call, params: ChangeParams) -> FilterEntity:
    async with call.db.write() as tx:
        made = await actions.create(tx, call.account_id, _change(params))
        return (await access.shown(tx, made))[0]


@api.get("/api/v2/filters/{id}", scope="read:filters")
async def one(call: Call, params: FilterParams) -> FilterEntity:
    async with call.db.read() as tx:
        return (await access.shown(tx, await access.find(tx, call.account_id, params.id)))[0]


@api.put("/api/v2/filters/{id}", scope="write:filters")
async def edit(call: Call, params: EditParams) -> FilterEntity:
    async with call.db.write() as tx:
        found = await access.find(tx, call.account_id, params.id)
        return (await access.shown(tx, await actions.edit(tx, found, _change(params))))[0]


@api.delete("/api/v2/filters/{id}", scope="write:filters")
async def delete(call: Call, params: FilterParams) -> None:
    async with call.db.write() as tx:
        await actions.delete(tx, await access.find(tx, call.account_id, params.id))


@api.get("/api/v2/filters/{filter_id}/keywords", scope="read:filters")
async def keywords(call: Call, params: InFilterParams) -> list[FilterKeyword]:
    async with call.db.read() as tx:
        found = await access.find(tx, call.account_id, params.filter_id)
        return [keyword(each) for each in await access.keywords(tx, found)]


@api.post("/api/v2/filters/{filter_id}/keywords", scope="write:filters")
async def add_keyword(call: Call, params: AddKeywordParams) -> FilterKeyword:
    async with call.db.write() as tx:
        found = await access.find(tx, call.account_id, params.filter_id)
        change = KeywordChange(keyword=params.keyword, whole_word=params.whole_word)
        return keyword(await actions.add_keyword(tx, found, change))


@api.get("/api/v2/filters/keywords/{id}", scope="read:filters")
async def one_keyword(call: Call, params: KeywordParams) -> FilterKeyword:
    async with call.db.read() as tx:
        return keyword(await access.keyword(tx, call.account_id, params.id))


@api.put("/api/v2/filters/keywords/{id}", scope="write:filters")
async def edit_keyword(call: Call, params: EditKeywordParams) -> FilterKeyword:
    async with call.db.write() as tx:
        found = await access.keyword(tx, call.account_id, params.id)
        change = KeywordChange(keyword=params.keyword, whole_word=params.whole_word)
        return keyword(await actions.edit_keyword(tx, call.account_id, found, change))


@api.delete("/api/v2/filters/keywords/{id}", scope="write:filters")
async def remove_keyword(call: Call, params: KeywordParams) -> None:
    async with call.db.write() as tx:
        found = await access.keyword(tx, call.account_id, params.id)
        await actions.remove_keyword(tx, call.account_id, found)


@api.get("/api/v2/filters/{filter_id}/statuses", scope="read:filters")
async def in_filter(call: Call, params: InFilterParams) -> list[FilterStatus]:
    async with call.db.read() as tx:
        found = await access.find(tx, call.account_id, params.filter_id)
        return [filtered(each) for each in await access.statuses(tx, found)]


@api.post("/api/v2/filters/{filter_id}/statuses", scope="write:filters")
async def add_status(call: Call, params: AddStatusParams) -> FilterStatus:
    async with call.db.write() as tx:
        found = await access.find(tx, call.account_id, params.filter_id)
        status = await statuses.visible(tx, call.account_id, params.status_id)
        return filtered(await actions.add_status(tx, found, status.id))


@api.get("/api/v2/filters/statuses/{id}", scope="read:filters")
async def one_status(call: Call, params: FilteredParams) -> FilterStatus:
    async with call.db.read() as tx:
        return filtered(await access.filtered(tx, call.account_id, params.id))


@api.delete("/api/v2/filters/statuses/{id}", scope="write:filters")
async def remove_status(call: Call, params: FilteredParams) -> FilterStatus:
    """Answers with what was taken out, as documented."""
    async with call.db.write() as tx:
        found = await access.filtered(tx, call.account_id, params.id)
        await actions.remove_status(tx, call.account_id, found)
    return filtered(found)
