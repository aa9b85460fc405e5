"""The queue of deliveries: what a host answers, and what then becomes of what waits for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Table, select

from activitypub.client import Answer
from activitypub.delivery import clean_up, hosts, retry_host, stop_host
from activitypub.delivery.lanes import Lanes
from activitypub.delivery.policy import LONGEST_WAIT_MS, fate_of, wait_ms
from activitypub.delivery.types import Delivery
from activitypub.federate.recipients import enqueue
from activitypub.signatures import Message, read
from fedcoop import clock
from fedcoop.accounts.types import Account
from fedcoop.db import Row, statement
from fedcoop.db.schema.federation import deliveries, outgoing_activities
from fedcoop.db.schema.federation import hosts as host_table
from tests.activitypub.coop import Coop
from tests.activitypub.remote import Remote
from tests.keys import spare_keys


async def rows(coop: Coop, table: Table) -> Sequence[Row]:
    async with coop.db.read() as tx:
        return await tx.all(statement(select(table)))


async def queue(coop: Coop, account: Account, *remotes: Remote, body: str = '{"n":1}') -> None:
    async with coop.db.write() as tx:
        await enqueue(tx, account.id, body, [(f"{one.base}/inbox", one.host) for one in remotes])


async def test_what_arrived_is_forgotten_with_its_body(coop: Coop, remote: Remote, other: Remote) -> None:
    alice = await coop.joins("alice")
    await queue(coop, alice, remote, other)
    await coop.settle()
    assert len(remote.received) == len(other.received) == 1
    assert await rows(coop, deliveries) == []
    assert await rows(coop, outgoing_activities) == []
    assert {row["domain"] for row in await rows(coop, host_table)} == {remote.host, other.host}


async def test_deliveries_are_signed_by_their_author(coop: Coop, remote: Remote) -> None:
    from activitypub.signatures import load_public

    alice = await coop.joins("alice")
    await queue(coop, alice, remote)
    await coop.settle()
    sent = Message(
        "POST", "/inbox", remote.headers[0].items(), b'{"n":1}', scheme="http", authority=remote.host
    )
    claim = read(sent, clock.now() // 1000)
    assert claim.key_id == f"{alice.uri}#main-key"
    assert claim.proven_by(load_public(spare_keys(1).public_pem))


async def test_a_host_that_fails_is_left_alone_longer_and_longer(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    alice = await coop.joins("alice")
    remote.inbox_status = 503
    for number in range(5):
        await queue(coop, alice, remote, other, body=f'{{"n":{number}}}')
    await coop.settle()
    assert len(other.received) == 5
    first = len(remote.received)
    assert first <= 4
    # What is new waits as well, until an administrator asks for another try.
    await queue(coop, alice, remote, body='{"n":5}')
    await coop.settle()
    assert len(remote.received) == first
    async with coop.db.write() as tx:
        assert await retry_host(tx, remote.host) == 6
    await coop.settle()
    assert len(remote.received) == first + 1
    tried = []
    for _ in range(6):
        clock.advance(seconds=60)
        before = len(remote.received)
        await coop.settle()
        tried.append(len(remote.received) - before)
    assert max(tried) == 1  # only the probe
    assert sum(tried) < 6
    remote.inbox_status = 202
    clock.advance(seconds=3600)
    remote.received.clear()
    await coop.settle()
    assert [sent["n"] for _, sent in remote.received] == [0, 1, 2, 3, 4, 5]
    assert await rows(coop, deliveries) == []
    (state,) = [row for row in await rows(coop, host_table) if row["domain"] == remote.host]
    assert (state["failures"], state["last_error"]) == (0, "")


async def test_a_host_is_given_time_when_it_asks_for_it(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.inbox_status, remote.inbox_headers = 429, {"Retry-After": "600"}
    await queue(coop, alice, remote)
    await coop.settle()
    clock.advance(seconds=590)
    await coop.settle()
    assert len(remote.received) == 1
    remote.inbox_status = 202
    clock.advance(seconds=20)
    await coop.settle()
    assert len(remote.received) == 2


async def test_after_days_of_silence_it_is_given_up_where_one_can_see_it(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.inbox_status = 500
    await queue(coop, alice, remote)
    for _ in range(40):
        await coop.settle()
        clock.advance(seconds=3 * 3600)
    (row,) = await rows(coop, deliveries)
    assert row["state"] == "failed"
    assert row["last_error"].startswith("500")
    assert 8 < row["attempts"] < 40
    async with coop.db.scan() as tx:
        (state,) = await hosts(tx)
    assert (state.domain, state.given_up) == (remote.host, 1)
    async with coop.db.write() as tx:
        assert await retry_host(tx, remote.host) == 1
    remote.inbox_status = 202
    await coop.settle()
    assert await rows(coop, deliveries) == []


@pytest.mark.parametrize("status", [404, 410])
async def test_an_inbox_that_is_gone_gets_nothing_more(coop: Coop, remote: Remote, status: int) -> None:
    alice = await coop.joins("alice")
    remote.inbox_status = status
    await queue(coop, alice, remote)
    await queue(coop, alice, remote)
    await coop.settle()
    assert {row["state"] for row in await rows(coop, deliveries)} == {"gone"}
    clock.advance(seconds=20 * 86_400)
    async with coop.db.write() as tx:
        await clean_up(tx)
    assert await rows(coop, deliveries) == []
    assert await rows(coop, outgoing_activities) == []


async def test_a_refusal_is_final_and_does_not_stop_the_next(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.inbox_status = 403
    await queue(coop, alice, remote)
    await coop.settle()
    (row,) = await rows(coop, deliveries)
    assert row["state"] == "failed"
    remote.inbox_status = 202
    await queue(coop, alice, remote)
    await coop.settle()
    assert len(remote.received) == 2


async def test_a_server_that_knows_only_the_newer_signatures_gets_one(coop: Coop, remote: Remote) -> None:
    from aiohttp import web

    async def newer(request: web.Request) -> web.Response:
        known = "Signature-Input" in request.headers
        return web.Response(status=202 if known else 401)

    remote.handlers["/new"] = newer
    alice = await coop.joins("alice")
    for _ in range(2):
        async with coop.db.write() as tx:
            await enqueue(tx, alice.id, "{}", [(f"{remote.base}/new", remote.host)])
        await coop.settle()
    assert await rows(coop, deliveries) == []
    assert remote.asked == ["/new", "/new", "/new"]


async def test_a_dead_host_does_not_hold_up_a_living_one(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    async with coop.db.write() as tx:
        dead = [(f"http://127.0.0.1:1/{number}", "127.0.0.1:1") for number in range(50)]
        await enqueue(tx, alice.id, "{}", [*dead, (f"{remote.base}/inbox", remote.host)])
    await coop.settle()
    assert len(remote.received) == 1
    waiting = await rows(coop, deliveries)
    assert len(waiting) == 50
    assert {row["state"] for row in waiting} == {"waiting"}
    async with coop.db.write() as tx:
        assert await stop_host(tx, "127.0.0.1:1") == 50


async def test_a_word_from_a_silent_host_brings_everything_forward(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    remote.inbox_status = 500
    await queue(coop, alice, remote)
    for _ in range(6):
        await coop.settle()
        clock.advance(seconds=600)
    remote.inbox_status = 202
    tried = len(remote.received)
    await coop.receives(remote, "bob", remote.activity("Like", "bob", f"{alice.uri}/statuses/1"))
    await coop.settle()
    assert len(remote.received) == tried + 1
    assert await rows(coop, deliveries) == []


async def test_what_a_dead_process_had_claimed_is_taken_up_again(coop: Coop, remote: Remote) -> None:
    from activitypub.delivery import queries

    alice = await coop.joins("alice")
    await queue(coop, alice, remote)
    async with coop.db.write() as tx:
        claimed = await tx.all(queries.CLAIM, now=clock.now(), until=clock.now() + clock.MINUTE, limit=10)
    assert len(claimed) == 1
    await coop.settle()
    assert remote.received == []
    clock.advance(seconds=61)
    await coop.deliverer._reclaim()
    await coop.settle()
    assert len(remote.received) == 1


def delivery(number: int, host: str = "a.test", inbox: str = "") -> Delivery:
    return Delivery(number, number, 1, inbox or f"https://{host}/{number}", host, 0, 0)


def test_an_inbox_is_served_in_order_and_hosts_in_turn() -> None:
    lanes = Lanes()
    same = "https://a.test/inbox"
    lanes.add([delivery(2, inbox=same), delivery(1, inbox=same), delivery(3, "b.test")], set())
    first, second = lanes.next(), lanes.next()
    assert first is not None
    assert second is not None
    assert {first.id, second.id} == {1, 3}
    assert lanes.next() is None
    one = first if first.id == 1 else second
    assert lanes.finish(one, works=True) == []
    third = lanes.next()
    assert third is not None
    assert third.id == 2


def test_a_failing_host_gets_a_probe_and_gives_the_rest_back() -> None:
    lanes = Lanes()
    lanes.add([delivery(number) for number in range(3)], {"a.test"})
    probe = lanes.next()
    assert probe is not None
    assert lanes.next() is None
    assert [one.id for one in lanes.finish(probe, works=False)] == [1, 2]
    assert lanes.count == 0
    assert lanes.hosts == {}


def test_one_host_does_not_fill_the_memory() -> None:
    lanes = Lanes()
    surplus = lanes.add([delivery(number) for number in range(300)], set())
    assert len(surplus) == 200
    assert lanes.count == 100


def test_what_answers_mean() -> None:
    fates = {
        status: fate_of(Answer(status))
        for status in (200, 202, 307, 400, 401, 403, 404, 410, 429, 500, 501, 503)
    }
    assert fates == {
        200: "done", 202: "done", 307: "failed", 400: "failed", 401: "again", 403: "failed", 404: "inbox_gone",
        410: "inbox_gone", 429: "host_down", 500: "host_down", 501: "failed", 503: "host_down",
    }  # fmt: skip


def test_waiting_grows_and_is_tried_for_more_than_three_days() -> None:
    waits = [wait_ms(number) for number in range(1, 40)]
    assert 30_000 <= waits[0] <= 37_500
    assert all(wait <= LONGEST_WAIT_MS * 1.25 for wait in waits)
    assert wait_ms(1, 7_200) >= 7_200_000
