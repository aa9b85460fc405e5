"""Notifications as rows, and their types in Mastodon's words."""

from __future__ import annotations

from typing import Literal

import msgspec

from fedcoop.ids import AccountId, NotificationId, StatusId

NotificationType = Literal[
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update",
    "admin.sign_up", "admin.report", "severed_relationships", "moderation_warning",
]  # fmt: skip
TYPES: tuple[NotificationType, ...] = (
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update",
    "admin.sign_up", "admin.report", "severed_relationships", "moderation_warning",
)  # fmt: skip
GROUPED: frozenset[NotificationType] = frozenset({"favourite", "reblog", "follow", "admin.sign_up"})
"""Types of which several are shown as one."""
TO_ONESELF: frozenset[NotificationType] = frozenset({"poll", "severed_relationships", "moderation_warning"})
"""Types that nobody else need have caused."""


class Notification(msgspec.Struct, frozen=True):
    """A row of `notifications`."""

    id: NotificationId
    account_id: AccountId
    type: str
    from_account_id: AccountId
    status_id: StatusId | None
    group_key: str
    detail: str
    """JSON: what else the type needs; empty for nothing."""
    created_at: int
