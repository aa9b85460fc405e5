"""The page about a member's password and second factors, and changing the password. The factors' own forms are
`factors`."""

from __future__ import annotations

import msgspec
from aiohttp import web

from fedcoop import emails, second_factors
from fedcoop.accounts import access as accounts
from fedcoop.errors import Invalid
from fedcoop.sessions import passwords
from web.pages.settings.sections import WRONG_PASSWORD, password_is_right, shown
from web.visit import Visit, pages


class PasswordParams(msgspec.Struct, kw_only=True):
    present: str = ""
    new: str = ""


@pages.get("/settings/security")
async def security(visit: Visit) -> web.Response:
    return await overview(visit)


@pages.post("/settings/security/password")
async def change_password(visit: Visit, params: PasswordParams) -> web.Response:
    async with visit.db.read() as tx:
        user = await accounts.user(tx, visit.member_id)
    if not await password_is_right(visit, user, params.present):
        return await overview(visit, error=WRONG_PASSWORD, at="password")
    try:
        passwords.checked(params.new)
    except Invalid as problem:
        return await overview(visit, error=problem.message, at="password")
    hashed = await passwords.hashed(params.new)
    async with visit.db.write() as tx:
        await emails.actions.set_password(tx, visit.config, user, hashed)
        await visit.sign_in(tx, user.account_id)
    return await overview(
        visit, notice="You have a new password. Every app and every other browser has been signed out."
    )


async def overview(visit: Visit, *, error: str = "", notice: str = "", at: str = "") -> web.Response:
    """The page itself. `at` names the form that an error belongs to."""
    async with visit.db.read() as tx:
        factors = await second_factors.access.factors(tx, visit.member_id)
    return await shown(
        visit,
        "settings/security.html",
        error=error,
        notice=notice,
        at=at,
        here="/settings/security",
        factors=factors,
    )
