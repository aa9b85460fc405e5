"""Where other servers deliver: verify, keep, answer at once. What becomes of it is `activitypub.inbox`."""

from __future__ import annotations

from aiohttp import web

from activitypub.receive import Outcome, receive
from web.api import api, refused
from web.call import Call
from web.errors import Answer
from web.federation.requests import fed_of, raw_headers
from web.limits import INBOX


async def inbox(call: Call) -> web.Response:
    request = call.request
    body = await request.read()
    verdict = await receive(fed_of(call), request.method, request.raw_path, raw_headers(request), body)
    if verdict.outcome is Outcome.ACCEPTED:
        return web.Response(status=202, headers={"Server": "fedcoop"})
    return refused(Answer(verdict.outcome.value, {"error": verdict.reason}))


for path in ("/inbox", "/actor/inbox", "/ap/users/{id}/inbox"):
    api.post(path, per_address=INBOX)(inbox)
