"""What caches may keep, and telling them that it has not changed (RFC 9110, 13.1.2). Which answers are public is
said where they are made, by their `Cache-Control`."""

from __future__ import annotations

from hashlib import blake2b

from aiohttp import web
from multidict import CIMultiDict


def etag_of(body: bytes) -> str:
    """By what an answer's body is known again."""
    return f'W/"{blake2b(body, digest_size=12).hexdigest()}"'


def revalidated(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    """The answer with its ETag, which its maker may have said already; or, where the client has just that, a 304
    without it. What no cache may keep, what is streamed, and errors stay as they are."""
    if not (isinstance(answer, web.Response) and isinstance(answer.body, bytes)) or answer.prepared:
        return answer
    if answer.status != 200 or request.method not in ("GET", "HEAD"):
        return answer
    said = answer.headers
    if "no-store" in said.get("Cache-Control", "no-store"):
        return answer
    if "ETag" not in said:
        said["ETag"] = etag_of(answer.body)
    known = request.if_none_match or ()
    if not any(each.value == "*" or f'W/"{each.value}"' == said["ETag"] for each in known):
        return answer
    kept = CIMultiDict(said)
    for name in ("Content-Type", "Content-Length"):
        kept.popall(name, None)
    return web.Response(status=304, headers=kept)
