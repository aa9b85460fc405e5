"""What binds two accounts, as rows. The account is who does it, the target whom it is done to."""

from __future__ import annotations

from typing import Literal

import msgspec

from fedcoop.ids import AccountId

Followed = Literal["following", "requested"]


class Follow(msgspec.Struct, frozen=True):
    """A row of `follows` or `follow_requests`."""

    account_id: AccountId
    target_id: AccountId
    id: int
    created_at: int
    uri: str
    reblogs: bool
    notify: bool
    languages: str
    """JSON: codes of the languages wanted; empty for all."""


class Block(msgspec.Struct, frozen=True):
    """A row of `blocks`."""

    account_id: AccountId
    target_id: AccountId
    id: int
    created_at: int
    uri: str


class Mute(msgspec.Struct, frozen=True):
    """A row of `mutes`."""

    account_id: AccountId
    target_id: AccountId
    id: int
    created_at: int
    notifications: bool
    expires_at: int | None
