"""A real server with people on it, on each kind of database, to be killed. Rounds: `FEDCOOP_CRASH_ROUNDS`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import asyncpg
import pytest

from fedcoop import accounts, config
from fedcoop.accounts.types import NewAccount
from fedcoop.config import Config
from fedcoop.db import Tx, opened
from fedcoop.oauth import actions as oauth
from moderation.members import actions as members
from tests.activitypub.remote import Remote
from tests.conftest import CRASH_ROUNDS
from tests.crash.elsewhere import elsewhere
from tests.flows.processes import Client, Process
from tests.keys import spare_keys
from tests.postgres import POSTGRES
from tests.words import ALL_SCOPES

T = TypeVar("T")
Founded = Callable[..., tuple[Process, list[Client]]]


@pytest.fixture
def empty_postgres() -> Iterator[str]:
    """The URL of a database without tables; skips where no PostgreSQL runs."""
    name = f"fedcoop_crash_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"

    async def do(*statements: str) -> None:
        admin = await asyncpg.connect(POSTGRES)
        for statement in statements:
            await admin.execute(statement)
        await admin.close()

    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    try:
        asyncio.run(do(drop, f"CREATE DATABASE {name}"))
    except OSError as problem:
        pytest.skip(f"no PostgreSQL at {POSTGRES}: {problem}")
    yield f"{POSTGRES.rpartition('/')[0]}/{name}"
    asyncio.run(do(drop))


@pytest.fixture
def sqlite_settings() -> dict[str, str]:
    return {}


@pytest.fixture
def postgresql_settings(empty_postgres: str) -> dict[str, str]:
    return {"database_url": empty_postgres}


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> dict[str, str]:
    """What a server must be told to keep its data in each kind of database."""
    return dict(request.getfixturevalue(f"{request.param}_settings"))


@pytest.fixture(params=["sqlite", "postgresql"])
def many_settings(request: pytest.FixtureRequest) -> dict[str, str]:
    """The same; in a few rounds SQLite alone, to be quick."""
    if request.param == "postgresql" and CRASH_ROUNDS < 3:
        pytest.skip("PostgreSQL is tried from three rounds on (FEDCOOP_CRASH_ROUNDS)")
    return dict(request.getfixturevalue(f"{request.param}_settings"))


@pytest.fixture
def founded(tmp_path: Path) -> Iterator[Founded]:
    """Makes a server that does not serve yet, and people with tokens, who are members."""
    with ExitStack() as stack:

        def make(
            *names: str, constitution: str = "social-coop", **settings: str
        ) -> tuple[Process, list[Client]]:
            server = Process(tmp_path / "coop", constitution=constitution, **settings)
            stack.callback(server.stop)
            tokens = asyncio.run(_join(server, names))
            return server, [Client(server, name, token) for name, token in tokens.items()]

        yield make


async def _join(server: Process, names: tuple[str, ...]) -> dict[str, str]:
    """As the command line does it, without its second or two for each."""
    tokens = {}
    async with _writing(server) as (tx, settings):
        for number, name in enumerate(names):
            new = NewAccount(
                username=name,
                email=f"{name}@example.test",
                password_hash="-",
                keys=spare_keys(number),
                by_operator=True,
            )
            account = await accounts.actions.create(tx, settings, new)
            await members.admit(tx, account, because="admin:test")
            tokens[name] = await oauth.issue(tx, account.id, ALL_SCOPES, "tests")
    return tokens


@asynccontextmanager
async def _writing(server: Process) -> AsyncIterator[tuple[Tx, Config]]:
    own = {key: value for key, value in server.env.items() if key.startswith("FEDCOOP_")}
    settings = config.load(str(server.data), env=own)
    async with opened(settings) as db, db.write(durable=True) as tx:
        yield tx, settings


def within(server: Process, do: Callable[[Tx, Config], Awaitable[T]]) -> T:
    """Do something in the server's database beside it, as the command line does; what comes of it."""

    async def done() -> T:
        async with _writing(server) as (tx, settings):
            return await do(tx, settings)

    return asyncio.run(done())


@pytest.fixture
def remote() -> Iterator[Remote]:
    """A server elsewhere, which is never killed."""
    with elsewhere() as found:
        yield found
