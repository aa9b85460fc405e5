"""Reminding those who have not answered before a vote closes, in a direct message of the assembly and, for
those who want it, by mail; members who say so are left in peace."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from fedcoop import clock, jobs, mail
from fedcoop.accounts import access as accounts
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import AccountId, ProposalId
from fedcoop.jobs.deciding import RemindVoters
from fedcoop.statuses import actions as statuses
from fedcoop.statuses.types import Draft
from fedcoop.vault import is_locked
from moderation import assembly
from moderation.members.access import member
from moderation.proposals import queries
from moderation.proposals.types import Proposal

UNSUBSCRIBE = "/coop/unsubscribe"
BEFORE_END = clock.DAY
"""How long before the end; shorter votes remind at half their time."""


async def plan(tx: Tx, proposal_id: ProposalId, opened_at: int, closes_at: int) -> None:
    """Have those be reminded who will not have answered by then."""
    at = max(closes_at - BEFORE_END, (opened_at + closes_at) // 2)
    await jobs.add(tx, RemindVoters(proposal_id=proposal_id), run_at=at)


async def remind(tx: Tx, proposal_id: ProposalId, *, config: Config) -> None:
    """Write to everybody in the electorate who has not answered and wants to be reminded; once for each
    vote."""
    proposal = await tx.one(queries.BY_ID, id=proposal_id)
    if proposal is None or proposal.state != "open" or proposal.closes_at is None:
        return
    if not await tx.execute(queries.REMINDED, proposal_id=proposal_id, at=clock.now()):
        return
    voice = await accounts.assembly(tx)
    # Each is written to alone: nobody learns from it who else has not voted.
    for account_id, name, email, by_mail in await tx.all(queries.SILENT, proposal_id=proposal_id):
        text = f"@{name} {_words(proposal, config)}"
        await statuses.post(tx, voice, Draft(text=text, visibility="direct"), config=config)
        if by_mail is not None:
            await mail.actions.send(
                tx,
                config,
                email,
                "reminder",
                username=name,
                number=str(proposal.number),
                proposal=" ".join(proposal.title.split()),
                closes=assembly.moment(proposal.closes_at),
                url=assembly.page_of(proposal, config),
                unsubscribe_url=unsubscribe_url(tx, account_id, config),
            )


async def set_quiet(tx: Tx, account_id: AccountId, quiet: bool) -> None:
    """Be reminded of open votes no more, or again. Raises NotAllowed for those who are no member."""
    await member(tx, account_id)
    if quiet:
        await tx.execute(queries.BE_QUIET, account_id=account_id, since=clock.now())
    else:
        await tx.execute(queries.BE_REMINDED, account_id=account_id)


async def set_by_mail(tx: Tx, account_id: AccountId, wanted: bool) -> None:
    """Be reminded by mail too, or no more. Raises NotAllowed for those who are no member."""
    await member(tx, account_id)
    if wanted:
        await tx.execute(queries.BE_MAILED, account_id=account_id, since=clock.now())
    else:
        await tx.execute(queries.BE_MAILED_NO_MORE, account_id=account_id)


async def unsubscribe(tx: Tx, token: str) -> None:
    """Write no more letters about votes to whoever got the one with this token, signed in or not; again changes
    nothing. Raises Invalid."""
    try:
        kept = urlsafe_b64decode(token)
        account_id = AccountId(int(tx.vault.unlock(kept, UNSUBSCRIBE))) if is_locked(kept) else None
    except (ValueError, Invalid):
        account_id = None
    if account_id is None:
        raise Invalid("This link is not whole. Copy all of it from the letter.", "token")
    await tx.execute(queries.BE_MAILED_NO_MORE, account_id=account_id)
    await tx.execute(queries.WANT_NO_LETTERS, account_id=account_id)


def unsubscribe_url(tx: Tx, account_id: AccountId, config: Config) -> str:
    """The address that ends the letters about votes to somebody."""
    return f"{config.base_url}{UNSUBSCRIBE}?token={_token(tx, account_id)}"


def _token(tx: Tx, account_id: AccountId) -> str:
    """Only this server can make it, and read whom it is for."""
    return urlsafe_b64encode(tx.vault.lock(str(account_id).encode(), UNSUBSCRIBE)).decode()


async def is_by_mail(tx: Tx, account_id: AccountId) -> bool:
    """Whether a member wants to be reminded by mail too."""
    return await tx.scalar(queries.MAILED, account_id=account_id) is not None


async def is_quiet(tx: Tx, account_id: AccountId) -> bool:
    """Whether a member does not want to be reminded."""
    return await tx.scalar(queries.QUIET, account_id=account_id) is not None


def _words(proposal: Proposal, config: Config) -> str:
    return (
        f"You have not voted yet on “{assembly.quiet(proposal.title)}” (proposal {proposal.number}). "
        f"Voting closes {assembly.moment(proposal.closes_at or 0)}. "
        f"{assembly.page_of(proposal, config)}\n\n"
        f"Write “vote {proposal.number} agree” to me, or “no reminders” if you want none."
    )
