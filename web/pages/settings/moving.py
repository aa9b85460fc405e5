"""Saying that another account is the same person's, and moving there or coming from there."""

from __future__ import annotations

import msgspec
from aiohttp import web

from activitypub import resolve
from activitypub.errors import FetchError
from fedcoop.accounts import access as accounts
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.errors import Invalid, Problem, TooMany
from fedcoop.moves import actions
from web.limits import MOVE
from web.pages.settings.sections import WRONG_PASSWORD, password_is_right, shown
from web.visit import Visit, pages


class MoveParams(msgspec.Struct, kw_only=True):
    handle: str = ""
    uri: str = ""
    password: str = ""


@pages.get("/settings/move")
async def move(visit: Visit) -> web.Response:
    return await _page(visit)


@pages.post("/settings/move/aliases", limit=MOVE)
async def add_alias(visit: Visit, params: MoveParams) -> web.Response:
    try:
        other = await _found(visit, params.handle, refresh=False)
        async with visit.db.write() as tx:
            account = await accounts.find(tx, visit.member_id)
            await actions.set_aliases(tx, account, [*actions.aliases(account), other.uri])
    except Invalid as problem:
        return await _page(visit, error=problem.message, at="alias")
    return await _page(visit, notice=f"@{other.acct} may move here now.")


@pages.post("/settings/move/aliases/remove")
async def remove_alias(visit: Visit, params: MoveParams) -> web.Response:
    async with visit.db.write() as tx:
        account = await accounts.find(tx, visit.member_id)
        left = [uri for uri in actions.aliases(account) if uri != params.uri]
        await actions.set_aliases(tx, account, left)
    return await _page(visit, notice="The alias is gone.")


@pages.post("/settings/move", limit=MOVE)
async def go(visit: Visit, params: MoveParams) -> web.Response:
    async with visit.db.read() as tx:
        user = await accounts.user(tx, visit.member_id)
    if not await password_is_right(visit, user, params.password):
        return await _page(visit, error=WRONG_PASSWORD, at="move")
    try:
        target = await _found(visit, params.handle, refresh=True)
        async with visit.db.write() as tx:
            await actions.move(tx, await accounts.find(tx, visit.member_id), target)
    except (Invalid, TooMany) as problem:
        return await _page(visit, error=problem.message, at="move")
    return await _page(visit, notice=f"You have moved to @{target.acct}. Your followers are being told.")


@pages.post("/settings/move/cancel")
async def cancel(visit: Visit) -> web.Response:
    async with visit.db.write() as tx:
        await actions.cancel(tx, await accounts.find(tx, visit.member_id))
    return await _page(visit, notice="Your profile no longer points elsewhere.")


async def _found(visit: Visit, handle: str, *, refresh: bool) -> Account:
    """The account with this handle, as its own server describes it now if need be. Raises `Invalid`."""
    fed = visit.services.federation
    try:
        found = await resolve.by_handle(fed, handle.strip())
        return await resolve.account(fed, found.uri, refresh=True) if refresh and not found.local else found
    except (FetchError, Problem):
        raise Invalid(f"There is no account called {handle.strip()[:200]}, or its server is away.") from None


async def _page(visit: Visit, *, error: str = "", notice: str = "", at: str = "") -> web.Response:
    async with visit.db.read() as tx:
        account = await accounts.find(tx, visit.member_id)
        target = await tx.one(account_queries.BY_ID, id=account.moved_to_id or 0)
    return await shown(
        visit,
        "settings/move.html",
        error=error,
        notice=notice,
        at=at,
        here="/settings/move",
        aliases=actions.aliases(account),
        moved_to=f"@{target.acct}" if target else "",
        followers=account.followers_count,
    )
