"""All open streams of this process: who listens to what, and for how long they may."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping

from aiohttp import web

from fedcoop.db import Database
from fedcoop.events import AccessEnded, Event
from fedcoop.oauth import access
from fedcoop.statuses.hydrate import StatusHydrator
from web.services import Services
from web.streaming import telling
from web.streaming.channels import Channel
from web.streaming.sockets import GOING_AWAY, Label, Stream

log = logging.getLogger("fedcoop.streams")

RECHECK_EVERY = 3.0
THUMP_EVERY = 15
MOST_EVENTS = 10_000
"""That wait to be told. If there are more the oldest are never told."""
NOBODY: Mapping[int, set[Stream]] = {}


class Hub:
    """The open streams. `hear` takes what happened; `run` tells it."""

    def __init__(self, db: Database, show: StatusHydrator) -> None:
        self.db = db
        self.show = show
        self.streams: set[Stream] = set()
        self._listening: dict[Channel, dict[int, set[Stream]]] = {}
        self._events: deque[Event] = deque(maxlen=MOST_EVENTS)
        self._happened = asyncio.Event()

    # Who listens

    def listening(self, channel: Channel) -> Mapping[int, set[Stream]]:
        """The streams with this channel, by account."""
        return self._listening.get(channel, NOBODY)

    def tagged(self) -> list[Channel]:
        """The hashtag channels that somebody listens to."""
        return [channel for channel in self._listening if channel.tag]

    def lists(self) -> list[Channel]:
        """The lists that somebody listens to."""
        return [channel for channel in self._listening if channel.list_id]

    def add(self, stream: Stream) -> None:
        stream.turn = len(self.streams) % THUMP_EVERY
        self.streams.add(stream)

    def remove(self, stream: Stream) -> None:
        stream.end()
        for channel in list(stream.channels):
            self.unsubscribe(stream, channel)
        self.streams.discard(stream)

    def subscribe(self, stream: Stream, channel: Channel, label: Label) -> None:
        stream.channels[channel] = label
        self._listening.setdefault(channel, {}).setdefault(stream.account_id, set()).add(stream)

    def unsubscribe(self, stream: Stream, channel: Channel) -> None:
        if stream.channels.pop(channel, None) is None:
            return
        by_account = self._listening[channel]
        by_account[stream.account_id].discard(stream)
        if not by_account[stream.account_id]:
            del by_account[stream.account_id]
        if not by_account:
            del self._listening[channel]

    # What happens

    def hear(self, events: list[Event]) -> None:
        """Take note of what happened; where nobody listens, nothing is noted."""
        if self.streams:
            self._events.extend(events)
            self._happened.set()

    async def run(self) -> None:
        """Tell what happens, in its order, until cancelled."""
        while True:
            await self._happened.wait()
            self._happened.clear()
            while self._events:
                event = self._events.popleft()
                try:
                    if isinstance(event, AccessEnded):
                        await self.recheck()
                    else:
                        await telling.tell(self, event)
                except Exception:
                    log.exception("%s was not told", event)

    async def recheck(self) -> None:
        """End the streams whose token was revoked or whose account may not come in any more."""
        tokens = {int(stream.token.id) for stream in self.streams}
        if not tokens:
            return
        async with self.db.scan() as tx:
            good = await access.still_good(tx, list(tokens))
        for stream in list(self.streams):
            if stream.token.id in tokens and stream.token.id not in good:
                stream.end()

    async def keep_checking(self) -> None:
        """`recheck` now and then: what another program does to the database is no event here."""
        while True:
            await asyncio.sleep(RECHECK_EVERY)
            try:
                await self.recheck()
            except Exception:
                log.exception("open streams could not be checked")

    async def keep_beating(self) -> None:
        """A thump to each stream, a part of them every second."""
        turn = 0
        while True:
            await asyncio.sleep(1)
            turn = (turn + 1) % THUMP_EVERY
            for stream in list(self.streams):
                if stream.turn == turn:
                    stream.beat()

    def close(self) -> None:
        """The server stops: end all streams, so that it need not wait for them."""
        for stream in list(self.streams):
            stream.end(GOING_AWAY)


HUB: web.AppKey[Hub] = web.AppKey("streams", Hub)


def install(app: web.Application, services: Services) -> None:
    """Let the application have streams while it runs."""
    app.cleanup_ctx.append(_running(services))
    app.on_shutdown.append(_shut_down)


def _running(services: Services) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run(app: web.Application) -> AsyncIterator[None]:
        hub = Hub(services.db, services.show)
        app[HUB] = hub
        async with services.db.events(hub.hear):
            tasks = [asyncio.create_task(work()) for work in (hub.run, hub.keep_checking, hub.keep_beating)]
            yield
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return run


async def _shut_down(app: web.Application) -> None:
    app[HUB].close()
