"""Collections: accounts that somebody recommends. https://docs.joinmastodon.org/methods/collections/"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import msgspec
from msgspec import Raw

from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.collections import access, actions, consenting
from fedcoop.collections.hydrate import collection_entity
from fedcoop.collections.types import Collection, CollectionEntity, Draft, ItemEntity, item_entity
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotAllowed, NotFound
from fedcoop.ids import AccountId, CollectionId, CollectionItemId
from web.api import api
from web.call import Call


class CollectionParams(msgspec.Struct, kw_only=True):
    id: CollectionId


class TextParams(msgspec.Struct, kw_only=True):
    name: str | None = None
    description: str | None = None
    language: str | None = None
    tag_name: str | None = None
    sensitive: bool | None = None
    discoverable: bool | None = None


class CreateParams(TextParams, kw_only=True):
    account_ids: list[AccountId] = []


class EditParams(TextParams, kw_only=True):
    id: CollectionId


class OfAccountParams(msgspec.Struct, kw_only=True):
    account_id: AccountId
    limit: int = 40
    offset: int = 0


class AddParams(msgspec.Struct, kw_only=True):
    collection_id: CollectionId
    account_id: AccountId | None = None


class ItemParams(msgspec.Struct, kw_only=True):
    collection_id: CollectionId
    id: CollectionItemId


class Wrapped(msgspec.Struct):
    collection: CollectionEntity


class WrappedItem(msgspec.Struct):
    collection_item: ItemEntity


class WithAccounts(msgspec.Struct):
    collection: CollectionEntity
    accounts: list[Raw]


class Several(msgspec.Struct):
    collections: list[CollectionEntity]


async def shown(tx: Tx, call: Call, found: Sequence[Collection]) -> list[CollectionEntity]:
    """Collections as the viewer sees them; one statement, however many they are."""
    items = await access.items(tx, call.viewer, [each.id for each in found])
    return [collection_entity(each, items.get(each.id, []), call.config.base_url) for each in found]


@api.post("/api/v1/collections", scope="write:collections")
async def create(call: Call, params: CreateParams) -> Wrapped:
    async with call.db.write() as tx:
        owner = await call.account(tx)
        made = await actions.create(tx, call.config, owner, _draft(params, Draft(name="")))
        for account_id in dict.fromkeys(params.account_ids):
            await actions.add(tx, owner, made, await _wanted(tx, account_id))
        return Wrapped((await shown(tx, call, [await access.own(tx, owner, made.id)]))[0])


async def _wanted(tx: Tx, account_id: AccountId) -> Account:
    """The account that is to be added. Raises `Invalid` where there is none."""
    try:
        return await accounts.find(tx, account_id)
    except NotFound:
        raise Invalid("There is no account with this `account_id`") from None


@api.get("/api/v1/collections/{id}", scope="read:collections", public=True)
async def show(call: Call, params: CollectionParams) -> WithAccounts:
    async with call.db.read() as tx:
        found = await access.visible(tx, call.viewer, params.id)
        entity = (await shown(tx, call, [found]))[0]
        ids = [found.account_id, *(int(item.account_id or 0) for item in entity.items)]
        people = await call.show.accounts(tx, dict.fromkeys(ids))
    return WithAccounts(entity, list(people.values()))


@api.patch("/api/v1/collections/{id}", scope="write:collections")
async def edit(call: Call, params: EditParams) -> Wrapped:
    async with call.db.write() as tx:
        found = await access.own(tx, await call.account(tx), params.id)
        known = Draft(
            name=found.name,
            description=found.description,
            language=found.language,
            tag=found.tag,
            sensitive=bool(found.sensitive),
            discoverable=bool(found.discoverable),
        )
        changed = await actions.edit(tx, found, _draft(params, known))
        return Wrapped((await shown(tx, call, [changed]))[0])


@api.delete("/api/v1/collections/{id}", scope="write:collections")
async def delete(call: Call, params: CollectionParams) -> None:
    async with call.db.write() as tx:
        await actions.delete(tx, await access.own(tx, await call.account(tx), params.id))


@api.post("/api/v1/collections/{collection_id}/items", scope="write:collections")
async def add(call: Call, params: AddParams) -> WrappedItem:
    if params.account_id is None:
        raise Invalid("`account_id` parameter is missing")
    async with call.db.write() as tx:
        owner = await call.account(tx)
        found = await access.own(tx, owner, params.collection_id)
        account = await _wanted(tx, params.account_id)
        return WrappedItem(item_entity(await actions.add(tx, owner, found, account)))


@api.delete("/api/v1/collections/{collection_id}/items/{id}", scope="write:collections")
async def remove(call: Call, params: ItemParams) -> None:
    async with call.db.write() as tx:
        found = await access.own(tx, await call.account(tx), params.collection_id)
        await actions.remove(tx, found, params.id)


@api.post("/api/v1/collections/{collection_id}/items/{id}/revoke", scope="write:collections")
async def revoke(call: Call, params: ItemParams) -> None:
    async with call.db.write() as tx:
        found = await access.visible(tx, call.viewer, params.collection_id)
        await consenting.revoke(tx, await call.account(tx), found, params.id)


@api.get("/api/v1/accounts/{account_id}/collections", scope="read:collections", public=True)
async def of_account(call: Call, params: OfAccountParams) -> Several:
    async with call.db.read() as tx:
        account = await accounts.find(tx, params.account_id)
        found = await access.of_account(
            tx, call.viewer, account.id, limit=_limit(params), offset=_offset(params)
        )
        return _page(call, params, await shown(tx, call, found))


@api.get("/api/v1/accounts/{account_id}/in_collections", scope="read:collections")
async def with_account(call: Call, params: OfAccountParams) -> Several:
    """Who else is recommended where is nobody's business."""
    if params.account_id != call.account_id:
        raise NotAllowed("This action is not allowed")
    async with call.db.read() as tx:
        found = await access.with_account(tx, call.account_id, limit=_limit(params), offset=_offset(params))
        return _page(call, params, await shown(tx, call, found))


def _limit(params: OfAccountParams) -> int:
    return min(max(params.limit, 1), 80)


def _offset(params: OfAccountParams) -> int:
    return min(max(params.offset, 0), 1_000_000)


def _page(call: Call, params: OfAccountParams, found: list[CollectionEntity]) -> Several:
    """With the way to the neighbouring pages, which are told by offset."""
    limit, offset = _limit(params), _offset(params)
    base = call.config.base_url + call.request.rel_url.raw_path

    def link(start: int, rel: str) -> str:
        return f'<{base}?{urlencode({"limit": limit, "offset": start})}>; rel="{rel}"'

    links = [link(offset + limit, "next")] if len(found) == limit else []
    links += [link(max(offset - limit, 0), "prev")] if offset else []
    if links:
        call.set_header("Link", ", ".join(links))
    return Several(found)


def _draft(params: TextParams, known: Draft) -> Draft:
    return Draft(
        name=known.name if params.name is None else params.name,
        description=known.description if params.description is None else params.description,
        language=known.language if params.language is None else params.language,
        tag=known.tag if params.tag_name is None else params.tag_name,
        sensitive=known.sensitive if params.sensitive is None else params.sensitive,
        discoverable=known.discoverable if params.discoverable is None else params.discoverable,
    )
