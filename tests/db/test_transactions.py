"""Transactions: all or nothing, on both databases. The code is `fedcoop/db`."""

import pytest
from sqlalchemy import bindparam, func, insert, select

from fedcoop.db import Database, any_of, statement
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
