"""Having no more letters about votes, by the link of a letter: the mail program's button (RFC 8058), and a page
for people. Neither asks anybody to sign in. The letters are `moderation.reminding` and `moderation.letters`."""

from __future__ import annotations

import msgspec
from aiohttp import web

from moderation import reminding
from moderation.reminding import UNSUBSCRIBE
from web.api import api
from web.call import Call
from web.visit import Visit, pages

AGREED = f"{UNSUBSCRIBE}/confirm"


class TokenParams(msgspec.Struct, kw_only=True):
    token: str = ""


@api.post(UNSUBSCRIBE)
async def at_once(call: Call, params: TokenParams) -> None:
    async with call.db.write() as tx:
        await reminding.unsubscribe(tx, params.token)


@pages.get(UNSUBSCRIBE)
async def ask(visit: Visit, params: TokenParams) -> web.Response:
    """Programs that open every link of a letter change nothing."""
    return await visit.page(
        "form.html",
        title="No more letters about votes",
        paragraphs=[
            "The assembly’s direct messages go on. You can have the letters again under “Your membership”."
        ],
        error="",
        action=AGREED,
        hidden={"token": params.token},
        fields=[],
        button="Write me no more letters",
    )


@pages.post(AGREED)
async def agreed(visit: Visit, params: TokenParams) -> web.Response:
    async with visit.db.write() as tx:
        await reminding.unsubscribe(tx, params.token)
    return await visit.page(
        "message.html",
        title="Done",
        paragraphs=["You get no more letters about votes."],
        link_url="/coop",
        link_text="Decisions",
    )
