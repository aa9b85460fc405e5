"""Running jobs: claim some, do them side by side, forget the done ones, try the others again later.

Several workers may share one PostgreSQL; with SQLite the worker lives in the server's process. A claim is a
lease of a minute that its worker renews. When a worker dies its jobs are taken up by another one after that
minute, and at once by one that starts and finds itself alone (`Database.alone`).
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial
from typing import Any

import msgspec

from fedcoop import clock
from fedcoop.db import Database, Row, Tx
from fedcoop.jobs import queries
from fedcoop.jobs.queue import doing
from fedcoop.jobs.types import LANES, AnyJob, GiveUp, Job, Lane

log = logging.getLogger(__name__)

Handler = Callable[[Any], Awaitable[None]]

CLAIM_MS = clock.MINUTE
"""A job whose worker died is taken up again after this long; a living one renews its claims in good time."""
RENEW_MS = CLAIM_MS // 3
SET_BACK_MS = clock.MINUTE
"""A clock that goes back by more than this was set; what waits is put right."""
POLL_SECONDS = 1.0
"""How soon work is found that another process added."""

_decode: msgspec.json.Decoder[Job] = msgspec.json.Decoder(AnyJob)


class Worker:
    """Does the jobs of all lanes. `handlers` has one for each kind."""

    def __init__(self, db: Database, handlers: Mapping[type[Job], Handler], concurrency: int) -> None:
        self.handlers = handlers
        self.db = db
        self.latest = clock.now()
        self.lanes = {lane: _Lane(self, lane, concurrency) for lane in LANES}
        db.on_wake(self._wake)

    def _wake(self, lanes: set[str]) -> None:
        for name, lane in self.lanes.items():
            if name in lanes:
                lane.woken.set()

    async def release(self) -> None:
        """Take up at once what a process that died was working on. Only where no other worker runs."""
        async with self.db.write() as tx:
            await tx.execute(queries.RELEASE_ALL)
            await _put_right(tx)

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            for lane in self.lanes.values():
                group.create_task(lane.run(), name=f"jobs:{lane.name}")

    async def run_until_idle(self) -> bool:
        """Do everything that is due now, and what follows from it; says whether there was anything."""
        worked = False
        while any([await lane.run_until_idle() for lane in self.lanes.values()]):
            worked = True
        return worked


class _Lane:
    """One queue, `width` jobs at a time. A slow job takes up one place and holds up nobody else."""

    def __init__(self, worker: Worker, name: Lane, width: int) -> None:
        self.worker = worker
        self.db = worker.db
        self.name = name
        self.width = width
        self.woken = asyncio.Event()
        self.running: set[asyncio.Task[None]] = set()
        self.last: dict[str, asyncio.Task[None]] = {}
        self.claimed: set[int] = set()
        self.done: list[int] = []
        self.renewed_at = clock.now()

    async def run(self) -> None:
        try:
            while True:
                self.woken.clear()
                try:
                    claimed = await self.claim()
                except Exception:
                    log.exception("the queue %s stumbles; trying again in a second", self.name)
                    claimed = 0
                # Claiming in handfuls, not one by one: a claim is a write transaction.
                if not claimed or len(self.running) > self.width // 2:
                    await self._rest()
        finally:
            for task in self.running:
                task.cancel()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self.woken.wait()
        except TimeoutError:
            pass

    async def run_until_idle(self) -> bool:
        worked = False
        while await self.claim() or self.running:
            worked = True
            if self.running:
                await asyncio.gather(*self.running)
        return worked

    async def claim(self) -> int:
        """Forget what is done, and start what is due as far as there is room. Returns how many."""
        await self._mind_the_clock()
        now = clock.now()
        room = self.width - len(self.running)
        if not self.done:
            async with self.db.read() as tx:
                due = await tx.scalar(queries.NEXT_AT, lane=self.name, now=now)
            if due is None or due > now or not room:
                return 0
        done = list(self.done)
        async with self.db.write() as tx:
            if done:
                await tx.execute(queries.DONE, ids=done)
            claimed = await tx.all(queries.CLAIM, lane=self.name, now=now, until=now + CLAIM_MS, limit=room)
        # Only now: what could not be written is still to be forgotten.
        del self.done[: len(done)]
        for row in sorted(claimed, key=lambda row: int(row["id"])):
            self._start(row)
        return len(claimed)

    async def _mind_the_clock(self) -> None:
        """Renew the claims on what takes long, and notice when somebody has set the clock back."""
        now = clock.now()
        set_back = now < self.worker.latest - SET_BACK_MS
        if set_back or (self.claimed and now >= self.renewed_at + RENEW_MS):
            async with self.db.write() as tx:
                if set_back:
                    await _put_right(tx)
                await tx.execute(queries.RENEW, ids=list(self.claimed), until=now + CLAIM_MS)
            self.renewed_at = now
        elif not self.claimed:
            self.renewed_at = now
        self.worker.latest = now

    def _start(self, row: Row) -> None:
        self.claimed.add(row["id"])
        try:
            job = _decode.decode(row["body"])
        except msgspec.DecodeError as problem:
            self._run(row, self._bury(row, f"not a job that this version knows: {problem}"))
            return
        order = job.order
        task = self._run(row, self._do(row, job, self.last.get(order) if order else None))
        if order:
            self.last[order] = task

    def _run(self, row: Row, what: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(what)
        self.running.add(task)
        task.add_done_callback(partial(self._finished, row["id"]))
        return task

    def _finished(self, job_id: int, task: asyncio.Task[None]) -> None:
        self.running.discard(task)
        # Renewed no longer: if even its failure could not be written, the claim ends and the job comes back.
        self.claimed.discard(job_id)
        if not task.cancelled() and (problem := task.exception()) is not None:
            log.error("what became of job %s could not be written", job_id, exc_info=problem)
        if not self.running:
            self.last.clear()
        self.woken.set()

    async def _do(self, row: Row, job: Job, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        # Each job runs in a task, and so in a context, of its own.
        doing.set(row["id"])
        try:
            await self.worker.handlers[type(job)](job)
        except GiveUp as reason:
            await self._bury(row, str(reason))
        except Exception as problem:
            await self._try_later(row, job, problem)
        else:
            self.done.append(row["id"])

    async def _bury(self, row: Row, reason: str) -> None:
        log.error("job %s is given up: %s", row["id"], reason)
        async with self.db.write() as tx:
            await tx.execute(queries.DEAD, job_id=row["id"], at=clock.now(), error=reason[:1000])

    async def _try_later(self, row: Row, job: Job, problem: Exception) -> None:
        if row["attempts"] >= job.tries:
            await self._bury(row, repr(problem))
            return
        delay = retry_delay(row["attempts"])
        log.warning("%s fails, again in %d s", type(job).__name__, delay // 1000, exc_info=problem)
        async with self.db.write() as tx:
            await tx.execute(
                queries.AGAIN, job_id=row["id"], at=clock.now() + delay, error=repr(problem)[:1000]
            )


async def _put_right(tx: Tx) -> None:
    """After the clock was set back nothing may wait for a time that is a mistake."""
    now = clock.now()
    await tx.execute(queries.FROM_THE_FUTURE, now=now)
    await tx.execute(queries.AGAIN_SOON, now=now)


def retry_delay(attempts: int) -> int:
    """Milliseconds to wait after so many attempts: 15 s, then about the fourth power, with jitter."""
    seconds: float = 15 + attempts**4
    return int(seconds * random.uniform(1, 1.3) * clock.SECOND)  # noqa: S311 # spreads load, guards nothing
