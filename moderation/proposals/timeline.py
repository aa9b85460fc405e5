"""The stations of a proposal, with the ledger entry of each: what happened, and what comes next."""

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.ids import AccountId, ProposalId

from . import access, queries
from .types import Extension, Proposal, Step, StoredAct, StoredTally, Version

LONGER = {
    "proposer": "The proposer kept voting open longer",
    "quiet_ending": "The result turned late, so voting goes on",
    "raised": "A member raised it: the larger rule decides",
}


async def timeline(tx: Tx, viewer_id: AccountId | None, proposal_id: ProposalId) -> list[Step]:
    """The stations in their order. Raises NotFound."""
    proposal = await access.visible(tx, viewer_id, proposal_id)
    acts = await tx.all(queries.ACTS, ids=[proposal_id])
    tally = await tx.one(queries.TALLIES, ids=[proposal_id])
    longer = await tx.all(queries.EXTENSIONS, proposal_id=proposal_id)
    versions = await tx.all(queries.VERSIONS, proposal_id=proposal_id)
    return steps(proposal, versions, acts, tally, longer)


def steps(
    proposal: Proposal,
    versions: list[Version],
    acts: list[StoredAct],
    tally: StoredTally | None,
    longer: list[Extension],
) -> list[Step]:
    """The stations, from the rows."""
    first = versions[0].ledger_index if versions else proposal.ledger_index
    found = [_done("Proposed", proposal.created_at, first)]
    found += [
        _done(f"Amended: version {each.number}", each.created_at, each.ledger_index) for each in versions[1:]
    ]
    if proposal.opened_index is not None:
        found.append(_done("Voting opened", proposal.opens_at, proposal.opened_index))
    found += [_done(LONGER[each.because], each.extended_at, each.ledger_index) for each in longer]
    if proposal.state == "withdrawn":
        return [*found, _done("Withdrawn by the proposer", proposal.closed_at, None)]
    if proposal.opened_index is None:
        return [*found, _next("Voting opens", proposal.opens_at), _next("Voting closes", None)]
    if tally is None:
        found.append(_next("Voting closes", proposal.closes_at))
        return [*found, _next("Carried out, if it passes", None)] if acts else found
    verdict = "passed" if tally.passed else "failed"
    found.append(_done(f"Counted: {verdict}", tally.counted_at, tally.ledger_index))
    if tally.passed and acts:
        done = proposal.enacted_at is not None
        found.append(
            _done("Carried out", proposal.enacted_at, acts[0].ledger_index)
            if done
            else _next("Carried out", proposal.enact_at)
        )
    return found


def _done(words: str, at: int | None, ledger_index: int | None) -> Step:
    return Step(words, clock.iso_or_none(at), True, ledger_index)


def _next(words: str, at: int | None) -> Step:
    return Step(words, clock.iso_or_none(at), False, None)
