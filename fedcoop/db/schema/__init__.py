"""The tables, by subject. Their history is `fedcoop/db/migrations`."""

from fedcoop.db.schema import (
    accounts,
    announcements,
    arranging,
    cards,
    conversations,
    federation,
    governance,
    instance,
    media,
    moderating,
    notifications,
    oauth,
    search,
    second_factors,
    statuses,
    transfers,
    trends,
)
from fedcoop.db.schema.base import metadata

__all__ = [
    "accounts",
    "announcements",
    "arranging",
    "cards",
    "conversations",
    "federation",
    "governance",
    "instance",
    "media",
    "metadata",
    "moderating",
    "notifications",
    "oauth",
    "search",
    "second_factors",
    "statuses",
    "transfers",
    "trends",
]
