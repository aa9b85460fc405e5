"""Fixtures that every test may ask for: a database of each kind, and a clock that is put right afterwards."""

from __future__ import annotations

import asyncio
import gc
import itertools
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from fedcoop import clock
from fedcoop.db import Database, fulltext
from fedcoop.db.schema import metadata
from fedcoop.db.schema.search import FULL_TEXT
from fedcoop.db.statement import Compiled, DialectName, Statement
from tests.environment import forget_settings, setting
from tests.keys import VAULT
from tests.postgres import drop_databases, empty_database
from tests.words import Server, running

CRASH_ROUNDS = int(setting("FEDCOOP_CRASH_ROUNDS", "1"))
"""How often each test of `tests/crash` kills its server."""
DIALECTS: dict[DialectName, Any] = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}
forget_settings()

# How long a machine takes that has other work says nothing about what is tested.
hypothesis.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("unhurried")


def pytest_collection_finish() -> None:
    """What was imported stays to the end: the collector need not look at it after every few servers."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _clock_put_right() -> Iterator[None]:
    yield
    clock.reset()


@cache
def _schema(name: DialectName) -> list[str]:
    """What makes the present schema. Writing it out takes longer than carrying it out."""
    dialect: Any = DIALECTS[name]()
    made = []
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        made += [str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes]
    for table in FULL_TEXT:
        made += fulltext.ddl(table, name)
    return made


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    for statement in _schema("sqlite"):
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


@pytest.fixture(scope="session", autouse=True)
def _postgres_databases_dropped() -> Iterator[None]:
    yield
    asyncio.run(drop_databases())


@pytest.fixture
def sqlite_url(tmp_path: Path, _sqlite_template: Path) -> str:
    path = tmp_path / "fedcoop.sqlite3"
    shutil.copy(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database with the present schema, of each kind in turn."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return await empty_database(_schema("postgresql"))


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """An open database, once SQLite and once PostgreSQL."""
    database = Database(database_url, readers=1, vault=VAULT)
    await database.open()
    yield database
    await database.close()


@pytest.fixture(scope="session", autouse=True)
def _keys_made_once() -> Iterator[None]:
    """Making an RSA key takes a third of a second; tests share a few."""
    from fedcoop.accounts import keys
    from tests.keys import spare_keys

    real, numbers = keys.generate, itertools.count()
    keys.generate = lambda: spare_keys(next(numbers))
    yield
    keys.generate = real


@pytest.fixture
async def server(database_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """A whole server on loopback, once on SQLite and once on PostgreSQL."""
    async with running(database_url, str(tmp_path)) as made:
        yield made


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The SQL of every statement that is run, on either database; to be counted and cleared."""
    ran: list[str] = []
    real = Statement.compiled

    def noting(self: Statement[Any], dialect: DialectName) -> Compiled:
        compiled = real(self, dialect)
        ran.append(compiled.sql)
        return compiled

    monkeypatch.setattr(Statement, "compiled", noting)
    return ran


@pytest.fixture
async def other(tmp_path: Path, _sqlite_template: Path) -> AsyncIterator[Server]:
    """A second server, to federate with the first."""
    path = tmp_path / "other.sqlite3"
    shutil.copy(_sqlite_template, path)
    async with running(f"sqlite:///{path}", str(tmp_path / "other")) as made:
        yield made
