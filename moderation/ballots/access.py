"""When answers are taken and from whom, and who may see the counts. Taking them is in `actions`."""

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import AccountId
from moderation.constitution import Rule
from moderation.members.access import find, why_not_eligible
from moderation.proposals.types import Proposal

from . import queries

EXPELLED = "This account was expelled from the co-operative, so it no longer votes."
NOT_THEN = "The electorate was frozen when voting opened, and you did not meet its conditions then."


def is_open(proposal: Proposal, now: int) -> bool:
    """Whether answers are taken at a moment; the closing one is too late."""
    return proposal.state == "open" and proposal.closes_at is not None and now < proposal.closes_at


def not_open(proposal: Proposal) -> str:
    """Why answers are not taken."""
    if proposal.state in ("draft", "discussion"):
        return "Voting on this proposal has not opened yet."
    if proposal.state == "withdrawn":
        return "This proposal was withdrawn."
    return "Voting on this proposal has closed."


async def why_not(tx: Tx, account_id: AccountId, proposal: Proposal) -> str:
    """Why somebody cannot answer a proposal now, in words; empty when they can."""
    if not is_open(proposal, clock.now()):
        return not_open(proposal)
    member = await find(tx, account_id)
    if member is not None and member.standing == "expelled":
        return EXPELLED
    if await tx.one(queries.VOTER, proposal_id=proposal.id, account_id=account_id):
        return ""
    opened_at = proposal.opens_at or proposal.created_at
    return why_not_eligible(member, proposal.decided_by, opened_at) or NOT_THEN


async def only_advises(tx: Tx, account_id: AccountId, proposal: Proposal) -> bool:
    """Whether an answer of this account in the poll is an advisory voice: that of somebody here who is no
    member and has no vote. Raises Invalid when answers are not taken."""
    if await find(tx, account_id) is not None:
        return False
    if await tx.one(queries.VOTER, proposal_id=proposal.id, account_id=account_id):
        return False
    if not is_open(proposal, clock.now()):
        raise Invalid(not_open(proposal))
    return True


async def results_visible(tx: Tx, viewer_id: AccountId | None, proposal: Proposal, rule: Rule) -> bool:
    """Whether the counts may be shown to somebody now."""
    if proposal.decided or rule.ballot.results == "live":
        return True
    if rule.ballot.results == "after_closing" or viewer_id is None:
        return False
    return await tx.one(queries.MINE, proposal_id=proposal.id, account_id=viewer_id) is not None
