"""The statements asked most use an index, on SQLite, whose planner may otherwise read whole tables unnoticed."""

import sqlite3
from typing import Any

import pytest

from fedcoop.accounts import queries as accounts
from fedcoop.db import Bound
from fedcoop.db.sqlite import arrange
from fedcoop.domains import queries as domains
from fedcoop.notifications import queries as notifications
from fedcoop.paging import Page
from fedcoop.relationships import queries as relationships

PAIR = {"account_id": 1, "target_id": 2}
NOTE = {"to_id": 1, "from_id": 2, "type": "follow"}
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
    "notify": notifications.NOTIFY.bind(**NOTE, id=1, group_key="x", detail="", now=1),
    "notify of a status": notifications.NOTIFY_OF_STATUS.bind(
        **NOTE, id=1, group_key="x", detail="", now=1, status_id=3
    ),
    "forget": notifications.FORGET.bind(**NOTE),
    "forget of a status": notifications.FORGET_OF_STATUS.bind(**NOTE, status_id=3),
    "notifications": notifications.PAGE.bind(Page(), account_id=1, types=["follow"]),
    "unread": notifications.UNREAD.bind(account_id=1, types=["follow"], limit=100),
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
        "SCAN anon",
        "SCAN CONSTANT ROW",
        "CONSTANT ROW",
    )
    scans = [step for step in plan if step.startswith("SCAN") and not any(word in step for word in harmless)]
    assert scans == [], plan
    sorted_wholly = [step for step in plan if "TEMP B-TREE FOR ORDER BY" in step]
    assert not sorted_wholly or name == "gate", plan


def test_whether_something_was_told_is_found_by_sender_and_status(sqlite_url: str) -> None:
    sql, values = arrange(HOT["notify of a status"].statement, HOT["notify of a status"].params)
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values))
    connection.close()
    assert "ix_notifications_from_account_id_status_id (from_account_id=? AND status_id=?)" in plan
