"""What members send from the pages: ballots, endorsements, new proposals. Each is one verb of `moderation`; what
it refuses is told on the page, with everything that was typed still there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from fedcoop.accounts import access as accounts
from fedcoop.errors import Invalid, Problem
from moderation import aftermath, enact
from moderation.ballots import actions as ballots
from moderation.constitution.force import in_force
from moderation.members.access import member
from moderation.proposals import access, actions, changes
from moderation.proposals.types import Amendment, ProposalDraft
from moderation.questions.answers import Marks
from web.errors import answer_to
from web.pages import asking, wording
from web.pages.options import Sent
from web.pages.proposals import ADDRESS, Answer, NumberParams, shown
from web.visit import Visit, pages

if TYPE_CHECKING:
    from moderation.constitution import Rule

OTHER_SERVERS = "federation"
ACTS = (
    {
        "key": "suspend_domain",
        "label": "Suspend a server",
        "hint": "Nothing passes in either direction any more, and follows are cut.",
    },
    {
        "key": "limit_domain",
        "label": "Limit a server",
        "hint": "Its posts are hidden except from those who follow their authors.",
    },
    {
        "key": "lift_domain",
        "label": "Lift a restriction",
        "hint": "We talk to the server again. Follows that were cut do not come back by themselves.",
    },
    {"key": "resolve", "label": "Do nothing by itself", "hint": "The words are the decision."},
)


class BallotParams(NumberParams):
    choice: str = ""
    reason: str = ""
    approvals: list[str] = msgspec.field(default_factory=list)
    points: dict[str, str] = msgspec.field(default_factory=dict)
    places: dict[str, str] = msgspec.field(default_factory=dict)


class StateParams(NumberParams):
    action: str = ""
    by: str = ""


class AmendParams(NumberParams):
    title: str = ""
    body: str = ""


class NewParams(msgspec.Struct, kw_only=True):
    title: str = ""
    body: str = ""
    act: str = ""
    domain: str = ""
    comment: str = ""
    kind: str = "policy"
    urgent: str = ""
    ballot: str = "consent"
    options: str = ""
    seats: str = "1"
    budget: str = ""
    money: str = ""


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
    """Endorse, open, withdraw, carry out, repeal."""
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
                case "withdraw":
                    await actions.withdraw(tx, account, proposal.id)
                    done = "withdrawn"
                case "enact":
                    await enact.enact_by_hand(tx, account, proposal.id, config=visit.config)
                    done = "enacted"
                case "repeal":
                    made = await aftermath.repeal(tx, account, proposal.id, "", config=visit.config)
                    address, done = f"/coop/{made.number}", "proposed"
                case _:
                    raise Invalid("This is nothing that can be done with a proposal.")
    except Problem as problem:
        return await shown(visit, params.number, answer=Answer(error=problem.message))
    return visit.redirect(f"{address}?done={done}")


@pages.post(f"{ADDRESS}/amend")
async def amend(visit: Visit, params: AmendParams) -> web.Response:
    """Other words for what is not yet voted on."""
    address = f"/coop/{params.number}"
    if visit.account_id is None:
        return visit.redirect(f"/login?next={address}")
    change = Amendment(title=params.title, body=params.body)
    try:
        async with visit.db.write(durable=True) as tx:
            account = await accounts.find(tx, visit.account_id)
            proposal = await access.visible_by_number(tx, account.id, params.number)
            await changes.amend(tx, account, proposal.id, change, config=visit.config)
    except Problem as problem:
        return await shown(visit, params.number, answer=Answer(error=problem.message), typed=change)
    return visit.redirect(f"{address}?done=amended")


@pages.get("/coop/new")
async def write(visit: Visit, params: NewParams) -> web.Response:
    """The form for a proposal; a link may fill parts of it in."""
    if visit.account_id is None:
        return visit.to_login()
    async with visit.db.read() as tx:
        await member(tx, visit.account_id)
    return await _form(visit, params)


@pages.get("/coop/proposals/new")
async def write_elsewhere(visit: Visit) -> web.Response:
    return visit.redirect("/coop/new")


@pages.post("/coop/new")
async def propose(visit: Visit, params: NewParams) -> web.Response:
    if visit.account_id is None:
        return visit.redirect("/login?next=/coop/new")
    try:
        async with visit.db.write(durable=True) as tx:
            account = await accounts.find(tx, visit.account_id)
            proposal = await actions.propose(tx, account, _draft(params), config=visit.config)
    except Problem as problem:
        return await _form(visit, params, problem)
    return visit.redirect(f"/coop/{proposal.number}?done=proposed")


def _draft(params: NewParams) -> ProposalDraft:
    """What the form's fields amount to. Raises `Invalid` when nothing was chosen."""
    if params.ballot != "consent":
        if params.act not in ("", "resolve"):
            raise Invalid("With several options the server does nothing by itself here; choose that.", "act")
        ballot = asking.question(params.ballot, params.options, params.seats, params.budget, params.money)
        return ProposalDraft(
            title=params.title, body=params.body, kind=params.kind, ballot=ballot, urgent=params.urgent
        )
    match params.act:
        case "suspend_domain" | "limit_domain":
            act = {"type": params.act, "domain": params.domain, "public_comment": params.comment.strip()}
        case "lift_domain":
            act = {"type": params.act, "domain": params.domain}
        case "resolve":
            act = {"type": params.act, "text": params.title}
        case _:
            raise Invalid("Choose what the server should do if it passes.", "act")
    on_server = params.act != "resolve"
    if on_server and not params.domain.strip():
        raise Invalid("Which server? Type its name, such as spam.example.", "domain")
    kind = OTHER_SERVERS if on_server else params.kind
    return ProposalDraft(title=params.title, body=params.body, kind=kind, acts=[act], urgent=params.urgent)


async def _form(visit: Visit, params: NewParams, problem: Problem | None = None) -> web.Response:
    async with visit.db.read() as tx:
        constitution = (await in_force(tx)).constitution
    return await visit.page(
        "proposal_new.html",
        status=answer_to(problem).status if problem else 200,
        error=problem.message if problem else "",
        values=msgspec.structs.asdict(params),
        acts=ACTS,
        ballots=asking.BALLOTS,
        kinds=_kinds({kind: constitution.rule_for(kind) for kind in constitution.kinds}),
    )


def _kinds(rules: dict[str, Rule]) -> Sequence[dict[str, Any]]:
    return [
        {"key": kind, "label": known.label, "summary": f"{rules[kind].window.minimum} or longer"}
        for kind, known in wording.KINDS.items()
        if kind in rules and kind != OTHER_SERVERS
    ]
