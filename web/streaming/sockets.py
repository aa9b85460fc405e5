"""One open stream, and writing to it: as server-sent events or on a WebSocket. All of them together are `hub`."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from fedcoop.oauth.types import Token
from web.streaming.channels import Channel

MOST_WAITING = 256
MOST_BYTES = 1024 * 1024
"""A reader that lets more wait than this is dropped; its client connects again and reads the page."""
ENDED = 1008
GOING_AWAY = 1001
GREETING = b":)\n"
THUMP = b":thump\n"

Label = tuple[str, ...]
_encode = msgspec.json.Encoder().encode


class Message:
    """An event as both kinds of stream write it, each made once however many read it."""

    __slots__ = ("_framed", "_sse", "event", "payload")

    def __init__(self, event: str, payload: bytes | None) -> None:
        self.event = event
        self.payload = payload
        self._sse: bytes | None = None
        self._framed: dict[Label, bytes] = {}

    @property
    def sse(self) -> bytes:
        if self._sse is None:
            data = b"undefined" if self.payload is None else self.payload
            self._sse = b"event: %b\ndata: %b\n\n" % (self.event.encode(), data)
        return self._sse

    def framed(self, label: Label) -> bytes:
        found = self._framed.get(label)
        if found is None:
            said: dict[str, Any] = {"stream": label, "event": self.event}
            if self.payload is not None:
                said["payload"] = self.payload.decode()
            found = self._framed[label] = _encode(said)
        return found


class Stream:
    """An open stream. Nothing that is told to it waits: who reads too slowly is dropped."""

    __slots__ = ("_size", "_transport", "_waiting", "_writing", "channels", "ended", "token", "turn")

    def __init__(self, token: Token, transport: asyncio.Transport | None) -> None:
        self.token = token
        self.channels: dict[Channel, Label] = {}
        self.turn = 0
        """In which second of a round the heart beats."""
        self.ended = asyncio.get_running_loop().create_future()
        self._transport = transport
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._writing: asyncio.Task[None] | None = None

    @property
    def account_id(self) -> int:
        return self.token.account_id or 0

    @property
    def hears_notifications(self) -> bool:
        return "read:notifications" in self.token.granted

    def tell(self, channel: Channel, message: Message) -> None:
        """Write the message, after those that wait."""
        raise NotImplementedError

    async def _write(self, data: bytes) -> None:
        raise NotImplementedError

    def beat(self) -> None:
        """Show that the connection lives."""

    def end(self, code: int = ENDED) -> None:
        """Let no more be told."""
        if not self.ended.done():
            self.ended.set_result(code)

    def drop(self) -> None:
        """Cut the connection, without waiting for what is under way."""
        self._waiting.clear()
        self.end()
        if self._transport is not None:
            self._transport.abort()

    def _push(self, data: bytes) -> None:
        if self.ended.done():
            return
        if self._transport is None or self._transport.is_closing():
            self.end()
            return
        if len(self._waiting) >= MOST_WAITING or self._size + len(data) > MOST_BYTES:
            self.drop()
            return
        self._waiting.append(data)
        self._size += len(data)
        # A task only while there is something to write: idle streams have none.
        if self._writing is None:
            self._writing = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._waiting and not self.ended.done():
                data = self._waiting.popleft()
                await self._write(data)
                self._size -= len(data)
        except (ConnectionError, RuntimeError):
            # RuntimeError: aiohttp's word for a response that is over.
            self.end()
        finally:
            self._writing = None


class EventStream(Stream):
    """Server-sent events."""

    __slots__ = ("_response",)

    def __init__(self, token: Token, request: web.Request, response: web.StreamResponse) -> None:
        super().__init__(token, request.transport)
        self._response = response

    def tell(self, channel: Channel, message: Message) -> None:
        self._push(message.sse)

    def greet(self) -> None:
        """The first line, from which on nothing is missed."""
        self._push(GREETING)

    def beat(self) -> None:
        if self._writing is None:
            self._push(THUMP)

    async def _write(self, data: bytes) -> None:
        await self._response.write(data)


class Socket(Stream):
    """A WebSocket; aiohttp pings it."""

    __slots__ = ("_ws",)

    def __init__(self, token: Token, request: web.Request, ws: web.WebSocketResponse) -> None:
        super().__init__(token, request.transport)
        self._ws = ws

    def tell(self, channel: Channel, message: Message) -> None:
        if (label := self.channels.get(channel)) is not None:
            self._push(message.framed(label))

    def complain(self, error: str, status: int) -> None:
        self._push(_encode({"error": error, "status": status}))

    async def _write(self, data: bytes) -> None:
        await self._ws.send_frame(data, WSMsgType.TEXT)
