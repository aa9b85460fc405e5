"""An operator who is a member, and what the record says meanwhile."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator
from sqlalchemy import func, select

from fedcoop.db import statement
from fedcoop.db.schema.ledger import ledger_entries
from moderation import reconcile
from tests.conformance.description import DESCRIPTION, description
from tests.words import ALL_SCOPES, Person, Server

ADMIN_SCOPES = f"{ALL_SCOPES} admin:read admin:write admin:governance"
_SIZE = statement(select(func.count()).select_from(ledger_entries))


async def operator(server: Server, name: str = "ada") -> Person:
    """Somebody who runs the server and is a member: what they do alone is in the constitution's powers."""
    return await server.joins(name, role="admin", member=True, scopes=ADMIN_SCOPES)


async def entries(server: Server) -> int:
    """How many entries the ledger has."""
    async with server.db.read() as tx:
        return int(await tx.scalar(_SIZE))


async def assert_sound(server: Server) -> None:
    """The record holds, and the server is as it says."""
    await server.settle()
    async with server.db.scan() as tx:
        report = await reconcile.verify_local(tx)
        found = [*report.problems, *await reconcile.drift(tx, report)]
    assert not found, found


def complaints(schema: str, body: Any) -> list[str]:
    """What an entity has that Mastodon's description of it does not allow, or lacks."""
    if not DESCRIPTION.exists():
        return []
    described = {"$ref": f"#/components/schemas/{schema}", "components": description()["components"]}
    return [error.message for error in Draft202012Validator(described).iter_errors(body)]
