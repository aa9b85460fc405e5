"""A real server with people on it, on each kind of database, to be killed. Rounds: `FEDCOOP_CRASH_ROUNDS`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import asyncpg
import pytest

from fedcoop import accounts, config
from fedcoop.accounts.types import NewAccount
from fedcoop.db import opened
from fedcoop.oauth import actions as oauth
from moderation.members import actions as members
from tests.activitypub.remote import Remote
from tests.crash.elsewhere import elsewhere
from tests.flows.processes import Client, Process
from tests.keys import spare_keys
from tests.postgres import POSTGRES
from tests.words import ALL_SCOPES

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


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> dict[str, str]:
    """What a server must be told to keep its data in each kind of database."""
    if request.param == "sqlite":
        return {}
    return {"database_url": str(request.getfixturevalue("empty_postgres"))}


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
    own = {key: value for key, value in server.env.items() if key.startswith("FEDCOOP_")}
    settings = config.load(str(server.data), env=own)
    tokens = {}
    async with opened(settings) as db, db.write(durable=True) as tx:
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


@pytest.fixture
def remote() -> Iterator[Remote]:
    """A server elsewhere, which is never killed."""
    with elsewhere() as found:
        yield found
