"""An empty database for a target that runs outside pytest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fedcoop.db import Database, migrate
from tests.keys import VAULT


@asynccontextmanager
async def fresh(folder: Path) -> AsyncIterator[Database]:
    """A migrated SQLite database in `folder`."""
    url = f"sqlite:///{folder / 'fuzz.sqlite3'}"
    await migrate.upgrade(url)
    db = Database(url, vault=VAULT)
    await db.open()
    try:
        yield db
    finally:
        await db.close()
