"""A new password for somebody who has forgotten theirs. What the page answers and how long it takes is the same
whether the address is somebody's or nobody's. Changing a password that one knows is in `web.pages.security`."""

from __future__ import annotations

import msgspec
from aiohttp import web

from fedcoop import emails, jobs
from fedcoop.accounts.names import checked_email
from fedcoop.errors import VALIDATION, Invalid
from fedcoop.jobs.types import RemindOfPassword
from fedcoop.sessions import passwords
from web.limits import RESET
from web.oauth.onward import moved
from web.visit import Visit, pages


class ForgottenParams(msgspec.Struct, kw_only=True):
    email: str = ""


class ResetParams(msgspec.Struct, kw_only=True):
    token: str = ""
    password: str = ""


@pages.get("/password")
async def ask(visit: Visit) -> web.Response:
    return await _asking(visit)


@pages.post("/password", limit=RESET)
async def remind(visit: Visit, params: ForgottenParams) -> web.Response:
    if not visit.config.sends_mail:
        return await _asking(visit)
    try:
        email = checked_email(params.email)
    except Invalid as problem:
        return await _asking(visit, problem.message.removeprefix(VALIDATION), params.email)
    if visit.config.rate_limits:
        visit.services.counters.hit(RESET, email)
    async with visit.db.write() as tx:
        await jobs.add(tx, RemindOfPassword(email=email))
    return await visit.page(
        "message.html",
        title="Look into your mail",
        paragraphs=[
            "If an account here has this address, we have written to it how to choose a new password. "
            "The link is good for an hour.",
        ],
        link_url="/login",
        link_text="Log in",
    )


@pages.get("/password/reset")
async def choose(visit: Visit, params: ResetParams) -> web.Response:
    async with visit.db.read() as tx:
        try:
            await emails.access.token(tx, params.token, "reset")
        except Invalid as problem:
            return await _no_longer(visit, problem)
    return await _choosing(visit, params.token)


@pages.post("/password/reset", limit=RESET)
async def reset(visit: Visit, params: ResetParams) -> web.Response:
    try:
        passwords.checked(params.password)
    except Invalid as problem:
        return await _choosing(visit, params.token, problem.message)
    async with visit.db.read() as tx:
        try:
            await emails.access.token(tx, params.token, "reset")
        except Invalid as problem:
            return await _no_longer(visit, problem)
    hashed = await passwords.hashed(params.password)
    async with visit.db.write() as tx:
        try:
            await emails.actions.reset(tx, visit.config, params.token, hashed)
        except Invalid as problem:
            return await _no_longer(visit, problem)
        await visit.sign_out(tx)
    return await visit.page(
        "message.html",
        title="You have a new password",
        paragraphs=["Every app and browser has been signed out. Log in with the new password."],
        link_url="/login",
        link_text="Log in",
    )


async def _asking(visit: Visit, error: str = "", email: str = "") -> web.Response:
    return await visit.page(
        "password_forgotten.html",
        status=422 if error else 200,
        error=error,
        email=email,
        sends_mail=visit.config.sends_mail,
        contact=visit.config.contact_email,
    )


async def _choosing(visit: Visit, token: str, error: str = "") -> web.Response:
    return await visit.page(
        "form.html",
        status=422 if error else 200,
        title="Choose a new password",
        paragraphs=[],
        error=error,
        action="/password/reset",
        hidden={"token": token},
        fields=[
            {
                "name": "password",
                "label": "New password",
                "type": "password",
                "hint": "Eight characters or more. Several words are easiest to remember.",
                "autocomplete": "new-password",
            }
        ],
        button="Use this password",
    )


async def _no_longer(visit: Visit, problem: Invalid) -> web.Response:
    return await visit.page(
        "message.html",
        status=422,
        title="This link is no longer good",
        paragraphs=[problem.message],
        link_url="/password",
        link_text="Ask for a new link",
    )


moved("/auth/password/new", "/password")
