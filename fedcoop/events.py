"""What happened, in ids, for those who listen right now. A verb appends to `tx.events`; after the commit, and only
then, `Database.events` hands it on. Who may learn of it is `fedcoop.streams`'s to find out."""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Posted(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A status or a reblog is new."""

    status_id: int


class Edited(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A status says something else now."""

    status_id: int


class Deleted(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A status or a reblog is gone, and with it all that the database knew of its audience."""

    status_id: int
    account_id: int
    visibility: str
    local: bool
    reblog: bool
    mentioned: list[int]
    tag_ids: list[int]


class Notified(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A member has a new notification."""

    notification_id: int
    account_id: int


class Merged(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """What was held back of somebody is among a member's notifications now."""

    account_id: int


class Conversed(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Something new was said in a member's conversation."""

    conversation_id: int
    account_id: int


class FiltersChanged(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A member filters otherwise than before."""

    account_id: int


class Announced(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """The server says something to all members."""

    announcement_id: int


class Withdrawn(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """It says so no more."""

    announcement_id: int


class Reacted(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """There are more or fewer of an emoji on an announcement."""

    announcement_id: int
    name: str


class AccessEnded(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A token was revoked, or an account may not come in any more: whoever listens has to be looked at again."""


Event: TypeAlias = (
    Posted
    | Edited
    | Deleted
    | Notified
    | Merged
    | Conversed
    | FiltersChanged
    | Announced
    | Withdrawn
    | Reacted
    | AccessEnded
)
