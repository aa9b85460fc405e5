"""Operations of the API: how a handler becomes a route, and what surrounds every call.

    @api.post("/api/v1/statuses/{id}/favourite", scope="write:favourites")
    async def favourite(call: Call, params: StatusParams) -> Status: ...

A handler takes the `Call` and, if it likes, one struct of parameters; it answers with a struct, a list, a
`Listing` (which sets `Link`), bytes of JSON, None for `{}`, or a whole `web.Response`. Errors it raises become
answers in `web.errors`. Routes are plain data, collected in `api.routes`.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, NamedTuple, get_type_hints

import msgspec
from aiohttp import web
from multidict import CIMultiDict

from fedcoop.config import Config
from fedcoop.errors import NotAllowed, Unauthorized
from fedcoop.media import films
from fedcoop.oauth import access
from fedcoop.oauth.types import Token
from web import cors, headers, keeping
from web.call import Call
from web.errors import Answer, NoMember, answer_to
from web.limits import PER_ADDRESS, PER_TOKEN, PER_USER, Limit, OverLimit, Usage
from web.paging import Listing
from web.params import Reader
from web.services import SERVICES, Services

Handler = Callable[..., Awaitable[Any]]
_encode = msgspec.json.Encoder().encode


class Route(NamedTuple):
    """One operation. `scopes`: any of them suffices; none means that no token is looked at."""

    method: str
    path: str
    handler: Handler
    scopes: tuple[str, ...]
    public: bool
    """A token may be missing; one that is there must still be good."""
    app_token: bool
    """The application's own token suffices, without a member."""
    limit: Limit | None
    """A limit of this operation alone, beside the general ones."""
    uploads: bool
    """Files may come with it, so the body may be larger than others."""
    per_address: Limit
    """What somebody without a token is counted by."""


class Api:
    """Collects operations as their modules are imported."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def __iter__(self) -> Iterator[Route]:
        return iter(self.routes)

    def route(
        self,
        method: str,
        path: str,
        *,
        scope: str | tuple[str, ...] = (),
        public: bool = False,
        app_token: bool = False,
        limit: Limit | None = None,
        uploads: bool = False,
        per_address: Limit = PER_ADDRESS,
    ) -> Callable[[Handler], Handler]:
        scopes = (scope,) if isinstance(scope, str) else scope

        def add(handler: Handler) -> Handler:
            self.routes.append(
                Route(method, path, handler, scopes, public, app_token, limit, uploads, per_address)
            )
            return handler

        return add

    def get(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        return self.route("GET", path, **options)

    def post(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        return self.route("POST", path, **options)

    def put(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        return self.route("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        return self.route("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        return self.route("DELETE", path, **options)


api = Api()

ANY_TOKEN = ("",)
"""The scopes of an operation that any token at all may use."""


def bound(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The route's handler with everything around it, as aiohttp wants it, for any application."""
    handler, scopes = route.handler, route.scopes
    reader = reader_of(handler)
    needs_token = bool(scopes)

    async def handle(request: web.Request) -> web.StreamResponse:
        services = request.app[SERVICES]
        usage: Usage | None = None
        try:
            token = None
            try:
                if needs_token:
                    token = await _token(request, services, route)
            finally:
                # Whoever tries tokens is counted as well.
                if services.config.rate_limits:
                    usage = _count(request, services, route, token)
            call = Call(services, request, token)
            if route.uploads:
                request._client_max_size = _largest(services.config)  # aiohttp has one limit for all routes
            if reader is None:
                result = await handler(call)
            else:
                result = await handler(call, await reader.read(request))
        except asyncio.CancelledError:
            raise
        except OverLimit as problem:
            return refused(answer_to(problem), problem.usage)
        except Exception as problem:
            return refused(answer_to(problem), usage)
        return keeping.revalidated(request, _response(call, result, usage))

    return handle


def _largest(config: Config) -> int:
    """Two files in one form: a film or picture and its thumbnail, or the two of a profile."""
    largest_file = max(config.video_max_bytes if films.available(config) else 0, config.media_max_bytes)
    return largest_file + config.media_max_bytes + config.request_max_bytes


@functools.cache
def reader_of(handler: Handler) -> Reader[Any] | None:
    """Reads what the handler's second argument wants, if it has one."""
    names = list(inspect.signature(handler).parameters)
    return Reader(get_type_hints(handler)[names[1]]) if len(names) > 1 else None


def bearer_of(request: web.Request) -> str | None:
    """The token in the Authorization header, if there is one. For streams it may stand in the address: a browser's
    `EventSource` and `WebSocket` send no headers."""
    header = request.headers.get("Authorization")
    if header is None:
        return request.query.get("access_token") if request.path.startswith("/api/v1/streaming") else None
    kind, _, secret = header.partition(" ")
    return secret.strip() if kind.lower() == "bearer" else None


async def _token(request: web.Request, services: Services, route: Route) -> Token | None:
    secret = bearer_of(request)
    if not secret:
        if route.public:
            return None
        raise Unauthorized("The access token is invalid")
    async with services.db.read() as tx:
        token = await access.bearer(tx, secret)
    if route.scopes is not ANY_TOKEN and not any(scope in token.granted for scope in route.scopes):
        raise NotAllowed("This action is outside the authorized scopes")
    if token.account_id is None:
        if not (route.app_token or route.public):
            raise NoMember
    elif not route.app_token and (trouble := token.trouble):
        raise NotAllowed(trouble)
    return token


def _count(request: web.Request, services: Services, route: Route, token: Token | None) -> Usage:
    counters = services.counters
    if token is None or token.account_id is None:
        usage = counters.hit(route.per_address, services.proxies.client(request))
    else:
        counters.hit(PER_USER, token.account_id)
        usage = counters.hit(PER_TOKEN, token.id)
    if route.limit is not None:
        who = services.proxies.client(request) if token is None or not token.account_id else token.account_id
        usage = counters.hit(route.limit, who)
    return usage


def _response(call: Call, result: Any, usage: Usage | None) -> web.StreamResponse:
    link = None
    match result:
        case bytes():
            body = result
        case msgspec.Raw():
            body = bytes(result)
        case web.StreamResponse():
            return _surrounded(call, result, usage)
        case Listing():
            link = result.link(call.request, call.config.base_url)
            body = _encode(result.items)
        case None:
            body = b"{}"
        case _:
            body = _encode(result)
    if not (link or usage or call.headers):
        return web.Response(status=call.status, body=body, headers=headers.API)
    said = headers.API.copy()
    if link:
        said["Link"] = link
    if call.headers:
        said.update(call.headers)
    if usage:
        said.extend(usage.headers)
    return web.Response(status=call.status, body=body, headers=said)


def _surrounded(call: Call, answer: web.StreamResponse, usage: Usage | None) -> web.StreamResponse:
    """A handler's whole answer with what every answer says. One that caches keep for everybody, or that has begun
    already, stays as it is."""
    if answer.prepared or "public" in answer.headers.get("Cache-Control", ""):
        return answer
    if cors.is_open(call.request.path):
        answer.headers.update(cors.HEADERS)
    if usage:
        answer.headers.update(usage.headers)
    return answer


def refused(answer: Answer, usage: Usage | None = None) -> web.Response:
    """An error as the API gives it."""
    said: CIMultiDict[str] = headers.API.copy()
    said.update(answer.headers)
    if usage:
        said.extend(usage.headers)
    return web.Response(status=answer.status, body=_encode(answer.body), headers=said)
