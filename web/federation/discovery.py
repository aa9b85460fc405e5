"""Being found: WebFinger (RFC 7033), host-meta (RFC 6415), NodeInfo (FEP-f1d5)."""

from __future__ import annotations

import msgspec
from aiohttp import web

from activitypub import discovery
from fedcoop.errors import NotFound
from web.api import api
from web.call import Call
from web.errors import Malformed
from web.federation.requests import document, fed_of
from web.limits import PER_SERVER

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/{}#"


class ResourceParams(msgspec.Struct, kw_only=True):
    resource: str = ""


class VersionParams(msgspec.Struct, kw_only=True):
    version: str


@api.get("/.well-known/webfinger", per_address=PER_SERVER)
async def webfinger(call: Call, params: ResourceParams) -> web.Response:
    if not params.resource:
        raise Malformed("The resource parameter is missing")
    body = await discovery.webfinger(fed_of(call), params.resource)
    return document(body, kind="application/jrd+json; charset=utf-8")


@api.get("/.well-known/host-meta", per_address=PER_SERVER)
async def host_meta(call: Call) -> web.Response:
    return document(discovery.host_meta(fed_of(call)), kind="application/xrd+xml; charset=utf-8")


@api.get("/.well-known/nodeinfo", per_address=PER_SERVER)
async def nodeinfo_links(call: Call) -> web.Response:
    return document(discovery.nodeinfo_links(fed_of(call)), kind="application/json; charset=utf-8")


@api.get("/nodeinfo/{version}", per_address=PER_SERVER)
async def nodeinfo(call: Call, params: VersionParams) -> web.Response:
    if params.version not in ("2.0", "2.1"):
        raise NotFound
    body = await discovery.nodeinfo(fed_of(call), params.version)
    return document(body, kind=f'application/json; profile="{SCHEMA.format(params.version)}"; charset=utf-8')
