"""Finding accounts for staff. Who may is asked at the edge."""

from __future__ import annotations

from collections.abc import Iterable

from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.overseeing import queries
from fedcoop.overseeing.types import Overseen, Sought
from fedcoop.paging import Page
from fedcoop.text.domains import canonical


async def accounts(tx: Tx, page: Page, sought: Sought) -> list[Overseen]:
    """Accounts, newest first. Reads many rows: open the transaction with `db.scan()`. Raises `Invalid` for what is
    no domain."""
    return await queries.FOUND.all(
        tx,
        page,
        origin=sought.origin,
        state=sought.state,
        any_role=bool(sought.roles),
        roles=list(sought.roles),
        username=_beginning(sought.username),
        display_name=_beginning(sought.display_name),
        domain=canonical(sought.domain) if sought.domain else "",
        email=_beginning(sought.email),
    )


async def account(tx: Tx, id_: int) -> Overseen:
    """One account, also one that was deleted. Raises `NotFound`."""
    found = await by_ids(tx, [id_])
    if id_ not in found:
        raise NotFound
    return found[id_]


async def by_ids(tx: Tx, ids: Iterable[int]) -> dict[int, Overseen]:
    """These accounts, by id."""
    return {each.id: each for each in await tx.all(queries.BY_IDS, ids=list(set(ids)))}


def _beginning(text: str) -> str:
    """The pattern of what begins so, in lower case; nothing for nothing."""
    text = text.strip().removeprefix("@").lower()
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return f"{text}%" if text else ""
