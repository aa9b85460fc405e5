"""Setting up second factors and giving them up: each asks for the password, and each change is told by mail.
What they are worth at login is `web.oauth.second_step`."""

from __future__ import annotations

import msgspec
import segno
from aiohttp import web

from fedcoop import emails
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import User
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.second_factors import access, actions, keys, queries
from web.pages.settings.sections import WRONG_PASSWORD, password_is_right, shown
from web.pages.settings.security import overview
from web.visit import Visit, pages


class FactorParams(msgspec.Struct, kw_only=True):
    password: str = ""
    code: str = ""
    name: str = ""
    step: str = ""
    answer: str = ""
    key: int = 0


async def _allowed(visit: Visit, params: FactorParams) -> User | None:
    """The member, if the password is right."""
    async with visit.db.read() as tx:
        user = await accounts.user(tx, visit.member_id)
    return user if await password_is_right(visit, user, params.password) else None


@pages.post("/settings/security/app")
async def begin_app(visit: Visit, params: FactorParams) -> web.Response:
    user = await _allowed(visit, params)
    if user is None:
        return await overview(visit, error=WRONG_PASSWORD, at="app")
    async with visit.db.write() as tx:
        account = await accounts.find(tx, user.account_id)
        try:
            secret, address = await actions.begin_totp(tx, visit.config, account)
        except Invalid as problem:
            return await overview(visit, error=problem.message, at="app")
    return await _scanning(visit, secret, address)


@pages.post("/settings/security/app/confirm")
async def confirm_app(visit: Visit, params: FactorParams) -> web.Response:
    async with visit.db.write() as tx:
        account = await accounts.find(tx, visit.member_id)
        user = await accounts.user(tx, account.id)
        if await actions.confirm_totp(tx, account.id, params.code):
            return await _added(visit, tx, user, "An authenticator app was added")
        begun = await tx.one(queries.TOTP, account_id=account.id)
    if begun is None or begun.confirmed_at is not None:
        return await overview(visit, error="Begin again: no authenticator app waits for its code.", at="app")
    secret = begun.opened(visit.db.vault)
    address = actions.totp_address(visit.config, account, secret)
    return await _scanning(visit, secret, address, error="This is not the code that the app shows now.")


@pages.post("/settings/security/app/remove")
async def remove_app(visit: Visit, params: FactorParams) -> web.Response:
    user = await _allowed(visit, params)
    if user is None:
        return await overview(visit, error=WRONG_PASSWORD, at="app")
    async with visit.db.write() as tx:
        await actions.remove_totp(tx, user.account_id)
        await emails.actions.tell_second_factor(tx, visit.config, user, "An authenticator app was removed")
    return await overview(visit, notice="The authenticator app is asked for no more.")


@pages.post("/settings/security/keys/new")
async def begin_key(visit: Visit, params: FactorParams) -> web.Response:
    user = await _allowed(visit, params)
    if user is None:
        return await overview(visit, error=WRONG_PASSWORD, at="key")
    async with visit.db.write() as tx:
        account = await accounts.find(tx, user.account_id)
        secret = await actions.begin(tx, account.id, "enrol")
        step = await access.challenge(tx, secret, "enrol")
        known = (await access.factors(tx, account.id)).keys
    return await shown(
        visit,
        "settings/key.html",
        here="/settings/security",
        step=secret,
        name=params.name,
        options=keys.enrolment(visit.config, account, step.challenge, known),
        scripts=True,
    )


@pages.post("/settings/security/keys")
async def add_key(visit: Visit, params: FactorParams) -> web.Response:
    async with visit.db.write() as tx:
        account = await accounts.find(tx, visit.member_id)
        user = await accounts.user(tx, account.id)
        try:
            step = await access.challenge(tx, params.step, "enrol")
            if step.account_id != account.id:
                raise NotFound
            await actions.add_key(tx, visit.config, account, step, params.name, params.answer)
        except Invalid as problem:
            return await overview(visit, error=problem.message, at="key")
        return await _added(visit, tx, user, "A security key was added")


@pages.post("/settings/security/keys/remove")
async def remove_key(visit: Visit, params: FactorParams) -> web.Response:
    user = await _allowed(visit, params)
    if user is None:
        return await overview(visit, error=WRONG_PASSWORD, at="key")
    async with visit.db.write() as tx:
        if not await actions.remove_key(tx, user.account_id, params.key):
            raise NotFound
        await emails.actions.tell_second_factor(tx, visit.config, user, "A security key was removed")
    return await overview(visit, notice="The security key is taken no more.")


@pages.post("/settings/security/codes")
async def new_codes(visit: Visit, params: FactorParams) -> web.Response:
    user = await _allowed(visit, params)
    if user is None:
        return await overview(visit, error=WRONG_PASSWORD, at="codes")
    async with visit.db.write() as tx:
        if not (await access.factors(tx, user.account_id)).any:
            return await overview(visit, error="First add an app or a security key.", at="codes")
        codes = await actions.new_recovery_codes(tx, user.account_id)
        await emails.actions.tell_second_factor(tx, visit.config, user, "New recovery codes were made")
    return await _codes(visit, codes)


async def _added(visit: Visit, tx: Tx, user: User, what: str) -> web.Response:
    """The first factor comes with recovery codes, so that a lost phone is not a lost account."""
    await emails.actions.tell_second_factor(tx, visit.config, user, what)
    if (await access.factors(tx, user.account_id)).recovery_codes:
        return await overview(visit, notice=f"{what}.")
    return await _codes(visit, await actions.new_recovery_codes(tx, user.account_id))


async def _codes(visit: Visit, codes: list[str]) -> web.Response:
    return await shown(visit, "settings/codes.html", here="/settings/security", codes=codes)


async def _scanning(visit: Visit, secret: str, address: str, error: str = "") -> web.Response:
    return await shown(
        visit,
        "settings/app.html",
        here="/settings/security",
        error=error,
        secret=secret,
        address=address,
        drawing_html=segno.make(address).svg_inline(scale=5, border=2, light="#fff"),
    )
