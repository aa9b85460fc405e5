"""The page of one proposal: its words, what it would do, the ballot, the count, the discussion. What is sent
from it comes to `deciding`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from fedcoop import clock
from fedcoop.accounts import queries as accounts
from fedcoop.ids import AccountId
from fedcoop.statuses import threads
from fedcoop.text import markdown
from moderation import aftermath
from moderation.ballots import actions as ballots
from moderation.constitution import say_condition, say_terms
from moderation.elections import access as elections
from moderation.mandates import access as mandates
from moderation.members import access as members
from moderation.proposals import access, changes, gates, hydrate, queries, raising, rivals
from moderation.questions.says import decides
from web.pages import asking, options, posts, share, story, tickets, wording
from web.visit import Visit, pages, person

if TYPE_CHECKING:
    from fedcoop.config import Config
    from fedcoop.db import Tx
    from moderation.proposals.types import (
        ActEntity,
        Proposal,
        ProposalEntity,
    )
    from web.visit import Person

MOST_REASONS = 200
PENDING = ("draft", "discussion", "open")
STANDING = (*PENDING, "passed", "enacted")
"""Proposals whose acts hold, or may come to hold."""
ADDRESS = "/coop/{number:[0-9]{1,9}}"
UNDO = {
    "suspend_domain": "Another vote can lift it.",
    "limit_domain": "Another vote can lift it.",
    "lift_domain": "Another vote can restrict it again.",
}
DONE = {
    "ballot": "Your ballot is in the ledger.",
    "proposed": "Your proposal is there.",
    "endorsed": "You have endorsed this.",
    "opened": "The next step is taken; its story says which.",
    "amended": "It says what you wrote now; the earlier words are below.",
    "extended": "Voting is open longer now.",
    "withdrawn": "It is withdrawn.",
    "enacted": "It is carried out.",
    "raised": "The larger rule decides it now.",
    "stated": "Everybody reads now what came of it.",
    "answered": "What you wrote is in the discussion.",
}
"""What a form has just done, told on the page that it leads to."""


class NumberParams(msgspec.Struct):
    number: int
    done: str = ""


class Answer(msgspec.Struct, frozen=True):
    """What somebody typed into the ballot, to be shown again beside what was wrong with it."""

    choice: str = ""
    reason: str = ""
    error: str = ""
    sent: options.Sent | None = None


class Typed(NumberParams):
    """What somebody typed into the form that amends a proposal."""

    title: str = ""
    body: str = ""
    options: str = ""


class Discussion(msgspec.Struct, frozen=True):
    """What was said below the assembly's post, whose page is `address`; `unshown` is how much more there
    is."""

    answers: list[posts.Post]
    address: str
    unshown: int


@pages.get(ADDRESS)
async def proposal(visit: Visit, params: NumberParams) -> web.Response:
    return await shown(visit, params.number, done=params.done)


@pages.get("/coop/proposals/{number:[0-9]{1,9}}")
async def other_address(visit: Visit, params: NumberParams) -> web.Response:
    return visit.redirect(f"/coop/{params.number}")


async def shown(
    visit: Visit,
    number: int,
    *,
    done: str = "",
    answer: Answer | None = None,
    typed: Typed | None = None,
    written: share.Written | None = None,
    refused: str = "",
) -> web.Response:
    """The page of a proposal; after something was `done`, or an `answer`, what was `typed` as an amendment or
    what was `written` for the discussion was refused (why, says `refused`). Raises `NotFound`."""
    viewer = visit.account_id
    async with visit.db.read() as tx:
        row = await access.visible_by_number(tx, viewer, number)
        entity, *beside = await hydrate.show_all(tx, viewer, [row, *await rivals.seen(tx, viewer, row)])
        result = await hydrate.result(tx, viewer, row.id)
        mine = await _mine(tx, visit, entity)
        reasons = await _reasons(tx, viewer, row)
        proposer = await _person(tx, visit.config, row.proposer_id)
        discussion = await _discussion(tx, visit, row)
        versions = await changes.versions(tx, viewer, row.id)
        longer = await tx.all(queries.EXTENSIONS, proposal_id=row.id)
        steps_to_take = await _steps_to_take(tx, viewer, row)
        reviewing = None
        if entity.review_id is not None:
            reviewer = await tx.one(queries.BY_ID, id=int(entity.review_id))
            reviewing = reviewer.number if reviewer else None
        is_election = row.question is not None and await elections.find(tx, row.id) is not None
    competing = [_draft(each) for each in (entity, *beside)] if beside else []
    does_something = tickets.does_something(entity)
    between = decides(row.asks)
    previews = []
    if does_something and row.state in PENDING:
        async with visit.db.scan() as tx:
            previews = await hydrate.preview(tx, viewer, row.id, visit.config)
    if answer is None:
        answer = Answer(mine["key"], mine["reason"]) if mine else Answer()
    if written is None:
        written = share.Written(visibility=await share.own_audience(visit) if viewer else "public")
    return await visit.page(
        "proposal.html",
        scripts=entity.question is not None and entity.may_vote,
        status=422 if answer.error or refused else 200,
        # A link can say that something was done, so only what is so is repeated.
        notice=DONE.get(done, "") if viewer and (mine or done != "ballot") else "",
        now=clock.now(),
        proposal=tickets.ticket(entity, result.verdict),
        proposer=proposer,
        acts=[
            {
                "sentence": _act_of(entity, act),
                "undo": UNDO.get(act.type, "") if row.state in STANDING else "",
            }
            for act in entity.acts
            if (does_something or act.sentence != entity.title) and _stands(entity, act)
        ],
        does_something=does_something,
        preview=[each.impact for each in previews],
        decides=say_condition(row.decided_by, between),
        terms=say_terms(row.decided_by, between),
        advisory=result.advisory,
        steps=result.steps,
        reasons=reasons,
        mine=mine,
        can_vote=entity.may_vote,
        why_not=entity.why_not,
        ballot_form=options.form(entity, answer.sent),
        fared=options.fared(entity, result),
        chosen=answer.choice,
        reason_text=answer.reason,
        reason_hint=wording.reason_hint(entity.reason_for),
        secrecy_words=wording.SECRECY[entity.secrecy],
        error=answer.error,
        timeline=story.told(row, versions, result, does_something, longer),
        discussion=discussion.answers,
        status_url=discussion.address,
        unshown=discussion.unshown,
        composing=share.composing(written.text, written.visibility),
        refused=refused,
        steps_to_take=steps_to_take,
        is_election=is_election,
        outcome_html=markdown(entity.outcome) if entity.outcome else "",
        outcome_text=entity.outcome,
        outcome_at=clock.parse(entity.outcome_at) if entity.outcome_at else None,
        may_state_outcome=viewer == row.proposer_id and row.decided,
        review_at=clock.parse(entity.review_at) if entity.review_at else None,
        review_number=reviewing,
        may_extend=may_extend(row, viewer),
        may_amend=viewer == row.proposer_id and row.state in tickets.AHEAD,
        new_title=row.title if typed is None else typed.title,
        new_body=row.body if typed is None else typed.body,
        new_options=_options_of(row, is_election) if typed is None else typed.options,
        competing=competing,
        may_compete=viewer is not None and row.state in tickets.AHEAD and row.question is None,
        version=len(versions),
        earlier=[
            {
                "number": each.number,
                "title": each.title,
                "body_html": each.html,
                "acts": [*each.options, *each.sentences],
                "at": clock.parse(each.created_at),
                "index": each.ledger_index,
            }
            for each in reversed(versions[:-1])
        ],
    )


def _draft(proposal: ProposalEntity) -> dict[str, Any]:
    """One of several drafts that compete, side by side with the others."""
    acts = [act.sentence for act in proposal.acts if act.sentence != proposal.title]
    return {"ticket": tickets.ticket(proposal), "acts": acts}


def _options_of(proposal: Proposal, is_election: bool) -> str:
    """The options as their proposer may change them here; empty where acts hang on them, or they are people."""
    question = proposal.asks
    if question is None or is_election or any(option.acts for option in question.options):
        return ""
    return asking.as_lines(question)


def _stands(proposal: ProposalEntity, act: ActEntity) -> bool:
    """Whether an act is told of: once a proposal is carried out, what belongs to options that lost is not."""
    return proposal.state != "enacted" or act.option is None or act.carried_out_at is not None


def _act_of(proposal: ProposalEntity, act: ActEntity) -> str:
    """What an act does, and with which option."""
    if act.option is None or act.carried_out_at is not None:
        return act.sentence
    return f"If “{proposal.choices[int(act.option) - 1].title}” wins: {act.sentence}"


async def _person(tx: Tx, config: Config, account_id: AccountId) -> Person | None:
    """Somebody who may have left since."""
    account = await tx.one(accounts.BY_ID, id=account_id)
    return None if account is None or account.deleted_at else person(account, config)


async def _mine(tx: Tx, visit: Visit, proposal: ProposalEntity) -> dict[str, Any] | None:
    """The visitor's own ballot with its receipt."""
    ballot, account = proposal.my_ballot, await visit.account(tx)
    if ballot is None or account is None:
        return None
    receipt = await ballots.receipt(tx, account, int(ballot.receipt_id))
    return {
        "key": ballot.choice,
        "label": ballot.words or ballot.choice,
        "reason": ballot.reason,
        "cast_at": clock.parse(ballot.cast_at),
        "index": ballot.ledger_index,
        "entry_url": f"/coop/ledger/{ballot.ledger_index}",
        "promise": receipt.promise,
        "voter": receipt.voter,
        "salt": receipt.salt,
        "proof_url": f"/api/fedcoop/v1/receipts/{ballot.receipt_id}.tlog-proof",
    }


