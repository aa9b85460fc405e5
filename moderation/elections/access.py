"""Which proposals are elections, who stands in them, and until when one can."""

from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.ids import AccountId, ProposalId
from moderation.proposals import access as proposals
from moderation.proposals.types import Proposal

from . import queries
from .types import Candidacy, Election


async def find(tx: Tx, proposal_id: ProposalId) -> Election | None:
    """The election that a proposal is, or None."""
    return await tx.one(queries.OF, proposal_id=proposal_id)


async def visible(tx: Tx, viewer_id: AccountId | None, proposal_id: ProposalId) -> tuple[Proposal, Election]:
    """An election that somebody may see. Raises NotFound, also for any other proposal."""
    proposal = await proposals.visible(tx, viewer_id, proposal_id)
    election = await find(tx, proposal.id)
    if election is None:
        raise NotFound("This proposal is no election.")
    return proposal, election


async def standing(tx: Tx, proposal_id: ProposalId) -> list[Candidacy]:
    """Who stands, in the order of the ballot."""
    return [each for each in await tx.all(queries.ALL, proposal_id=proposal_id) if each.state != "withdrawn"]


async def names(tx: Tx, ids: list[ProposalId]) -> dict[int, str]:
    """The names of everybody who stands in these elections, by account."""
    return {row[0]: row[1] for row in await tx.all(queries.NAMES, ids=ids)}
