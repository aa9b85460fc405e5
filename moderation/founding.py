"""Founding a co-operative: its ledger, its first constitution. What changes afterwards, members decide."""

from fedcoop.config import Config
from fedcoop.db import Tx
from moderation.constitution import Constitution
from moderation.constitution.force import InForce, adopt
from moderation.ledger import actions as ledger
from moderation.ledger import queries


async def found(tx: Tx, constitution: Constitution, *, config: Config) -> InForce:
    """Open the ledger and put the first constitution into force. Raises Conflict when this was done
    before."""
    await ledger.open_log(tx, config.domain)
    return await adopt(tx, constitution, because="founding")


async def founded(tx: Tx) -> bool:
    """Whether this server has a ledger."""
    return await tx.one(queries.LOG) is not None
