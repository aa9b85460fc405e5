"""Signing in and out with a browser. Where somebody has a second factor, `second_step` follows."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import msgspec
from aiohttp import web

from fedcoop.errors import Invalid
from fedcoop.oauth import access as oauth
from fedcoop.second_factors import access as second_factors
from fedcoop.second_factors import actions as second_factor_actions
from fedcoop.sessions import access
from fedcoop.sessions.passwords import NOBODY, matches
from web.limits import SIGN_IN, SIGN_IN_NAME
from web.oauth import second_step
from web.oauth.onward import local, moved
from web.visit import Visit, pages

WRONG = "This user name, e-mail address or password is not right."


class LoginParams(msgspec.Struct, kw_only=True):
    next: str = "/"
    again: bool = False
    who: str = ""
    password: str = ""


@pages.get("/login")
async def login(visit: Visit, params: LoginParams) -> web.Response:
    if visit.session is not None and not params.again:
        return visit.redirect(local(params.next))
    return await _form(visit, params)


@pages.post("/login", limit=SIGN_IN)
async def sign_in(visit: Visit, params: LoginParams) -> web.Response:
    if visit.config.rate_limits:
        visit.services.counters.hit(SIGN_IN_NAME, params.who.strip().lower()[:200])
    async with visit.db.read() as tx:
        user = await access.user_called(tx, params.who)
    # Somebody unknown costs the same time as somebody known.
    right = await matches(params.password, user.password_hash if user else NOBODY)
    if user is None or not right:
        return await _form(visit, params, WRONG)
    try:
        access.check_may_sign_in(user)
    except Invalid as problem:
        return await _form(visit, params, problem.message)
    async with visit.db.write() as tx:
        if (await second_factors.factors(tx, user.account_id)).any:
            step = await second_factor_actions.begin(tx, user.account_id, "sign_in")
        else:
            step = ""
            await visit.sign_out(tx)
            await visit.sign_in(tx, user.account_id)
    if step:
        return await second_step.ask(visit, step, params.next)
    return visit.redirect(local(params.next))


@pages.post("/logout")
async def sign_out(visit: Visit) -> web.Response:
    async with visit.db.write() as tx:
        await visit.sign_out(tx)
    return visit.redirect("/about")


async def _form(visit: Visit, params: LoginParams, error: str = "") -> web.Response:
    return await visit.page(
        "login.html",
        status=422 if error else 200,
        app_name=await _app_name(visit, params.next),
        error=error,
        who=params.who,
        next=local(params.next),
        can_register=(await visit.services.as_decided()).registrations != "closed",
    )


async def _app_name(visit: Visit, address: str) -> str:
    """Which application sent the member here, if one did."""
    parts = urlsplit(local(address))
    if parts.path != "/oauth/authorize":
        return ""
    client_id = parse_qs(parts.query).get("client_id", [""])[0]
    async with visit.db.read() as tx:
        app = await oauth.app(tx, client_id)
    return app.name if app else ""


moved("/auth/sign_in", "/login")
moved("/auth/sign_up", "/register")
