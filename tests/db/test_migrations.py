"""The migrations lead to exactly the schema in the code, on both databases: `fedcoop/db/migrate.py`."""

import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    func,
    select,
    text,
)

from fedcoop.db import Database, migrate, statement
from tests.keys import VAULT
from tests.postgres import POSTGRES


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    try:
        admin = await asyncpg.connect(POSTGRES)
    except OSError as problem:
        pytest.skip(f"no PostgreSQL at {POSTGRES}: {problem}")
    name = f"fedcoop_empty_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    await admin.execute(f"CREATE DATABASE {name}")
    yield f"{POSTGRES.rpartition('/')[0]}/{name}"
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


async def test_migrating_from_empty_gives_the_schema(empty: str) -> None:
    await migrate.upgrade(empty)
    assert await migrate.differences(empty) == []


def _fill(connection: Connection) -> set[str]:
    """One row in every table, each with the same number, so that all hang together; the tables that got one."""
    found = MetaData()
    found.reflect(connection)
    filled = set()
    for table in found.sorted_tables:
        if table.name != "alembic_version":
            row = {column.name: _value(column) for column in table.columns}
            connection.execute(table.insert().values(row))
            filled.add(table.name)
    return filled


def _value(column: Column[Any]) -> Any:
    match column.type:
        case LargeBinary():
            return b"1"
        case Boolean():
            return False
        case Integer():
            return 4_711
        case _:
            # Text that is a list in JSON as well, and a severity where a restriction has one.
            return "suspend" if column.name == "severity" else "[]"


def _count(connection: Connection) -> dict[str, int]:
    found = MetaData()
    found.reflect(connection)
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in found.sorted_tables
    }


async def test_what_the_first_version_kept_is_there_after_all_migrations(empty: str) -> None:
    await migrate.upgrade(empty, "0001")
    filled = await migrate.at(empty, _fill)
    assert len(filled) > 30
    await migrate.upgrade(empty)
    counts = await migrate.at(empty, _count)
    assert {name for name in filled if not counts.get(name)} == set()
    assert await migrate.differences(empty) == []


async def _full_text(url: str) -> list[Any]:
    """The indexes that SQLAlchemy does not know of, and what keeps them."""
    database = Database(url, vault=VAULT)
    await database.open()
    kept = (
        "SELECT name, sql FROM sqlite_master WHERE name LIKE 'fulltext_%' ORDER BY name"
        if database.dialect == "sqlite"
        else "SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'fulltext_%' ORDER BY indexname"
    )
    async with database.read() as tx:
        found = [tuple(row) for row in await tx.all(statement(text(kept)))]
    await database.close()
    return found


async def test_migrating_makes_the_indexes_of_words_that_the_schema_has(
    empty: str, database_url: str
) -> None:
    if empty.partition(":")[0] != database_url.partition(":")[0]:
        pytest.skip("two kinds of database")
    await migrate.upgrade(empty)
    found = await _full_text(empty)
    assert found
    assert found == await _full_text(database_url)


async def test_a_database_is_current_only_once_it_was_migrated(empty: str) -> None:
    await migrate.upgrade(empty)
    database = Database(empty, vault=VAULT)
    await database.open()
    assert await migrate.is_current(database)
    await database.close()


async def test_an_empty_database_is_not_current(empty: str) -> None:
    database = Database(empty, vault=VAULT)
    await database.open()
    assert not await migrate.is_current(database)
    await database.close()


async def test_a_migration_that_is_cut_off_has_not_begun(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = migrate._command

    def cut_off(*args: Any, **options: Any) -> None:
        run(*args, **options)
        raise ZeroDivisionError

    monkeypatch.setattr(migrate, "_command", cut_off)
    with pytest.raises(ZeroDivisionError):
        await migrate.upgrade(empty)
    monkeypatch.undo()
    await migrate.upgrade(empty)
    assert await migrate.differences(empty) == []


async def test_migrating_twice_changes_nothing(empty: str) -> None:
    await migrate.upgrade(empty)
    await migrate.upgrade(empty)
    assert await migrate.differences(empty) == []
