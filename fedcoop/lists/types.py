"""Lists as rows, and as Mastodon's API shows them. https://docs.joinmastodon.org/entities/List/"""

from __future__ import annotations

from typing import Literal

import msgspec

from fedcoop.ids import ListId

RepliesPolicy = Literal["followed", "list", "none"]

MOST_LISTS = 50
LONGEST_TITLE = 255


class AccountList(msgspec.Struct, frozen=True):
    """A row of `lists`. An exclusive list's accounts are not on the home timeline."""

    id: ListId
    account_id: int
    title: str
    replies_policy: RepliesPolicy
    exclusive: bool


class ListEntity(msgspec.Struct):
    id: str
    title: str
    replies_policy: str
    exclusive: bool


def entity(found: AccountList) -> ListEntity:
    return ListEntity(str(found.id), found.title, found.replies_policy, bool(found.exclusive))
