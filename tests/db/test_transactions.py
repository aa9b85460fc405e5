"""Transactions: all or nothing, on both databases. The code is `fedcoop/db`."""

import asyncio
import threading
from typing import Any

import pytest
from sqlalchemy import bindparam, func, insert, select

from fedcoop.db import Database, any_of, sqlite, statement
from fedcoop.db.schema.instance import jobs, settings

PUT = statement(insert(settings))
GET = statement(select(settings.c.value).where(settings.c.key == bindparam("key")))
COUNT = statement(select(func.count()).select_from(settings))
LISTED = statement(select(settings.c.key).where(any_of(settings.c.key, "keys")).order_by(settings.c.key))


async def test_what_a_transaction_wrote_is_there_afterwards(db: Database) -> None:
    async with db.write() as tx:
        await tx.execute(PUT, key="a", value="1")
    async with db.read() as tx:
        assert await tx.scalar(GET, key="a") == "1"


async def test_an_exception_takes_everything_back(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.write(durable=True) as tx:
            await tx.execute(PUT, key="a", value="1")
            raise ZeroDivisionError
    async with db.read() as tx:
        assert await tx.scalar(COUNT) == 0


async def test_a_list_is_one_parameter(db: Database) -> None:
    async with db.write() as tx:
        await tx.many(PUT, [{"key": key, "value": "0"} for key in "abc"])
    async with db.scan() as tx:
        assert await tx.scalars(LISTED, keys=["a", "c", "x"]) == ["a", "c"]
        assert await tx.batch(LISTED.bind(keys=["b"]), COUNT.bind()) is not None


async def test_a_parameter_too_many_is_an_error(db: Database) -> None:
    async with db.read() as tx:
        with pytest.raises(TypeError, match="wrong"):
            await tx.scalar(GET, key="a", wrong=1)
        with pytest.raises(KeyError):
            await tx.scalar(GET)


async def test_a_literal_list_is_refused_when_the_statement_is_made() -> None:
    with pytest.raises(ValueError, match="any_of"):
        statement(select(jobs).where(jobs.c.id.in_([1, 2]))).compiled("sqlite")


async def test_waking_happens_after_the_commit_only(db: Database) -> None:
    woken: list[set[str]] = []
    db.on_wake(woken.append)
    with pytest.raises(ZeroDivisionError):
        async with db.write() as tx:
            tx.wake.add("inbox")
            raise ZeroDivisionError
    assert woken == []
    async with db.write() as tx:
        tx.wake.add("inbox")
    assert woken == [{"inbox"}]


async def test_who_is_stopped_while_opening_leaves_no_thread_behind(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread that is not done with the event loop when that ends says so in a traceback."""
    begun, go_on, real = threading.Event(), threading.Event(), sqlite.connect

    def slowly(path: Any, *, read_only: bool) -> Any:
        if threading.current_thread() is not threading.main_thread():
            begun.set()
            go_on.wait(10)
        return real(path, read_only=read_only)

    monkeypatch.setattr(sqlite, "connect", slowly)
    opening = asyncio.create_task(Database(sqlite_url).open())
    assert await asyncio.to_thread(begun.wait, 10)
    opening.cancel()
    asyncio.get_running_loop().call_later(0.05, go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert go_on.is_set(), "it did not wait for its thread"
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            # The last answer of a thread comes a moment before its end.
            thread.join(10)
            assert not thread.is_alive()
