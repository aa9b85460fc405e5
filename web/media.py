"""Serves what members uploaded. Taking it in is `web.mastodon.media`; where it lies is `fedcoop.media.storage`.

A file says only what its decoder found it to be, never a document of the protocol, and opened by itself it may do
nothing. It never changes under its name, so it may be kept for ever.
"""

from __future__ import annotations

from aiohttp import web

from fedcoop.media import files
from fedcoop.media.storage import FOR_EVER, Storage
from web import headers
from web.services import Services

HEADERS = {
    **headers.SAFE,
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def add_routes(app: web.Application, services: Services) -> None:
    """Serve the files. They are asked for by the dozen and hold no secret: no token, session or limit is
    looked at."""

    async def file(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if not files.NAME.fullmatch(name) or name.endswith(files.PRIVATE):
            return missing()
        return await served(request, services.storage, name)

    app.router.add_get(files.PREFIX + "{name:.+}", file)


def missing() -> web.Response:
    return web.Response(status=404, text="There is no such file here.", headers=headers.SAFE)


async def served(
    request: web.Request, storage: Storage, name: str, kept: str = FOR_EVER, called: str = ""
) -> web.StreamResponse:
    """A file of ours, or the part of it that was asked for. `called`: under which name it is to be saved."""
    said = {**HEADERS, "Content-Type": files.type_of(name), "Cache-Control": kept}
    if called:
        said["Content-Disposition"] = f'attachment; filename="{called}"'
    size = await storage.size(name)
    if size is None:
        return missing()
    if path := storage.path_of(name):
        return web.FileResponse(path, headers=said)
    try:
        wanted = request.http_range
        start, end, _ = slice(wanted.start, wanted.stop).indices(size)
    except ValueError:
        start, end = 0, size
    if start >= end and size:
        return web.Response(status=416, headers={**headers.SAFE, "Content-Range": f"bytes */{size}"})
    part = "Range" in request.headers
    said |= {"Accept-Ranges": "bytes"} | (
        {"Content-Range": f"bytes {start}-{end - 1}/{size}"} if part else {}
    )
    response = web.StreamResponse(status=206 if part else 200, headers=said)
    response.content_length = end - start
    await response.prepare(request)
    if request.method != "HEAD":
        async for piece in storage.parts(name, start, end):
            await response.write(piece)
    await response.write_eof()
    return response
