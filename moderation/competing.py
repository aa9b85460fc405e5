"""Which of several drafts that competed with each other is carried out: of those that passed the one with which
most agree. Making them is in `proposals.rivals`, checking it by the record in `ledger.replay_rivals`."""

from collections.abc import Mapping

import msgspec

from fedcoop import jobs
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.ids import ProposalId
from fedcoop.jobs.deciding import OpenProposal
from moderation import assembly, enact
from moderation.ledger import actions as ledger
from moderation.prevailing import prevailing
from moderation.proposals import queries, rivals
from moderation.proposals.types import Proposal, StoredTally


async def settle(tx: Tx, proposal: Proposal, *, now: int, config: Config) -> str:
    """After the votes of a proposal were counted, or it was withdrawn: once all that was voted on together is
    decided, carry out what prevails, on the record, and say below the others to what they yield. Gives what is
    to be said below this one."""
    together = await rivals.together(tx, proposal)
    if any(each.state == "open" for each in together):
        others = ", ".join(str(each.number) for each in together if each.state == "open")
        return f"It waits for the vote on what competes with it (proposal {others})."
    passed = [each for each in together if each.state == "passed" and each.enact_at is None]
    tallies = {each.proposal_id: each for each in await tx.all(queries.TALLIES, ids=[p.id for p in passed])}
    said: dict[int, str] = {}
    winner: ProposalId | None = passed[0].id if len(passed) == 1 else None
    if len(passed) > 1:
        winner = await _record(tx, passed, tallies, now)
        for each in passed:
            if each.id != winner:
                said[each.id] = await _yield(tx, each, passed, winner, tallies)
    for each in passed:
        if each.id == winner:
            said[each.id] = await enact.follow(tx, each, now=now, config=config)
    for each in passed:
        if each.id != proposal.id and said.get(each.id):
            await assembly.add(tx, each, said[each.id], config=config)
    for each in await rivals.others(tx, proposal):
        if each.state == "discussion":
            await jobs.add(tx, OpenProposal(proposal_id=each.id), run_at=max(now, each.opens_at or now))
    return said.get(proposal.id, "")


async def _record(
    tx: Tx, passed: list[Proposal], tallies: Mapping[ProposalId, StoredTally], now: int
) -> ProposalId | None:
    """Write down which of several that passed prevails, None for none."""
    winner = prevailing(
        {str(each.id): msgspec.json.decode(tallies[each.id].counts, type=dict[str, int]) for each in passed}
    )
    await ledger.append(
        tx,
        "rivals_decided",
        body={"proposals": [str(each.id) for each in passed], "prevails": winner},
        refs=tuple(tallies[each.id].ledger_index for each in passed),
        at=now,
    )
    return None if winner is None else ProposalId(int(winner))


async def _yield(
    tx: Tx,
    loser: Proposal,
    passed: list[Proposal],
    winner: ProposalId | None,
    tallies: Mapping[ProposalId, StoredTally],
) -> str:
    """Let a proposal fail that passed beside a stronger one, or an equal one; why, as a sentence."""
    stronger = next((each.number for each in passed if each.id == winner), None)
    if stronger is not None:
        why = f"It yields to proposal {stronger}, which competed with it and with which more agree."
    else:
        equal = ", ".join(str(each.number) for each in passed if each.id != loser.id)
        why = f"It is tied with proposal {equal}, which competed with it, so neither is carried out."
    await tx.execute(queries.YIELDED, proposal_id=loser.id)
    verdict = f"{tallies[loser.id].verdict} {why}"
    await tx.execute(queries.OVERRULED, of_proposal=loser.id, new_verdict=verdict)
    return why
