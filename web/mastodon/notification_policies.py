"""What a member wants held back of notifications, and the requests of those who are.
https://docs.joinmastodon.org/methods/notifications/#get-policy"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from msgspec import UNSET, Raw, UnsetType

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.ids import parse_id
from fedcoop.notifications.policies import access, actions
from fedcoop.notifications.types import Policy, Request
from web.api import api
from web.call import Call
from web.paging import Listing, PageParams

MOST_AT_ONCE = 1000
READ, WRITE = "read:notifications", "write:notifications"


class PolicyParams(msgspec.Struct, kw_only=True):
    for_not_following: str | UnsetType = UNSET
    for_not_followers: str | UnsetType = UNSET
    for_new_accounts: str | UnsetType = UNSET
    for_private_mentions: str | UnsetType = UNSET
    for_limited_accounts: str | UnsetType = UNSET


class FirstPolicyParams(msgspec.Struct, kw_only=True):
    """The first version's: filtering or not."""

    filter_not_following: bool | UnsetType = UNSET
    filter_not_followers: bool | UnsetType = UNSET
    filter_new_accounts: bool | UnsetType = UNSET
    filter_private_mentions: bool | UnsetType = UNSET


class Summary(msgspec.Struct):
    pending_requests_count: int
    pending_notifications_count: int


class PolicyEntity(Policy, frozen=True, kw_only=True):
    summary: Summary


class FirstPolicyEntity(msgspec.Struct, kw_only=True):
    filter_not_following: bool
    filter_not_followers: bool
    filter_new_accounts: bool
    filter_private_mentions: bool
    summary: Summary


class RequestEntity(msgspec.Struct, kw_only=True):
    id: str
    created_at: str
    updated_at: str
    notifications_count: str
    account: Raw
    last_status: Raw | None


class RequestParams(msgspec.Struct, kw_only=True):
    id: str


class RequestsParams(msgspec.Struct, kw_only=True):
    id: list[str] = msgspec.field(default_factory=list)


@api.get("/api/v2/notifications/policy", scope=READ)
async def policy(call: Call) -> PolicyEntity:
    async with call.db.read() as tx:
        return await _policy(tx, call)


async def change(call: Call, params: PolicyParams) -> PolicyEntity:
    async with call.db.write() as tx:
        wishes = {name: wish for name, wish in msgspec.structs.asdict(params).items() if wish is not UNSET}
        await actions.change(tx, call.account_id, **wishes)
        return await _policy(tx, call)


async def _policy(tx: Tx, call: Call) -> PolicyEntity:
    wishes = msgspec.structs.asdict(await access.policy(tx, call.account_id))
    return PolicyEntity(**wishes, summary=Summary(*await access.summary(tx, call.account_id)))


@api.get("/api/v1/notifications/policy", scope=READ)
async def first_policy(call: Call) -> FirstPolicyEntity:
    async with call.db.read() as tx:
        return await _first_policy(tx, call)


async def first_change(call: Call, params: FirstPolicyParams) -> FirstPolicyEntity:
    async with call.db.write() as tx:
        wishes = {
            name.replace("filter_", "for_"): "filter" if wish else "accept"
            for name, wish in msgspec.structs.asdict(params).items()
            if wish is not UNSET
        }
        await actions.change(tx, call.account_id, **wishes)
        return await _first_policy(tx, call)


async def _first_policy(tx: Tx, call: Call) -> FirstPolicyEntity:
    wishes = await access.policy(tx, call.account_id)
    return FirstPolicyEntity(
        filter_not_following=wishes.for_not_following != "accept",
        filter_not_followers=wishes.for_not_followers != "accept",
        filter_new_accounts=wishes.for_new_accounts != "accept",
        filter_private_mentions=wishes.for_private_mentions != "accept",
        summary=Summary(*await access.summary(tx, call.account_id)),
    )


for _method in (api.put, api.patch):
    _method("/api/v2/notifications/policy", scope=WRITE)(change)
    _method("/api/v1/notifications/policy", scope=WRITE)(first_change)


@api.get("/api/v1/notifications/requests", scope=READ)
async def requests(call: Call, params: PageParams) -> Listing:
    async with call.db.read() as tx:
        found = await access.requests(tx, call.account_id, params.page(40, 80))
        shown = await _shown(tx, call, found)
    return Listing(shown, *((found[0].id, found[-1].id) if found else (None, None)))


@api.get("/api/v1/notifications/requests/merged", scope=READ)
async def merged(call: Call) -> dict[str, bool]:
    """What was held back is let through in the transaction that accepts it: nothing to wait for."""
    return {"merged": True}


@api.get("/api/v1/notifications/requests/{id}", scope=READ)
async def one(call: Call, params: RequestParams) -> RequestEntity:
    async with call.db.read() as tx:
        shown = await _shown(tx, call, [await _own(tx, call, params.id)])
    if not shown:
        raise NotFound
    return shown[0]


async def _own(tx: Tx, call: Call, id: str) -> Request:
    return await access.request(tx, call.account_id, parse_id(id))


async def _shown(tx: Tx, call: Call, found: list[Request]) -> list[RequestEntity]:
    accounts = await call.show.accounts(tx, [each.from_account_id for each in found])
    statuses = await call.show.by_ids(
        tx, call.viewer, dict.fromkeys(each.last_status_id for each in found if each.last_status_id)
    )
    return [
        RequestEntity(
            id=str(each.id),
            created_at=clock.iso(each.created_at),
            updated_at=clock.iso(each.updated_at),
            notifications_count=str(each.count),
            account=accounts[each.from_account_id],
            last_status=statuses.get(each.last_status_id or 0),
        )
        for each in found
        if each.from_account_id in accounts
    ]


def _answer(name: str, verb: Callable[[Tx, int, list[int]], Awaitable[None]]) -> None:
    """An answer to one request, and to several at once."""

    async def to_one(call: Call, params: RequestParams) -> None:
        async with call.db.write() as tx:
            request = await _own(tx, call, params.id)
            await verb(tx, call.account_id, [request.id])

    async def to_several(call: Call, params: RequestsParams) -> None:
        ids = [parse_id(each) for each in params.id[:MOST_AT_ONCE]]
        async with call.db.write() as tx:
            await verb(tx, call.account_id, ids)

    api.post(f"/api/v1/notifications/requests/{{id}}/{name}", scope=WRITE)(to_one)
    api.post(f"/api/v1/notifications/requests/{name}", scope=WRITE)(to_several)


_answer("accept", actions.accept)
_answer("dismiss", actions.dismiss)
