"""Serves the stylesheet, the scripts and the drawings. How they come to their names is `assets`."""

import msgspec
from aiohttp import web

from fedcoop.errors import NotFound
from web import headers
from web.pages.assets import BY_ADDRESS, BY_NAME, Asset, address_of
from web.visit import Visit, pages

FOR_EVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
ROBOTS = "User-agent: *\nDisallow: /settings/\nDisallow: /oauth/\n"


class FileParams(msgspec.Struct):
    name: str


@pages.get("/static/{name}")
async def file(visit: Visit, params: FileParams) -> web.Response:
    """A file under the name that carries its hash, for ever; or under its plain one, for a day. The API gives
    out plain names (`avatar.svg`, `header.svg`), since what it says is kept by others."""
    if asset := BY_ADDRESS.get(f"/static/{params.name}"):
        return _sent(asset, FOR_EVER)
    if asset := BY_NAME.get(params.name):
        return _sent(asset, A_DAY)
    raise NotFound


@pages.get("/favicon.ico")
async def favicon(visit: Visit) -> web.Response:
    return visit.redirect(address_of("icon.svg"))


@pages.get("/robots.txt")
async def robots(visit: Visit) -> web.Response:
    return web.Response(text=ROBOTS, headers={**headers.SAFE, "Cache-Control": A_DAY})


def _sent(asset: Asset, kept: str) -> web.Response:
    response = web.Response(body=asset.body, content_type=asset.content_type, charset="utf-8")
    response.headers.update(headers.SAFE)
    response.headers["Cache-Control"] = kept
    # A drawing opened by itself is a document: it may draw, and nothing else.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
