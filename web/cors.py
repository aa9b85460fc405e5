"""Letting pages of other sites use the API: any origin, never with cookies. Cookies belong to our own pages,
which have none of these headers."""

import re

from aiohttp import web

OPEN = ("/api/", "/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/userinfo", "/.well-known/",
        "/nodeinfo/", "/ap/", "/actor", "/ledger/", "/users/")  # fmt: skip
METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
EXPOSED = (
    "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, "
    "Idempotency-Key, Mastodon-Async-Refresh, Retry-After, WWW-Authenticate"
)
HEADERS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}

_NAMES = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,1000}\Z")


def is_open(path: str) -> bool:
    """Whether other sites may read what this path answers."""
    return path.startswith(OPEN)


def preflight(request: web.Request) -> web.Response:
    """The answer to a browser that asks first. A `*` would not cover Authorization, so names are repeated."""
    wanted = request.headers.get("Access-Control-Request-Headers", "")
    allowed = wanted if _NAMES.match(wanted) else "Authorization, Content-Type, Idempotency-Key"
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": allowed,
            "Access-Control-Max-Age": "7200",
            "Vary": "Access-Control-Request-Headers",
            "Server": "fedcoop",
        },
    )
