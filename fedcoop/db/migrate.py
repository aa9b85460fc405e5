"""Bringing a database to the present schema, with Alembic. The migrations are in `migrations/versions`.

SQLAlchemy's engine and Alembic are imported when they are needed: a server whose schema is current starts
without them.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import column, select, table

from fedcoop.db import fulltext
from fedcoop.db.database import Database
from fedcoop.db.statement import statement

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig
    from sqlalchemy import Connection, Engine

T = TypeVar("T")

HERE = Path(__file__).parent / "migrations"

_CURRENT = statement(select(column("version_num")).select_from(table("alembic_version")))


def newest() -> str:
    """The revision that this version of the program wants: the name of the last migration's file."""
    return max(path.stem.split("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))


async def is_current(db: Database) -> bool:
    """Whether the open database has the newest schema."""
    try:
        async with db.read() as tx:
            return bool(await tx.scalar(_CURRENT) == newest())
    except Exception as problem:
        # Neither driver has an own exception for a missing table; an empty database is simply not current.
        if "alembic_version" in str(problem):
            return False
        raise


async def upgrade(url: str, revision: str = "head") -> None:
    """Run every migration that the database has not had yet, up to `revision`. Creates an SQLite file that is not
    there."""
    await _with_connection(url, lambda connection: _command("upgrade", connection, revision))


async def revise(url: str, message: str, number: str) -> None:
    """Write a new migration from what the schema has and the database has not."""

    def run(connection: Connection) -> None:
        _command("revision", connection, message=message, autogenerate=True, rev_id=number)

    await _with_connection(url, run)


async def at(url: str, run: Callable[[Connection], T]) -> T:
    """What `run` answers about the database as SQLAlchemy sees it, in one transaction."""
    return await _with_connection(url, run)


async def differences(url: str) -> list[Any]:
    """What distinguishes the database from the schema in the code; nothing when all is well."""

    def run(connection: Connection) -> list[Any]:
        from alembic.autogenerate import compare_metadata
        from alembic.runtime.migration import MigrationContext

        from fedcoop.db.schema import metadata

        def include(name: str | None, _type: str, _parents: object) -> bool:
            return not fulltext.ours(name)

        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": include})
        return list(compare_metadata(context, metadata))

    return await _with_connection(url, run)


def _command(name: str, connection: Connection, *args: Any, **options: Any) -> None:
    from alembic import command

    getattr(command, name)(_alembic(connection), *args, **options)


def _alembic(connection: Connection) -> AlembicConfig:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


async def _with_connection(url: str, run: Callable[[Connection], T]) -> T:
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    scheme, _, rest = url.partition("://")
    driver = "sqlite+aiosqlite" if scheme == "sqlite" else "postgresql+asyncpg"
    # Opened as the server does it first: what is wrong with it is said in the same words.
    database = Database(url)
    await database.open()
    await database.close()
    engine = create_async_engine(f"{driver}://{rest}", poolclass=NullPool)
    if scheme == "sqlite":
        _begin_by_hand(engine.sync_engine)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(run)
    finally:
        await engine.dispose()


def _begin_by_hand(engine: Engine) -> None:
    """Python's driver begins no transaction before CREATE or ALTER TABLE, so that a migration cut off half-way
    would stay half done. As it is, all migrations are one transaction, as on PostgreSQL."""
    from sqlalchemy import event

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


async def _write_revision(message: str) -> None:
    number = f"{int(newest()) + 1:04d}" if list((HERE / "versions").glob("[0-9]*.py")) else "0001"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/newest.sqlite3"
        if number != "0001":
            await upgrade(url)
        await revise(url, message, number)


if __name__ == "__main__":
    asyncio.run(
        _write_revision(" ".join(sys.argv[1:]) or sys.exit("usage: make migration NAME='what changes'"))
    )
