"""Actors, their statuses and their collections as ActivityPub, for servers; browsers are sent to the pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
from aiohttp import web

from activitypub import documents, synchronising
from activitypub.federation import Federation
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.errors import Gone, NotFound, Unauthorized
from fedcoop.ids import AccountId, CollectionId, CollectionItemId, InteractionId, StatusId
from fedcoop.statuses import queries as statuses
from web import headers
from web.api import api
from web.call import Call
from web.federation.requests import document, fed_of, gone, prefers_page, viewer_of
from web.limits import PER_SERVER


class ActorParams(msgspec.Struct, kw_only=True):
    id: AccountId


class CollectionParams(ActorParams, kw_only=True):
    page: bool = False
    max_id: StatusId | None = None


class StatusParams(msgspec.Struct, kw_only=True):
    id: AccountId
    status_id: StatusId


class NameParams(msgspec.Struct, kw_only=True):
    name: str


@api.get("/actor", per_address=PER_SERVER)
async def instance_actor(call: Call) -> web.Response:
    if prefers_page(call.request):
        return _see(f"{call.config.base_url}/about")
    return document(await documents.instance_actor(fed_of(call)))


@api.get("/ap/users/{id}", per_address=PER_SERVER)
async def actor(call: Call, params: ActorParams) -> web.Response:
    if prefers_page(call.request):
        async with call.db.read() as tx:
            account = await accounts.find(tx, params.id)
        if account.local:
            return _see(account.url)
    try:
        return document(await documents.actor(fed_of(call), params.id))
    except Gone:
        return gone(call)


@api.get("/users/{name}", per_address=PER_SERVER)
async def by_name(call: Call, params: NameParams) -> web.Response:
    """The address that Mastodon's actors once had, and that people still type."""
    async with call.db.read() as tx:
        account = await accounts.by_handle(tx, params.name)
    if account is None or not account.local:
        raise NotFound
    return _see(account.url if prefers_page(call.request) else account.uri)


def _see(location: str) -> web.Response:
    return web.Response(
        status=302,
        headers={"Location": location, "Vary": "Accept", "Cache-Control": "no-cache", **headers.SAFE},
    )


Collection = Callable[..., Awaitable[bytes]]
OfStatus = Callable[[Federation, int, int, Account | None], Awaitable[bytes]]


def _collection(name: str, make: Collection) -> None:
    async def handle(call: Call, params: CollectionParams) -> web.Response:
        try:
            return document(await make(fed_of(call), params.id, page=params.page, max_id=params.max_id))
        except Gone:
            return gone(call)

    api.get(f"/ap/users/{{id}}/{name}", per_address=PER_SERVER)(handle)


_collection("outbox", documents.outbox)
_collection("followers", documents.followers)
_collection("following", documents.following)


def _whole(name: str, make: Callable[[Federation, int], Awaitable[bytes]]) -> None:
    async def handle(call: Call, params: ActorParams) -> web.Response:
        try:
            return document(await make(fed_of(call), params.id))
        except Gone:
            return gone(call)

    api.get(f"/ap/users/{{id}}/collections/{name}", per_address=PER_SERVER)(handle)


_whole("featured", documents.featured)
_whole("tags", documents.featured_tags)


@api.get("/ap/users/{id}/followers_synchronization", per_address=PER_SERVER)
async def followers_synchronization(call: Call, params: ActorParams) -> web.Response:
    """Those followers who are on the asker's server, for nobody else (FEP-8fcf)."""
    asker = await viewer_of(call)
    if asker is None:
        raise Unauthorized("This list is for the server of those who are in it. Sign the request.")
    async with call.db.read() as tx:
        account = await accounts.find(tx, params.id)
    if not account.local:
        raise NotFound
    return document(await synchronising.document(fed_of(call), account, asker), personal=True)


class FeaturedParams(ActorParams, kw_only=True):
    collection_id: CollectionId


class FeaturedItemParams(FeaturedParams, kw_only=True):
    item_id: CollectionItemId


