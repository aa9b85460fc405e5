"""A member's e-mail address, and what else is about the account as such."""

from __future__ import annotations

import msgspec
from aiohttp import web

from fedcoop import emails
from fedcoop.accounts import access as accounts
from fedcoop.errors import VALIDATION, Invalid
from web.limits import CONFIRM
from web.pages.settings.sections import WRONG_PASSWORD, password_is_right, shown
from web.visit import Visit, pages


class EmailParams(msgspec.Struct, kw_only=True):
    email: str = ""
    password: str = ""


@pages.get("/settings/account")
async def account(visit: Visit) -> web.Response:
    return await _page(visit)


@pages.post("/settings/account/email", limit=CONFIRM)
async def change_email(visit: Visit, params: EmailParams) -> web.Response:
    async with visit.db.read() as tx:
        user = await accounts.user(tx, visit.member_id)
    if not visit.config.sends_mail:
        return await _page(visit, error="This server sends no mail, so the new address cannot be confirmed.")
    if not await password_is_right(visit, user, params.password):
        return await _page(visit, error=WRONG_PASSWORD, email=params.email)
    async with visit.db.write() as tx:
        try:
            await emails.actions.ask_to_change(tx, visit.config, user, params.email)
        except Invalid as problem:
            return await _page(visit, error=problem.message.removeprefix(VALIDATION), email=params.email)
    return await _page(
        visit, notice="Look into your mail: follow the link there, and the new address is yours."
    )


async def _page(visit: Visit, *, error: str = "", notice: str = "", email: str = "") -> web.Response:
    async with visit.db.read() as tx:
        account = await accounts.find(tx, visit.member_id)
        user = await accounts.user(tx, visit.member_id)
    return await shown(
        visit,
        "settings/account.html",
        error=error,
        notice=notice,
        here="/settings/account",
        handle=f"@{account.username}@{visit.config.domain}",
        created_at=account.created_at,
        present=user.email,
        email=email,
        sends_mail=visit.config.sends_mail,
    )