async def _reasons(tx: Tx, viewer: AccountId | None, proposal: Proposal) -> list[dict[str, str]]:
    """Why people answered as they did, as far as that is open to the viewer."""
    if proposal.state in tickets.AHEAD:
        return []
    given = await ballots.ballots(tx, viewer, proposal.id, limit=MOST_REASONS)
    return [
        {
            "key": each.choice,
            "label": each.words or each.choice,
            "text": each.reason,
            "by": f"@{each.acct}" if each.acct else f"Member {each.voter[:8]}",
        }
        for each in given
        if each.reason
    ]


async def _discussion(tx: Tx, visit: Visit, proposal: Proposal) -> Discussion:
    """The answers to the assembly's post, and that post's page."""
    if proposal.status_id is None:
        return Discussion([], "", 0)
    viewer = visit.account_id or posts.NOBODY
    _, below = await threads.context(tx, viewer, proposal.status_id)
    unshown = max(len(below) - posts.MOST_IN_THREAD, 0)
    below = below[: posts.MOST_IN_THREAD]
    entities = await visit.services.show.by_ids(tx, viewer, [proposal.status_id, *below])
    if proposal.status_id not in entities:
        return Discussion([], "", 0)
    question, *answers = posts.read(entities[id_] for id_ in (proposal.status_id, *below) if id_ in entities)
    base_url = visit.config.base_url
    return Discussion(posts.shown(answers, base_url), posts.post(question, base_url).url, unshown)


