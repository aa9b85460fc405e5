"""Proposals as the API and the pages show them, a page of them in a fixed number of statements."""

from collections.abc import Sequence
from typing import Any, cast

import msgspec

from fedcoop import clock
from fedcoop.config import Config
from fedcoop.db import Row, Tx
from fedcoop.ids import AccountId, ProposalId
from fedcoop.paging import Page
from moderation import closing
from moderation.acts import preview as previews
from moderation.acts.preview import ActPreview
from moderation.acts.types import Act, act_from, to_data
from moderation.acts.words import say
from moderation.ballots import access as ballot_access
from moderation.ballots import actions as ballot_actions
from moderation.ballots import queries as ballots
from moderation.ballots.poll import advisory
from moderation.ballots.types import Ballot
from moderation.constitution import Rule, say_rule
from moderation.ledger import queries as ledger
from moderation.members.access import find, why_not_eligible
from moderation.members.types import Member
from moderation.questions import answers as answering
from moderation.questions.says import decides
from moderation.questions.types import Question
from moderation.tally import Electorate, numbers, taking_part

from . import access, queries
from .gates import endorsements_needed
from .types import (
    STATES,
    ActEntity,
    Aftermath,
    CompetingEntity,
    MyBallot,
    OptionEntity,
    Proposal,
    ProposalEntity,
    Result,
    State,
    StoredAct,
    StoredTally,
)


class Around(msgspec.Struct, frozen=True):
    """Everything that a page of proposals needs beside their rows, read in one go."""

    viewer: Member | None
    viewer_id: AccountId | None
    acts: dict[int, list[StoredAct]]
    tallies: dict[int, StoredTally]
    answers: dict[int, dict[str, int]]
    endorsed: dict[int, int]
    mine: dict[int, Ballot]
    reasons: dict[int, str]
    votes_in: frozenset[int]
    after: dict[int, Aftermath]
    families: dict[int, list[Proposal]]


async def show(tx: Tx, viewer_id: AccountId | None, proposal_id: ProposalId) -> ProposalEntity:
    """One proposal for one viewer. Raises NotFound."""
    proposal = await access.visible(tx, viewer_id, proposal_id)
    return (await show_all(tx, viewer_id, [proposal]))[0]


async def show_number(tx: Tx, viewer_id: AccountId | None, number: int) -> ProposalEntity:
    """The same by the short number. Raises NotFound."""
    proposal = await access.visible_by_number(tx, viewer_id, number)
    return (await show_all(tx, viewer_id, [proposal]))[0]


async def page(
    tx: Tx,
    viewer_id: AccountId | None,
    page: Page,
    *,
    states: Sequence[State] = (),
    kind: str | None = None,
) -> list[ProposalEntity]:
    """Proposals, newest first, in some states or all, of one kind or all. Drafts are for members."""
    viewer = await find(tx, viewer_id)
    drafts = viewer is not None and viewer.standing != "expelled"
    wanted = list(states or STATES)
    rows = await queries.PAGE.all(
        tx, page, states=wanted, any_kind=kind is None, kind=kind or "", drafts=drafts
    )
    return await show_all(tx, viewer_id, rows)


async def show_all(tx: Tx, viewer_id: AccountId | None, proposals: list[Proposal]) -> list[ProposalEntity]:
    """Rows as entities, in their order."""
    around = await _around(tx, viewer_id, proposals)
    rules = {proposal.rule: proposal.decided_by for proposal in proposals}
    # Once for each rule: a share of the members may be asked for.
    drafts = {proposal.rule for proposal in proposals if proposal.state == "draft"}
    needed = {rule: await endorsements_needed(tx, rules[rule], clock.now()) for rule in drafts}
    return [
        entity(each, rules[each.rule], around, needed.get(each.rule, 0) if each.state == "draft" else 0)
        for each in proposals
    ]


async def preview(
    tx: Tx, viewer_id: AccountId | None, proposal_id: ProposalId, config: Config
) -> list[ActPreview]:
    """What a proposal would change if it passed now, counted. Raises NotFound."""
    proposal = await access.visible(tx, viewer_id, proposal_id)
    return await previews.preview(tx, await acts_of(tx, proposal.id), config)


async def acts_of(tx: Tx, proposal_id: ProposalId) -> list[Act]:
    """A proposal's acts."""
    return [stored.act for stored in await tx.all(queries.ACTS, ids=[proposal_id])]


