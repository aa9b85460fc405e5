"""A page of many costs no more statements than a page of few, whatever it is a page of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from fedcoop import clock
from fedcoop.db import sqlite
from tests.words import Person, Server, running


@pytest.fixture
async def small(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """A whole server on loopback, on SQLite."""
    async with running(sqlite_url, str(tmp_path)) as made:
        yield made


Grow = Callable[[Server, Person, Person, int], Awaitable[None]]


async def _posts(server: Server, alice: Person, bob: Person, number: int) -> None:
    await bob.says(f"{number} #cats #dogs", poll={"options": ["a", "b"], "expires_in": 600})


async def _pins(server: Server, alice: Person, bob: Person, number: int) -> None:
    if number < 5:
        status = await bob.says(str(number))
        await bob.post(f"/api/v1/statuses/{status['id']}/pin")


async def _talks(server: Server, alice: Person, bob: Person, number: int) -> None:
    await bob.says(f"@alice {number}", visibility="direct")


async def _schedules(server: Server, alice: Person, bob: Person, number: int) -> None:
    await alice.says(str(number), scheduled_at=clock.iso(clock.now() + (number + 1) * clock.HOUR))


async def _tags(server: Server, alice: Person, bob: Person, number: int) -> None:
    await alice.post(f"/api/v1/tags/tag{number}/follow")


async def _filters(server: Server, alice: Person, bob: Person, number: int) -> None:
    keywords = [{"keyword": f"{number}"}, {"keyword": "word"}]
    await alice.post("/api/v2/filters", title="x", context=["home"], keywords_attributes=keywords)


async def _meets(server: Server, alice: Person, bob: Person, number: int) -> None:
    other = await server.joins(f"other{number}")
    await alice.follows(other)
    await alice.post(f"/api/v1/accounts/{other.id}/endorse")
    (only,) = await alice.get("/api/v1/lists")
    await alice.post(f"/api/v1/lists/{only['id']}/accounts", account_ids=[other.id])


@pytest.mark.parametrize(
    ("path", "grow"),
    [
        ("/api/v1/timelines/list/{list}", _posts),
        ("/api/v1/timelines/tag/cats?all[]=dogs", _posts),
        ("/api/v1/accounts/{bob}/statuses?tagged=cats", _posts),
        ("/api/v1/accounts/{bob}/statuses?pinned=true", _pins),
        ("/api/v1/conversations", _talks),
        ("/api/v1/timelines/direct", _talks),
        ("/api/v1/scheduled_statuses", _schedules),
        ("/api/v1/followed_tags", _tags),
        ("/api/v1/filters", _filters),
        ("/api/v2/filters", _filters),
        ("/api/v1/endorsements", _meets),
        ("/api/v1/lists/{list}/accounts", _meets),
    ],
)
async def test_a_long_page_costs_as_many_statements_as_a_short_one(
    small: Server, monkeypatch: pytest.MonkeyPatch, path: str, grow: Grow
) -> None:
    alice, bob = await small.joins("alice"), await small.joins("bob")
    await alice.follows(bob)
    made = await alice.post("/api/v1/lists", title="a list")
    await alice.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[bob.id])
    address = path.format(list=made["id"], bob=bob.id)
    counted: list[object] = []
    for kind in (sqlite.InlineTx, sqlite.ThreadTx):
        monkeypatch.setattr(kind, "_rows", _counting(kind._rows, counted))

    async def cost() -> tuple[int, int]:
        # Once more than once: what was never rendered costs more.
        await alice.get(address)
        counted.clear()
        return len(await alice.get(address)), len(counted)

    await grow(small, alice, bob, 0)
    few, short = await cost()
    for number in range(1, 12):
        await grow(small, alice, bob, number)
    many, long = await cost()
    assert many > few > 0
    assert long == short


def _counting(real: Any, counted: list[object]) -> Any:
    def rows(self: Any, statement: Any, params: Any) -> Any:
        counted.append(statement)
        return real(self, statement, params)

    return rows


async def test_a_plain_post_goes_to_the_writers_thread_three_times(
    small: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each trip costs more than a small statement. Beginning and committing come on top."""
    alice = await small.joins("alice")
    await alice.says("first")
    trips: list[str] = []
    for name in ("_rows", "execute", "batch"):
        monkeypatch.setattr(sqlite.ThreadTx, name, _noting(trips, getattr(sqlite.ThreadTx, name)))
    await alice.says("second")
    assert trips == ["batch", "execute", "batch"]


def _noting(trips: list[str], real: Any) -> Any:
    def noted(*args: Any, **more: Any) -> Any:
        trips.append(real.__name__)
        return real(*args, **more)

    return noted
