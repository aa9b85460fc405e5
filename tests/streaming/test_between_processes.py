"""Events reach those who listen after the commit, also from another process on the same database."""

from __future__ import annotations

import asyncio

import pytest

from fedcoop.db import Database
from fedcoop.events import AccessEnded, Deleted, Event, Posted
from tests.keys import VAULT

GONE = Deleted(3, 4, "public", True, False, mentioned=[5], tag_ids=[6])


async def test_what_is_rolled_back_is_told_to_nobody(db: Database) -> None:
    heard: list[Event] = []
    async with db.events(heard.extend):
        with pytest.raises(ZeroDivisionError):
            async with db.write() as tx:
                tx.events.append(Posted(1))
                raise ZeroDivisionError
        async with db.write() as tx:
            tx.events.append(Posted(2))
            assert heard == []
        assert heard == [Posted(2)]
    async with db.write() as tx:
        tx.events.append(Posted(3))
    assert heard == [Posted(2)]


async def test_another_process_hears_it_once(db: Database) -> None:
    if db.dialect == "sqlite":
        pytest.skip("with SQLite there is one process")
    here: list[Event] = []
    there: asyncio.Queue[Event] = asyncio.Queue()

    def noted(events: list[Event]) -> None:
        for event in events:
            there.put_nowait(event)

    other = Database(db.url, vault=VAULT)
    await other.open()
    try:
        async with db.events(here.extend), other.events(noted):
            async with db.write() as tx:
                tx.events += [Posted(1), GONE]
            async with db.write() as tx:
                tx.events.append(AccessEnded())
            async with asyncio.timeout(10):
                assert [await there.get() for _ in range(3)] == [Posted(1), GONE, AccessEnded()]
            async with other.write() as tx:
                tx.events.append(Posted(2))
            assert await there.get() == Posted(2)
            async with asyncio.timeout(10):
                while Posted(2) not in here:
                    await db_turn(db)
        assert here == [Posted(1), GONE, AccessEnded(), Posted(2)]
        assert there.empty()
    finally:
        await other.close()


async def db_turn(db: Database) -> None:
    """Let the database answer something, so that what it has to say can arrive."""
    from fedcoop.statuses import queries

    async with db.read() as tx:
        await tx.scalar(queries.TOMBSTONE, uri="")
