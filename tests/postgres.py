"""PostgreSQL databases for the tests: each worker has one, which is emptied before a test that asks for it. For
SQLite the tests copy a file, see `conftest`."""

from __future__ import annotations

import os

import asyncpg
import pytest

from tests.environment import setting

POSTGRES = setting("FEDCOOP_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")

SHAPE = """
SELECT (SELECT sum(hashtext(oid || relname || relnatts)) FROM pg_class WHERE oid > 16383)::text
    || ' ' || (SELECT coalesce(sum(hashtext(oid || tgname)), 0) FROM pg_trigger WHERE oid > 16383)::text
    || ' ' || (SELECT coalesce(sum(hashtext(oid || conname)), 0) FROM pg_constraint WHERE oid > 16383)::text
    || ' ' || (SELECT coalesce(sum(oid::bigint), 0) FROM pg_proc WHERE oid > 16383)::text
"""
"""Changes with every table, column, index, trigger, constraint and function that comes or goes."""

# Making a database costs half a second on a disk that has other work, for dropping one waits for a checkpoint;
# deleting a test's few rows costs a tenth of that. Long tables are cut off: what is deleted stays behind in them.
EMPTIED = """
DO $$
DECLARE
  one regclass;
  size bigint;
BEGIN
  PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
   WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;  -- foreign keys rest, so any order will do
  FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
    size := pg_relation_size(one);
    IF size > 262144 THEN
      EXECUTE format('TRUNCATE %s CASCADE', one);
    ELSIF size > 0 THEN
      EXECUTE format('DELETE FROM %s', one);
    END IF;
  END LOOP;
  PERFORM setval(oid, 1, false) FROM pg_class WHERE relkind = 'S';
  DELETE FROM pg_statistic WHERE starelid > 16383;  -- or plans would depend on the test before
END $$
"""

_shapes: dict[str, str] = {}
"""The shape of each database made here, by its name."""


async def empty_database(ddl: list[str]) -> str:
    """The URL of this worker's database, with the tables that `ddl` makes and nothing in them. Skips where no
    server runs."""
    name = f"fedcoop_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    url = f"{POSTGRES.rpartition('/')[0]}/{name}"
    if name not in _shapes or not await _emptied(url, _shapes[name]):
        _shapes[name] = await _made(name, url, ddl)
    return url


async def drop_databases() -> None:
    """Remove what was made."""
    if _shapes:
        admin = await _admin()
        while _shapes:
            await admin.execute(f"DROP DATABASE IF EXISTS {_shapes.popitem()[0]} WITH (FORCE)")
        await admin.close()


async def _emptied(url: str, shape: str) -> bool:
    """Empty it, unless a test changed its tables and left it so."""
    connection = await asyncpg.connect(url)
    try:
        same: bool = await connection.fetchval(SHAPE) == shape
        if same:
            await connection.execute(EMPTIED)
        return same
    finally:
        await connection.close()


async def _made(name: str, url: str, ddl: list[str]) -> str:
    admin = await _admin()
    await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await admin.execute(f"CREATE DATABASE {name} STRATEGY WAL_LOG")
    # The tests kill fedcoop, never PostgreSQL: nothing is lost by not waiting for the disk.
    await admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    await admin.close()
    connection = await asyncpg.connect(url)
    await connection.execute(";\n".join(ddl))
    shape: str = await connection.fetchval(SHAPE)
    await connection.close()
    return shape


async def _admin() -> asyncpg.Connection:
    try:
        return await asyncpg.connect(POSTGRES)
    except (OSError, asyncpg.PostgresError) as problem:
        pytest.skip(f"no PostgreSQL at {POSTGRES}: {problem}")
