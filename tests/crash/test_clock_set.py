"""A clock that is a day off, and then put right: ids stay unique, timelines keep their order, jobs run."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import suppress

import pytest

from fedcoop import clock, ids
from fedcoop.ids import id_at, new_id
from tests.words import Person, Server

DAY = 86_400.0


def test_ids_stay_unique_and_in_order_when_the_clock_is_set_back() -> None:
    made = []
    for seconds in (0, DAY, -DAY, -DAY, 2 * DAY):
        clock.advance(seconds=seconds)
        made += [new_id() for _ in range(1000)]
    assert made == sorted(set(made))


def test_ids_stay_in_order_when_their_sequence_begins_anew_within_a_millisecond(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = clock.now()
    monkeypatch.setattr(clock, "onward", lambda: moment)
    monkeypatch.setattr(ids, "_newest", 0)
    monkeypatch.setattr(ids, "_sequence", itertools.count((1 << 16) - 500))
    made = [new_id() if number % 3 else id_at(moment + 1) for number in range(1000)]
    assert len(set(made)) == 1000
    ours = [each for number, each in enumerate(made) if number % 3]
    assert ours == sorted(ours)


async def friends(server: Server, other: Server) -> tuple[Person, Person]:
    """Alice here, and bob elsewhere, who follows her."""
    alice, bob = await server.joins("alice"), await other.joins("bob")
    await bob.follows(alice)
    await server.settle(other)
    return alice, bob


@pytest.mark.parametrize("off", [DAY, -DAY])
async def test_what_is_said_meanwhile_is_in_order_and_arrives(
    server: Server, other: Server, off: float
) -> None:
    alice, bob = await friends(server, other)
    said = [await alice.says("in time")]
    await server.settle(other)
    clock.advance(seconds=off)
    said.append(await alice.says("a day off"))
    await server.settle(other)
    clock.advance(seconds=-off)
    said.append(await alice.says("in time again"))
    await server.settle(other)
    assert [status["id"] for status in await alice.home()] == [status["id"] for status in reversed(said)]
    assert {status["uri"] for status in await bob.home()} == {status["uri"] for status in said}
    moments = [clock.parse(status["created_at"]) for status in said]
    assert all(abs(moment - clock.now()) < clock.HOUR for moment in (moments[0], moments[2]))


async def test_what_waits_from_a_future_that_was_none_does_not_wait_for_it(
    server: Server, other: Server
) -> None:
    alice, bob = await friends(server, other)
    clock.advance(seconds=DAY)
    as_job = await alice.says("still a job when the clock is put right")
    await server.instance.worker.lanes["governance"].run_until_idle()  # as it does each second
    clock.advance(seconds=-DAY)
    await server.settle(other)
    assert [status["uri"] for status in await bob.home()] == [as_job["uri"]]

    clock.advance(seconds=DAY)
    as_delivery = await alice.says("already waiting to be delivered")
    await server.instance.worker.run_until_idle()
    clock.advance(seconds=-DAY)
    sending = asyncio.create_task(server.instance.deliverer.run())
    try:
        async with asyncio.timeout(60):
            while as_delivery["uri"] not in {status["uri"] for status in await bob.home()}:
                await other.settle()
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
