"""What the worker does for the co-operative at its time: opening, closing, carrying out, signing, and
listening. Each
handler may run twice; the second time does nothing."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fedcoop import clock, jobs
from fedcoop.config import Config
from fedcoop.db import Database
from fedcoop.errors import Invalid
from fedcoop.ids import AccountId, ProposalId
from fedcoop.jobs.deciding import (
    AskWitness,
    CloseProposal,
    EnactProposal,
    EndMandate,
    ExpireDecision,
    ExpirePower,
    HearWords,
    LapseElected,
    LeaveCoop,
    OpenProposal,
    ReadSharedList,
    RemindVoters,
    ReviewProposal,
    SettleRivals,
    SignCheckpoint,
    TendLedger,
    WriteLetters,
)
from moderation import (
    aftermath,
    closing,
    competing,
    enact,
    hearing,
    leaving,
    letters,
    opening,
    reconcile,
    reminding,
)
from moderation.elections import seats
from moderation.ledger import actions as ledger
from moderation.lists import actions as lists
from moderation.lists import fires, proposing
from moderation.mandates import actions as mandates
from moderation.members import actions as members
from moderation.powers import actions as powers
from moderation.proposals import queries
from moderation.witness import asking, posting

log = logging.getLogger("fedcoop.governance")


@dataclass(frozen=True, slots=True)
class Governance:
    """What the handlers need; wiring makes one."""

    db: Database
    config: Config


async def open_proposal(governance: Governance, job: OpenProposal) -> None:
    """Open the vote on a proposal that is still being discussed."""
    async with governance.db.write(durable=True) as tx:
        proposal = await tx.one(queries.BY_ID, id=job.proposal_id)
        if proposal is None or proposal.state != "discussion" or proposal.opens_at is None:
            return
        if clock.now() < proposal.opens_at:
            await jobs.add(tx, job, run_at=proposal.opens_at)
        else:
            await opening.open_vote(tx, proposal, config=governance.config)


async def close_proposal(governance: Governance, job: CloseProposal) -> None:
    """Count, and carry out, in one transaction."""
    async with governance.db.write(durable=True) as tx:
        await closing.close_vote(tx, ProposalId(job.proposal_id), early=job.early, config=governance.config)


async def enact_proposal(governance: Governance, job: EnactProposal) -> None:
    """Carry out what had to wait."""
    async with governance.db.write(durable=True) as tx:
        await closing.enact_delayed(tx, ProposalId(job.proposal_id), config=governance.config)


async def settle_rivals(governance: Governance, job: SettleRivals) -> None:
    """Carry out what prevails once the last that competed with it is withdrawn."""
    async with governance.db.write(durable=True) as tx:
        log = await ledger.take(tx)
        proposal = await tx.one(queries.BY_ID, id=job.proposal_id)
        if proposal is not None:
            await competing.settle(tx, proposal, now=ledger.moment(log), config=governance.config)


async def end_mandate(governance: Governance, job: EndMandate) -> None:
    """End a mandate whose term is over."""
    async with governance.db.write(durable=True) as tx:
        await mandates.lapse(tx, job.mandate_id)


async def lapse_elected(governance: Governance, job: LapseElected) -> None:
    """Ask the next in the count where somebody has not answered in time."""
    async with governance.db.write(durable=True) as tx:
        await seats.lapse(tx, job.proposal_id, job.account_id, config=governance.config)


async def leave_coop(governance: Governance, job: LeaveCoop) -> None:
    """End the membership of an account that was deleted."""
    async with governance.db.write(durable=True) as tx:
        await leaving.account_deleted(tx, AccountId(job.account_id), config=governance.config)


class ListTrouble(Exception):
    """A shared list could not be fetched; trying again later may help."""


async def read_shared_list(
    governance: Governance, fetch: Callable[[str], Awaitable[str]], job: ReadSharedList
) -> None:
    """Fetch a shared list, propose what changed in it, and come back tomorrow; until it is subscribed no more."""
    async with governance.db.read() as tx:
        if not any(each.url == job.url for each in await lists.subscribed(tx)):
            return
    try:
        text = await fires.whole(fetch, job.url)
        async with governance.db.write(durable=True) as tx:
            await proposing.take_in(tx, job.url, text, config=governance.config)
    except (ListTrouble, Invalid) as problem:
        async with governance.db.write() as tx:
            await lists.failed(tx, job.url, str(problem))
    async with governance.db.write() as tx:
        await jobs.add(tx, ReadSharedList(url=job.url), run_at=clock.now() + clock.DAY)
        await jobs.finish(tx)


async def expire_power(governance: Governance, job: ExpirePower) -> None:
    """Undo what was not ratified in time."""
    async with governance.db.write(durable=True) as tx:
        await powers.expire(tx, job.power_id, config=governance.config)


async def expire_decision(governance: Governance, job: ExpireDecision) -> None:
    """Undo a decision whose time is over."""
    async with governance.db.write(durable=True) as tx:
        await enact.expire(tx, ProposalId(job.proposal_id), config=governance.config)


async def review_proposal(governance: Governance, job: ReviewProposal) -> None:
    """Put a decision before the members again."""
    async with governance.db.write(durable=True) as tx:
        await aftermath.review(tx, ProposalId(job.proposal_id), config=governance.config)


async def remind_voters(governance: Governance, job: RemindVoters) -> None:
    """Remind those who have not answered."""
    async with jobs.effect(governance.db) as tx:
        await reminding.remind(tx, ProposalId(job.proposal_id), config=governance.config)


async def write_letters(governance: Governance, job: WriteLetters) -> None:
    """Queue a batch of letters about a vote."""
    async with governance.db.write() as tx:
        await letters.write(tx, job, config=governance.config)
        await jobs.finish(tx)


async def sign_checkpoint(governance: Governance, job: SignCheckpoint) -> None:
    """Sign the ledger as it is now."""
    async with governance.db.write(durable=True) as tx:
        await ledger.sign(tx)
        await asking.ask_soon(tx)


async def tend_ledger(governance: Governance, job: TendLedger) -> None:
    """End probations whose time is over, compare the record with what is in force, post its latest checkpoint, and
    come back tomorrow."""
    async with governance.db.write(durable=True) as tx:
        await members.end_probations(tx)
        for sentence in await reconcile.record_drift(tx):
            log.error("the ledger and the server disagree: %s", sentence)
        await posting.post_checkpoint(tx, config=governance.config)
        await asking.ask_soon(tx, also_failing=True)
        await jobs.add(tx, TendLedger(), run_at=clock.now() + clock.DAY)
        await jobs.finish(tx)


async def ask_witness(governance: Governance, send: asking.Ask, job: AskWitness) -> None:
    """Have a witness sign the latest checkpoint."""
    await asking.ask(governance.db, job.name, send)


async def hear_words(governance: Governance, job: HearWords) -> None:
    """Do what a post asks of the assembly, and answer it."""
    await hearing.hear(governance.db, job.status_id, config=governance.config)
