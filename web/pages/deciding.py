"""What members send from the page of a proposal: ballots, endorsements, other words. Each is one verb of
`moderation`; what it refuses is told on the page, with everything that was typed still there. Writing a
proposal is `drafting`."""

from __future__ import annotations

import msgspec
from aiohttp import web

from fedcoop.accounts import access as accounts
from fedcoop.errors import Invalid, NotFound, Problem
from moderation import aftermath, enact
from moderation.ballots import actions as ballots
from moderation.proposals import access, actions, changes, raising
from moderation.proposals.types import Amendment
from moderation.questions.answers import Marks
from web.pages import asking, share
from web.pages.options import Sent
from web.pages.proposals import ADDRESS, Answer, NumberParams, Typed, shown
from web.visit import Visit, pages


class BallotParams(NumberParams):
    choice: str = ""
    reason: str = ""
    approvals: list[str] = msgspec.field(default_factory=list)
    points: dict[str, str] = msgspec.field(default_factory=dict)
    places: dict[str, str] = msgspec.field(default_factory=dict)


class StateParams(NumberParams):
    action: str = ""
    by: str = ""
    words: str = ""


class RemarkParams(share.Written, kw_only=True):
    number: int


@pages.post(f"{ADDRESS}/ballot")
async def cast(visit: Visit, params: BallotParams) -> web.Response:
    """Answer, or answer anew."""
    address = f"/coop/{params.number}"
    if visit.account_id is None:
        return visit.redirect(f"/login?next={address}")
    sent = Sent(params.choice, params.approvals, params.points, params.places)
    try:
        async with visit.db.write(durable=True) as tx:
            account = await accounts.find(tx, visit.account_id)
            proposal = await access.visible_by_number(tx, account.id, params.number)
            question = proposal.asks
            marks = sent.marks(question) if question else Marks(choice=params.choice)
            await ballots.cast(tx, account, proposal.id, marks, params.reason)
    except Problem as problem:
        answer = Answer(params.choice, params.reason, problem.message, sent)
        return await shown(visit, params.number, answer=answer)
    return visit.redirect(f"{address}?done=ballot#ballot")


@pages.post(f"{ADDRESS}/state")
async def take_on(visit: Visit, params: StateParams) -> web.Response:
    """Endorse, open, withdraw, carry out, say what came of it, repeal."""
    address = f"/coop/{params.number}"
    if visit.account_id is None:
        return visit.redirect(f"/login?next={address}")
    try:
        async with visit.db.write(durable=True) as tx:
            account = await accounts.find(tx, visit.account_id)
            proposal = await access.visible_by_number(tx, account.id, params.number)
            match params.action:
                case "endorse":
                    await actions.endorse(tx, account, proposal.id, config=visit.config)
                    done = "endorsed"
                case "open":
                    await actions.open_now(tx, account, proposal.id, config=visit.config)
                    done = "opened"
                case "extend":
                    await changes.extend(tx, account, proposal.id, params.by, config=visit.config)
                    done = "extended"
                case "raise":
                    await raising.raise_(tx, account, proposal.id, config=visit.config)
                    done = "raised"
                case "withdraw":
                    await actions.withdraw(tx, account, proposal.id)
                    done = "withdrawn"
                case "enact":
                    await enact.enact_by_hand(tx, account, proposal.id, config=visit.config)
                    done = "enacted"
                case "outcome":
                    await aftermath.state_outcome(tx, account, proposal.id, params.words, config=visit.config)
                    done = "stated"
                case "repeal":
                    made = await aftermath.repeal(tx, account, proposal.id, "", config=visit.config)
                    address, done = f"/coop/{made.number}", "proposed"
                case _:
                    raise Invalid("This is nothing that can be done with a proposal.")
    except Problem as problem:
        return await shown(visit, params.number, answer=Answer(error=problem.message))
    return visit.redirect(f"{address}?done={done}")


@pages.post(f"{ADDRESS}/discussion")
async def remark(visit: Visit, params: RemarkParams) -> web.Response:
    """Ask or say something below the assembly's post. Raises `NotFound` while there is none."""
    address = f"/coop/{params.number}"
    if visit.account_id is None:
        return visit.redirect(f"/login?next={address}")
    async with visit.db.read() as tx:
        proposal = await access.visible_by_number(tx, visit.account_id, params.number)
    if proposal.status_id is None:
        raise NotFound
    try:
        said = await share.say(visit, visit.account_id, params, proposal.status_id)
    except Invalid as problem:
        return await shown(visit, params.number, written=params, refused=share.in_words(problem))
    return visit.redirect(f"{address}?done=answered#post-{said.rpartition('/')[2]}")


@pages.post(f"{ADDRESS}/amend")
async def amend(visit: Visit, params: Typed) -> web.Response:
    """Other words or options for what is not yet voted on."""
    address = f"/coop/{params.number}"
    if visit.account_id is None:
        return visit.redirect(f"/login?next={address}")
    change = Amendment(title=params.title, body=params.body)
    try:
        async with visit.db.write(durable=True) as tx:
            account = await accounts.find(tx, visit.account_id)
            proposal = await access.visible_by_number(tx, account.id, params.number)
            if params.options and (question := proposal.asks) is not None:
                ballot = asking.amended(question, params.options)
                change = msgspec.structs.replace(change, ballot=ballot)
            await changes.amend(tx, account, proposal.id, change, config=visit.config)
    except Problem as problem:
        return await shown(visit, params.number, answer=Answer(error=problem.message), typed=params)
    return visit.redirect(f"{address}?done=amended")
