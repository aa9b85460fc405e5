"""Elections on pages: who stands with which statement, calling one, standing, accepting. Voting and the result are
on the proposal's page (`proposals`); for programs: `web.coop.elections`."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from fedcoop import clock
from fedcoop.accounts import access as accounts
from fedcoop.errors import Invalid, Problem
from moderation.acts.words import office_name
from moderation.constitution.force import in_force
from moderation.elections import actions, hydrate, seats
from moderation.elections.types import Call, CandidateEntity, ElectionEntity
from moderation.mandates.types import OFFICES
from moderation.members.access import find
from moderation.proposals import access
from web.errors import answer_to
from web.pages import turning, wording
from web.paging import PageParams
from web.visit import Visit, pages

ADDRESS = "/coop/elections"
ONE = f"{ADDRESS}/{{number:[0-9]{{1,9}}}}"
BALLOTS = {
    "approval": "Approve of as many as you like, in a poll of any app",
    "ranked": "Rank them (instant run-off, or Scottish STV for more seats)",
    "score": "Give each 0 to 5 points",
    "condorcet": "Rank them, every two compared (Schulze)",
}
STATES = {
    "stands": "",
    "elected": "elected, has not answered yet",
    "accepted": "elected, has accepted",
    "declined": "elected, has not accepted",
}
DONE = {
    "called": "The election is called. Members can stand now.",
    "stood": "You stand.",
    "stood_down": "You do not stand any more.",
    "accepted": "You have accepted. The office is yours from now on.",
    "declined": "You have declined. Whoever is next in the count is asked.",
}


class NumberParams(msgspec.Struct, kw_only=True):
    number: int
    done: str = ""


class StandParams(NumberParams, kw_only=True):
    action: str = ""
    statement: str = ""


class CallParams(PageParams, kw_only=True):
    office: str = ""
    seats: str = "1"
    term: str = "365 days"
    ballot: str = ""
    body: str = ""
    stand_for: str = "7 days"


@pages.get(ADDRESS)
async def overview(visit: Visit, params: CallParams) -> web.Response:
    return await _overview(visit, params)


@pages.post(ADDRESS)
async def call(visit: Visit, params: CallParams) -> web.Response:
    """Call an election."""
    try:
        if not params.seats.isascii() or not params.seats.isdigit() or len(params.seats) > 3:
            raise Invalid("The number of seats is a whole number.", "seats")
        if params.ballot and params.ballot not in BALLOTS:
            raise Invalid(f"“{params.ballot}” is no way of voting.", "ballot")
        wanted = msgspec.convert(
            {
                "office": params.office,
                "seats": int(params.seats),
                "term": params.term,
                "ballot": params.ballot,
                "body": params.body,
                "stand_for": params.stand_for,
            },
            Call,
        )
        async with visit.db.write(durable=True) as tx:
            account = await accounts.find(tx, visit.member_id)
            proposal = await actions.call(tx, account, wanted, config=visit.config)
    except Problem as problem:
        return await _overview(visit, params, problem)
    return visit.redirect(f"{ADDRESS}/{proposal.number}?done=called")


@pages.get(ONE)
async def election(visit: Visit, params: NumberParams) -> web.Response:
    return await _election(visit, params.number, done=params.done)


@pages.post(ONE)
async def take_part(visit: Visit, params: StandParams) -> web.Response:
    """Stand, stand down, accept, decline."""
    try:
        async with visit.db.write(durable=True) as tx:
            account = await accounts.find(tx, visit.member_id)
            id_ = (await access.visible_by_number(tx, account.id, params.number)).id
            match params.action:
                case "stand":
                    await actions.stand(tx, account, id_, params.statement)
                    done = "stood"
                case "stand_down":
                    await actions.stand_down(tx, account, id_)
                    done = "stood_down"
                case "accept":
                    await seats.accept(tx, account, id_, config=visit.config)
                    done = "accepted"
                case "decline":
                    await seats.decline(tx, account, id_, config=visit.config)
                    done = "declined"
                case _:
                    raise Invalid("This is nothing that can be done in an election.")
    except Problem as problem:
        return await _election(visit, params.number, problem=problem, statement=params.statement)
    return visit.redirect(f"{ADDRESS}/{params.number}?done={done}")


async def _overview(visit: Visit, params: CallParams, problem: Problem | None = None) -> web.Response:
    page = turning.asked(params)
    async with visit.db.read() as tx:
        leaf = turning.leaf(page, await hydrate.page(tx, visit.account_id, page), ADDRESS)
        member = await find(tx, visit.account_id)
        kinds = (await in_force(tx)).constitution.rule_for(actions.KIND).ballot.kinds
    return await visit.page(
        "elections.html",
        status=answer_to(problem).status if problem else 200,
        error=problem.message if problem else "",
        elections=[_ticket(each) for each in leaf.shown],
        newer_url=leaf.newer_url,
        older_url=leaf.older_url,
        may_call=member is not None and member.standing in ("good", "probation"),
        offices=[{"name": office_name(key), "what": what} for key, what in OFFICES.items()],
        ballots=[{"key": key, "label": label} for key, label in BALLOTS.items() if key in kinds],
        values={
            key: getattr(params, key) for key in ("office", "seats", "term", "ballot", "body", "stand_for")
        },
    )


async def _election(
    visit: Visit, number: int, *, done: str = "", problem: Problem | None = None, statement: str | None = None
) -> web.Response:
    async with visit.db.read() as tx:
        shown = await hydrate.show_number(tx, visit.account_id, number)
    mine = next((each for each in shown.candidates if each.account_id == str(visit.account_id)), None)
    return await visit.page(
        "election.html",
        status=answer_to(problem).status if problem else 200,
        error=problem.message if problem else "",
        notice=DONE.get(done, "") if visit.account_id else "",
        election=_ticket(shown),
        candidates=[_candidate(each) for each in shown.candidates],
        may_stand=shown.may_stand,
        stands=mine is not None,
        asked=mine is not None and mine.state == "elected",
        answer_by=clock.parse(mine.answer_by) if mine and mine.answer_by else None,
        statement=statement if statement is not None else mine.statement if mine else "",
    )


def _ticket(each: ElectionEntity) -> dict[str, Any]:
    return {
        "number": each.number,
        "title": each.title,
        "office": office_name(each.office),
        "what": OFFICES.get(each.office, ""),
        "seats": each.seats,
        "term": each.term,
        "state": each.state,
        "state_word": wording.STATES.get(each.state, each.state),
        "opens_at": clock.parse(each.opens_at) if each.opens_at else None,
        "closes_at": clock.parse(each.closes_at) if each.closes_at else None,
        "verdict": each.verdict or "",
        "stand": len(each.candidates),
        "url": f"{ADDRESS}/{each.number}",
    }


def _candidate(each: CandidateEntity) -> dict[str, Any]:
    return {
        "acct": each.acct,
        "html": each.html,
        "state": STATES.get(each.state, ""),
        "index": each.ledger_index,
    }
