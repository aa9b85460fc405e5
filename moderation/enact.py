"""Carrying out what passed. Entry and act are one transaction, the entry first: no entry, no act."""

import msgspec

from fedcoop import clock, jobs
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotAllowed
from fedcoop.ids import ProposalId
from fedcoop.jobs.deciding import EnactProposal, ExpireDecision, ReviewProposal
from moderation import assembly
from moderation.acts import force
from moderation.acts.actions import carry_out
from moderation.acts.types import act_from, to_data
from moderation.acts.words import office_name, say
from moderation.ledger import actions as ledger
from moderation.ledger.canonical import canonical
from moderation.ledger.entries import SYSTEM
from moderation.mandates import access as mandates
from moderation.members.naming import log_name
from moderation.powers import actions as powers
from moderation.proposals import access, queries, rivals
from moderation.proposals.types import Aftermath, Proposal, StoredAct, StoredTally


async def enact(tx: Tx, proposal: Proposal, *, actor: str = SYSTEM, config: Config) -> list[str]:
    """Carry out the acts of a proposal whose votes were counted and which passed, those of an option only if it
    won; a sentence for each. Raises NotAllowed for any other proposal."""
    tally = await tx.one(queries.TALLIES, ids=[proposal.id])
    if tally is None or not tally.passed:
        raise NotAllowed("Only a proposal that has passed is carried out.")
    said: list[str] = []
    for stored in await tx.all(queries.ACTS, ids=[proposal.id]):
        if stored.carried_out_at is not None or stored.option not in (None, *tally.winners):
            continue
        said.append(await one(tx, proposal, stored, tally, actor=actor, config=config))
    await powers.decided(tx, proposal, passed=True, config=config)
    if said:
        await tx.execute(queries.ENACTED, proposal_id=proposal.id, at=clock.now())
        await _later(tx, proposal)
    return said


async def follow(tx: Tx, proposal: Proposal, *, now: int, config: Config) -> str:
    """What its rule has follow a proposal that passed: its acts at once or after a delay, or somebody's hand; a
    sentence about it, empty where there is nothing to do."""
    after = proposal.decided_by.after
    if after.delay.ms:
        await tx.execute(queries.ENACT_AT, proposal_id=proposal.id, at=now + after.delay.ms)
    if after.executor:
        return f"It waits for somebody who holds the office “{office_name(after.executor)}” to carry it out."
    if after.delay.ms:
        await jobs.add(tx, EnactProposal(proposal_id=proposal.id), run_at=now + after.delay.ms)
        return f"It is carried out in {after.delay}."
    if not await tx.all(queries.ACTS, ids=[proposal.id]):
        return ""
    return done(await enact(tx, proposal, config=config))


def done(said: list[str]) -> str:
    """What was carried out, as the assembly tells it."""
    return f"Carried out: {' '.join(said)}" if said else ""


async def one(
    tx: Tx, proposal: Proposal, stored: StoredAct, tally: StoredTally, *, actor: str, config: Config
) -> str:
    """Carry out one act of what passed; a sentence about it."""
    act = stored.act
    logged, undo = await carry_out(
        tx,
        act,
        because=f"proposal:{proposal.id}",
        body={"proposal": str(proposal.id), "position": stored.position},
        refs=(tally.ledger_index,),
        actor=actor,
        config=config,
    )
    await tx.execute(
        queries.ACT_DONE,
        of_proposal=proposal.id,
        at_position=stored.position,
        new_inverse=None if undo is None else canonical(to_data(undo)).decode(),
        at=clock.now(),
        index=logged.index,
    )
    return say(act)


async def _later(tx: Tx, proposal: Proposal) -> None:
    """Set the days on which the rule has a decision looked at again, and undone."""
    after = proposal.decided_by.after
    if after.review is not None:
        at = clock.now() + after.review.ms
        before = await tx.one(queries.AFTERMATH, proposal_id=proposal.id)
        kept = before or Aftermath(proposal.id, "", None, None, None, None)
        await tx.execute(
            queries.PUT_AFTERMATH, **msgspec.structs.asdict(msgspec.structs.replace(kept, review_at=at))
        )
        await jobs.add(tx, ReviewProposal(proposal_id=proposal.id), run_at=at)
    if after.expiry is not None:
        await jobs.add(tx, ExpireDecision(proposal_id=proposal.id), run_at=clock.now() + after.expiry.ms)


async def enact_by_hand(tx: Tx, account: Account, proposal_id: ProposalId, *, config: Config) -> Proposal:
    """Carry out what the rule leaves to an office, by somebody who holds it. Raises NotFound, Invalid for what
    does not wait for that (yet), and NotAllowed for others."""
    log = await ledger.take(tx)
    proposal = await access.visible(tx, account.id, proposal_id)
    office = proposal.decided_by.after.executor
    if proposal.state != "passed" or not office:
        raise Invalid("This proposal does not wait for anybody to carry it out.")
    if any(each.state == "open" for each in await rivals.together(tx, proposal)):
        raise Invalid("What competes with this proposal is still voted on.")
    if await mandates.holds(tx, account.id, office) is None:
        raise NotAllowed(f"Only somebody who holds the office “{office_name(office)}” carries this out.")
    if proposal.enact_at is not None and ledger.moment(log) < proposal.enact_at:
        raise Invalid(f"This is carried out from {clock.iso(proposal.enact_at)} on.")
    said = await enact(tx, proposal, actor=await log_name(tx, account.id), config=config)
    if not said:
        raise Invalid("None of the options that won has anything to be carried out.")
    await assembly.add(tx, proposal, done(said), config=config)
    return await access.visible(tx, account.id, proposal_id)


async def expire(tx: Tx, proposal_id: ProposalId, *, config: Config) -> None:
    """Undo a decision whose time is over, as far as it still stands; once, and not before its time."""
    log = await ledger.take(tx)
    proposal = await tx.one(queries.BY_ID, id=proposal_id)
    if proposal is None or proposal.state != "enacted" or proposal.enacted_at is None:
        return
    span = proposal.decided_by.after.expiry
    if span is None:
        return
    if ledger.moment(log) < proposal.enacted_at + span.ms:
        await jobs.add(tx, ExpireDecision(proposal_id=proposal_id), run_at=proposal.enacted_at + span.ms)
        return
    said = []
    for stored in reversed(await tx.all(queries.ACTS, ids=[proposal_id])):
        undo = None if stored.inverse is None else act_from(msgspec.json.decode(stored.inverse))
        if undo is None or stored.ledger_index is None:
            continue
        if await force.put_there_by(tx, stored.act) != stored.ledger_index:
            continue
        await carry_out(
            tx,
            undo,
            because=f"proposal:{proposal.id}",
            entry="act_expired",
            body={"proposal": str(proposal.id), "position": stored.position},
            refs=(stored.ledger_index,),
            config=config,
        )
        said.append(say(undo))
    await tx.execute(queries.EXPIRED, proposal_id=proposal_id)
    if said:
        await assembly.add(tx, proposal, "Its time is over: " + " ".join(said), config=config)
