"""Deleting one's own account. What then goes and what stays is `fedcoop.accounts.leaving`."""

from __future__ import annotations

import msgspec
from aiohttp import web

from fedcoop import second_factors
from fedcoop.accounts import access as accounts
from fedcoop.accounts.leaving import actions
from fedcoop.db import Tx
from web.limits import SIGN_IN
from web.pages.settings.sections import WRONG_PASSWORD, password_is_right, shown
from web.visit import Visit, pages


class DeleteParams(msgspec.Struct, kw_only=True):
    username: str = ""
    password: str = ""
    code: str = ""


@pages.get("/settings/delete")
async def ask(visit: Visit) -> web.Response:
    return await _page(visit)


@pages.post("/settings/delete", limit=SIGN_IN)
async def delete(visit: Visit, params: DeleteParams) -> web.Response:
    """Needs what a login needs, and the name typed out, so that nobody does it by mistake or at an open screen."""
    async with visit.db.read() as tx:
        account = await accounts.find(tx, visit.member_id)
        user = await accounts.user(tx, account.id)
        factors = await second_factors.access.factors(tx, account.id)
    if params.username.strip().removeprefix("@").lower() != account.handle:
        return await _page(visit, error="This is not your user name.")
    if not await password_is_right(visit, user, params.password):
        return await _page(visit, error=WRONG_PASSWORD)
    async with visit.db.write() as tx:
        if factors.any and not await _second_step(visit, tx, params.code):
            return await _page(visit, error="This code is not right, or was used before.")
        await actions.delete_local(tx, account)
        await visit.sign_out(tx)
    return await visit.page(
        "message.html",
        title="Your account is deleted",
        paragraphs=[
            f"@{account.username} is gone from here, and other servers are told.",
            "What the co-operative decided with your votes stays on the record, under the pseudonym it had there.",
        ],
        link_url="/about",
        link_text=f"About {visit.config.title}",
    )


async def _second_step(visit: Visit, tx: Tx, code: str) -> bool:
    """A code of the app, or a recovery code for those who have keys alone."""
    secret = await second_factors.actions.begin(tx, visit.member_id, "sign_in")
    step = await second_factors.access.challenge(tx, secret, "sign_in")
    return await second_factors.actions.passes_with_code(tx, step, code)


async def _page(visit: Visit, *, error: str = "") -> web.Response:
    async with visit.db.read() as tx:
        account = await accounts.find(tx, visit.member_id)
        factors = await second_factors.access.factors(tx, account.id)
    return await shown(
        visit,
        "settings/delete.html",
        error=error,
        here="/settings/delete",
        username=account.username,
        statuses=account.statuses_count,
        second_step=factors.any,
    )
