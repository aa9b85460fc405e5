"""Somebody new wants an account: the page for browsers, and the API's operation for clients.
https://docs.joinmastodon.org/methods/accounts/#create"""

from __future__ import annotations

import asyncio
from datetime import date

import msgspec
from aiohttp import web

from fedcoop import clock, emails, settings
from fedcoop.accounts import access as account_access
from fedcoop.accounts import actions as accounts
from fedcoop.accounts import keys
from fedcoop.accounts.names import checked_email, checked_username
from fedcoop.accounts.types import Account, NewAccount
from fedcoop.barring import access as barring
from fedcoop.config import Config
from fedcoop.errors import VALIDATION, Invalid, InvalidFields, NotAllowed
from fedcoop.instance import access as instance
from fedcoop.notifications import notices
from fedcoop.oauth import actions as oauth
from fedcoop.sessions import passwords
from web.api import api
from web.call import Call
from web.limits import SIGN_UP
from web.oauth.entities import TokenEntity
from web.services import Services
from web.visit import Visit, pages

OLDEST = 130


class JoinParams(msgspec.Struct, kw_only=True):
    username: str = ""
    email: str = ""
    password: str = ""
    agreement: bool = False
    locale: str = "en"
    reason: str = ""
    date_of_birth: str = ""


def _check(config: Config, params: JoinParams) -> None:
    """The cheap checks, before the costly hash: all of them, so that a form shows every mistake at once.
    Raises `Invalid` with the field that is at fault, `InvalidFields` for several."""
    faults: list[Invalid] = []
    for check in (
        lambda: checked_username(params.username),
        lambda: checked_email(params.email),
        lambda: passwords.checked(params.password),
        lambda: _check_agreement(config, params),
        lambda: _check_age(config, params.date_of_birth),
    ):
        try:
            check()
        except Invalid as fault:
            faults.append(fault)
    if config.registrations == "approval" and not params.reason.strip():
        faults.append(Invalid("Reason can't be blank", "reason", "ERR_BLANK"))
    if faults:
        raise faults[0] if len(faults) == 1 else InvalidFields(faults)


def _check_agreement(config: Config, params: JoinParams) -> None:
    if not params.agreement:
        raise Invalid("Service agreement must be accepted", "agreement", "ERR_ACCEPTED")


def _check_age(config: Config, birth: str) -> None:
    """Whoever joins has lived as many years as the settings want. The date is looked at and not kept."""
    if not config.registrations_min_age:
        return
    if not birth:
        raise Invalid("Date of birth can't be blank", "date_of_birth", "ERR_BLANK")
    try:
        born = date.fromisoformat(birth)
    except ValueError:
        raise Invalid("Date of birth must be a date, such as 1990-12-31", "date_of_birth") from None
    today = clock.as_datetime(clock.now()).date()
    lived = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if lived < config.registrations_min_age:
        raise Invalid("Date of birth is below the age limit", "date_of_birth", "ERR_BELOW_LIMIT")
    if lived > OLDEST:
        raise Invalid("Date of birth is too long ago", "date_of_birth")


async def _join(services: Services, params: JoinParams, address: str) -> Account:
    """The new account. Raises `Invalid` with the field that is at fault, `NotAllowed` where nobody may join."""
    async with services.db.read() as tx:
        config = await settings.applied(tx, services.config)
        message = (await settings.read(tx, services.config)).registrations_message
    if config.registrations == "closed":
        raise NotAllowed(message or "This server does not take new accounts at the moment")
    _check(config, params)
    async with services.db.read() as tx:
        waits = await barring.check_joining(tx, address)
        await barring.check_email(tx, checked_email(params.email))
    made, hashed = await asyncio.gather(asyncio.to_thread(keys.generate), passwords.hashed(params.password))
    new = NewAccount(
        username=params.username,
        email=params.email,
        password_hash=hashed,
        keys=made,
        locale=params.locale[:10] or "en",
        confirmed=not config.email_confirmation,
        approved=config.registrations == "open" and not waits,
        reason=params.reason,
    )
    async with services.db.write() as tx:
        account = await accounts.create(tx, config, new)
        if config.email_confirmation:
            await emails.actions.ask_to_confirm(tx, config, await account_access.user(tx, account.id))
        await notices.tell_staff(tx, "admin.sign_up", account.id)
        return account


@api.post("/api/v1/accounts", scope="write:accounts", app_token=True, limit=SIGN_UP)
async def create(call: Call, params: JoinParams) -> TokenEntity:
    token = call.token
    if token is None or token.account_id is not None:
        raise NotAllowed("This action needs the token of an application, not that of a member")
    account = await _join(call.services, params, call.services.proxies.address(call.request))
    async with call.db.write() as tx:
        secret = await oauth.give_token(tx, token.app_id, account.id, token.scopes)
    return TokenEntity(access_token=secret, scope=token.scopes, created_at=clock.now() // clock.SECOND)


@pages.get("/register")
async def ask(visit: Visit) -> web.Response:
    return await _form(visit, JoinParams(), {})


@pages.post("/register", limit=SIGN_UP)
async def register(visit: Visit, params: JoinParams) -> web.Response:
    try:
        account = await _join(visit.services, params, visit.services.proxies.address(visit.request))
        async with visit.db.read() as tx:
            account_waits = (await account_access.user(tx, account.id)).approved_at is None
    except Invalid as problem:
        faults = problem.faults if isinstance(problem, InvalidFields) else [problem]
        sentences = {each.field or "username": each.message.removeprefix(VALIDATION) for each in faults}
        return await _form(visit, params, sentences)
    if visit.config.email_confirmation:
        sentence = "We have written to your address. Follow the link in that letter; then you can log in."
        if not visit.config.sends_mail:
            sentence = (
                "This server sends no mail: whoever runs it confirms your address. Then you can log in."
            )
        return await _said(visit, account, sentence)
    if account_waits:
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
        mode=(await visit.services.as_decided()).registrations,
        rules=rules,
        min_age=visit.config.registrations_min_age,
        values={
            "username": params.username,
            "email": params.email,
            "reason": params.reason,
            "date_of_birth": params.date_of_birth,
            "agreement": "1" if params.agreement else "",
        },
        errors=errors,
    )
