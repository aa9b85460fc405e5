"""Somebody new wants an account: the page for browsers, and the API's operation for clients.
https://docs.joinmastodon.org/methods/accounts/#create"""

from __future__ import annotations

import asyncio

import msgspec
from aiohttp import web

from fedcoop import clock
from fedcoop.accounts import actions as accounts
from fedcoop.accounts import keys
from fedcoop.accounts.names import checked_email, checked_username
from fedcoop.accounts.types import Account, NewAccount
from fedcoop.errors import Invalid, NotAllowed
from fedcoop.instance import access as instance
from fedcoop.oauth import actions as oauth
from fedcoop.sessions import passwords
from web.api import api
from web.call import Call
from web.limits import SIGN_UP
from web.oauth.entities import TokenEntity
from web.services import Services
from web.visit import Visit, pages


class JoinParams(msgspec.Struct, kw_only=True):
    username: str = ""
    email: str = ""
    password: str = ""
    agreement: bool = False
    locale: str = "en"
    reason: str = ""


async def _join(services: Services, params: JoinParams) -> Account:
    """The new account. Raises `Invalid` with the field that is at fault, `NotAllowed` where nobody may join."""
    config = services.config
    if config.registrations == "closed":
        raise NotAllowed("This server does not take new accounts at the moment")
    # The cheap checks come before the costly hash.
    checked_username(params.username)
    checked_email(params.email)
    passwords.checked(params.password)
    if not params.agreement:
        raise Invalid("Service agreement must be accepted", field="agreement")
    if config.registrations == "approval" and not params.reason.strip():
        raise Invalid("Reason can't be blank", field="reason")
    made, hashed = await asyncio.gather(asyncio.to_thread(keys.generate), passwords.hashed(params.password))
    new = NewAccount(
        username=params.username,
        email=params.email,
        password_hash=hashed,
        keys=made,
        locale=params.locale[:10] or "en",
        confirmed=not config.email_confirmation,
        approved=config.registrations == "open",
        reason=params.reason,
    )
    async with services.db.write() as tx:
        return await accounts.create(tx, config, new)


@api.post("/api/v1/accounts", scope="write:accounts", app_token=True, limit=SIGN_UP)
async def create(call: Call, params: JoinParams) -> TokenEntity:
    token = call.token
    if token is None or token.account_id is not None:
        raise NotAllowed("This action needs the token of an application, not that of a member")
    account = await _join(call.services, params)
    async with call.db.write() as tx:
        secret = await oauth.give_token(tx, token.app_id, account.id, token.scopes)
    return TokenEntity(access_token=secret, scope=token.scopes, created_at=clock.now() // clock.SECOND)


@pages.get("/register")
async def ask(visit: Visit) -> web.Response:
    return await _form(visit, JoinParams(), {})


@pages.post("/register", limit=SIGN_UP)
async def register(visit: Visit, params: JoinParams) -> web.Response:
    try:
        account = await _join(visit.services, params)
    except Invalid as problem:
        sentence = problem.message.removeprefix("Validation failed: ")
        return await _form(visit, params, {problem.field or "username": sentence})
    if visit.config.email_confirmation:
        return await _said(
            visit, account, "Whoever runs this server confirms your address. Then you can log in."
        )
    if visit.config.registrations == "approval":
        return await _said(visit, account, "Your request is on its way. Log in once it has been answered.")
    async with visit.db.write() as tx:
        await visit.sign_out(tx)
        await visit.sign_in(tx, account.id)
    return await visit.page(
        "message.html",
        title=f"Welcome, {account.username}",
        paragraphs=[
            f"You are @{account.username}@{visit.config.domain}.",
            "Log in with any Mastodon app: give it this server's name when it asks.",
        ],
        link_url=f"/@{account.username}",
        link_text="Your profile",
    )


async def _said(visit: Visit, account: Account, sentence: str) -> web.Response:
    return await visit.page(
        "message.html",
        title="Thank you",
        paragraphs=[f"@{account.username}@{visit.config.domain} is yours.", sentence],
        link_url="/about",
        link_text=f"About {visit.config.title}",
    )


async def _form(visit: Visit, params: JoinParams, errors: dict[str, str]) -> web.Response:
    async with visit.db.read() as tx:
        rules = await instance.rules(tx)
    return await visit.page(
        "register.html",
        status=422 if errors else 200,
        mode=visit.config.registrations,
        rules=rules,
        values={
            "username": params.username,
            "email": params.email,
            "reason": params.reason,
            "agreement": "1" if params.agreement else "",
        },
        errors=errors,
    )
