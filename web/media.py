"""Serves what members uploaded. Taking it in is `web.mastodon.media`; where it lies is `fedcoop.media.files`.

A file says only what its decoder found it to be, never a document of the protocol, and opened by itself it may do
nothing. It never changes under its name, so it may be kept for ever.
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from fedcoop.media import files
from web import headers
from web.services import Services

_HEADERS = {
    **headers.SAFE,
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def add_routes(app: web.Application, services: Services) -> None:
    """Serve the files. They are asked for by the dozen and hold no secret: no token, session or limit is
    looked at."""

    async def file(request: web.Request) -> web.StreamResponse:
        path = files.path_of(services.config, files.PREFIX + request.match_info["name"])
        if path is None or not await asyncio.to_thread(path.is_file):
            return web.Response(status=404, text="There is no such file here.", headers=headers.SAFE)
        kind = files.TYPES[path.suffix.removeprefix(".")]
        return web.FileResponse(path, headers={**_HEADERS, "Content-Type": kind})

    app.router.add_get(files.PREFIX + "{name:.+}", file)
