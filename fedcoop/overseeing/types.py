"""Accounts and reports as staff sees them."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Raw

from fedcoop.accounts.entities import Role
from fedcoop.collections.types import CollectionEntity
from fedcoop.ids import AccountId

State = Literal["active", "pending", "disabled", "silenced", "suspended", "sensitized"]


class Overseen(msgspec.Struct, frozen=True):
    """An account with the person behind it; what is theirs is None for accounts elsewhere."""

    id: AccountId
    username: str
    domain: str | None
    created_at: int
    limited_at: int | None
    sensitized_at: int | None
    suspended_at: int | None
    email: str | None
    role: str | None
    locale: str | None
    reason: str | None
    confirmed_at: int | None
    approved_at: int | None
    disabled_at: int | None

    @property
    def pending(self) -> bool:
        """Whether somebody asked to join and was not answered."""
        return self.role is not None and self.approved_at is None


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """Which accounts to list; what is empty does not matter."""

    origin: Literal["", "local", "remote"] = ""
    state: State | Literal[""] = ""
    roles: tuple[str, ...] = ()
    username: str = ""
    display_name: str = ""
    domain: str = ""
    email: str = ""


class AdminAccount(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/Admin_Account/ From which network addresses somebody comes is not
    kept."""

    id: str
    username: str
    domain: str | None
    created_at: str
    email: str
    role: Role
    locale: str
    invite_request: str | None
    confirmed: bool
    approved: bool
    disabled: bool
    silenced: bool
    suspended: bool
    sensitized: bool
    account: Raw
    ip: None = None
    ips: list[str] = []
    created_by_application_id: None = None
    invited_by_account_id: None = None


class AdminReport(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/Admin_Report/"""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    updated_at: str
    account: AdminAccount
    target_account: AdminAccount
    assigned_account: AdminAccount | None
    action_taken_by_account: AdminAccount | None
    statuses: list[Raw]
    rules: list[dict[str, str]]
    collections: list[CollectionEntity]
