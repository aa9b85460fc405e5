"""Who may see, make and change a proposal."""

from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotAllowed, NotFound
from fedcoop.ids import AccountId, PollId, ProposalId
from fedcoop.paging import Page
from moderation.members.access import find

from . import queries
from .types import STATES, Proposal


async def visible(tx: Tx, viewer_id: AccountId | None, proposal_id: ProposalId) -> Proposal:
    """A proposal that somebody may see: what never went past a draft is for members only, all else
    is public. Raises NotFound."""
    proposal = await tx.one(queries.BY_ID, id=proposal_id)
    return await _gated(tx, viewer_id, proposal)


async def visible_by_number(tx: Tx, viewer_id: AccountId | None, number: int) -> Proposal:
    """The same by the short number that people use. Raises NotFound."""
    proposal = await tx.one(queries.BY_NUMBER, number=number)
    return await _gated(tx, viewer_id, proposal)


async def newest(tx: Tx, *, state: str | None = None, limit: int = 40) -> list[Proposal]:
    """The latest proposals in one state or in all, drafts too: for whoever runs the server. Raises Invalid
    for a state that does not exist."""
    if state is not None and state not in STATES:
        raise Invalid(f"“{state}” is no state of a proposal; there are {', '.join(STATES)}.")
    states = list(STATES) if state is None else [state]
    return await queries.PAGE.all(tx, Page(limit=limit), states=states, any_kind=True, kind="", drafts=True)


async def of_poll(tx: Tx, poll_id: PollId) -> Proposal | None:
    """The proposal whose vote a poll is, or None for an ordinary poll."""
    return await tx.one(queries.BY_POLL, poll_id=poll_id)


async def own(tx: Tx, account_id: AccountId, proposal_id: ProposalId) -> Proposal:
    """A proposal of one's own. Raises NotFound, and NotAllowed for somebody else's."""
    proposal = await visible(tx, account_id, proposal_id)
    if proposal.proposer_id != account_id:
        raise NotAllowed("Only the proposer can do this.")
    return proposal


async def _gated(tx: Tx, viewer_id: AccountId | None, proposal: Proposal | None) -> Proposal:
    if proposal is None:
        raise NotFound
    if proposal.opens_at is None and viewer_id != proposal.proposer_id:
        viewer = await find(tx, viewer_id)
        if viewer is None or viewer.standing == "expelled":
            raise NotFound
    return proposal
