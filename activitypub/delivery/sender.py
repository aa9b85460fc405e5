"""The loop that sends: claim what is due, send side by side, record in handfuls.

What waits stays in the database; in memory are at most a thousand deliveries. A process that dies loses nothing:
what it had claimed is taken back when it starts again, or by another one after five minutes, so a receiver may
see an activity twice, with the same id.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from activitypub.delivery import queries
from activitypub.delivery.attempt import Attempts
from activitypub.delivery.lanes import Lanes
from activitypub.delivery.policy import MOST_WAITED_MS
from activitypub.delivery.record import record
from activitypub.delivery.types import Delivery, HostRow, Result
from activitypub.federate.recipients import is_suspended
from activitypub.federation import DELIVER, Federation
from fedcoop import clock
from fedcoop.ids import LARGEST

log = logging.getLogger(__name__)

CLAIM_MS = 5 * clock.MINUTE
MOST_CLAIMED = 1_000
CLAIMED_AT_ONCE = 250
POLL_SECONDS = 1.0
SLOW_AFTER_SECONDS = 1.0
MOST_SLOW = 256
RECORDED_AT_ONCE = 100
SIGNERS = 2
POSTPONED_MS = 5 * clock.SECOND
"""How long the surplus of a host with a long queue goes back into the database."""


class Deliverer:
    """Sends what waits. One per process; `fed.config.delivery_concurrency` deliveries at a time, and those that
    take longer than a second beside them, so that slow hosts hold up nobody."""

    def __init__(self, fed: Federation) -> None:
        self.fed = fed
        self.signers = ThreadPoolExecutor(SIGNERS, thread_name_prefix="sign")
        self.attempts = Attempts(fed, self.signers)
        self.lanes = Lanes()
        self.bodies: dict[int, bytes] = {}
        self.known: dict[str, HostRow] = {}
        self.results: list[Result] = []
        self.given_back: list[Delivery] = []
        self.fast = 0
        self.slow = 0
        self.tasks: set[asyncio.Task[None]] = set()
        self.woken = asyncio.Event()
        self.claimable = True
        fed.db.on_wake(self._wake)

    async def run(self) -> None:
        """Send until cancelled; what is under way then is taken up again at the next start."""
        await self._reclaim()
        next_reclaim = clock.now() + CLAIM_MS
        try:
            while True:
                self.woken.clear()
                try:
                    # Too far away: the clock was set back.
                    if not 0 < next_reclaim - clock.now() <= CLAIM_MS:
                        await self._reclaim()
                        next_reclaim = clock.now() + CLAIM_MS
                    await self._turn()
                except Exception:
                    log.exception("sending stumbles; trying again in a second")
                    await asyncio.sleep(POLL_SECONDS)
                await self._rest()
        finally:
            for task in self.tasks:
                task.cancel()
            self.signers.shutdown(wait=False)

    async def run_until_idle(self) -> bool:
        """Send everything that is due now; says whether there was anything. For tests and the command line."""
        self.claimable = True
        worked = False
        while True:
            self.woken.clear()
            await self._turn()
            if self.tasks:
                worked = True
                await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)
            elif not self.results and not self.given_back and not self.lanes.count and not self.claimable:
                return worked

    async def _turn(self) -> None:
        """Record what has finished, claim if there is room, start what may start."""
        if self.results or self.given_back:
            full = len(self.results) >= RECORDED_AT_ONCE
            if full or self.given_back or self.fast == 0 or not self.lanes.count:
                await self._record()
        if self.claimable and self.lanes.count <= MOST_CLAIMED - CLAIMED_AT_ONCE:
            await self._claim()
        while self.fast < self.fed.config.delivery_concurrency:
            delivery = self.lanes.next()
            if delivery is None:
                break
            self._start(delivery)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self.woken.wait()
        except TimeoutError:
            self.claimable = True

    def _wake(self, lanes: set[str]) -> None:
        if DELIVER in lanes:
            self.claimable = True
            self.woken.set()

    def _start(self, delivery: Delivery) -> None:
        self.fast += 1
        task = asyncio.create_task(self._deliver(delivery))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _deliver(self, delivery: Delivery) -> None:
        """One delivery; after a second it gives its place free for a faster one."""
        state = {"fast": True}

        def give_way() -> None:
            if self.slow < MOST_SLOW:
                state["fast"] = False
                self.fast -= 1
                self.slow += 1
                self.woken.set()

        timer = asyncio.get_running_loop().call_later(SLOW_AFTER_SECONDS, give_way)
        try:
            result = await self.attempts.deliver(delivery, self.bodies[delivery.activity_id])
        except Exception as problem:
            log.exception("a delivery to %s fails in an unforeseen way", delivery.inbox)
            result = Result(delivery, "again", repr(problem)[:500])
        finally:
            timer.cancel()
            if state["fast"]:
                self.fast -= 1
            else:
                self.slow -= 1
        if result.fate == "inbox_gone":
            self.fed.remember_failure(f"inbox {delivery.inbox}", 24 * 3600)
        self.given_back += self.lanes.finish(delivery, works=result.fate != "host_down")
        self.results.append(result)
        self.woken.set()

    async def _claim(self) -> None:
        """Take up what is due; deliveries for suspended servers end here."""
        now = clock.now()
        async with self.fed.db.read() as tx:
            due = await tx.scalar(queries.NEXT_AT)
        if due is None or due > now:
            self.claimable = False
            return
        async with self.fed.db.write() as tx:
            claimed = await tx.all(queries.CLAIM, now=now, until=now + CLAIM_MS, limit=CLAIMED_AT_ONCE)
        self.claimable = len(claimed) == CLAIMED_AT_ONCE
        if not claimed:
            return
        missing = list({one.activity_id for one in claimed} - self.bodies.keys())
        domains = list({one.host for one in claimed})
        async with self.fed.db.read() as tx:
            for row in await tx.all(queries.BODIES, ids=missing) if missing else []:
                self.bodies[row["id"]] = row["body"].encode()
            self.known.update({host.domain: host for host in await tx.all(queries.HOSTS, domains=domains)})
            suspended = {host for host in domains if await is_suspended(tx, host)}
        for one in claimed:
            if one.host in suspended:
                self.results.append(Result(one, "failed", "the members suspended this server"))
            elif one.activity_id not in self.bodies:
                self.results.append(Result(one, "failed", "its body is gone"))
        failing = {host for host in domains if host in self.known and self.known[host].failures > 0}
        # Left alone until its time, also with what is new: with many dead servers every post would try them all.
        resting = {host for host in failing if now < (self.known[host].retry_at or 0) <= now + MOST_WAITED_MS}
        sendable = [one for one in claimed if one.host not in suspended and one.activity_id in self.bodies]
        self.given_back += [one for one in sendable if one.host in resting]
        self.given_back += self.lanes.add([one for one in sendable if one.host not in resting], failing)

    async def _record(self) -> None:
        """Write what has finished, and give back what waits for hosts that turned out to be down."""
        results, self.results = self.results, []
        given_back, self.given_back = self.given_back, []
        try:
            async with self.fed.db.write() as tx:
                changed = await record(tx, results, self.known)
                rows = []
                for one in given_back:
                    host = changed.get(one.host) or self.known.get(one.host)
                    at = (host.retry_at if host else None) or clock.now() + POSTPONED_MS
                    rows.append({"delivery_id": one.id, "at": at, "tried": 0, "error": ""})
                if rows:
                    await tx.many(queries.LATER, rows)
        except BaseException:
            self.results = results + self.results
            self.given_back = given_back + self.given_back
            raise
        self.known.update(changed)
        if len(self.known) > 10_000:
            self.known.clear()
        if not self.lanes.count:
            self.bodies.clear()
        elif len(self.bodies) > 500:
            used = {one.activity_id for host in self.lanes.hosts.values() for one in host.waiting}
            self.bodies = {key: body for key, body in self.bodies.items() if key in used}

    async def release(self) -> None:
        """Take back at once what a process that died had claimed. Only where no other one sends."""
        await self._reclaim(before=LARGEST)

    async def _reclaim(self, *, before: int | None = None) -> None:
        """Take back what a process that died had claimed, and what waits longer than anything may: then the
        clock was set back."""
        now = clock.now()
        async with self.fed.db.write() as tx:
            await tx.execute(queries.RECLAIM, before=now if before is None else before, now=now)
            await tx.execute(queries.NOT_THAT_LATE, latest=now + MOST_WAITED_MS, now=now)
