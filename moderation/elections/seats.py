"""After the count of an election: whoever won is asked, accepts or declines, and where somebody does not accept
the next in the count is asked. The office begins with the acceptance; entry and act are one transaction."""

from collections.abc import Sequence

import msgspec

from fedcoop import clock, jobs
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.ids import ProposalId
from fedcoop.jobs.deciding import LapseElected
from fedcoop.statuses import actions as statuses
from fedcoop.statuses.types import Draft
from moderation import assembly, enact
from moderation.ledger import actions as ledger
from moderation.ledger.entries import SYSTEM
from moderation.members.access import find
from moderation.proposals import queries as proposals
from moderation.proposals.types import Proposal

from . import access, queries
from .ballot import next_in_count
from .types import ACCEPT_WITHIN, Candidacy, State

DECIDED: tuple[State, ...] = ("elected", "accepted", "declined")
"""Those who were asked."""


async def offer(
    tx: Tx, proposal: Proposal, winners: Sequence[int], answers: Sequence[str], *, config: Config
) -> str:
    """Ask those who won whether they accept; a sentence about it. `answers` are those that were counted: whoever
    is next is found by them."""
    kept = msgspec.json.encode(sorted(answers)).decode()
    await tx.execute(queries.KEEP_ANSWERS, proposal_id=proposal.id, counted=kept)
    won = [each for each in await access.standing(tx, proposal.id) if each.option in winners]
    for each in won:
        await _ask(tx, proposal, each, config)
    await _settle(tx, proposal)
    return "Those who won are asked whether they accept." if won else "The seats stay empty."


async def accept(tx: Tx, account: Account, proposal_id: ProposalId, *, config: Config) -> None:
    """Accept the office: it begins now. Raises NotFound for whoever was not elected, and Invalid before the rule
    lets what passed be carried out."""
    log = await ledger.take(tx)
    proposal, elected = await _elected(tx, account, proposal_id)
    if proposal.enact_at is not None and ledger.moment(log) < proposal.enact_at:
        raise Invalid(f"The office can be accepted from {clock.iso(proposal.enact_at)} on.")
    await _answer(tx, proposal, elected, accepts=True, because="own wish", config=config)


async def decline(tx: Tx, account: Account, proposal_id: ProposalId, *, config: Config) -> None:
    """Not accept the office: the next in the count is asked. Raises NotFound for whoever was not elected."""
    await ledger.take(tx)
    proposal, elected = await _elected(tx, account, proposal_id)
    await _answer(tx, proposal, elected, accepts=False, because="own wish", config=config)


async def lapse(tx: Tx, proposal_id: int, account_id: int, *, config: Config) -> None:
    """Ask the next where somebody has not answered in time; once, and not before."""
    log = await ledger.take(tx)
    proposal = await tx.one(proposals.BY_ID, id=proposal_id)
    elected = await tx.one(queries.ONE, proposal_id=proposal_id, account_id=account_id)
    if proposal is None or elected is None or elected.state != "elected" or elected.answer_by is None:
        return
    if ledger.moment(log) < elected.answer_by:
        job = LapseElected(proposal_id=proposal_id, account_id=account_id)
        await jobs.add(tx, job, run_at=elected.answer_by)
        return
    await _answer(tx, proposal, elected, accepts=False, because="time", config=config)


async def leave_all(tx: Tx, account_id: int, *, config: Config) -> None:
    """Decline whatever somebody was elected for who leaves the co-operative."""
    for each in await tx.all(queries.WAITING_OF, account_id=account_id, states=["elected"]):
        proposal = await tx.one(proposals.BY_ID, id=each.proposal_id)
        if proposal is not None:
            await _answer(tx, proposal, each, accepts=False, because="left", config=config)


