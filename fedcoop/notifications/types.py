"""Notifications and the policy about them as rows, and their types in Mastodon's words."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from fedcoop.ids import AccountId, NotificationId, StatusId

NotificationType = Literal[
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update",
    "admin.sign_up", "admin.report", "severed_relationships", "moderation_warning", "quote", "quoted_update",
    "added_to_collection", "collection_update",
]  # fmt: skip
TYPES: tuple[NotificationType, ...] = get_args(NotificationType)
GROUPED: frozenset[NotificationType] = frozenset({"favourite", "reblog", "follow", "admin.sign_up"})
"""Types of which several are shown as one."""
TO_ONESELF: frozenset[NotificationType] = frozenset({"poll", "severed_relationships", "moderation_warning"})
"""Types that nobody else need have caused."""
UNFILTERED: frozenset[NotificationType] = TO_ONESELF | {
    "admin.sign_up",
    "admin.report",
    "update",
    "quoted_update",
}
"""Types that no policy holds back: the member asked for them, or has to know."""
LATEST: frozenset[NotificationType] = frozenset({"update", "quoted_update", "collection_update"})
"""Types of which the last one is told in place of those before."""

Treatment = Literal["accept", "filter", "drop"]


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
    filtered: bool


class SeveranceEvent(msgspec.Struct, frozen=True):
    """https://docs.joinmastodon.org/entities/RelationshipSeveranceEvent/"""

    id: str
    type: str
    purged: bool
    target_name: str
    followers_count: int
    following_count: int
    created_at: str


WarningAction = Literal[
    "none", "disable", "mark_statuses_as_sensitive", "delete_statuses", "sensitive", "silence", "suspend"
]


class AccountWarning(msgspec.Struct, frozen=True):
    """https://docs.joinmastodon.org/entities/AccountWarning/, without the account, which is the member's own."""

    id: str
    action: WarningAction
    text: str
    status_ids: list[str]
    created_at: str
    appeal: None = None


class Group(msgspec.Struct, frozen=True):
    """Notifications that are shown as one: the newest of them, and what is known of the others."""

    newest: Notification
    key: str
    count: int
    oldest_on_page: int
    sample: list[AccountId]
    """Who did it, the latest first, a few of them."""


class Policy(msgspec.Struct, frozen=True):
    """What a member wants done with notifications of certain senders: a row of `notification_policies`, or
    these defaults, which are Mastodon's. https://docs.joinmastodon.org/entities/NotificationPolicy/"""

    for_not_following: Treatment = "accept"
    for_not_followers: Treatment = "accept"
    for_new_accounts: Treatment = "accept"
    for_private_mentions: Treatment = "filter"
    for_limited_accounts: Treatment = "filter"


class Request(msgspec.Struct, frozen=True):
    """Somebody of whom notifications are held back, how many, and the latest.
    https://docs.joinmastodon.org/entities/NotificationRequest/"""

    id: int
    from_account_id: AccountId
    created_at: int
    count: int
    last_status_id: StatusId | None
    updated_at: int
