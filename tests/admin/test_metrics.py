"""Numbers about the server are those of what people did."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop import clock
from fedcoop.metrics.access import DIMENSIONS, MEASURES
from tests.admin.staff import complaints, operator
from tests.words import Person, Server


def today() -> str:
    return clock.day(clock.now())


def _before(days: int) -> str:
    return clock.day(clock.now() - days * clock.DAY)


async def measured(person: Person, *keys: str, **more: Any) -> dict[str, Any]:
    asked = {"keys": list(keys), "start_at": _before(6), "end_at": today()} | more
    found = await person.post("/api/v1/admin/measures", **asked)
    assert [complaint for each in found for complaint in complaints("AdminMeasure", each)] == []
    assert [each["key"] for each in found] == list(keys)
    return {each["key"]: each for each in found}


async def counted(person: Person, *keys: str, **more: Any) -> dict[str, dict[str, str]]:
    asked = {"keys": list(keys), "start_at": _before(6), "end_at": today()} | more
    found = await person.post("/api/v1/admin/dimensions", **asked)
    assert [complaint for each in found for complaint in complaints("AdminDimension", each)] == []
    return {each["key"]: {row["key"]: row["value"] for row in each["data"]} for each in found}


async def test_measures_count_what_people_did(server: Server) -> None:
    ada, alice, bob = await operator(server), await server.joins("alice"), await server.joins("bob")
    post = await alice.says("Hello #world")
    await alice.says("Again #world")
    await bob.post(f"/api/v1/statuses/{post['id']}/favourite")
    await bob.post(f"/api/v1/statuses/{post['id']}/reblog")
    await bob.says("@alice Hi", in_reply_to_id=post["id"])
    report = await alice.post("/api/v1/reports", account_id=bob.id)
    await alice.post("/api/v1/reports", account_id=ada.id)
    await ada.post(f"/api/v1/admin/reports/{report['id']}/resolve")
    tag = (await ada.get("/api/v1/tags/world"))["id"]
    found = await measured(
        ada,
        "active_users",
        "new_users",
        "interactions",
        "opened_reports",
        "resolved_reports",
        "tag_uses",
        "tag_accounts",
        tag_uses={"id": tag},
        tag_accounts={"id": tag},
    )
    assert {key: each["total"] for key, each in found.items()} == {
        "active_users": "2",
        "new_users": "3",
        "interactions": "3",
        "opened_reports": "2",
        "resolved_reports": "1",
        "tag_uses": "2",
        "tag_accounts": "1",
    }
    for each in found.values():
        assert each["previous_total"] == "0"
        assert len(each["data"]) == 7
        assert each["data"][-1] == {"date": f"{today()}T00:00:00.000Z", "value": each["total"]}
        assert {day["value"] for day in each["data"][:-1]} == {"0"}


async def test_the_time_before_is_compared_with(server: Server) -> None:
    ada = await operator(server)
    await ada.says("Hello")
    clock.advance(seconds=7 * 24 * 3600)
    found = await measured(ada, "active_users", "new_users")
    assert {key: (each["total"], each["previous_total"]) for key, each in found.items()} == {
        "active_users": ("0", "1"),
        "new_users": ("0", "1"),
    }


async def test_what_comes_from_a_server_is_counted(server: Server, other: Server) -> None:
    ada, zoe = await operator(server), await other.joins("zoe")
    await ada.follows(zoe)
    await server.settle(other)
    await zoe.says("Hello #world", language="eo")
    await server.settle(other)
    domain = other.config.domain
    keys = [key for key in MEASURES if key.startswith("instance_")]
    found = await measured(ada, *keys, **{key: {"domain": domain} for key in keys})
    totals = {key.removeprefix("instance_"): each["total"] for key, each in found.items()}
    assert totals["statuses"] == totals["accounts"] == totals["follows"] == "1"
    assert totals["followers"] == totals["reports"] == totals["media_attachments"] == "0"
    tag = (await ada.get("/api/v1/tags/world"))["id"]
    named = {"instance_languages": {"domain": domain}, "tag_servers": {"id": tag}}
    kinds = await counted(ada, "servers", *named, **named)
    assert kinds == {
        "servers": {domain: "1"},
        "instance_languages": {"eo": "1"},
        "tag_servers": {domain: "1"},
    }


async def test_dimensions_say_what_there_is_most_of(server: Server) -> None:
    ada, alice = await operator(server), await server.joins("alice")
    await alice.says("Hello")
    await ada.says("Hi")
    found = await counted(ada, "languages", "sources", "space_usage", "software_versions")
    assert found["languages"] == {"en": "2"}
    assert found["sources"] == {"tests": "2"}
    assert int(found["space_usage"][server.db.dialect]) > 100_000
    assert {"fedcoop", "python", server.db.dialect} == set(found["software_versions"])
    assert await ada.post("/api/v1/admin/dimensions", keys=["languages"])


async def test_who_stays_is_told_by_when_they_joined(server: Server) -> None:
    ada = await operator(server)
    await server.joins("alice")
    await ada.says("Hello")
    clock.advance(seconds=24 * 3600)
    await ada.says("Here again")
    asked: dict[str, Any] = {"start_at": _before(1), "end_at": today(), "frequency": "day"}
    cohorts = await ada.post("/api/v1/admin/retention", **asked)
    assert [complaint for each in cohorts for complaint in complaints("AdminCohort", each)] == []
    assert [[(day["value"], day["rate"]) for day in each["data"]] for each in cohorts] == [
        [("1", 0.5), ("1", 0.5)],
        [("0", 0.0)],
    ]
    (*_, month) = await ada.post("/api/v1/admin/retention", **(asked | {"frequency": "month"}))
    assert month["period"].endswith("-01T00:00:00.000Z")
    assert await ada.post("/api/v1/admin/retention") == []


async def test_a_year_costs_no_more_than_a_day(server: Server, statements: list[str]) -> None:
    ada = await operator(server)
    costs = []
    for days in (1, 1, 365):
        statements.clear()
        span: dict[str, Any] = {"start_at": _before(days), "end_at": today()}
        await measured(ada, "active_users", "new_users", "interactions", **span)
        await ada.post("/api/v1/admin/retention", frequency="day", **span)
        costs.append(len(statements))
    assert costs[1] == costs[2]


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("measures", {}),
        ("measures", {"keys": ["happiness"]}),
        ("measures", {"keys": ["tag_uses"]}),
        ("measures", {"keys": ["instance_statuses"]}),
        ("measures", {"keys": ["instance_statuses"], "instance_statuses": {"domain": "no domain"}}),
        ("measures", {"keys": ["new_users"], "start_at": "soon"}),
        ("measures", {"keys": ["new_users"], "start_at": "2020-01-01"}),
        ("measures", {"keys": ["new_users"], "start_at": "2030-01-01"}),
        ("dimensions", {}),
        ("dimensions", {"keys": ["happiness"]}),
        ("dimensions", {"keys": ["tag_servers"]}),
        ("retention", {"start_at": "soon"}),
    ],
)
async def test_what_cannot_be_counted_is_said(server: Server, path: str, wish: dict[str, Any]) -> None:
    ada = await operator(server)
    asked = {"start_at": _before(6), "end_at": today()} | wish
    assert (await ada.post(f"/api/v1/admin/{path}", expect=422, **asked))["error"]


def test_every_key_of_the_documentation_is_counted() -> None:
    assert len(MEASURES) == 14
    assert len(DIMENSIONS) == 9
