"""Putting a new status on the home timelines it belongs to, in the transaction that stores it."""

from typing import Any

from fedcoop import clock, ids
from fedcoop.db import Bound
from fedcoop.timelines import queries

REPEAT_AFTER = 12 * clock.HOUR
"""A status that a reader has had in this time is not shown again because somebody reblogs it."""


def to_readers(status_id: int, author_id: int, *, local: bool) -> list[Bound[Any]]:
    """Statements that give a status to the author's followers here, and to the author who lives here."""
    return [queries.FAN_OUT.bind(status_id=status_id), *_own(status_id, author_id, local)]


def reblog_to_readers(status_id: int, author_id: int, *, local: bool) -> list[Bound[Any]]:
    """The same for a reblog, which only those get who want the account's reblogs."""
    recent_id = ids.id_at(clock.now() - REPEAT_AFTER)
    return [
        queries.FAN_OUT_REBLOG.bind(status_id=status_id, recent_id=recent_id),
        *_own(status_id, author_id, local),
    ]


def _own(status_id: int, author_id: int, local: bool) -> list[Bound[Any]]:
    return [queries.ADD_HOME.bind(account_id=author_id, status_id=status_id)] if local else []
