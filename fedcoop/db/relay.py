"""Carries events from the process where they happened to the others, through PostgreSQL's LISTEN and NOTIFY.
With SQLite there is one process, and nothing to carry.

An event is sent after its commit and not within: a NOTIFY in a transaction makes all commits wait for one another.
What is lost when a process dies in between is a live event, no data."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from typing import Any

import asyncpg
import msgspec

from fedcoop.events import Event

log = logging.getLogger(__name__)

CHANNEL = "fedcoop_events"
LONGEST = 7_900
"""Bytes of a payload; PostgreSQL takes fewer than 8,000."""
MOST_WAITING = 10_000
AGAIN_AFTER = 1.0
PROBLEMS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What a server that goes away can make of a statement."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Event).decode


class Relay:
    """One process's end. `send` never waits; `listen` runs until it is cancelled."""

    def __init__(self, url: str, pool: Any) -> None:
        self._url = url
        self._pool = pool
        self._name = secrets.token_hex(8)
        self._waiting: list[str] = []
        self._sender: asyncio.Task[None] | None = None

    def send(self, events: list[Event]) -> None:
        """Tell the other processes, soon."""
        for event in events:
            payload = f"{self._name} {_encode(event).decode()}"
            if len(payload.encode()) <= LONGEST and len(self._waiting) < MOST_WAITING:
                self._waiting.append(payload)
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while self._waiting:
            payloads, self._waiting = self._waiting, []
            try:
                await self._pool.execute(
                    "SELECT pg_notify($1, said) FROM unnest($2::text[]) AS said", CHANNEL, payloads
                )
            except PROBLEMS as problem:
                log.warning("live events were not passed on: %s", problem)

    async def listen(self, tell: Callable[[list[Event]], None], ready: asyncio.Event) -> None:
        """Call `tell` with what happens in other processes; connects again when the connection is lost."""

        def heard(_connection: Any, _pid: int, _channel: str, payload: str) -> None:
            sender, _, said = payload.partition(" ")
            if sender == self._name:
                return
            try:
                event = _decode(said)
            except msgspec.MsgspecError:
                # A process of another version.
                return
            tell([event])

        while True:
            lost = asyncio.Event()
            connection: Any = None
            try:
                connection = await asyncpg.connect(self._url)
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                await connection.add_listener(CHANNEL, heard)
                ready.set()
                await lost.wait()
            except PROBLEMS as problem:
                log.warning("live events of other processes are not heard: %s", problem)
            finally:
                if connection is not None and not connection.is_closed():
                    connection.terminate()
            await asyncio.sleep(AGAIN_AFTER)

    async def close(self) -> None:
        if self._sender is not None:
            await self._sender
