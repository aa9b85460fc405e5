"""Taking in streams: GET /api/v1/streaming as a WebSocket, and its parts as server-sent events."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from fedcoop.db import Database
from fedcoop.errors import NotAllowed, NotFound, Problem, TooMany, Unauthorized
from fedcoop.lists import access as lists
from fedcoop.oauth import access
from fedcoop.oauth.types import Token
from web import headers
from web.api import api, bearer_of
from web.call import Call
from web.errors import Malformed, answer_to
from web.streaming import channels
from web.streaming.channels import Channel, Wish
from web.streaming.hub import HUB, Hub
from web.streaming.sockets import EventStream, Label, Socket

MOST_STREAMS = 20_000
MOST_CHANNELS = 100
LONGEST_WISH = 4096
PING_EVERY = 30.0
FAREWELL = 2.0
"""Seconds that a client has to answer our goodbye."""

EVENTS = headers.API.copy()
EVENTS["Content-Type"] = "text/event-stream; charset=utf-8"
EVENTS["Cache-Control"] = "private, no-store"
# nginx would keep events back.
EVENTS["X-Accel-Buffering"] = "no"
PLAIN = headers.API.copy()
PLAIN["Content-Type"] = "text/plain; charset=utf-8"

_read_wish = msgspec.json.Decoder(Wish).decode


@api.get("/api/v1/streaming/health")
async def health(call: Call) -> web.Response:
    return web.Response(body=b"OK", headers=PLAIN)


@api.get("/api/v1/streaming")
async def socket(call: Call) -> web.StreamResponse:
    """Without a WebSocket there is nothing here, which says that streams are served by this very host."""
    request = call.request
    if request.headers.get("Upgrade", "").lower() != "websocket":
        raise NotFound
    by_protocol = request.headers.get("Sec-WebSocket-Protocol", "").partition(",")[0].strip()
    token = await _token(call, bearer_of(request) or by_protocol)
    hub = _hub(call)
    # Compression would cost each idle stream more than everything else together.
    ws = web.WebSocketResponse(
        compress=False,
        heartbeat=PING_EVERY,
        timeout=FAREWELL,
        max_msg_size=LONGEST_WISH,
        protocols=(by_protocol,) if by_protocol else (),
    )
    await ws.prepare(request)
    stream = Socket(token, request, ws)
    # Ending a stream wakes the handler, which waits for what the client says.
    stream.ended.add_done_callback(lambda ended: _farewell(ws, ended.result()))
    hub.add(stream)
    try:
        if request.query.get("stream"):
            await _fulfil(call.db, hub, stream, _wish_of(request))
        async for message in ws:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                wish = _read_wish(message.data)
            except msgspec.MsgspecError:
                stream.complain("Invalid message", 400)
            else:
                await _fulfil(call.db, hub, stream, wish)
    finally:
        hub.remove(stream)
    return ws


def _farewell(ws: web.WebSocketResponse, code: int) -> None:
    task = asyncio.create_task(_close(ws, code))
    _closing.add(task)
    task.add_done_callback(_closing.discard)


async def _close(ws: web.WebSocketResponse, code: int) -> None:
    with suppress(ConnectionError, RuntimeError):
        await ws.close(code=code, drain=False)


_closing: set[asyncio.Task[None]] = set()


async def _wanted(db: Database, wish: Wish, token: Token) -> tuple[Channel, Label]:
    """As `channels.wanted`, and a list must be the member's own. Raises `NotFound` otherwise."""
    channel, label = channels.wanted(wish, token)
    if channel.list_id:
        async with db.read() as tx:
            await lists.find(tx, token.account_id or 0, channel.list_id)
    return channel, label


async def _fulfil(db: Database, hub: Hub, stream: Socket, wish: Wish) -> None:
    try:
        channel, label = await _wanted(db, wish, stream.token)
        if wish.type == "unsubscribe":
            hub.unsubscribe(stream, channel)
        elif wish.type != "subscribe":
            raise Malformed("Unknown message type")
        elif len(stream.channels) >= MOST_CHANNELS and channel not in stream.channels:
            raise NotAllowed("Too many subscriptions on one connection")
        else:
            hub.subscribe(stream, channel, label)
    except Problem as problem:
        answer = answer_to(problem)
        stream.complain(answer.body["error"], answer.status)


def _wish_of(request: web.Request) -> Wish:
    query = request.query
    return Wish(stream=query.get("stream", ""), tag=query.get("tag", ""), list=query.get("list", ""))


def _events(path: str, stream: str) -> None:
    """Serve a stream as server-sent events."""

    async def serve(call: Call) -> web.StreamResponse:
        request, token = call.request, call.token
        if token is None:
            raise Unauthorized("The access token is invalid")
        name = stream
        if name.startswith("public") and request.query.get("only_media", "").lower() in ("1", "true", "on"):
            name += ":media"
        query = request.query
        wish = Wish(stream=name, tag=query.get("tag", ""), list=query.get("list", ""))
        channel, label = await _wanted(call.db, wish, token)
        hub = _hub(call)
        response = web.StreamResponse(headers=EVENTS)
        response.force_close()
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        open_stream = EventStream(token, request, response)
        hub.add(open_stream)
        hub.subscribe(open_stream, channel, label)
        open_stream.greet()
        try:
            await open_stream.ended
        finally:
            hub.remove(open_stream)
        return response

    # Any of them opens the door; which one this stream needs `channels.wanted` knows.
    scope = ("read:statuses", "read:notifications") if stream.startswith("user") else "read:statuses"
    api.get(path, scope=scope)(serve)


for _path, _stream in {
    "user": "user",
    "user/notification": "user:notification",
    "public": "public",
    "public/local": "public:local",
    "public/remote": "public:remote",
    "hashtag": "hashtag",
    "hashtag/local": "hashtag:local",
    "direct": "direct",
    "list": "list",
}.items():
    _events(f"/api/v1/streaming/{_path}", _stream)


@api.get("/api/v1/streaming/{channel:.+}")
async def unknown(call: Call) -> Any:
    raise Malformed("Unknown channel requested")


async def _token(call: Call, secret: str) -> Token:
    """Whose stream it is. Streams are for members, also the public ones."""
    if not secret:
        raise Unauthorized("Missing access token")
    async with call.db.read() as tx:
        token = await access.bearer(tx, secret)
    if token.account_id is None:
        raise Unauthorized("The access token is invalid")
    if trouble := token.trouble:
        raise NotAllowed(trouble)
    return token


def _hub(call: Call) -> Hub:
    hub = call.request.app[HUB]
    if len(hub.streams) >= MOST_STREAMS:
        raise TooMany("This server has as many open streams as it can keep", retry_after=60)
    return hub
