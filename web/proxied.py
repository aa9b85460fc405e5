"""Serves other servers' files as copies of ours (security.md D20, D21, F13). Fetching them is
`activitypub.copying`; the addresses are made by `fedcoop.addresses`.

An address names a row of the database, never a file elsewhere, so nobody can have us fetch what they like. What
its server may not show here is not fetched and not shown.
"""

from __future__ import annotations

from typing import cast, get_args

from aiohttp import web

from activitypub.errors import TooLarge
from fedcoop import domains
from fedcoop.addresses import PROXY, Kind, Variant, seal
from fedcoop.db import Tx
from fedcoop.media import copies
from fedcoop.media.copies import Origin
from fedcoop.text.safe import is_link
from web import headers
from web.media import missing, served
from web.services import Services

KEPT = "public, max-age=604800"
ELSEWHERE = "public, max-age=3600"


def add_routes(app: web.Application, services: Services) -> None:
    """As with our own files no token, session or limit is looked at."""

    async def copy(request: web.Request) -> web.StreamResponse:
        kind, variant = request.match_info["kind"], request.match_info["variant"]
        if kind not in get_args(Kind) or variant not in get_args(Variant):
            return missing()
        async with services.db.read() as tx:
            origin = await copies.origin(tx, cast(Kind, kind), request.match_info["key"])
            if origin is None or not await _may_be_shown(tx, origin):
                return missing()
        if request.match_info["seal"] != seal(origin.at(cast(Variant, variant))):
            return missing()
        if not services.config.media_proxy:
            return _elsewhere(origin.at(cast(Variant, variant)))
        try:
            name = await services.copier.copy(origin, cast(Variant, variant))
        except TooLarge:
            return _elsewhere(origin.url)
        return await served(request, services.storage, name, kept=KEPT) if name else missing()

    app.router.add_get(PROXY + "/{kind}/{key}/{variant}/{seal}", copy)


async def _may_be_shown(tx: Tx, origin: Origin) -> bool:
    if not origin.domain:
        return True
    restriction = await domains.access.gate(tx, origin.domain)
    return restriction is None or not (restriction.suspended or restriction.reject_media)


def _elsewhere(url: str) -> web.Response:
    if not is_link(url):
        return missing()
    said = {**headers.SAFE, "Location": url, "Cache-Control": ELSEWHERE, "Referrer-Policy": "no-referrer"}
    return web.Response(status=302, headers=said)
