"""The ledger as static files of the C2SP tiled log, and the public record of acts."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from fedcoop import clock
from moderation.ledger import say, serve
from moderation.ledger.fold import ACTING
from web import cors, headers
from web.api import api
from web.call import Call
from web.coop.constitution import LARGEST_NUMBER
from web.limits import PER_SERVER


class FileParams(msgspec.Struct, kw_only=True):
    path: str


class LogParams(msgspec.Struct, kw_only=True):
    max_id: int | None = None
    limit: int = 40


@api.get("/ledger/{path:.+}", per_address=PER_SERVER)
async def file(call: Call, params: FileParams) -> web.Response:
    """A checkpoint changes with each entry; a tile never does."""
    async with call.db.read() as tx:
        body = await serve.file(tx, params.path)
    if params.path == "checkpoint":
        kind, caching = "text/plain; charset=utf-8", "no-cache"
    else:
        kind, caching = "application/octet-stream", "public, max-age=31536000, immutable"
    return web.Response(
        body=body,
        headers={"Content-Type": kind, "Cache-Control": caching, **headers.SAFE, **cors.HEADERS},
    )


@api.get("/api/fedcoop/v1/log")
async def log(call: Call, params: LogParams) -> list[dict[str, Any]]:
    """What was carried out, newest first, each with its place in the ledger. `max_id`: entries before it."""
    limit = min(max(params.limit, 1), 80)
    async with call.db.read() as tx:
        entries = await serve.entries(
            tx,
            before=None if params.max_id is None else min(max(params.max_id, 0), LARGEST_NUMBER),
            types=ACTING,
            limit=limit,
        )
    return [
        {
            "index": entry.index,
            "type": entry.type,
            "time": entry.time if isinstance(entry.time, str) else clock.iso(entry.time),
            "sentence": say.sentence(entry),
            "proposal_id": say.proposal_of(entry),
            "body": entry.body,
        }
        for entry in entries
    ]
