"""The second step of a login, for those who have set one up in `web.pages.settings.factors`. The first is `login`.

What the first step hands over is a secret in the form: without it there is no second step, and it dies with the
tenth wrong answer or after ten minutes."""

from __future__ import annotations

import msgspec
from aiohttp import web

from fedcoop.accounts import access as accounts
from fedcoop.errors import Invalid
from fedcoop.second_factors import access, actions, keys
from fedcoop.sessions.access import check_may_sign_in
from web.limits import SECOND_STEP, SIGN_IN
from web.oauth.onward import local
from web.visit import Visit, pages


class StepParams(msgspec.Struct, kw_only=True):
    step: str = ""
    next: str = "/"
    code: str = ""
    answer: str = ""


async def ask(visit: Visit, step: str, next_: str, error: str = "") -> web.Response:
    """The page that wants the code or the key. Raises `Invalid` when the step is over."""
    async with visit.db.read() as tx:
        begun = await access.challenge(tx, step, "sign_in")
        factors = await access.factors(tx, begun.account_id)
    return await visit.page(
        "second_step.html",
        status=422 if error else 200,
        error=error,
        step=step,
        next=local(next_),
        totp=factors.totp,
        options=keys.question(visit.config, begun.challenge, factors.keys) if factors.keys else "",
        scripts=bool(factors.keys),
    )


@pages.post("/login/second", limit=SIGN_IN)
async def second(visit: Visit, params: StepParams) -> web.Response:
    try:
        async with visit.db.read() as tx:
            begun = await access.challenge(tx, params.step, "sign_in")
        if visit.config.rate_limits:
            visit.services.counters.hit(SECOND_STEP, begun.account_id)
        async with visit.db.write() as tx:
            if params.answer:
                right = await actions.passes_with_key(tx, visit.config, begun, params.answer)
            else:
                right = await actions.passes_with_code(tx, begun, params.code)
            if right:
                # Something may have happened to the account since the password.
                check_may_sign_in(await accounts.user(tx, begun.account_id))
                await visit.sign_out(tx)
                await visit.sign_in(tx, begun.account_id)
        if not right:
            wrong = keys.BAD_KEY if params.answer else "This code is not right, or was used before."
            return await ask(visit, params.step, params.next, wrong)
    except Invalid as problem:
        return await visit.page(
            "message.html",
            status=422,
            title="Log in again",
            paragraphs=[problem.message],
            link_url="/login",
            link_text="Log in",
        )
    return visit.redirect(local(params.next))
