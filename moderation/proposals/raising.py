"""Raising an open vote to the larger rule that its own names: any member may say that a matter is larger than
it was taken for. The window that follows is `moderation.window`."""

from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotAllowed
from fedcoop.ids import ProposalId
from moderation import assembly, window
from moderation.ballots.access import is_open, not_open
from moderation.constitution import Rule, say_rule
from moderation.constitution.force import in_force
from moderation.ledger import actions as ledger
from moderation.members.access import member

from . import access
from .types import Proposal


async def raise_(tx: Tx, account: Account, proposal_id: ProposalId, *, config: Config) -> Proposal:
    """Have an open vote decided by the larger rule from now on; what was answered stays. Raises NotFound;
    NotAllowed for those who are no member in good standing; Invalid where nothing larger is known, or voting
    is not open."""
    log = await ledger.take(tx)
    now = ledger.moment(log)
    proposal = await access.visible(tx, account.id, proposal_id)
    raiser = await member(tx, account.id)
    if raiser.standing != "good":
        raise NotAllowed(f"Members in good standing raise a matter; yours is “{raiser.standing}”.")
    if not is_open(proposal, now):
        raise Invalid(not_open(proposal))
    larger = await larger_rule(tx, proposal)
    if larger is None:
        raise Invalid("The constitution knows no larger way of deciding this.")
    until = await window.raise_to(tx, proposal, larger, actor=raiser.log_name, now=now)
    said = (
        f"A member raised this to a larger matter. {say_rule(larger)} What was answered stays, and can be changed."
        f" Voting closes {assembly.moment(until)}."
    )
    await assembly.add(tx, proposal, said, config=config)
    return await access.visible(tx, account.id, proposal_id)


async def larger_rule(tx: Tx, proposal: Proposal) -> Rule | None:
    """The rule that a vote can be raised to; None where there is none, where it asks other people
    or for endorsements first, and for a choice between several options: the ballots could not stay there."""
    rule = proposal.decided_by
    larger = (await in_force(tx)).constitution.rules.get(rule.raise_to)
    fits = larger is not None and larger.takes_over(rule)
    return larger if fits and proposal.question is None else None