async def result(tx: Tx, viewer_id: AccountId | None, proposal_id: ProposalId) -> Result:
    """How the vote came out; while it is open, how it stands, as far as the rule shows that. Raises
    NotFound."""
    proposal = await access.visible(tx, viewer_id, proposal_id)
    rule = proposal.decided_by
    acts = [_act(stored) for stored in await tx.all(queries.ACTS, ids=[proposal_id])]
    tally = await tx.one(queries.TALLIES, ids=[proposal_id])
    if tally is not None:
        return Result(
            proposal_id=str(proposal.id),
            state=proposal.state,
            final=True,
            passed=tally.passed,
            counts=msgspec.json.decode(tally.counts, type=dict[str, int]),
            steps=msgspec.json.decode(tally.steps, type=list[str]),
            verdict=tally.verdict,
            rule=say_rule(rule, decides(proposal.asks)),
            engine=tally.engine,
            acts=acts,
            advisory=await advisory(tx, proposal, rule),
            counted_at=clock.iso(tally.counted_at),
            ledger_index=tally.ledger_index,
            count=tally.counted,
        )
    shown = await ballot_access.results_visible(tx, viewer_id, proposal, rule)
    standing = await closing.count(tx, proposal, rule) if proposal.state == "open" and shown else None
    return Result(
        proposal_id=str(proposal.id),
        state=proposal.state,
        final=False,
        passed=None,
        counts=None if standing is None else standing.counts,
        steps=[] if standing is None else standing.steps,
        verdict=_meanwhile(proposal, None if standing is None else standing.passed),
        rule=say_rule(rule, decides(proposal.asks)),
        engine="",
        acts=acts,
        advisory=await advisory(tx, proposal, rule),
        counted_at=None,
        ledger_index=None,
        count=None if standing is None else standing.count,
    )


def entity(proposal: Proposal, rule: Rule, around: Around, endorsements_needed: int) -> ProposalEntity:
    """A proposal from its row and what was read around it."""
    tally = around.tallies.get(proposal.id)
    mine = around.mine.get(proposal.id)
    question = proposal.asks
    why_not = _why_not(proposal, rule, around)
    visible = proposal.decided or rule.ballot.results == "live"
    visible = visible or (rule.ballot.results == "after_voting" and mine is not None)
    return ProposalEntity(
        id=str(proposal.id),
        number=proposal.number,
        title=proposal.title,
        body=proposal.body,
        html=proposal.html,
        kind=proposal.kind,
        acts=[_act(stored) for stored in around.acts.get(proposal.id, [])],
        state=proposal.state,
        proposer=str(proposal.proposer_id),
        created_at=clock.iso(proposal.created_at),
        opens_at=clock.iso_or_none(proposal.opens_at),
        closes_at=clock.iso_or_none(proposal.closes_at),
        closed_at=clock.iso_or_none(proposal.closed_at),
        enacted_at=clock.iso_or_none(proposal.enacted_at),
        urgent=proposal.urgent_reason,
        electorate_size=proposal.electorate_size,
        counts=_counts(proposal, around, tally) if visible else None,
        ballot_kind=proposal.ballot_kind,
        options=list(rule.ballot.options) if question is None else question.titles,
        reason_for=list(rule.ballot.reason_for),
        secrecy=rule.ballot.secrecy,
        rule=say_rule(rule, decides(question)),
        passed=None if tally is None else tally.passed,
        verdict=None if tally is None else tally.verdict,
        endorsements=around.endorsed.get(proposal.id, 0),
        endorsements_needed=endorsements_needed,
        status_id=_id(proposal.status_id),
        poll_id=_id(proposal.poll_id),
        outcome_status_id=_id(proposal.outcome_status_id),
        my_ballot=None if mine is None else _mine(mine, around.reasons, question),
        may_vote=around.viewer_id is not None and not why_not,
        why_not=why_not,
        ledger_index=_latest(proposal, tally),
        question=question,
        choices=[] if question is None else _choices(question, proposal, around, tally, shown=visible),
        instead_of=_id(proposal.instead_of),
        competing=_competing(proposal, around),
        **_after(around.after.get(proposal.id)),
    )


def _competing(proposal: Proposal, around: Around) -> list[CompetingEntity]:
    """What competes with a proposal; drafts are for members."""
    viewer = around.viewer
    drafts = viewer is not None and viewer.standing != "expelled"
    return [
        CompetingEntity(str(each.id), each.number, each.title, each.state, str(each.proposer_id))
        for each in around.families.get(proposal.family, [])
        if each.id != proposal.id
        and (drafts or each.opens_at is not None or each.proposer_id == around.viewer_id)
    ]


def _after(after: Aftermath | None) -> dict[str, Any]:
    if after is None:
        return {}
    return {
        "outcome": after.outcome,
        "outcome_at": clock.iso_or_none(after.outcome_at),
        "review_at": clock.iso_or_none(after.review_at),
        "review_id": _id(after.review_id),
    }


