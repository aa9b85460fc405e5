"""What must have happened before a vote on a proposal may open: how many have to endorse it, how long it is
discussed. The record's side of it is `moderation.ledger.replay_proposals`."""

from fedcoop.db import Row, Tx
from fedcoop.ids import ProposalId
from moderation.constitution import Rule
from moderation.elections import queries as elections
from moderation.members import queries as members

from . import queries
from .types import Proposal


async def eligible(tx: Tx, rule: Rule, now: int) -> list[Row]:
    """Who may vote under a rule: account_id and last_status_at of each."""
    who = rule.electorate
    return await tx.all(
        members.ELIGIBLE,
        standings=list(who.standings),
        joined_before=now - who.member_for.ms,
        paid_from=now if who.paid_up else 0,
        any_office=not who.mandate,
        office=who.mandate,
    )


async def endorsements_needed(tx: Tx, rule: Rule, now: int) -> int:
    """How many members must endorse a draft under this rule."""
    if not rule.gates.endorsement_share:
        return rule.gates.endorsements
    return rule.gates.endorsements_of(len(await eligible(tx, rule, now)))


async def endorsed_by(tx: Tx, proposal_id: ProposalId) -> int:
    """How many members have endorsed a draft."""
    row = await tx.one(queries.ENDORSEMENTS, ids=[proposal_id])
    return 0 if row is None else int(row[1])


async def discussed_since(tx: Tx, proposal: Proposal) -> int:
    """Since when people have been able to discuss what a proposal would do now."""
    since = proposal.created_at
    asked: tuple[str, str | None] = ("", None)
    for version in await tx.all(queries.VERSIONS, proposal_id=proposal.id):
        if (version.acts, version.question) != asked:
            since, asked = version.created_at, (version.acts, version.question)
    return since


async def discussion_of(tx: Tx, proposal: Proposal, rule: Rule) -> int:
    """How long a proposal is discussed at least; in an election members can stand meanwhile."""
    election = await tx.one(elections.OF, proposal_id=proposal.id)
    return max(rule.gates.discussion.ms, election.stand_for if election else 0)


async def opens_from(tx: Tx, proposal: Proposal, rule: Rule) -> int:
    """From when on voting may open, as far as the discussion goes."""
    return await discussed_since(tx, proposal) + await discussion_of(tx, proposal, rule)
