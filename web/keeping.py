"""What caches may keep, and telling them that it has not changed (RFC 9110, 13.1.2). Which answers are public is
said where they are made, by their `Cache-Control`."""

from __future__ import annotations

from hashlib import blake2b

from aiohttp import web
from multidict import CIMultiDict


def revalidated(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    """The answer with its ETag; or, where the client has just that, a 304 without it. What no cache may keep, what
    is streamed, and errors stay as they are."""
    if not (isinstance(answer, web.Response) and isinstance(answer.body, bytes)) or answer.prepared:
        return answer
    if answer.status != 200 or request.method not in ("GET", "HEAD") or "ETag" in answer.headers:
        return answer
    caching = answer.headers.get("Cache-Control", "no-store")
    if "no-store" in caching:
        return answer
    digest = blake2b(answer.body, digest_size=12).hexdigest()
    known = request.if_none_match or ()
    if not any(each.value in (digest, "*") for each in known):
        answer.headers["ETag"] = f'W/"{digest}"'
        return answer
    said = CIMultiDict(answer.headers)
    for name in ("Content-Type", "Content-Length"):
        said.popall(name, None)
    said["ETag"] = f'W/"{digest}"'
    return web.Response(status=304, headers=said)
