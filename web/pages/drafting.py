"""Writing a proposal: first what the server should do if it passes, then the words. What each act asks for is
`act_fields`; what members do with a proposal afterwards is `deciding`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from fedcoop.accounts import access as accounts
from fedcoop.errors import Problem
from fedcoop.instance import access as instance
from moderation.constitution.force import in_force
from moderation.members.access import member
from moderation.proposals import access, actions
from moderation.proposals.types import ProposalDraft
from web.errors import answer_to
from web.pages import act_fields, asking, wording
from web.visit import Visit, pages

if TYPE_CHECKING:
    from moderation.constitution import Rule

OPTIONS = "options"
"""In the place of an act: members choose between several options, and the server does nothing by itself."""
LARGEST_NUMBER = 2**31 - 1
PREFIX = "act_"
"""Before the names of an act's fields, which may be called like one of the proposal's own."""


class NewParams(msgspec.Struct, kw_only=True):
    title: str = ""
    body: str = ""
    act: str = ""
    kind: str = "policy"
    urgent: str = ""
    discussion: str = ""
    hold: bool = False
    instead_of: str = ""
    ballot: str = "ranked"
    options: str = ""
    seats: str = "1"
    budget: str = ""
    money: str = ""


@pages.get("/coop/new")
async def write(visit: Visit, params: NewParams) -> web.Response:
    """Which act, and then its form; a link may fill parts of it in."""
    if visit.account_id is None:
        return visit.to_login()
    async with visit.db.read() as tx:
        await member(tx, visit.account_id)
    if not params.act:
        groups = act_fields.groups()
        return await visit.page(
            "proposal_choose.html", groups=groups, options=OPTIONS, instead_of=params.instead_of
        )
    return await _form(visit, params, _typed(visit.request.query))


@pages.get("/coop/proposals/new")
async def write_elsewhere(visit: Visit) -> web.Response:
    return visit.redirect("/coop/new")


@pages.post("/coop/new")
async def propose(visit: Visit, params: NewParams) -> web.Response:
    if visit.account_id is None:
        return visit.redirect("/login?next=/coop/new")
    typed = _typed(visit.form)
    try:
        draft = _draft(params, typed)
        async with visit.db.write(durable=True) as tx:
            account = await accounts.find(tx, visit.account_id)
            if params.instead_of:
                number = int(params.instead_of) if params.instead_of.isdecimal() else 0
                first = await access.visible_by_number(tx, account.id, min(number, LARGEST_NUMBER))
                draft = msgspec.structs.replace(draft, instead_of=first.id)
            proposal = await actions.propose(tx, account, draft, config=visit.config)
    except Problem as problem:
        return await _form(visit, params, typed, problem)
    return visit.redirect(f"/coop/{proposal.number}?done=proposed")


def _typed(values: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields of the act."""
    return {
        name.removeprefix(PREFIX): str(value) for name, value in values.items() if name.startswith(PREFIX)
    }


def _draft(params: NewParams, typed: Mapping[str, str]) -> ProposalDraft:
    """What the form's fields amount to. Raises `Invalid`."""
    words: dict[str, Any] = {"title": params.title, "body": params.body, "urgent": params.urgent}
    words |= {"hold": params.hold, "discussion": params.discussion.strip() or None}
    if params.act == OPTIONS:
        ballot = asking.question(params.ballot, params.options, params.seats, params.budget, params.money)
        return ProposalDraft(**words, kind=params.kind, ballot=ballot)
    act = act_fields.data(params.act, typed, params.title)
    kind = "" if params.instead_of else params.kind
    return ProposalDraft(**words, kind=act_fields.decided_as(params.act) or kind, acts=[act])


async def _form(
    visit: Visit, params: NewParams, typed: Mapping[str, str], problem: Problem | None = None
) -> web.Response:
    choosing = params.act == OPTIONS
    name = "Let members choose between several options" if choosing else act_fields.label(params.act)
    async with visit.db.read() as tx:
        constitution = (await in_force(tx)).constitution
        rules = {str(rule.id): rule.text for rule in await instance.rules(tx)}
    free = choosing or not act_fields.decided_as(params.act)
    rule_for = {kind: constitution.rule_for(kind) for kind in constitution.kinds}
    if choosing:
        rule_for = {kind: rule for kind, rule in rule_for.items() if set(rule.ballot.kinds) - {"consent"}}
    allowed = {kind for rule in rule_for.values() for kind in rule.ballot.kinds} - {"consent"}
    return await visit.page(
        "proposal_new.html",
        status=answer_to(problem).status if problem else 200,
        error=problem.message if problem else "",
        values=msgspec.structs.asdict(params) | ({} if params.kind in rule_for else {"kind": "advisory"}),
        typed=typed,
        name=name,
        summary="" if choosing else act_fields.summary(params.act),
        choosing=choosing,
        prefix=PREFIX,
        fields=[] if choosing else act_fields.fields(params.act, rules),
        ballots=[each for each in asking.BALLOTS if each.key.partition(" ")[0] in allowed],
        kinds=_kinds(rule_for) if free and not params.instead_of else [],
        decided_as=None if free else wording.kind_label(act_fields.decided_as(params.act)),
    )


def _kinds(rules: dict[str, Rule]) -> Sequence[dict[str, Any]]:
    return [
        {"key": kind, "label": known.label, "summary": f"{rules[kind].window.minimum} or longer"}
        for kind, known in wording.KINDS.items()
        if kind in rules
    ]
