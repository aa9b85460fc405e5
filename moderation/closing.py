"""Closing a vote: counting, and carrying out in the same transaction. Its counterpart is `opening`."""

import asyncio
import base64
from collections.abc import Mapping

import msgspec

from fedcoop import jobs
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.ids import ProposalId
from fedcoop.jobs.deciding import CloseProposal, EnactProposal
from fedcoop.polls import actions as polls
from moderation import assembly, competing, enact, letters, window
from moderation.ballots import queries as ballots
from moderation.constitution import Rule
from moderation.delegations import queries as delegations
from moderation.elections import access as elections
from moderation.elections import seats
from moderation.elections.opening import in_record
from moderation.foreseeing import settled
from moderation.ledger import actions as ledger
from moderation.ledger.merkle import HASH
from moderation.powers import actions as powers
from moderation.proposals import queries, rivals
from moderation.proposals.types import Proposal
from moderation.tally import Electorate, Outcome, Vote, answers_given, tally


async def close_vote(tx: Tx, proposal_id: ProposalId, *, early: bool = False, config: Config) -> None:
    """Count the ballots of a vote whose time is over, write down the result, and carry out what passed
    unless its rule has it wait. Too early it comes back at the right time; `early`, it counts if nobody could
    turn the result any more. For what is not open it does nothing."""
    log = await ledger.take(tx)
    proposal = await tx.one(queries.BY_ID, id=proposal_id)
    if proposal is None or proposal.state != "open" or proposal.closes_at is None:
        return
    now = ledger.moment(log)
    rule = proposal.decided_by
    before_time = now < proposal.closes_at
    if before_time and not early:
        await jobs.add(tx, CloseProposal(proposal_id=proposal_id), run_at=proposal.closes_at)
        return
    if before_time:
        so_far, electorate = await window.answers_so_far(tx, proposal)
        if not (rule.window.early_close and settled(rule, proposal.asks, so_far, electorate)):
            return  # A ballot was changed since; the job for the closing time is waiting.
    trust, overridden = await _delegations(tx, proposal, rule, now)
    outcome = await count(tx, proposal, rule, trust)
    election = await elections.find(tx, proposal_id)
    await _record(tx, proposal, outcome, now, early=before_time, overridden=overridden)
    state = "passed" if outcome.passed else "failed"
    await tx.execute(queries.CLOSE, proposal_id=proposal_id, new_state=state, at=now)
    if await rivals.others(tx, proposal):
        done = await competing.settle(tx, proposal, now=now, config=config)
    elif not outcome.passed:
        done = await powers.decided(tx, proposal, passed=False, config=config)
    elif election is not None:
        answers = await _answers(tx, proposal, rule, trust)
        done = await seats.offer(tx, proposal, outcome.winners, answers, config=config)
    else:
        done = await enact.follow(tx, proposal, now=now, config=config)
    await assembly.answer(tx, proposal, outcome, done, config=config)
    await letters.plan(tx, proposal_id, "decided", config=config)
    if proposal.poll_id is not None:
        await polls.close(tx, proposal.poll_id)


async def enact_delayed(tx: Tx, proposal_id: ProposalId, *, config: Config) -> None:
    """Carry out a proposal whose rule had it wait; once, and not before its time."""
    log = await ledger.take(tx)
    proposal = await tx.one(queries.BY_ID, id=proposal_id)
    if proposal is None or proposal.state != "passed" or proposal.enact_at is None:
        return
    if ledger.moment(log) < proposal.enact_at:
        await jobs.add(tx, EnactProposal(proposal_id=proposal_id), run_at=proposal.enact_at)
        return
    done = enact.done(await enact.enact(tx, proposal, config=config))
    if done:
        await assembly.add(tx, proposal, done, config=config)


async def count(tx: Tx, proposal: Proposal, rule: Rule, trust: Mapping[str, str] | None = None) -> Outcome:
    """How the vote stands, by the rule that was frozen when it opened. Delegations come in when it closes."""
    votes, electorate = await _cast(tx, proposal)
    if (question := proposal.asks) is None:
        return tally(votes, electorate, rule, trust)
    # Some methods take seconds for thousands of voters; everybody else is served meanwhile.
    seed = proposal.electorate_root or ""
    return await asyncio.to_thread(tally, votes, electorate, rule, trust, question=question, seed=seed)


async def _cast(tx: Tx, proposal: Proposal) -> tuple[list[Vote], Electorate]:
    votes = [Vote(row[0], row[1], row[2]) for row in await tx.all(ballots.VOTES, proposal_id=proposal.id)]
    voters = frozenset(await tx.scalars(ballots.VOTERS, proposal_id=proposal.id))
    return votes, Electorate(proposal.electorate_size or 0, proposal.electorate_active or 0, voters)


async def _answers(tx: Tx, proposal: Proposal, rule: Rule, trust: Mapping[str, str]) -> list[str]:
    """Those that were counted; in an election whoever comes next is found by them."""
    votes, electorate = await _cast(tx, proposal)
    return answers_given(votes, electorate, rule, trust, question=proposal.asks)


async def _delegations(tx: Tx, proposal: Proposal, rule: Rule, now: int) -> tuple[dict[str, str], int]:
    """Whom members trust, by their pseudonyms in this vote. Each is on the record with the proof of being in the
    electorate, so that a stranger counts as we do, and counts that none is missing. Where ballots are open that
    goes for those, too, who answered themselves; elsewhere it is only said how many they are."""
    trust: dict[str, str] = {}
    overridden = 0
    for row in await tx.all(delegations.EDGES, proposal_id=proposal.id, kind=proposal.kind):
        if row["answered"] and rule.ballot.secrecy != "open":
            overridden += 1
            continue
        path = bytes(row["path"])
        await ledger.append(
            tx,
            "delegated",
            actor=row["voter"],
            body={
                "proposal": str(proposal.id),
                "to": row["to_voter"],
                "position": row["position"],
                "path": [base64.b64encode(path[at : at + HASH]).decode() for at in range(0, len(path), HASH)],
            },
            refs=(proposal.opened_index or 0,),
            at=now,
        )
        trust[row["voter"]] = row["to_voter"]
    return trust, overridden


async def _record(
    tx: Tx, proposal: Proposal, outcome: Outcome, now: int, *, early: bool, overridden: int
) -> None:
    opened = proposal.opened_index or 0
    logged = await ledger.append(
        tx,
        "tally",
        body={
            "proposal": str(proposal.id),
            "engine": outcome.engine,
            "counts": outcome.counts,
            "passed": outcome.passed,
            "verdict": await in_record(tx, proposal.id, outcome.verdict),
            "from": opened + 1,
        }
        | ({"early": True} if early else {})
        | ({"overridden": overridden} if overridden else {})
        | ({"winners": [option + 1 for option in outcome.winners]} if outcome.count else {}),
        refs=(opened,),
        at=now,
    )
    await tx.execute(
        queries.ADD_TALLY,
        proposal_id=proposal.id,
        engine=outcome.engine,
        passed=outcome.passed,
        counts=msgspec.json.encode(outcome.counts).decode(),
        steps=msgspec.json.encode(outcome.steps).decode(),
        verdict=outcome.verdict,
        count=msgspec.json.encode(outcome.count).decode() if outcome.count else None,
        counted_at=now,
        ledger_index=logged.index,
    )
