"""The first version of filters, where each keyword is one. https://docs.joinmastodon.org/methods/filters/#v1
They are the same filters as in `filters`."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from fedcoop.errors import Invalid
from fedcoop.filters import access, actions, queries
from fedcoop.filters.entities import FilterV1, first_version
from fedcoop.filters.types import FilterChange, KeywordChange
from fedcoop.ids import KeywordId
from web.api import api
from web.call import Call
from web.mastodon.filters import UNCHANGED, KeywordParams, until


class ChangeParams(msgspec.Struct, kw_only=True):
    phrase: str | None = None
    context: list[str] | None = None
    irreversible: bool | None = None
    whole_word: bool | None = None
    expires_in: str | None = UNCHANGED


class EditParams(ChangeParams, kw_only=True):
    id: KeywordId


@api.get("/api/v1/filters", scope="read:filters")
async def listed(call: Call) -> list[FilterV1]:
    async with call.db.read() as tx:
        own = {each.id: each for each in await tx.all(queries.ALL, account_id=call.account_id)}
        return [first_version(own[each.filter_id], each) for each in await access.keywords(tx, *own.values())]


@api.post("/api/v1/filters", scope="write:filters")
async def create(call: Call, params: ChangeParams) -> FilterV1:
    phrase = params.phrase or ""
    change = FilterChange(
        title=phrase,
        context=params.context or [],
        action=_action(params.irreversible),
        expires_at=until(params.expires_in),
        keywords=(KeywordChange(keyword=phrase, whole_word=bool(params.whole_word)),),
    )
    async with call.db.write() as tx:
        made = await actions.create(tx, call.account_id, change)
        return first_version(made, (await access.keywords(tx, made))[0])


@api.get("/api/v1/filters/{id}", scope="read:filters")
async def one(call: Call, params: KeywordParams) -> FilterV1:
    async with call.db.read() as tx:
        found = await access.keyword(tx, call.account_id, params.id)
        return first_version(await access.find(tx, call.account_id, found.filter_id), found)


@api.put("/api/v1/filters/{id}", scope="write:filters")
async def edit(call: Call, params: EditParams) -> FilterV1:
    """What concerns the whole filter can be changed as long as it has one keyword. Raises `Invalid` otherwise:
    this client does not know what else it would change."""
    async with call.db.write() as tx:
        keyword = await access.keyword(tx, call.account_id, params.id)
        found = await access.find(tx, call.account_id, keyword.filter_id)
        alone = len(await access.keywords(tx, found)) == 1
        change = FilterChange(
            title=params.phrase if alone and params.phrase else UNSET,
            context=UNSET if params.context is None else params.context,
            action=UNSET if params.irreversible is None else _action(params.irreversible),
            expires_at=until(params.expires_in),
            keywords=(KeywordChange(id=keyword.id, keyword=params.phrase, whole_word=params.whole_word),),
        )
        edited = await actions.edit(tx, found, change)
        if not alone and edited != found:
            raise Invalid(
                "These parameters cannot be changed from this application because they apply to more than one"
                " filter keyword. Use a more recent application or the web interface."
            )
        return first_version(edited, await access.keyword(tx, call.account_id, keyword.id))


@api.delete("/api/v1/filters/{id}", scope="write:filters")
async def delete(call: Call, params: KeywordParams) -> None:
    """The filter goes with its last keyword, unless there are statuses in it."""
    async with call.db.write() as tx:
        keyword = await access.keyword(tx, call.account_id, params.id)
        found = await access.find(tx, call.account_id, keyword.filter_id)
        await actions.remove_keyword(tx, call.account_id, keyword)
        if not await access.keywords(tx, found) and not await access.statuses(tx, found):
            await actions.delete(tx, found)


def _action(irreversible: bool | None) -> str:
    return "hide" if irreversible else "warn"
