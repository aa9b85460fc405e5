"""The page on which members let others vote for them, and take it back. For programs:
`web.coop.delegations`."""

from __future__ import annotations

import msgspec
from aiohttp import web

from fedcoop import clock
from fedcoop.accounts import access as accounts
from fedcoop.errors import Invalid, Problem
from moderation.delegations import actions
from web.errors import answer_to
from web.pages import wording
from web.visit import Visit, pages

ADDRESS = "/coop/delegations"


class DelegateParams(msgspec.Struct, kw_only=True):
    kind: str = ""
    to: str = ""
    action: str = ""


@pages.get(ADDRESS)
async def overview(visit: Visit) -> web.Response:
    if visit.account_id is None:
        return visit.to_login()
    return await _shown(visit, DelegateParams())


@pages.post(ADDRESS)
async def change(visit: Visit, params: DelegateParams) -> web.Response:
    """Give a vote, or take it back."""
    if visit.account_id is None:
        return visit.redirect(f"/login?next={ADDRESS}")
    try:
        async with visit.db.write(durable=True) as tx:
            account = await accounts.find(tx, visit.account_id)
            if params.action == "take_back":
                await actions.take_back(tx, account, params.kind)
            else:
                trusted = await accounts.by_handle(tx, accounts.handle_of(params.to))
                if trusted is None:
                    raise Invalid(f"There is nobody here called “{params.to}”.", "to")
                await actions.delegate(tx, account, params.kind, trusted.id)
    except Problem as problem:
        return await _shown(visit, params, problem)
    return visit.redirect(ADDRESS)


async def _shown(visit: Visit, params: DelegateParams, problem: Problem | None = None) -> web.Response:
    async with visit.db.read() as tx:
        account = await accounts.find(tx, visit.account_id or 0)
        held = await actions.shown(tx, account)
    rows = [(each, True) for each in held.given] + [(each, False) for each in held.received]
    return await visit.page(
        "delegations.html",
        status=answer_to(problem).status if problem else 200,
        error=problem.message if problem else "",
        values=msgspec.structs.asdict(params),
        kinds=[{"key": key, "label": kind.label} for key, kind in wording.KINDS.items()],
        held=[
            {
                "kind": each.kind,
                "label": wording.kind_label(each.kind),
                "acct": each.acct,
                "since": clock.parse(each.created_at),
                "index": each.ledger_index,
                "given": given,
                "circular": given and each.kind in held.circular,
            }
            for each, given in rows
        ],
    )
