"""Calling an election, standing in it and standing down. What follows the count is in `seats`."""

import msgspec

from fedcoop import clock, text
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Conflict, Invalid, NotAllowed, NotFound
from fedcoop.ids import ProposalId
from moderation.acts.words import office_name
from moderation.constitution import Rule, read_duration
from moderation.constitution.force import in_force
from moderation.ledger import actions as ledger
from moderation.mandates.access import office_of
from moderation.members.access import member
from moderation.proposals import actions as proposals
from moderation.proposals.types import Proposal, ProposalDraft
from moderation.questions.types import MOST_OPTIONS, Kind, QuestionDraft, read_question
from moderation.wording import checked

from . import access, queries
from .types import LONGEST_STATEMENT, Call, Candidacy, Election
from .withdrawing import withdraw

KIND = "role"
USUAL: tuple[Kind, ...] = ("approval", "ranked", "score", "condorcet", "dots")
"""The ballots that elections are held by, the usual one first: it can be answered in a poll of any app."""


async def call(tx: Tx, account: Account, wanted: Call, *, config: Config) -> Proposal:
    """Call an election: members can stand for as long as it says, then the vote opens by itself. Raises NotAllowed
    for those who may not propose, and Invalid."""
    await ledger.take(tx)
    rule = (await in_force(tx)).constitution.rule_for(KIND)
    proposer = await proposals.may_propose(tx, account, rule)
    office = office_of(wanted.office)
    term = _term(wanted.term)
    stand_for = proposals.span(wanted.stand_for, "stand_for")
    if not stand_for:
        raise Invalid("Members need some time to stand; say for instance “7 days”.", "stand_for")
    kind = wanted.ballot or _usual(rule)
    if kind not in USUAL:
        raise Invalid("An election is held between several people; choose another ballot.", "ballot")
    # Who stands is not known yet, so the question is checked with as many options as seats and one.
    someone: list[str] = [str(number) for number in range(wanted.seats + 1)]
    if not 1 <= wanted.seats < MOST_OPTIONS:
        raise Invalid(f"An election fills 1 to {MOST_OPTIONS - 1} seats.", "seats")
    draft = QuestionDraft(kind=kind, method=wanted.method, options=[*someone], seats=wanted.seats)
    question = read_question(draft, rule.ballot.kinds, 0)
    if question is None:
        raise Invalid("An election is held between several people; choose another ballot.", "ballot")
    question = msgspec.structs.replace(question, options=())
    seats = f"{wanted.seats} seat{'' if wanted.seats == 1 else 's'}"
    named = office_name(office)
    return await proposals.put_forward(
        tx,
        account,
        ProposalDraft(
            title=wanted.title or f"Election: {named}, {seats}",
            body=wanted.body,
            kind=KIND,
            closes_in=wanted.closes_in,
            discussion=max(stand_for, rule.gates.discussion.ms) // 1000,
        ),
        actor="somebody" if proposer is None else proposer.log_name,
        options_later=question,
        election=Election(ProposalId(0), office, wanted.seats, term, stand_for),
        config=config,
    )


async def stand(tx: Tx, account: Account, proposal_id: ProposalId, statement: str) -> Candidacy:
    """Stand in an election, with a statement in Markdown that everybody reads; standing again replaces it. Raises
    NotFound, NotAllowed for those who are no member in good standing, and Invalid once voting is open."""
    await ledger.take(tx)
    proposal, _ = await access.visible(tx, account.id, proposal_id)
    _before_opening(proposal)
    candidate = await member(tx, account.id)
    if candidate.standing != "good":
        raise NotAllowed(f"Members in good standing stand for offices; yours is “{candidate.standing}”.")
    statement = checked(statement, "A statement", LONGEST_STATEMENT, "statement")
    before = await tx.one(queries.ONE, proposal_id=proposal_id, account_id=account.id)
    if before is not None and before.state == "stands" and before.words == statement:
        return before
    if before is None and len(await access.standing(tx, proposal_id)) >= MOST_OPTIONS - 1:
        raise Conflict("As many stand already as fit on a ballot.")
    logged = await ledger.append(
        tx,
        "candidacy",
        actor=candidate.log_name,
        body={"proposal": str(proposal_id), "stands": True},
        refs=(proposal.ledger_index if before is None else before.ledger_index,),
        words={"statement": statement} if statement else None,
    )
    candidacy = Candidacy(
        proposal_id=proposal_id,
        account_id=account.id,
        log_name=candidate.log_name,
        words=statement,
        html=text.markdown(statement),
        state="stands",
        stood_at=clock.now(),
        option=None,
        answer_by=None,
        ledger_index=logged.index,
    )
    await tx.execute(queries.PUT, **msgspec.structs.asdict(candidacy))
    return candidacy


async def stand_down(tx: Tx, account: Account, proposal_id: ProposalId) -> None:
    """Stand no longer; the statement is forgotten. Raises NotFound for those who do not stand, and Invalid once
    voting is open."""
    await ledger.take(tx)
    proposal, _ = await access.visible(tx, account.id, proposal_id)
    _before_opening(proposal)
    before = await tx.one(queries.ONE, proposal_id=proposal_id, account_id=account.id)
    if before is None or before.state != "stands":
        raise NotFound("You do not stand in this election.")
    await withdraw(tx, before)


def _before_opening(proposal: Proposal) -> None:
    if proposal.state not in ("draft", "discussion"):
        raise Invalid("Who stands is settled when voting opens; nobody can stand or stand down any more.")


def _usual(rule: Rule) -> Kind:
    usual = next((kind for kind in USUAL if kind in rule.ballot.kinds), None)
    if usual is None:
        raise Invalid(
            "The constitution lets offices be given by agreeing or not alone; propose somebody for the office.",
            "ballot",
        )
    return usual


def _term(term: str) -> str:
    try:
        span = read_duration(term)
    except ValueError as wrong:
        raise Invalid(f"The term cannot be read: {wrong}.", "term") from None
    if not span.ms:
        raise Invalid("A term is longer than nothing.", "term")
    return str(span)
