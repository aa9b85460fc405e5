"""When a vote ends otherwise than announced: earlier, because nobody could turn it any more, or later,
because it turned at the last moment. Both only where the rule says so. The proposer's own extension is in
`proposals.changes`; the ending itself in `closing`."""

from fedcoop import clock, jobs
from fedcoop.db import Tx
from fedcoop.jobs.deciding import CloseProposal
from fedcoop.jobs.types import Federate
from fedcoop.polls import queries as polls
from fedcoop.statuses import queries as statuses
from moderation.ballots import queries as ballots
from moderation.constitution import Rule, to_data
from moderation.constitution.force import in_force
from moderation.foreseeing import settled, stands
from moderation.ledger import actions as ledger
from moderation.ledger.canonical import canonical
from moderation.ledger.entries import SYSTEM
from moderation.proposals import queries
from moderation.proposals.types import Extension, Proposal
from moderation.tally import Electorate

PROPOSER, QUIET_ENDING, RAISED = "proposer", "quiet_ending", "raised"


async def after_ballot(
    tx: Tx, proposal: Proposal, rule: Rule, *, before: str | None, choice: str, index: int, now: int
) -> None:
    """Look at the window anew after a ballot: `choice` in entry `index`, which replaced `before`."""
    window, question = rule.window, proposal.asks
    if not window.early_close and window.quiet_ending is None:
        return
    answers, electorate = await answers_so_far(tx, proposal)
    if window.early_close and settled(rule, question, answers, electorate):
        await jobs.add(tx, CloseProposal(proposal_id=proposal.id, early=True))
    if window.quiet_ending is None or now < (proposal.closes_at or 0) - window.quiet_ending.ms:
        return
    stood = stands(rule, question, answers, electorate)
    answers[choice] -= 1
    if before is not None:
        answers[before] = answers.get(before, 0) + 1
    turned = stood != stands(rule, question, answers, electorate)
    until = min(now + window.quiet_ending.ms, (proposal.opens_at or 0) + window.maximum.ms)
    if turned and until > (proposal.closes_at or 0) and not await _was_quiet(tx, proposal):
        await extend_to(tx, proposal, until, because=QUIET_ENDING, actor=SYSTEM, refs=(index,), now=now)


async def answers_so_far(tx: Tx, proposal: Proposal) -> tuple[dict[str, int], Electorate]:
    """How often each answer was given to an open vote, and by how many it could be."""
    answers = {row[1]: row[2] for row in await tx.all(ballots.COUNTS, ids=[proposal.id])}
    return answers, Electorate(proposal.electorate_size or 0, proposal.electorate_active or 0)


async def extend_to(
    tx: Tx, proposal: Proposal, until: int, *, because: str, actor: str, refs: tuple[int, ...] = (), now: int
) -> None:
    """Keep a vote open until a later moment, on the record and in the assembly's poll."""
    logged = await ledger.append(
        tx,
        "vote_extended",
        actor=actor,
        body={"proposal": str(proposal.id), "because": because, "closes_at": clock.iso(until)},
        refs=(proposal.opened_index or 0, *refs),
        at=now,
    )
    await _goes_on(tx, proposal, until, because, logged.index, now)


async def raise_to(tx: Tx, proposal: Proposal, rule: Rule, *, actor: str, now: int) -> int:
    """Let an open vote be decided by a larger rule from now on: what was answered stays, and voting is open
    for as long as that rule asks at least, its discussion included. Gives the new closing time."""
    until = max(proposal.closes_at or 0, now + rule.open_when_raised)
    data = to_data(rule)
    logged = await ledger.append(
        tx,
        "proposal_raised",
        actor=actor,
        body={"proposal": str(proposal.id), "rule": data, "closes_at": clock.iso(until)},
        refs=(proposal.opened_index or 0, (await in_force(tx)).ledger_index),
        at=now,
    )
    await tx.execute(queries.SET_RULE, proposal_id=proposal.id, new_rule=canonical(data).decode())
    await _goes_on(tx, proposal, until, RAISED, logged.index, now)
    return until


async def _goes_on(tx: Tx, proposal: Proposal, until: int, because: str, index: int, now: int) -> None:
    await tx.execute(queries.EXTEND, proposal_id=proposal.id, until=until)
    await tx.execute(
        queries.ADD_EXTENSION,
        proposal_id=proposal.id,
        ledger_index=index,
        because=because,
        closes_at=until,
        extended_at=now,
    )
    await jobs.add(tx, CloseProposal(proposal_id=proposal.id), run_at=until)
    poll = await tx.one(polls.BY_ID, poll_id=proposal.poll_id) if proposal.poll_id else None
    if poll is not None:
        await tx.execute(queries.POLL_ENDS, of_poll=poll.id, until=until)
        await tx.execute(statuses.TOUCH, id=poll.status_id)
        await jobs.add(tx, Federate(activity="poll", account_id=poll.account_id, object_id=poll.status_id))


async def extensions(tx: Tx, proposal: Proposal) -> list[Extension]:
    """How often a vote was kept open longer, in order."""
    return await tx.all(queries.EXTENSIONS, proposal_id=proposal.id)


async def _was_quiet(tx: Tx, proposal: Proposal) -> bool:
    return any(each.because == QUIET_ENDING for each in await extensions(tx, proposal))
