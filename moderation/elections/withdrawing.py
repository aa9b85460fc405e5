"""Candidacies that end: by one's own wish in `actions`, and of whoever leaves the co-operative."""

import msgspec

from fedcoop.db import Tx
from moderation.ledger import actions as ledger

from . import queries
from .types import Candidacy


async def leave_all(tx: Tx, account_id: int) -> None:
    """Stand nowhere any longer where voting has not opened: of somebody who leaves the co-operative."""
    for each in await tx.all(queries.WAITING_OF, account_id=account_id, states=["stands"]):
        if each.option is None:
            await withdraw(tx, each)


async def withdraw(tx: Tx, before: Candidacy) -> None:
    """Take a candidacy back, on the record, and forget its statement."""
    logged = await ledger.append(
        tx,
        "candidacy",
        actor=before.log_name,
        body={"proposal": str(before.proposal_id), "stands": False},
        refs=(before.ledger_index,),
    )
    withdrawn = msgspec.structs.replace(
        before, state="withdrawn", words="", html="", ledger_index=logged.index
    )
    await tx.execute(queries.PUT, **msgspec.structs.asdict(withdrawn))
