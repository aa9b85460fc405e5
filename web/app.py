"""The whole of HTTP: every route in one aiohttp application. Operations of the API are collected by `api`,
pages by `visit`, the federation's endpoints by `web.federation`."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import cache

from aiohttp import web

from fedcoop.errors import NotFound
from web import cors, media, proxied
from web.api import api, refused
from web.api import bound as bound_operation
from web.errors import Answer
from web.routes import load
from web.services import SERVICES, Services
from web.streaming import hub
from web.visit import PageRoute, Visit, pages
from web.visit import bound as bound_page

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# Other words than for a record, as in Mastodon: clients tell by them what a server cannot do.
NOT_FOUND = Answer(404, {"error": "Not Found"})
VARIANTS = (".json", "/")


def application(services: Services) -> web.Application:
    """Ready to be served; the database must be open."""
    app = web.Application(client_max_size=services.config.request_max_bytes)
    app[SERVICES] = services
    hub.install(app, services)
    for resource in _operations_and_pages():
        app.router.register_resource(resource)
    proxied.add_routes(app, services)
    media.add_routes(app, services)
    app.router.add_route("*", "/{rest:.*}", _elsewhere)
    return app


@cache
def _operations_and_pages() -> tuple[web.AbstractResource, ...]:
    """What is the same in every application of a process."""
    load()
    router = web.UrlDispatcher()
    for route in api:
        _add(router, route.method, route.path, bound_operation(route))
    for page in pages:
        _add(router, page.method, page.path, bound_page(page))
    return tuple(router.resources())


def _add(router: web.UrlDispatcher, method: str, path: str, handler: Handler) -> None:
    # `.json` at the end is no part of a name: `_as_if` takes it off.
    if path.startswith("/api/") and path.endswith("}") and ":" not in path:
        path = path.removesuffix("}") + r":[^{}/]+(?<!\.json)}"
    if method == "GET":
        router.add_get(path, handler)
    else:
        router.add_route(method, path, handler)


async def _elsewhere(request: web.Request) -> web.StreamResponse:
    """Answers whatever no route wants: preflights, other spellings of a path, and what does not exist."""
    path = request.path
    open_to_all = cors.is_open(path)
    if request.method == "OPTIONS" and open_to_all:
        return cors.preflight(request)
    for ending in VARIANTS:
        if path.endswith(ending) and len(path) > len(ending) and (open_to_all or ending == "/"):
            return await _as_if(request, path.removesuffix(ending))
    if open_to_all or "text/html" not in request.headers.get("Accept", ""):
        return refused(NOT_FOUND)
    return await _nowhere(request)


async def _no_page(visit: Visit) -> web.Response:
    raise NotFound


_nowhere = bound_page(PageRoute("GET", "", _no_page, None))


async def _as_if(request: web.Request, path: str) -> web.StreamResponse:
    """Rails takes `/api/v1/apps.json` and `/api/v1/apps/` for `/api/v1/apps`, and so do clients. The request
    goes through the same handler, so the same limits count."""
    other = request.clone(rel_url=request.rel_url.with_path(path).with_query(request.rel_url.query))
    match = await request.app.router.resolve(other)
    if match.http_exception is not None:
        return refused(NOT_FOUND)
    match.add_app(request.app)
    other._match_info = match
    return await match.handler(other)


async def serve(services: Services, *, host: str, port: int) -> web.AppRunner:
    """Listen. The caller ends it with `runner.cleanup()`, which lets running requests finish. Raises `OSError`
    where that address cannot be listened on."""
    # Broken HTTP is the sender's affair: its traceback would only fill the log. Our own mistakes never get
    # this far.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    runner = web.AppRunner(
        application(services),
        access_log=None,
        handle_signals=False,
        keepalive_timeout=75,
        max_line_size=16_384,
        max_field_size=16_384,
        shutdown_timeout=10,
    )
    try:
        await runner.setup()
        await web.TCPSite(runner, host, port, reuse_address=True, backlog=1024).start()
    except BaseException:
        # What has begun with the application ends before whatever it stands on is closed.
        await runner.cleanup()
        raise
    return runner
