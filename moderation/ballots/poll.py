"""The assembly's poll as a mirror of the ballots: it shows what members have answered, and each their own."""

from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.ids import ProposalId
from fedcoop.polls import actions as polls
from fedcoop.polls import queries as poll_queries
from moderation.constitution import Rule
from moderation.proposals.types import Proposal

from . import queries

TITLES = {"agree": "Agree", "abstain": "Abstain", "disagree": "Disagree", "block": "Block"}
"""The options as a poll shows them."""


async def refresh_poll(tx: Tx, proposal: Proposal, rule: Rule, account: Account, choice: str) -> None:
    """Let the assembly's poll show what members have answered, and this member their own answer."""
    if proposal.poll_id is None:
        return
    poll = await tx.one(poll_queries.BY_ID, poll_id=proposal.poll_id)
    if poll is None:
        return
    options: tuple[str, ...] = rule.ballot.options
    if rule.ballot.results == "live":
        counts = await counted(tx, proposal.id, rule)
        await polls.set_counts(tx, poll, counts, sum(counts))
    await polls.set_own_votes(tx, poll, account, [options.index(choice)])


async def advisory(tx: Tx, proposal: Proposal, rule: Rule) -> dict[str, int]:
    """What voices from other servers answered in the poll; empty without any. They never decide."""
    if proposal.poll_id is None:
        return {}
    rows = await tx.all(queries.ADVISORY, poll_id=proposal.poll_id)
    return {rule.ballot.options[row[0]]: row[1] for row in rows if row[0] < len(rule.ballot.options)}


async def counted(tx: Tx, proposal_id: ProposalId, rule: Rule) -> list[int]:
    """How many members have given each of the options, in the rule's order."""
    rows = await tx.all(queries.COUNTS, ids=[proposal_id])
    by_choice: dict[str, int] = {row[1]: row[2] for row in rows}
    return [by_choice.get(option, 0) for option in rule.ballot.options]
