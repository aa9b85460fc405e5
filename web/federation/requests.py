"""What the federation's endpoints have in common: raw headers for signatures, who asks, and the answer's type."""

from __future__ import annotations

from aiohttp import web

from activitypub import documents
from activitypub.errors import BadSignature
from activitypub.federation import Federation
from activitypub.receive import requester
from fedcoop.accounts.types import Account
from fedcoop.errors import Unauthorized
from web import cors, headers
from web.call import Call

ACTIVITY = "application/activity+json; charset=utf-8"


def fed_of(call: Call) -> Federation:
    return call.services.federation


def raw_headers(request: web.Request) -> list[tuple[str, str]]:
    """Every header as it came, doubled ones too: what was signed must be what is checked."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.raw_headers]


async def viewer_of(call: Call) -> Account | None:
    """Who signed this request; None for nobody. Raises `Unauthorized` for a signature that proves nothing."""
    request = call.request
    if "Signature" not in request.headers:
        return None
    try:
        return await requester(fed_of(call), request.method, request.raw_path, raw_headers(request))
    except BadSignature as problem:
        raise Unauthorized(str(problem)) from None


def document(body: bytes, *, kind: str = ACTIVITY, personal: bool = False, status: int = 200) -> web.Response:
    """A document, which may be kept only where it does not depend on who asks."""
    caching = "private, no-store" if personal else "public, max-age=60"
    return web.Response(
        status=status,
        body=body,
        headers={
            "Content-Type": kind,
            "Cache-Control": caching,
            "Vary": "Accept, Signature",
            **headers.SAFE,
            **cors.HEADERS,
        },
    )


def gone(call: Call) -> web.Response:
    """What was deleted leaves a tombstone."""
    return document(documents.tombstone(call.config.base_url + call.request.path), status=410)


def prefers_page(request: web.Request) -> bool:
    """Whether a person's browser asks, and not a server."""
    accept = request.headers.get("Accept", "")
    return "text/html" in accept and not documents.wants_document(accept)
