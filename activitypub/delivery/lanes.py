"""Who is next: claimed deliveries by host, in order, so that a healthy host never waits for a dead one.

Each (account, inbox) is served in the order of its activities, one at a time. A host has at most four deliveries
under way; a host that failed lately has one, the probe, and the rest waits for what becomes of it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from activitypub.delivery.types import Delivery

PER_HOST = 4
MOST_WAITING = 100
"""Deliveries of one host in memory, so that a slow one does not fill all of it."""


@dataclass(slots=True)
class _Host:
    waiting: deque[Delivery] = field(default_factory=deque)
    busy: set[tuple[int, str]] = field(default_factory=set)
    probing: bool = False
    queued: bool = True


class Lanes:
    """The deliveries that this process has claimed and not yet finished."""

    def __init__(self) -> None:
        self.hosts: dict[str, _Host] = {}
        self.ready: deque[str] = deque()
        self.count = 0

    def add(self, deliveries: Iterable[Delivery], failing: set[str]) -> list[Delivery]:
        """Take deliveries in, the oldest first; `failing` are the hosts that only get a probe.

        Returns those for which there is no room.
        """
        surplus = []
        for delivery in sorted(deliveries, key=lambda one: (one.activity_id, one.id)):
            host = self.hosts.get(delivery.host)
            if host is None:
                host = self.hosts[delivery.host] = _Host(probing=delivery.host in failing)
                self.ready.append(delivery.host)
            if len(host.waiting) >= MOST_WAITING:
                surplus.append(delivery)
                continue
            host.waiting.append(delivery)
            self.count += 1
        return surplus

    def next(self) -> Delivery | None:
        """A delivery that may start now, taken round the hosts; None while all of them are busy."""
        for _ in range(len(self.ready)):
            name = self.ready.popleft()
            host = self.hosts[name]
            found = self._start(host)
            if found is not None:
                self.ready.append(name)
                return found
            # it comes back when one of its deliveries has finished
            host.queued = False
        return None

    def finish(self, delivery: Delivery, *, works: bool) -> list[Delivery]:
        """A delivery is no longer under way. Where the host does not work, all that waits for it is given back."""
        host = self.hosts[delivery.host]
        host.busy.discard((delivery.account_id, delivery.inbox))
        self.count -= 1
        given_back: list[Delivery] = []
        if works:
            host.probing = False
        else:
            given_back = list(host.waiting)
            host.waiting.clear()
            self.count -= len(given_back)
        if not host.waiting and not host.busy:
            del self.hosts[delivery.host]
            if host.queued:
                self.ready.remove(delivery.host)
        elif not host.queued:
            host.queued = True
            self.ready.append(delivery.host)
        return given_back

    def _start(self, host: _Host) -> Delivery | None:
        if len(host.busy) >= (1 if host.probing else PER_HOST):
            return None
        for place, delivery in enumerate(host.waiting):
            lane = (delivery.account_id, delivery.inbox)
            if lane not in host.busy:
                del host.waiting[place]
                host.busy.add(lane)
                return delivery
            if place > 50:
                break
        return None
