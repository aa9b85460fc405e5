"""Reading relays: which there are, and whether somebody is one that we belong to."""

from fedcoop.db import Tx

from . import queries
from .types import Relay


async def listed(tx: Tx) -> list[Relay]:
    """Every relay that members decided to join, whatever it has answered."""
    return await tx.all(queries.ALL)


async def accepted(tx: Tx) -> list[Relay]:
    """The relays that take posts from us."""
    return await tx.all(queries.ACCEPTED)


async def by_actor(tx: Tx, uri: str) -> Relay | None:
    """The relay that this actor is, if it has accepted us."""
    return await tx.one(queries.BY_ACTOR, uri=uri)


async def by_follow(tx: Tx, uri: str) -> Relay | None:
    """The relay that was asked with this Follow."""
    return await tx.one(queries.BY_FOLLOW, uri=uri) if uri else None
