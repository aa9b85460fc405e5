"""Putting a new status on the home timelines and lists it belongs to, in the transaction that stores it, and
saying to whom one was shown that goes."""

from typing import Any

from fedcoop import clock, ids
from fedcoop.db import Bound, Tx
from fedcoop.events import Deleted
from fedcoop.timelines import queries

REPEAT_AFTER = 12 * clock.HOUR
"""A status that a reader has had in this time is not shown again because somebody reblogs it."""
MOST_REBLOGS_TOLD = 500
"""Of a deleted status, so many reblogs are taken from open streams, the newest."""


def to_readers(status_id: int, author_id: int, *, local: bool) -> list[Bound[Any]]:
    """Statements that give a status to the author's followers here, to the lists that the author is in, to those
    who follow its hashtags, and to the author who lives here."""
    return [
        queries.FAN_OUT.bind(status_id=status_id),
        queries.FAN_OUT_LISTS.bind(status_id=status_id),
        queries.FAN_OUT_TAGS.bind(status_id=status_id),
        *(to_author(status_id, author_id) if local else ()),
    ]


def edited(status_id: int) -> list[Bound[Any]]:
    """The same for a status that may have got another hashtag: who has it already does not get it again."""
    return [queries.FAN_OUT_TAGS.bind(status_id=status_id)]


def reblog_to_readers(status_id: int, author_id: int, *, local: bool) -> list[Bound[Any]]:
    """The same for a reblog, which only those get who want the account's reblogs."""
    recent_id = ids.id_at(clock.now() - REPEAT_AFTER)
    return [
        queries.FAN_OUT_REBLOG.bind(status_id=status_id, recent_id=recent_id),
        queries.FAN_OUT_LISTS_REBLOG.bind(status_id=status_id, recent_id=recent_id),
        *(to_author(status_id, author_id) if local else ()),
    ]


def to_author(status_id: int, author_id: int) -> list[Bound[Any]]:
    """The same for what only its author sees, who lives here."""
    return [queries.ADD_HOME.bind(account_id=author_id, status_id=status_id)]


async def taken_away(
    tx: Tx, status_id: int, author_id: int, visibility: str, *, local: bool, reblog: bool
) -> None:
    """Tell those who listen that a status goes, and its reblogs with it; to be called before it does."""
    mentioned, tagged, repeated = await tx.batch(
        queries.MENTIONED_IDS.bind(status_id=status_id),
        queries.TAG_IDS.bind(status_id=status_id),
        queries.REPEATED.bind(status_id=status_id, limit=MOST_REBLOGS_TOLD),
    )
    tx.events.append(
        Deleted(
            status_id,
            author_id,
            visibility,
            local,
            reblog,
            mentioned=[row[0] for row in mentioned],
            tag_ids=[row[0] for row in tagged],
        )
    )
    for id_, account_id, audience, here in repeated:
        tx.events.append(Deleted(id_, account_id, audience, bool(here), True, mentioned=[], tag_ids=[]))