@api.get("/ap/users/{id}/featured_collections", per_address=PER_SERVER)
async def featured_collections(call: Call, params: ActorParams) -> web.Response:
    return document(await documents.featured_collections(fed_of(call), params.id))


@api.get("/ap/users/{id}/featured_collections/{collection_id}", per_address=PER_SERVER)
async def featured_collection(call: Call, params: FeaturedParams) -> web.Response:
    if prefers_page(call.request):
        return _see(f"{call.config.base_url}/collections/{params.collection_id}")
    return document(await documents.featured_collection(fed_of(call), params.id, params.collection_id))


@api.get("/ap/users/{id}/featured_collections/{collection_id}/items/{item_id}", per_address=PER_SERVER)
async def featured_item(call: Call, params: FeaturedItemParams) -> web.Response:
    found = await documents.featured_item(fed_of(call), params.id, params.collection_id, params.item_id)
    return document(found)


class FeatureParams(ActorParams, kw_only=True):
    item_id: CollectionItemId


@api.get("/ap/users/{id}/feature_authorizations/{item_id}", per_address=PER_SERVER)
async def feature_authorization(call: Call, params: FeatureParams) -> web.Response:
    return document(await documents.feature_authorization(fed_of(call), params.id, params.item_id))


class InteractionParams(ActorParams, kw_only=True):
    interaction_id: InteractionId


@api.get("/ap/users/{id}/authorizations/{interaction_id}", per_address=PER_SERVER)
async def authorization(call: Call, params: InteractionParams) -> web.Response:
    return document(await documents.authorization(fed_of(call), params.id, params.interaction_id))


@api.get("/ap/users/{id}/quote_authorizations/{status_id}", per_address=PER_SERVER)
async def quote_authorization(call: Call, params: StatusParams) -> web.Response:
    return document(await documents.quote_authorization(fed_of(call), params.id, params.status_id))


Made = Callable[[Account | None], Awaitable[bytes]]


async def _about(call: Call, params: StatusParams, make: Made) -> web.Response:
    """A document about one status: each asker gets their own answer, which nobody else may keep."""
    if prefers_page(call.request):
        return await _page_of(call, params)
    viewer = await viewer_of(call)
    try:
        body = await make(viewer)
    except Gone:
        return gone(call)
    return document(body, personal=viewer is not None)


def _of_status(path: str, make: OfStatus) -> None:
    async def handle(call: Call, params: StatusParams) -> web.Response:
        return await _about(call, params, partial(make, fed_of(call), params.id, params.status_id))

    api.get(f"/ap/users/{{id}}/statuses/{{status_id}}{path}", per_address=PER_SERVER)(handle)


async def _page_of(call: Call, params: StatusParams) -> web.Response:
    async with call.db.read() as tx:
        status = await tx.one(statuses.BY_ID, id=params.status_id)
    if status is None or status.account_id != params.id or not status.public or not status.url:
        raise NotFound
    return _see(status.url)


_of_status("", documents.status)
_of_status("/activity", documents.activity)
_of_status("/likes", documents.likes)
_of_status("/shares", documents.shares)


class RepliesParams(StatusParams, kw_only=True):
    page: bool = False
    others: bool = False
    min_id: StatusId | None = None


@api.get("/ap/users/{id}/statuses/{status_id}/replies", per_address=PER_SERVER)
async def replies(call: Call, params: RepliesParams) -> web.Response:
    make = partial(
        documents.replies,
        fed_of(call),
        params.id,
        params.status_id,
        page=params.page,
        others=params.others,
        min_id=params.min_id or 0,
    )
    return await _about(call, params, make)


class ContextParams(msgspec.Struct, kw_only=True):
    id: StatusId
    page: bool = False
    min_id: StatusId | None = None


@api.get("/ap/contexts/{id}", per_address=PER_SERVER)
async def context(call: Call, params: ContextParams) -> web.Response:
    found = await documents.context(fed_of(call), params.id, page=params.page, min_id=params.min_id or 0)
    return document(found)
