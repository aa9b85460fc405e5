"""Who holds which office."""

import re

from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import AccountId

from . import queries
from .types import Mandate, MandateEntity, shown

MOST = 500
_OFFICE = re.compile(r"[a-z][a-z0-9_]{1,39}")


def office_of(text: str) -> str:
    """An office's name in its one form: `On call` is `on_call`. Raises Invalid."""
    office = "_".join(text.lower().replace("-", " ").replace("_", " ").split())
    if not _OFFICE.fullmatch(office):
        raise Invalid("An office is called by a word or two, such as moderator or on_call.", "acts")
    return office


async def holds(tx: Tx, account_id: AccountId, office: str) -> Mandate | None:
    """The mandate by which somebody holds an office now."""
    return await tx.one(queries.HELD, account_id=account_id, office=office)


async def held_by(tx: Tx, account_id: AccountId) -> list[Mandate]:
    """All offices that somebody holds."""
    return await tx.all(queries.HELD_BY, account_id=account_id)


async def listed(tx: Tx, *, office: str = "", past: bool = False) -> list[MandateEntity]:
    """The offices and who holds them, or held them; public."""
    rows = await tx.all(queries.LISTED, any_office=not office, office=office, past=past, limit=MOST)
    return [shown(*row) for row in rows]
