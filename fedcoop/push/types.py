"""Subscriptions to pushed notifications as rows, and the message that is pushed."""

from __future__ import annotations

from typing import Literal

import msgspec

from fedcoop.ids import AccountId, TokenId

PushPolicy = Literal["all", "followed", "follower", "none"]
"""Whose acts are pushed: everybody's, of those one follows, of one's followers, nobody's."""


class Subscription(msgspec.Struct, frozen=True):
    """A row of `push_subscriptions`."""

    id: int
    token_id: TokenId
    account_id: AccountId
    endpoint: str
    p256dh: str
    auth: str
    standard: bool
    access_token: str
    alerts: str
    policy: PushPolicy
    created_at: int

    @property
    def wanted(self) -> dict[str, bool]:
        """By type of notification."""
        return msgspec.json.decode(self.alerts, type=dict[str, bool])


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Where a device wants to be told, as it says so itself."""

    endpoint: str
    p256dh: str
    auth: str
    standard: bool = False


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What a device decrypts: Mastodon's fields."""

    access_token: str
    preferred_locale: str
    notification_id: str
    notification_type: str
    icon: str
    title: str
    body: str
