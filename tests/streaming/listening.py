"""Words for tests of open streams: somebody listens, and says what they heard up to a certain event.

That something is *not* told is tested by what comes after it: events are told in their order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec

from tests.words import Person

PATIENCE = 10.0


class Listener:
    """An open connection; `heard` answers with (event, payload), the payload read where it is JSON."""

    async def heard(self) -> tuple[str, Any]:
        raise NotImplementedError

    async def next(self) -> tuple[str, Any]:
        async with asyncio.timeout(PATIENCE):
            return await self.heard()

    async def until(self, event: str, mark: str = "") -> list[tuple[str, Any]]:
        """Everything up to the first such event, of a status whose text begins with `mark`."""
        heard = []
        while True:
            heard.append(await self.next())
            name, payload = heard[-1]
            if name == event and (not mark or payload["content"].startswith(f"<p>{mark}")):
                return heard

    async def over(self) -> None:
        """Wait until the server has ended it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await self.heard()
                except EOFError:
                    return


class Events(Listener):
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def heard(self) -> tuple[str, Any]:
        event = ""
        while True:
            try:
                line = await self.response.content.readline()
            except aiohttp.ClientError:
                line = b""
            if not line:
                raise EOFError
            if line.startswith(b"event: "):
                event = line.removeprefix(b"event: ").strip().decode()
            elif line.startswith(b"data: "):
                data = line.removeprefix(b"data: ").strip()
                return event, data.decode() if event in (
                    "delete",
                    "filters_changed",
                ) else msgspec.json.decode(data)


class Messages(Listener):
    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def said(self) -> Any:
        async with asyncio.timeout(PATIENCE):
            message = await self.ws.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise EOFError
        return msgspec.json.decode(message.data)

    async def heard(self) -> tuple[str, Any]:
        said = await self.said()
        payload = said["payload"]
        return said["event"], payload if said["event"] == "delete" else msgspec.json.decode(payload)

    async def asks(self, **wish: Any) -> None:
        await self.ws.send_json(wish)


@asynccontextmanager
async def events(person: Person, path: str = "user", **params: str) -> AsyncIterator[Events]:
    """Server-sent events, listening once the body of the block begins."""
    url = f"{person.server.config.base_url}/api/v1/streaming/{path}"
    headers = {"Authorization": f"Bearer {person.token}"}
    async with person.server.http.get(
        url, params=params, headers=headers, timeout=aiohttp.ClientTimeout(total=None)
    ) as response:
        assert response.status == 200, await response.text()
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert await response.content.readline() == b":)\n"
        yield Events(response)


@asynccontextmanager
async def socket(person: Person, **params: str) -> AsyncIterator[Messages]:
    """A WebSocket with its first stream in the address."""
    url = f"{person.server.config.base_url}/api/v1/streaming"
    headers = {"Authorization": f"Bearer {person.token}"}
    async with person.server.http.ws_connect(url, params=params, headers=headers) as ws:
        yield Messages(ws)
