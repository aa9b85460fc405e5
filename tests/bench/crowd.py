"""Very many statuses at once, for `growth`: the rows that receiving each of them would write, written in bulk."""

from __future__ import annotations

import msgspec

from fedcoop import clock, ids
from fedcoop.accounts.types import Account
from fedcoop.db import Database
from fedcoop.ids import StatusId
from fedcoop.relationships import actions as relationships
from fedcoop.statuses import queries
from fedcoop.statuses.remote import receive
from fedcoop.statuses.types import RemoteStatus, Status
from fedcoop.timelines.queries import FAN_OUT
from tests.people import stranger

FOLLOWED = 1000
STRANGERS = 1000
"""Accounts that write as much but are not followed."""
AT_ONCE = 5000
SPAN = 30 * clock.DAY
"""The statuses are spread over this time up to now."""


async def accounts(db: Database) -> list[Account]:
    """The authors, on a hundred servers. The followed ones come first."""
    async with db.write() as tx:
        return [
            await stranger(tx, f"author{number}@town{number % 100}.test")
            for number in range(FOLLOWED + STRANGERS)
        ]


async def follow_all(db: Database, reader: Account, authors: list[Account]) -> None:
    """The verbs themselves: the reader asks to follow, the author's server accepts."""
    async with db.write() as tx:
        for author in authors[:FOLLOWED]:
            await relationships.follow(tx, reader, author)
            await relationships.accepted(tx, reader, author)


async def write(db: Database, authors: list[Account], count: int) -> None:
    """`count` statuses, each author's turn coming round. One is received by the verb and is the pattern of the
    others; each gets its own row, its home entries and its author's count, by the verb's own statements."""
    pattern = await _received(db, authors[0])
    first = clock.now() - SPAN
    for begin in range(1, count, AT_ONCE):
        made = [
            _like(pattern, _author(authors, number), first + SPAN * number // count)
            for number in range(begin, min(begin + AT_ONCE, count))
        ]
        async with db.write() as tx:
            await tx.many(queries.INSERT_UNLESS_KNOWN, [msgspec.structs.asdict(status) for status in made])
            await tx.many(FAN_OUT, [{"status_id": status.id} for status in made])
            await tx.many(
                queries.COUNT_STATUS,
                [{"account_id": status.account_id, "at": status.created_at} for status in made],
            )


def _author(authors: list[Account], number: int) -> Account:
    """A followed one and a stranger in turn, so that the reader's timeline reaches over the whole time."""
    return authors[number // 2 % FOLLOWED + number % 2 * STRANGERS]


async def _received(db: Database, author: Account) -> Status:
    remote = RemoteStatus(
        uri=f"{author.uri}/statuses/first",
        url=f"{author.url}/first",
        visibility="public",
        content="<p>The quick brown fox jumps over the lazy dog, as real people do all day long.</p>" * 2,
        created_at=clock.now() - SPAN,
    )
    async with db.write() as tx:
        status = await receive(tx, author, remote)
    if status is None:
        raise RuntimeError("the first status was not stored: nobody follows its author")
    return status


def _like(pattern: Status, author: Account, at: int) -> Status:
    id_ = StatusId(ids.id_at(at))
    return msgspec.structs.replace(
        pattern,
        id=id_,
        uri=f"{author.uri}/statuses/{id_}",
        url=f"{author.url}/{id_}",
        account_id=author.id,
        conversation_id=id_,
        created_at=at,
    )
