"""The assembly's poll as a mirror of the ballots: it shows what members have answered, and each their own. Only
what a poll can ask has one: consent, and approval of as many options as a poll holds."""

from collections.abc import Sequence

from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.ids import ProposalId
from fedcoop.polls import actions as polls
from fedcoop.polls import queries as poll_queries
from moderation.constitution import Rule
from moderation.proposals.types import Proposal
from moderation.questions.answers import ABSTAIN, approvals, support
from moderation.questions.types import Question

from . import queries

TITLES = {"agree": "Agree", "abstain": "Abstain", "disagree": "Disagree", "block": "Block"}
"""The options of a vote by consent as a poll shows them."""


def titles(rule: Rule, question: Question | None, config: Config) -> list[str]:
    """What a poll asks; empty for what no poll can ask."""
    if question is None:
        return [TITLES[option] for option in rule.ballot.options]
    fits = question.kind == "approval" and len(question.options) <= config.poll_max_options
    return question.titles if fits else []


async def refresh_poll(tx: Tx, proposal: Proposal, rule: Rule, account: Account, choice: str) -> None:
    """Let the assembly's poll show what members have answered, and this member their own answer."""
    if proposal.poll_id is None:
        return
    poll = await tx.one(poll_queries.BY_ID, poll_id=proposal.poll_id)
    if poll is None:
        return
    question = proposal.asks
    if rule.ballot.results == "live":
        counts, voters = await counted(tx, proposal.id, rule, question)
        await polls.set_counts(tx, poll, counts, voters)
    if question is None:
        own = [rule.ballot.options.index(option) for option in rule.ballot.options if option == choice]
    else:
        own = [] if choice == ABSTAIN else approvals(choice)
    await polls.set_own_votes(tx, poll, account, own)


async def advise(tx: Tx, account: Account, proposal: Proposal, choices: Sequence[int]) -> None:
    """Keep the answer of an account here that is no member: it replaces what it answered before, and decides
    nothing. Raises Invalid when the choices do not fit."""
    poll = None if proposal.poll_id is None else await tx.one(poll_queries.BY_ID, poll_id=proposal.poll_id)
    if poll is None:
        raise NotFound
    polls.check_choices(poll, choices)
    await polls.set_own_votes(tx, poll, account, choices)


async def advisory(tx: Tx, proposal: Proposal, rule: Rule) -> dict[str, int]:
    """What those answered in the poll who have no vote; empty without any. They never decide."""
    if proposal.poll_id is None:
        return {}
    question = proposal.asks
    options = list(rule.ballot.options) if question is None else question.titles
    rows = await tx.all(queries.ADVISORY, poll_id=proposal.poll_id, proposal_id=proposal.id)
    return {options[row[0]]: row[1] for row in rows if row[0] < len(options)}


async def counted(
    tx: Tx, proposal_id: ProposalId, rule: Rule, question: Question | None
) -> tuple[list[int], int]:
    """How many members have given each of the poll's options, and how many have answered."""
    rows = await tx.all(queries.COUNTS, ids=[proposal_id])
    answers: dict[str, int] = {row[1]: row[2] for row in rows}
    if question is not None:
        return support(question, answers), sum(answers.values())
    return [answers.get(option, 0) for option in rule.ballot.options], sum(answers.values())
