"""Reading documents. Adopting them is `actions`."""

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.documents import queries
from fedcoop.documents.types import Version
from fedcoop.errors import NotFound


async def current(tx: Tx, document: str) -> Version | None:
    """The version in force now; None where there is none, or it was withdrawn."""
    return await at(tx, document, clock.now())


async def at(tx: Tx, document: str, moment: int) -> Version | None:
    """The version that is in force at a moment."""
    found = await tx.one(queries.IN_FORCE, document=document, moment=moment)
    return found if found is not None and found.text else None


async def versions(tx: Tx, document: str) -> list[Version]:
    """Every version, newest first. Raises `NotFound` where there never was one."""
    found = await tx.all(queries.VERSIONS, document=document)
    if not found:
        raise NotFound
    return found


async def next_after(tx: Tx, current: Version) -> Version | None:
    """The version that is adopted already and will replace this one, if there is one."""
    found = await tx.all(queries.VERSIONS, document=current.document)
    later = [each for each in found if each.version > current.version and each.effective_at > clock.now()]
    return min(later, key=lambda each: each.effective_at) if later else None
