"""Proving that one reads an e-mail address: the links of our letters, and the letter once more. Asking for another
address is in `web.pages.settings`. https://docs.joinmastodon.org/methods/emails/

The links open a page with a button: programs that open every link of a letter confirm nothing."""

from __future__ import annotations

import msgspec
from aiohttp import web

from fedcoop import emails
from fedcoop.accounts import access as accounts
from fedcoop.errors import Invalid, NotAllowed
from web.api import api
from web.call import Call
from web.limits import CONFIRM, SIGN_IN
from web.visit import Visit, pages


class AgainParams(msgspec.Struct, kw_only=True):
    email: str = ""


class ConfirmationParams(msgspec.Struct, kw_only=True):
    confirmation_token: str = ""


class LinkParams(msgspec.Struct, kw_only=True):
    token: str = ""


@api.post("/api/v1/emails/confirmations", scope="write:accounts", app_token=True, limit=CONFIRM)
async def send_again(call: Call, params: AgainParams) -> None:
    async with call.db.write() as tx:
        user = await accounts.user(tx, call.account_id)
        await emails.actions.confirm_again(tx, call.config, user, params.email)


@api.get("/api/v1/emails/check_confirmation", scope="read:accounts", app_token=True)
async def check_confirmation(call: Call) -> bool:
    async with call.db.read() as tx:
        user = await accounts.user(tx, call.account_id)
    if user.disabled_at:
        raise NotAllowed("Your login is currently disabled")
    return user.confirmed_at is not None


@pages.get("/auth/confirmation")
async def ask_to_confirm(visit: Visit, params: ConfirmationParams) -> web.Response:
    async with visit.db.read() as tx:
        try:
            token = await emails.access.token(tx, params.confirmation_token, "confirm")
        except Invalid as problem:
            return await _no_longer(visit, problem)
    return await visit.page(
        "form.html",
        title="Confirm your address",
        paragraphs=[f"Is {token.email} your address?"],
        error="",
        action="/auth/confirmation",
        hidden={"confirmation_token": params.confirmation_token},
        fields=[],
        button="Yes, it is mine",
    )


@pages.post("/auth/confirmation", limit=SIGN_IN)
async def confirm(visit: Visit, params: ConfirmationParams) -> web.Response:
    async with visit.db.write() as tx:
        try:
            user = await emails.actions.confirm(tx, params.confirmation_token)
        except Invalid as problem:
            return await _no_longer(visit, problem)
    waits = "Your request to join is still waiting for an answer; log in once it has come."
    return await visit.page(
        "message.html",
        title="Thank you",
        paragraphs=[
            f"{user.email} is confirmed.",
            "Now you can log in." if user.approved_at else waits,
        ],
        link_url="/login" if user.approved_at else "/about",
        link_text="Log in" if user.approved_at else f"About {visit.config.title}",
    )


@pages.get("/email/change")
async def ask_to_change(visit: Visit, params: LinkParams) -> web.Response:
    async with visit.db.read() as tx:
        try:
            token = await emails.access.token(tx, params.token, "change")
        except Invalid as problem:
            return await _no_longer(visit, problem)
        account = await accounts.find(tx, token.account_id)
    return await visit.page(
        "form.html",
        title="Use this address",
        paragraphs=[f"From now on we would write to {token.email} about @{account.username}."],
        error="",
        action="/email/change",
        hidden={"token": params.token},
        fields=[],
        button="Use this address",
    )


@pages.post("/email/change", limit=SIGN_IN)
async def change(visit: Visit, params: LinkParams) -> web.Response:
    async with visit.db.write() as tx:
        try:
            email = await emails.actions.change(tx, visit.config, params.token)
        except Invalid as problem:
            return await _no_longer(visit, problem)
    return await visit.page(
        "message.html",
        title="Your address has changed",
        paragraphs=[f"We write to {email} from now on."],
        link_url="/settings/account",
        link_text="Your account",
    )


async def _no_longer(visit: Visit, problem: Invalid) -> web.Response:
    return await visit.page(
        "message.html",
        status=422,
        title="This link is no longer good",
        paragraphs=[problem.message],
        link_url="/login",
        link_text="Log in",
    )
