"""A device's subscription to pushed notifications. https://docs.joinmastodon.org/methods/push/"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from activitypub.addresses import check_url
from activitypub.errors import Refused
from fedcoop.errors import Invalid, Unauthorized
from fedcoop.oauth.types import Token
from fedcoop.push import access, actions
from fedcoop.push.types import Subscription, Wish
from web.api import api, bearer_of
from web.call import Call

PATH = "/api/v1/push/subscription"


class Keys(msgspec.Struct):
    p256dh: str = ""
    auth: str = ""


class Device(msgspec.Struct):
    endpoint: str = ""
    keys: Keys = msgspec.field(default_factory=Keys)
    standard: bool = False


class Wishes(msgspec.Struct):
    alerts: dict[str, bool] = msgspec.field(default_factory=dict)
    policy: str | UnsetType = UNSET


class SubscribeParams(msgspec.Struct, kw_only=True):
    subscription: Device
    data: Wishes = msgspec.field(default_factory=Wishes)


class ChangeParams(msgspec.Struct, kw_only=True):
    data: Wishes = msgspec.field(default_factory=Wishes)
    policy: str | UnsetType = UNSET


class SubscriptionEntity(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/WebPushSubscription/"""

    id: str
    endpoint: str
    standard: bool
    alerts: dict[str, bool]
    policy: str
    server_key: str


@api.post(PATH, scope="push")
async def subscribe(call: Call, params: SubscribeParams) -> SubscriptionEntity:
    device = params.subscription
    try:
        endpoint = check_url(device.endpoint, allow_private=call.config.allow_private_peers)
    except Refused:
        raise Invalid("Validation failed: Endpoint must be a public https address", "endpoint") from None
    wish = Wish(endpoint=endpoint, p256dh=device.keys.p256dh, auth=device.keys.auth, standard=device.standard)
    policy = params.data.policy
    async with call.db.write() as tx:
        made = await actions.subscribe(
            tx,
            _token(call),
            bearer_of(call.request) or "",
            wish,
            params.data.alerts,
            "all" if policy is UNSET else policy,
        )
    return _shown(call, made)


@api.get(PATH, scope="push")
async def own(call: Call) -> SubscriptionEntity:
    async with call.db.read() as tx:
        return _shown(call, await access.of_token(tx, _token(call).id))


@api.put(PATH, scope="push")
async def change(call: Call, params: ChangeParams) -> SubscriptionEntity:
    policy = params.data.policy if params.policy is UNSET else params.policy
    async with call.db.write() as tx:
        changed = await actions.change(
            tx, _token(call), params.data.alerts, None if policy is UNSET else policy
        )
    return _shown(call, changed)


@api.delete(PATH, scope="push")
async def unsubscribe(call: Call) -> None:
    async with call.db.write() as tx:
        await actions.unsubscribe(tx, _token(call))


def _token(call: Call) -> Token:
    if call.token is None or call.token.account_id is None:
        raise Unauthorized("The access token is invalid")
    return call.token


def _shown(call: Call, each: Subscription) -> SubscriptionEntity:
    return SubscriptionEntity(
        id=str(each.id),
        endpoint=each.endpoint,
        standard=each.standard,
        alerts=each.wanted,
        policy=each.policy,
        server_key=call.services.vapid_key,
    )
