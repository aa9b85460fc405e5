"""Jobs run once they are committed, in their order, and again when they fail. The code is `fedcoop/jobs`."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from fedcoop import clock, jobs
from fedcoop.db import Database
from fedcoop.errors import Unavailable
from fedcoop.jobs import queries
from fedcoop.jobs.types import ClosePoll, GiveUp, Job, ReceiveActivity
from fedcoop.jobs.worker import CLAIM_MS, Worker


def worker(db: Database, handler: Callable[[Any], Awaitable[None]], kind: type[Job] = ClosePoll) -> Worker:
    return Worker(db, {kind: handler}, concurrency=4)


async def counts(db: Database) -> dict[str, int]:
    async with db.read() as tx:
        rows = await tx.all(queries.COUNTS, now=clock.now())
    return {key: sum(row[key] for row in rows) for key in ("due", "later", "dead")}


async def test_a_job_runs_once(db: Database) -> None:
    ran: list[int] = []

    async def handler(job: ClosePoll) -> None:
        ran.append(job.poll_id)

    async with db.write() as tx:
        await jobs.add(tx, ClosePoll(poll_id=7))
    await worker(db, handler).run_until_idle()
    await worker(db, handler).run_until_idle()
    assert ran == [7]
    assert await counts(db) == {"due": 0, "later": 0, "dead": 0}


async def test_a_job_of_a_transaction_that_failed_never_runs(db: Database) -> None:
    async def handler(job: ClosePoll) -> None:
        raise AssertionError("must not run")

    with pytest.raises(ZeroDivisionError):
        async with db.write() as tx:
            await jobs.add(tx, ClosePoll(poll_id=7))
            raise ZeroDivisionError
    await worker(db, handler).run_until_idle()


async def test_a_job_for_later_waits_for_its_time(db: Database) -> None:
    ran: list[int] = []

    async def handler(job: ClosePoll) -> None:
        ran.append(job.poll_id)

    async with db.write() as tx:
        await jobs.add(tx, ClosePoll(poll_id=7), run_at=clock.now() + clock.HOUR)
    await worker(db, handler).run_until_idle()
    assert ran == []
    clock.advance(seconds=3601)
    await worker(db, handler).run_until_idle()
    assert ran == [7]


async def test_a_failing_job_is_tried_again_later_and_given_up_in_the_end(db: Database) -> None:
    tried = 0

    async def handler(job: ClosePoll) -> None:
        nonlocal tried
        tried += 1
        raise OSError("no luck")

    async with db.write() as tx:
        await jobs.add(tx, ClosePoll(poll_id=7))
    await worker(db, handler).run_until_idle()
    assert tried == 1
    assert await counts(db) == {"due": 0, "later": 1, "dead": 0}
    for _ in range(20):
        clock.advance(seconds=100_000)
        await worker(db, handler).run_until_idle()
    assert tried == ClosePoll.tries
    assert await counts(db) == {"due": 0, "later": 0, "dead": 1}


async def test_a_job_that_gives_up_is_not_tried_again(db: Database) -> None:
    async def handler(job: ClosePoll) -> None:
        raise GiveUp("the host said 410")

    async with db.write() as tx:
        await jobs.add(tx, ClosePoll(poll_id=7))
    await worker(db, handler).run_until_idle()
    assert await counts(db) == {"due": 0, "later": 0, "dead": 1}


async def test_what_a_dead_process_was_working_on_is_taken_up_again(db: Database) -> None:
    ran: list[int] = []

    async def dies(job: ClosePoll) -> None:
        raise asyncio.CancelledError

    async def handler(job: ClosePoll) -> None:
        ran.append(job.poll_id)

    async with db.write() as tx:
        await jobs.add(tx, ClosePoll(poll_id=7))
    with pytest.raises(asyncio.CancelledError):
        await worker(db, dies).run_until_idle()
    await worker(db, handler).run_until_idle()
    assert ran == []
    survivor = worker(db, handler)
    await survivor.release()
    await survivor.run_until_idle()
    assert ran == [7]


async def test_activities_of_one_actor_keep_their_order_and_do_not_wait_for_others(db: Database) -> None:
    finished: list[str] = []
    b_done = asyncio.Event()

    async def handler(job: ReceiveActivity) -> None:
        if job.body == "a1":
            # Goes on only when b is through: b must not wait for a.
            await b_done.wait()
        finished.append(job.body)
        if job.body == "b1":
            b_done.set()

    async with db.write() as tx:
        await jobs.add(tx, ReceiveActivity(actor_uri="https://a.test/a", body="a1"))
        await jobs.add(tx, ReceiveActivity(actor_uri="https://a.test/a", body="a2"))
        await jobs.add(tx, ReceiveActivity(actor_uri="https://b.test/b", body="b1"))
    await worker(db, handler, ReceiveActivity).run_until_idle()
    assert finished == ["b1", "a1", "a2"]


async def test_running_wakes_when_a_job_is_committed(db: Database) -> None:
    ran = asyncio.Event()

    async def handler(job: ClosePoll) -> None:
        ran.set()

    running = asyncio.create_task(worker(db, handler).run())
    await asyncio.sleep(0)
    async with db.write() as tx:
        await jobs.add(tx, ClosePoll(poll_id=7))
    async with asyncio.timeout(10):
        await ran.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_what_takes_longer_than_a_claim_stays_claimed(db: Database) -> None:
    """Another worker on the same database leaves it alone, as long as this one lives."""
    begun, may_end = asyncio.Event(), asyncio.Event()
    ran: list[str] = []

    async def slow(job: ClosePoll) -> None:
        ran.append("first")
        begun.set()
        await may_end.wait()

    async def other(job: ClosePoll) -> None:
        ran.append("second")

    async with db.write() as tx:
        await jobs.add(tx, ClosePoll(poll_id=7))
    first, second = worker(db, slow), worker(db, other)
    running = asyncio.create_task(first.run_until_idle())
    await begun.wait()
    for _ in range(10):
        clock.advance(seconds=CLAIM_MS / 2000)
        await first.lanes["default"].claim()
        await second.run_until_idle()
    may_end.set()
    await running
    assert ran == ["first"]

    # Nobody renews the claims of the dead.
    async with db.write() as tx:
        await jobs.add(tx, ClosePoll(poll_id=8))
        await tx.all(queries.CLAIM, lane="default", now=clock.now(), until=clock.now() + CLAIM_MS, limit=1)
    await second.run_until_idle()
    assert ran == ["first"]
    clock.advance(seconds=CLAIM_MS / 1000)
    await second.run_until_idle()
    assert ran == ["first", "second"]


async def test_a_job_finished_with_its_effect_has_it_once(db: Database) -> None:
    """The process dies after the transaction of the effect, and before the job is forgotten."""
    ran: list[int] = []

    async def dies(job: ClosePoll) -> None:
        async with db.write() as tx:
            await jobs.finish(tx)
        ran.append(job.poll_id)
        raise asyncio.CancelledError

    async with db.write() as tx:
        await jobs.add(tx, ClosePoll(poll_id=7))
    with pytest.raises(asyncio.CancelledError):
        await worker(db, dies).run_until_idle()
    survivor = worker(db, dies)
    await survivor.release()
    await survivor.run_until_idle()
    assert ran == [7]


async def test_what_is_done_is_forgotten_even_if_the_database_refuses_at_first(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []

    async def handler(job: ClosePoll) -> None:
        ran.append(job.poll_id)
        monkeypatch.setattr(db, "write", refusing)

    write = db.write

    def refusing(*, durable: bool = False) -> Any:
        monkeypatch.setattr(db, "write", write)
        raise Unavailable("The disk is full.")

    async with db.write() as tx:
        await jobs.add(tx, ClosePoll(poll_id=7))
    one = worker(db, handler)
    with pytest.raises(Unavailable):
        await one.run_until_idle()
    await one.run_until_idle()
    assert await counts(db) == {"due": 0, "later": 0, "dead": 0}
    assert ran == [7]