async def _around(tx: Tx, viewer_id: AccountId | None, proposals: list[Proposal]) -> Around:
    ids = [proposal.id for proposal in proposals]
    viewer = -1 if viewer_id is None else viewer_id
    acts, tallies, answers, endorsed, mine, votes_in, after, family = cast(
        "tuple[list[StoredAct], list[StoredTally], list[Row], list[Row], list[Ballot], list[Row],"
        " list[Aftermath], list[Proposal]]",
        await tx.batch(
            queries.ACTS.bind(ids=ids),
            queries.TALLIES.bind(ids=ids),
            ballots.COUNTS.bind(ids=ids),
            queries.ENDORSEMENTS.bind(ids=ids),
            ballots.MINE_IN.bind(ids=ids, account_id=viewer),
            ballots.VOTES_IN.bind(ids=ids, account_id=viewer),
            queries.AFTERMATHS.bind(ids=ids),
            queries.FAMILIES.bind(ids=[proposal.family for proposal in proposals]),
        ),
    )
    words = await tx.all(ledger.WORDS, positions=[each.ledger_index for each in mine]) if mine else []
    by_proposal: dict[int, list[StoredAct]] = {}
    for stored in acts:
        by_proposal.setdefault(stored.proposal_id, []).append(stored)
    choices: dict[int, dict[str, int]] = {}
    for proposal_id, choice, number in answers:
        choices.setdefault(proposal_id, {})[choice] = number
    families: dict[int, list[Proposal]] = {}
    for proposal in family:
        families.setdefault(proposal.family, []).append(proposal)
    return Around(
        viewer=await find(tx, viewer_id),
        viewer_id=viewer_id,
        acts=by_proposal,
        tallies={each.proposal_id: each for each in tallies},
        answers=choices,
        endorsed={row[0]: row[1] for row in endorsed},
        mine={each.proposal_id: each for each in mine},
        reasons={each.position: ballot_actions.reason_in(each.words) for each in words},
        votes_in=frozenset(row[0] for row in votes_in),
        after={each.proposal_id: each for each in after},
        families=families,
    )


def _why_not(proposal: Proposal, rule: Rule, around: Around) -> str:
    """Why this viewer cannot answer now; empty when they can."""
    if not ballot_access.is_open(proposal, clock.now()):
        return ballot_access.not_open(proposal)
    if around.viewer_id is None:
        return "Log in as a member to vote."
    if around.viewer is not None and around.viewer.standing == "expelled":
        return ballot_access.EXPELLED
    if proposal.id in around.votes_in:
        return ""
    opened_at = proposal.opens_at or proposal.created_at
    return why_not_eligible(around.viewer, rule, opened_at) or ballot_access.NOT_THEN


def _counts(proposal: Proposal, around: Around, tally: StoredTally | None) -> dict[str, int]:
    if tally is not None:
        return msgspec.json.decode(tally.counts, type=dict[str, int])
    electorate = Electorate(proposal.electorate_size or 0, proposal.electorate_active or 0)
    answers = around.answers.get(proposal.id, {})
    return numbers(answers, electorate) if proposal.question is None else taking_part(answers, electorate)


def _choices(
    question: Question, proposal: Proposal, around: Around, tally: StoredTally | None, *, shown: bool
) -> list[OptionEntity]:
    """The options; how they stand only where that is `shown`."""
    gained = answering.support(question, around.answers.get(proposal.id, {})) if shown else []
    if tally is not None and (count := tally.counted) is not None:
        # As it was counted, that is with the votes by delegation.
        gained = [int((total or "0").partition(".")[0]) for total in count.stages[0].totals]
    winners = [] if tally is None else tally.winners
    return [
        OptionEntity(
            id=str(at + 1),
            title=option.title,
            cost=option.cost,
            support=gained[at] if shown else None,
            won=None if tally is None else at in winners,
        )
        for at, option in enumerate(question.options)
    ]


def _act(stored: StoredAct) -> ActEntity:
    act = stored.act
    return ActEntity(
        act=to_data(act),
        type=stored.type,
        sentence=say(act),
        carried_out_at=clock.iso_or_none(stored.carried_out_at),
        inverse=None if stored.inverse is None else to_data(act_from(msgspec.json.decode(stored.inverse))),
        ledger_index=stored.ledger_index,
        option=None if stored.option is None else str(stored.option + 1),
    )


def _mine(ballot: Ballot, reasons: dict[int, str], question: Question | None) -> MyBallot:
    return MyBallot(
        choice=ballot.choice,
        reason=reasons.get(ballot.ledger_index, ""),
        cast_at=clock.iso(ballot.cast_at),
        number=ballot.number,
        receipt_id=str(ballot.receipt_id),
        ledger_index=ballot.ledger_index,
        marks=None if question is None else answering.marks_of(question, ballot.choice),
        words="" if question is None else answering.say(question, ballot.choice),
    )


def _meanwhile(proposal: Proposal, passing: bool | None) -> str:
    if proposal.state != "open":
        return f"This proposal is {proposal.state}; its votes have not been counted."
    if passing is None:
        return "The rule shows the count only later."
    return "It would pass as it stands." if passing else "It would fail as it stands."


def _latest(proposal: Proposal, tally: StoredTally | None) -> int:
    if tally is not None:
        return tally.ledger_index
    return proposal.ledger_index if proposal.opened_index is None else proposal.opened_index


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)
