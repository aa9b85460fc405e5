"""Letters about votes to those of the electorate who want them by mail: that one has opened, and how it came out.
They are written in batches by a job; the letter before the end, and ending all of them, is `reminding`."""

from collections.abc import Collection
from typing import Literal, get_args

from fedcoop import clock, jobs, mail
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.ids import AccountId, ProposalId
from fedcoop.jobs.deciding import WriteLetters
from moderation import assembly
from moderation.members.access import member
from moderation.proposals import queries
from moderation.proposals.types import Proposal
from moderation.reminding import unsubscribe_url

Letter = Literal["opened", "decided"]
LETTERS: tuple[Letter, ...] = get_args(Letter)
BATCH = 200
"""As many members are written to in one transaction."""


async def plan(tx: Tx, proposal_id: ProposalId, letter: Letter, *, config: Config) -> None:
    """Have the letters written, once this transaction is committed; none where the server sends no mail."""
    if config.sends_mail:
        await jobs.add(tx, WriteLetters(proposal_id=proposal_id, letter=letter))


async def write(tx: Tx, job: WriteLetters, *, config: Config) -> None:
    """Queue the letters of one batch, and the next batch. What was withdrawn meanwhile is written of no more."""
    proposal = await tx.one(queries.BY_ID, id=job.proposal_id)
    if proposal is None or proposal.state == "withdrawn" or proposal.closes_at is None:
        return
    values = await _values(tx, proposal, job.letter, config)
    found = await tx.all(
        queries.WANTING, proposal_id=proposal.id, letter=job.letter, after=job.after, limit=BATCH
    )
    letters = [
        (email, values | {"username": name, "unsubscribe_url": unsubscribe_url(tx, account_id, config)})
        for account_id, name, email in found
    ]
    await mail.actions.send_all(tx, config, job.letter, letters)
    if len(found) == BATCH:
        following = WriteLetters(proposal_id=job.proposal_id, letter=job.letter, after=found[-1][0])
        await jobs.add(tx, following)


async def wanted(tx: Tx, account_id: AccountId) -> set[str]:
    """The letters that a member wants."""
    return set(await tx.scalars(queries.WANTED_LETTERS, account_id=account_id))


async def choose(tx: Tx, account_id: AccountId, letters: Collection[Letter]) -> None:
    """Want these letters and no others. Raises NotAllowed for those who are no member."""
    await member(tx, account_id)
    await tx.execute(queries.WANT_NO_LETTERS, account_id=account_id)
    now = clock.now()
    await tx.many(
        queries.WANT_LETTER,
        [{"account_id": account_id, "letter": letter, "since": now} for letter in sorted(letters)],
    )


async def _values(tx: Tx, proposal: Proposal, letter: str, config: Config) -> dict[str, str]:
    """What the letter says to everybody."""
    if letter == "decided":
        tally = await tx.one(queries.TALLIES, ids=[proposal.id])
        said = {"verdict": tally.verdict if tally else ""}
    else:
        said = {"closes": assembly.moment(proposal.closes_at or 0)}
    return said | {
        "number": str(proposal.number),
        "proposal": " ".join(proposal.title.split()),
        "url": assembly.page_of(proposal, config),
    }
