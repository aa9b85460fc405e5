"""What a proposer changes about a proposal after making it: more time for an open vote. Making, endorsing and
withdrawing it are in `actions`."""

from fedcoop import clock
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import ProposalId
from moderation import assembly, window
from moderation.ballots.access import is_open, not_open
from moderation.ledger import actions as ledger
from moderation.members.access import find

from . import access
from .actions import span
from .types import Proposal


async def extend(
    tx: Tx, account: Account, proposal_id: ProposalId, by: str | int, *, config: Config
) -> Proposal:
    """Keep one's own open vote open longer `by` a span ("2 days", or seconds), as far as the rule's longest
    window goes. Raises NotFound, NotAllowed for somebody else's, and Invalid."""
    log = await ledger.take(tx)
    now = ledger.moment(log)
    proposal = await access.own(tx, account.id, proposal_id)
    if not is_open(proposal, now) or proposal.closes_at is None or proposal.opens_at is None:
        raise Invalid(not_open(proposal))
    longer = span(by, "by")
    if not longer:
        raise Invalid("By how much longer? Write for instance “2 days”.", "by")
    rule = proposal.decided_by
    until, latest = proposal.closes_at + longer, proposal.opens_at + rule.window.maximum.ms
    if until > latest:
        raise Invalid(
            f"Voting is open for {rule.window.maximum} at most, so until {clock.iso(latest)} at the latest.",
            "by",
        )
    proposer = await find(tx, account.id)
    # Where the rule lets anyone propose, an account that is no member is “somebody” in the record.
    actor = "somebody" if proposer is None else proposer.log_name
    await window.extend_to(tx, proposal, until, because=window.PROPOSER, actor=actor, now=now)
    said = f"The proposer keeps the vote open longer. Voting closes {assembly.moment(until)}."
    await assembly.add(tx, proposal, said, config=config)
    return await access.visible(tx, account.id, proposal_id)
