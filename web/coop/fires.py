"""What was decided about servers, for those who read FIRES datasets. The words are those of
`moderation.lists.dataset`."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from fedcoop import settings
from fedcoop.config import Config
from moderation.lists import dataset
from web import cors, headers
from web.api import api
from web.call import Call
from web.limits import PER_SERVER

KIND = "application/ld+json; charset=utf-8"
DATASET = "/fires/datasets/servers"


@api.get("/fires/datasets", per_address=PER_SERVER)
async def datasets(call: Call) -> web.Response:
    found = dataset.dataset(await _config(call))
    address = f"{call.config.base_url}/fires/datasets"
    return _document({"id": address, "type": "Collection", "totalItems": 1, "items": [found]})


@api.get(DATASET, per_address=PER_SERVER)
async def servers(call: Call) -> web.Response:
    return _document(dataset.dataset(await _config(call)))


@api.get(f"{DATASET}/snapshot", per_address=PER_SERVER)
async def snapshot(call: Call) -> web.Response:
    return _listed(call, "snapshot", dataset.latest(await dataset.changes(call.db, call.config)))


@api.get(f"{DATASET}/changes", per_address=PER_SERVER)
async def changes(call: Call) -> web.Response:
    return _listed(call, "changes", await dataset.changes(call.db, call.config))


@api.get("/fires/labels", per_address=PER_SERVER)
async def labels(call: Call) -> web.Response:
    return _document(dataset.labels(call.config))


async def _config(call: Call) -> Config:
    async with call.db.read() as tx:
        return await settings.applied(tx, call.config)


def _listed(call: Call, name: str, items: list[dict[str, Any]]) -> web.Response:
    identity = f"{call.config.base_url}{DATASET}/{name}"
    return _document(
        {"id": identity, "type": "OrderedCollection", "totalItems": len(items), "orderedItems": items}
    )


def _document(found: dict[str, Any]) -> web.Response:
    body = msgspec.json.encode({"@context": dataset.CONTEXT, **found})
    return web.Response(
        body=body,
        headers={"Content-Type": KIND, "Cache-Control": "public, max-age=60", **headers.SAFE, **cors.HEADERS},
    )
