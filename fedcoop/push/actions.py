"""Subscribing devices to notifications, and letting them go. Reading is `access`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import msgspec

from fedcoop import clock, ids
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.notifications.types import TYPES
from fedcoop.oauth.types import Token
from fedcoop.push import access, encryption, queries
from fedcoop.push.types import PushPolicy, Subscription, Wish


async def subscribe(
    tx: Tx, token: Token, secret: str, wish: Wish, alerts: Mapping[str, bool], policy: str
) -> Subscription:
    """Have notifications pushed to the device with this token, in place of what it wanted before. `secret` is the
    token itself, which every message carries. Raises `Invalid` for keys or a policy that cannot be."""
    encryption.check(wish)
    _check(policy)
    await tx.execute(
        queries.PUT,
        id=ids.new_id(),
        token_id=token.id,
        account_id=token.account_id,
        **msgspec.structs.asdict(wish),
        access_token=secret,
        alerts=_alerts(alerts),
        policy=policy,
        created_at=clock.now(),
    )
    return await access.of_token(tx, token.id)


async def change(tx: Tx, token: Token, alerts: Mapping[str, bool], policy: str | None) -> Subscription:
    """Push other types, or those of other people. Raises `NotFound` without a subscription, and `Invalid`."""
    before = await access.of_token(tx, token.id)
    policy = before.policy if policy is None else policy
    _check(policy)
    await tx.execute(queries.CHANGE, of_token=token.id, new_alerts=_alerts(alerts), new_policy=policy)
    return await access.of_token(tx, token.id)


async def unsubscribe(tx: Tx, token: Token) -> None:
    """Push no more to the device with this token."""
    await tx.execute(queries.REMOVE_OF_TOKEN, token_id=token.id)


async def gone(tx: Tx, subscription_id: int) -> None:
    """Its push service knows the device no more."""
    await tx.execute(queries.REMOVE, id=subscription_id)


def _alerts(wanted: Mapping[str, bool]) -> str:
    return msgspec.json.encode({kind: bool(wanted.get(kind, False)) for kind in TYPES}).decode()


def _check(policy: str) -> None:
    if policy not in get_args(PushPolicy):
        raise Invalid("Validation failed: policy must be all, followed, follower or none", "policy")
