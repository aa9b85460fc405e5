"""Writing a post in the browser: what other sites and phones hand over to `/share` (Web Share Target,
FEP-3b86's Create), and the answers written in `interact`. Apps post through `web.mastodon.statuses`."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from aiohttp import web

from fedcoop.accounts import access as accounts
from fedcoop.accounts import queries as account_queries
from fedcoop.errors import Invalid
from fedcoop.ids import AccountId
from fedcoop.statuses import actions
from fedcoop.statuses.consent import rules
from fedcoop.statuses.types import Draft, Visibility
from web.mastodon.elsewhere import meet_mentioned
from web.visit import Visit, pages

AUDIENCES: dict[str, str] = {
    "public": "Everybody",
    "unlisted": "Everybody, but in no public timeline",
    "private": "Only my followers",
    "direct": "Only those mentioned",
}
"""Who reads a post, widest first, as the form says it."""
LONGEST_KEY = 60


class SharedParams(msgspec.Struct, kw_only=True):
    title: str = ""
    text: str = ""
    url: str = ""


class Written(msgspec.Struct, kw_only=True):
    """What somebody wrote into a form. `key` lets it be posted once, however often it is sent."""

    text: str = ""
    visibility: str = ""
    key: str = ""


@pages.get("/share")
async def share(visit: Visit, params: SharedParams) -> web.Response:
    """A post to be looked over before it is sent."""
    if visit.account_id is None:
        return visit.to_login()
    parts = [part.strip() for part in (params.title, params.text, params.url)]
    text = "\n\n".join(
        part for index, part in enumerate(parts) if part and not any(part in each for each in parts[:index])
    )
    return await _form(visit, text, await own_audience(visit))


@pages.post("/share")
async def post(visit: Visit, params: Written) -> web.Response:
    if visit.account_id is None:
        return visit.to_login()
    try:
        return visit.redirect(await say(visit, visit.account_id, params))
    except Invalid as problem:
        return await _form(visit, params.text, params.visibility, in_words(problem))


async def say(
    visit: Visit, account_id: AccountId, written: Written, in_reply_to_id: int | None = None
) -> str:
    """Post what a member wrote, with their own defaults for the rest, and return the path of its page. Raises
    `Invalid` for what cannot be posted, and `NotFound` for an answer to what the member may not see."""
    await meet_mentioned(visit, written.text)
    async with visit.db.write() as tx:
        author = await accounts.find(tx, account_id)
        user = await tx.one(account_queries.USER, account_id=account_id)
        visibility = _audience(written.visibility)
        draft = Draft(
            text=written.text.replace("\r\n", "\n"),
            visibility=visibility,
            sensitive=bool(user and user.default_sensitive),
            language=user.default_language if user else None,
            quote_policy=user.default_quote_policy if user else "public",
            may=rules.read(user.default_rules).of(visibility) if user else None,
            in_reply_to_id=in_reply_to_id,
        )
        key = f"page {written.key[:LONGEST_KEY] or new_key()}"
        status_id = await actions.post_once(tx, author, draft, key, config=visit.config)
    return f"/@{author.username}/{status_id}"


async def own_audience(visit: Visit) -> str:
    """For whom the member writes unless they say otherwise."""
    async with visit.db.read() as tx:
        user = await tx.one(account_queries.USER, account_id=visit.account_id)
    return user.default_visibility if user else "public"


def composing(text: str, audience: str) -> dict[str, Any]:
    """What the templates need for the fields of `Written`."""
    return {"text": text, "audience": audience, "audiences": AUDIENCES, "key": new_key()}


def new_key() -> str:
    return secrets.token_urlsafe(16)


def in_words(problem: Invalid) -> str:
    """What was wrong, without the words that are for apps."""
    return problem.message.removeprefix("Validation failed: ")


def _audience(word: str) -> Visibility:
    if word not in AUDIENCES:
        raise Invalid("Say who may read it")
    return word  # type: ignore[return-value] # checked above


async def _form(visit: Visit, text: str, audience: str, error: str = "") -> web.Response:
    return await visit.page(
        "share.html", status=422 if error else 200, error=error, **composing(text, audience)
    )
