"""Reports as rows and as Mastodon's API shows them to whoever filed them. What staff sees is in
`fedcoop.overseeing`."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec
from msgspec import Raw

from fedcoop.accounts import entities
from fedcoop.ids import AccountId, CollectionId, ReportId, StatusId

Category = Literal["spam", "legal", "violation", "other"]
CATEGORIES: tuple[Category, ...] = get_args(Category)
LONGEST_COMMENT = 1000
LONGEST_COMMENT_FROM_ELSEWHERE = 5000
MOST_STATUSES = 100
MOST_COLLECTIONS = 100
MOST_DOMAINS = 20
_ids = msgspec.json.Decoder(list[str])


class Report(msgspec.Struct, frozen=True):
    """A row of `reports`. `account_id` reports; it is told to staff and to nobody else."""

    id: ReportId
    account_id: AccountId
    target_id: AccountId
    category: Category
    comment: str
    status_ids: str
    rule_ids: str
    collection_ids: str
    forwarded: bool
    created_at: int
    updated_at: int
    assigned_id: AccountId | None
    action_taken_at: int | None
    action_taken_by_id: AccountId | None

    @property
    def statuses(self) -> list[StatusId]:
        """The statuses that are reported with the account."""
        return [StatusId(int(id_)) for id_ in _ids.decode(self.status_ids)]

    @property
    def rules(self) -> list[str]:
        """The rules that whoever reports cites, also those that were repealed since."""
        return _ids.decode(self.rule_ids)

    @property
    def collections(self) -> list[CollectionId]:
        """The account's collections that are reported with it."""
        return [CollectionId(int(id_)) for id_ in _ids.decode(self.collection_ids)]


class NewReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a member reports. Without a category it is a violation where rules are cited."""

    target_id: AccountId
    status_ids: list[StatusId] = []
    comment: str = ""
    category: Category | None = None
    rule_ids: list[str] = []
    collection_ids: list[CollectionId] = []
    forward: bool = False
    forward_to_domains: list[str] = []
    """Which servers are told; the reported account's own where none is named."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which reports to list."""

    resolved: bool = False
    account_id: AccountId | None = None
    target_id: AccountId | None = None


class ReportEntity(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/Report/"""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: Category
    comment: str
    forwarded: bool
    created_at: str
    status_ids: list[str]
    rule_ids: list[str]
    collection_ids: list[str]
    target_account: entities.Account | Raw