async def _steps_to_take(tx: Tx, viewer: AccountId | None, proposal: Proposal) -> list[dict[str, str]]:
    """What this visitor may do with the proposal beside voting."""
    if proposal.decided:
        return await _afterwards(tx, viewer, proposal)
    steps: list[dict[str, str]] = []
    raiser = await members.find(tx, viewer)
    may_raise = proposal.state == "open" and raiser is not None and raiser.standing == "good"
    if may_raise and await raising.larger_rule(tx, proposal) is not None:
        steps.append({"key": "raise", "label": "Raise it: this is a larger matter"})
    if viewer == proposal.proposer_id:
        if proposal.state == "draft":
            steps.append({"key": "open", "label": "Put it before the members"})
        elif proposal.state == "discussion":
            rule = proposal.decided_by
            if clock.now() >= await gates.opens_from(tx, proposal, rule):
                steps.append({"key": "open", "label": "Open the vote now"})
        if proposal.state in PENDING:
            steps.append({"key": "withdraw", "label": "Withdraw it"})
        return steps
    member = raiser
    if proposal.state != "draft" or viewer is None or member is None or member.standing == "expelled":
        return steps
    if await tx.one(queries.ENDORSED, proposal_id=proposal.id, account_id=viewer):
        return []
    return [{"key": "endorse", "label": "Endorse it: this deserves a vote"}]


async def _afterwards(tx: Tx, viewer: AccountId | None, proposal: Proposal) -> list[dict[str, str]]:
    """What a member may do with what is decided: carry it out by their office, or propose to undo it."""
    member = await members.find(tx, viewer)
    if viewer is None or member is None or member.standing == "expelled":
        return []
    office = proposal.decided_by.after.executor
    if proposal.state == "passed" and office and await mandates.holds(tx, viewer, office):
        return [{"key": "enact", "label": "Carry it out"}]
    if proposal.state == "enacted" and aftermath.repealing(await tx.all(queries.ACTS, ids=[proposal.id])):
        return [{"key": "repeal", "label": "Propose to repeal it"}]
    return []


def may_extend(proposal: Proposal, viewer: AccountId | None) -> bool:
    """Whether this visitor may keep voting open longer."""
    if viewer != proposal.proposer_id or proposal.state != "open":
        return False
    latest = (proposal.opens_at or 0) + proposal.decided_by.window.maximum.ms
    return (proposal.closes_at or 0) < latest
