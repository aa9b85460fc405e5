"""Carrying out what passed. Entry and act are one transaction, the entry first: no entry, no act."""

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import NotAllowed
from moderation.acts.actions import carry_out
from moderation.acts.types import to_data
from moderation.acts.words import say
from moderation.ledger.canonical import canonical
from moderation.powers import actions as powers
from moderation.proposals import queries
from moderation.proposals.types import Proposal


async def enact(tx: Tx, proposal: Proposal) -> list[str]:
    """Carry out all acts of a proposal whose votes were counted and which passed; a sentence for each. Raises
    NotAllowed for any other proposal."""
    tally = await tx.one(queries.TALLIES, ids=[proposal.id])
    if tally is None or not tally.passed:
        raise NotAllowed("Only a proposal that has passed is carried out.")
    said: list[str] = []
    for stored in await tx.all(queries.ACTS, ids=[proposal.id]):
        if stored.carried_out_at is not None:
            continue
        act = stored.act
        logged, undo = await carry_out(
            tx,
            act,
            because=f"proposal:{proposal.id}",
            body={"proposal": str(proposal.id), "position": stored.position},
            refs=(tally.ledger_index,),
        )
        await tx.execute(
            queries.ACT_DONE,
            of_proposal=proposal.id,
            at_position=stored.position,
            new_inverse=None if undo is None else canonical(to_data(undo)).decode(),
            at=clock.now(),
            index=logged.index,
        )
        said.append(say(act))
    await powers.decided(tx, proposal, passed=True)
    await tx.execute(queries.ENACTED, proposal_id=proposal.id, at=clock.now())
    return said