async def _elected(tx: Tx, account: Account, proposal_id: ProposalId) -> tuple[Proposal, Candidacy]:
    proposal, _ = await access.visible(tx, account.id, proposal_id)
    elected = await tx.one(queries.ONE, proposal_id=proposal_id, account_id=account.id)
    if elected is None or elected.state != "elected":
        raise NotFound("Nobody waits for your answer about this office.")
    return proposal, elected


async def _ask(tx: Tx, proposal: Proposal, candidate: Candidacy, config: Config) -> None:
    now = clock.now()
    by = max(now, proposal.enact_at or 0) + ACCEPT_WITHIN
    await tx.execute(
        queries.SET_STATE,
        proposal_id=proposal.id,
        candidate_id=candidate.account_id,
        new_state="elected",
        by=by,
    )
    await jobs.add(tx, LapseElected(proposal_id=proposal.id, account_id=candidate.account_id), run_at=by)
    name = (await access.names(tx, [proposal.id]))[candidate.account_id]
    member = await find(tx, candidate.account_id)
    if member is None or member.standing == "expelled":
        return  # Nobody to write to; the seat goes on when the time is over.
    words = (
        f"@{name} You were elected in proposal {proposal.number}, “{assembly.quiet(proposal.title)}”."
        f" Do you accept? Write “accept {proposal.number}” or “decline {proposal.number}” to me, or answer on"
        f" {config.base_url}/coop/elections/{proposal.number}, {assembly.moment(by).replace('on ', 'until ', 1)}."
    )
    voice = await accounts.assembly(tx)
    await statuses.post(tx, voice, Draft(text=words, visibility="direct"), config=config)


async def _answer(
    tx: Tx, proposal: Proposal, elected: Candidacy, *, accepts: bool, because: str, config: Config
) -> None:
    """Write the answer down and do what follows from it."""
    tally = await tx.one(proposals.TALLIES, ids=[proposal.id])
    if tally is None or elected.option is None:
        return
    following = None if accepts else await _next(tx, proposal, elected)
    await ledger.append(
        tx,
        "election_answer",
        actor=elected.log_name if because == "own wish" else SYSTEM,
        body={
            "proposal": str(proposal.id),
            "option": elected.option + 1,
            "accepts": accepts,
            "because": because,
            "next": None if following is None else following.log_name,
        },
        refs=(tally.ledger_index,),
    )
    await tx.execute(
        queries.SET_STATE,
        proposal_id=proposal.id,
        candidate_id=elected.account_id,
        new_state="accepted" if accepts else "declined",
        by=None,
    )
    if accepts:
        stored = (await tx.all(proposals.ACTS, ids=[proposal.id]))[elected.option]
        done = await enact.one(tx, proposal, stored, tally, actor=elected.log_name, config=config)
        await assembly.add(tx, proposal, f"Accepted: {done}", config=config)
    elif following is not None:
        await _ask(tx, proposal, following, config)
    await _settle(tx, proposal)


async def _next(tx: Tx, proposal: Proposal, declined: Candidacy) -> Candidacy | None:
    question, candidates = proposal.asks, await access.standing(tx, proposal.id)
    counted = await tx.scalar(queries.ANSWERS, proposal_id=proposal.id)
    if question is None or counted is None:
        return None
    out = {each.option for each in candidates if each.state == "declined"} | {declined.option}
    option = next_in_count(
        question,
        msgspec.json.decode(counted, type=list[str]),
        proposal.electorate_root or "",
        out={each for each in out if each is not None},
        asked={each.option for each in candidates if each.state in DECIDED and each.option is not None},
    )
    return next((each for each in candidates if option is not None and each.option == option), None)


async def _settle(tx: Tx, proposal: Proposal) -> None:
    """Once nobody is asked any more the election is over: carried out, or without anybody who accepted."""
    states = [each.state for each in await access.standing(tx, proposal.id)]
    if "elected" in states:
        return
    if "accepted" in states:
        await tx.execute(proposals.ENACTED, proposal_id=proposal.id, at=clock.now())
    else:
        await tx.execute(proposals.EXPIRED, proposal_id=proposal.id)
