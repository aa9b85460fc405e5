"""The statements asked most use an index, on SQLite, whose planner may otherwise read whole tables unnoticed."""

import sqlite3
from typing import Any

import pytest

from fedcoop.accounts import queries as accounts
from fedcoop.conversations import queries as conversations
from fedcoop.db import Bound
from fedcoop.db.sqlite import arrange
from fedcoop.domains import queries as domains
from fedcoop.filters import queries as filters
from fedcoop.notifications import queries as notifications
from fedcoop.notifications.policies import queries as policies
from fedcoop.notifications.telling import queries as telling
from fedcoop.paging import Page
from fedcoop.relationships import queries as relationships
from fedcoop.statuses import queries as statuses
from fedcoop.streams import queries as streams
from fedcoop.tags import queries as tags
from fedcoop.timelines import queries as timelines

PAIR = {"account_id": 1, "target_id": 2}
NOTE = {"to_id": 1, "from_id": 2, "type": "follow"}
FRESH: dict[str, Any] = {
    "id": 1, "group_key": "x", "oldest_key": "w", "detail": "", "now": 1, "policed": True
}  # fmt: skip
READ: dict[str, Any] = {"account_id": 1, "types": ["follow"], "grouped": ["follow"]}
HOT: dict[str, Bound[Any]] = {
    "account by id": accounts.BY_ID.bind(id=1),
    "accounts by ids": accounts.BY_IDS.bind(ids=[1, 2]),
    "account by handle": accounts.BY_HANDLE.bind(handle="alice"),
    "accounts by handles": accounts.BY_HANDLES.bind(handles=["alice"]),
    "account by uri": accounts.BY_URI.bind(uri="https://b.test/1"),
    "revisions": accounts.REVISIONS.bind(ids=[1, 2]),
    "user": accounts.USER.bind(account_id=1),
    "restriction of a new account": accounts.RESTRICTIONS.bind(domains=["b.test"]),
    "follow": relationships.FOLLOW.bind(**PAIR),
    "blocked": relationships.BLOCKED.bind(**PAIR),
    "ties": relationships.TIES.bind(viewer=1, ids=[2, 3]),
    "followers": relationships.FOLLOWERS.bind(Page(), account_id=1),
    "following": relationships.FOLLOWING.bind(Page(min_id=5), account_id=1),
    "requests": relationships.REQUESTS.bind(Page(), account_id=1),
    "blocks": relationships.BLOCKS.bind(Page(), account_id=1),
    "mutes": relationships.MUTES.bind(Page(), account_id=1),
    "backfill": relationships.BACKFILL.bind(**PAIR, reblogs=True, most=20),
    "take from home": relationships.TAKE_FROM_HOME.bind(**PAIR),
    "gate": domains.GATE.bind(domains=["x.b.test", "b.test", "test"]),
    "notify": telling.NOTIFY.bind(**NOTE, **FRESH),
    "notify of a status": telling.NOTIFY_OF_STATUS.bind(**NOTE, **FRESH, status_id=3),
    "forget": telling.FORGET.bind(**NOTE),
    "forget of a status": telling.FORGET_OF_STATUS.bind(**NOTE, status_id=3),
    "notifications": notifications.PAGES[False, False].bind(Page(), **READ),
    "notifications with what is held back": notifications.PAGES[True, False].bind(Page(), **READ),
    "notifications by one": notifications.PAGES[False, True].bind(Page(), **READ, from_account_id=2),
    "group": notifications.GROUP.bind(Page(), account_id=1, group_key="follow-1"),
    "members of groups": notifications.MEMBERS.bind(
        account_id=1, keys=["follow-1"], page_below=9, lowest=0, filtered=False, from_account_id=0
    ),
    "unread": notifications.UNREAD[False].bind(**READ, limit=100, page_below=9),
    "policy": policies.POLICY.bind(account_id=1),
    "senders held back": policies.REQUESTS.bind(Page(), account_id=1),
    "pending": policies.SUMMARY.bind(account_id=1),
    "home": timelines.HOME.bind(Page(), viewer=1, now=1),
    "list": timelines.LIST.bind(Page(), viewer=1, now=1, list_id=1),
    "pinned": timelines.PINNED.bind(Page(), viewer=1, account_id=1),
    "fan out": timelines.FAN_OUT.bind(status_id=1),
    "fan out of a reblog": timelines.FAN_OUT_REBLOG.bind(status_id=1, recent_id=1),
    "fan out to lists": timelines.FAN_OUT_LISTS.bind(status_id=1),
    "fan out of a reblog to lists": timelines.FAN_OUT_LISTS_REBLOG.bind(status_id=1, recent_id=1),
    "fan out by hashtag": timelines.FAN_OUT_TAGS.bind(status_id=1),
    "marks": statuses.MARKS.bind(viewer=1, ids=[1], conversations=[1]),
    "what filters consist of": filters.RULES.bind(account_ids=[1]),
    "who listens to lists": streams.LISTS_OF.bind(status_id=1, lists=[1], now=1),
    "conversations": conversations.PAGE.bind(Page(), account_id=1),
    "what was said directly": conversations.STATUSES.bind(Page(), viewer=1, now=1),
    "last words gone": conversations.SETTLE.bind(status_id=1),
    "conversation ended": conversations.END.bind(status_id=1),
    "followed hashtags": tags.FOLLOWED.bind(Page(), account_id=1),
    "ties to a server": relationships.TIED_TO_DOMAIN.bind(account_id=1, domain="b.test", most=9),
    "blocked servers": relationships.BLOCKED_DOMAINS.bind(Page(), account_id=1),
    "let through": policies.LET_THROUGH.bind(account_id=1, ids=[2]),
}


@pytest.mark.parametrize("name", HOT)
def test_no_table_is_read_whole(name: str, sqlite_url: str) -> None:
    call = HOT[name]
    sql, values = arrange(call.statement, call.params)
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    connection.close()
    # Subqueries and lists given as a parameter are scanned, tables are searched.
    harmless = (
        "json_each",
        "SCAN (subquery",
        "SCAN recent",
        "SCAN ids",
        "SCAN anon",
        "SCAN CONSTANT ROW",
        "CONSTANT ROW",
    )
    scans = [step for step in plan if step.startswith("SCAN") and not any(word in step for word in harmless)]
    assert scans == [], plan
    sorted_wholly = [step for step in plan if "TEMP B-TREE FOR ORDER BY" in step]
    # At most twenty are pinned to an account, and few servers and groups concern one post.
    assert not sorted_wholly or name in ("gate", "members of groups", "pinned"), plan


def test_whether_something_was_told_is_found_by_sender_and_status(sqlite_url: str) -> None:
    sql, values = arrange(HOT["notify of a status"].statement, HOT["notify of a status"].params)
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values))
    connection.close()
    assert "ix_notifications_from_account_id_status_id (from_account_id=? AND status_id=?)" in plan
