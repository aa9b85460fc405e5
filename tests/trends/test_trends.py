"""What many use at once: `fedcoop/trends`, through the API."""

from typing import Any

import pytest

from fedcoop import clock
from fedcoop.trends.scoring import scored
from fedcoop.trends.types import FADING, Trend, Used
from moderation.ledger import serve
from tests.cards.site import Site
from tests.words import Person, Server

ADMIN = "read write admin:read admin:write"


async def crowd(server: Server, count: int = 6, **profile: Any) -> list[Person]:
    return [await server.joins(f"person{number}", **profile) for number in range(count)]


async def computed(server: Server) -> None:
    """An hour later, when trends are computed for the first time; the day must not end meanwhile."""
    await server.settle()
    clock.advance(seconds=3_600)
    await server.settle()


@pytest.fixture(autouse=True)
def _at_noon() -> None:
    clock.advance(seconds=(clock.DAY * 3 // 2 - clock.now() % clock.DAY) // clock.SECOND)


async def moderator(server: Server) -> Person:
    return await server.joins("mo", role="admin", scopes=ADMIN)


# Nobody sees what was not looked at


async def test_nothing_is_shown_before_somebody_has_allowed_it(server: Server, site: Site) -> None:
    url = site.page("/nuts", "<title>Nuts</title>")
    people = await crowd(server, discoverable=True)
    status = await people[0].says(f"#walnut {url}")
    for person in people[1:]:
        await person.says(f"#Walnut is good: {url}")
        await person.post(f"/api/v1/statuses/{status['id']}/favourite")
    await computed(server)
    mo = await moderator(server)
    for kind in ("tags", "statuses", "links"):
        assert await server.anybody.get(f"/api/v1/trends/{kind}") == [], kind
        (found,) = await mo.get(f"/api/v1/admin/trends/{kind}")
        await mo.post(f"/api/v1/admin/trends/{kind}/{found['id']}/approve")
        (shown,) = await server.anybody.get(f"/api/v1/trends/{kind}")
        assert shown["id"] == found["id"]
        await mo.post(f"/api/v1/admin/trends/{kind}/{found['id']}/reject")
        assert await server.anybody.get(f"/api/v1/trends/{kind}") == [], kind
        assert len(await mo.get(f"/api/v1/admin/trends/{kind}")) == 1
    async with server.db.read() as tx:
        acts = await serve.entries(tx, types=("office",))
    assert [each.body["did"] for each in acts] == 3 * ["hid_a_trend", "let_a_trend_be_shown"]
    assert all("walnut" not in str(each.body) and url not in str(each.body) for each in acts)


@pytest.mark.parametrize("kind", ["tags", "statuses", "links"])
async def test_members_cannot_review(server: Server, kind: str) -> None:
    alice, mo = await server.joins("alice", scopes=ADMIN), await server.joins("mo", role="moderator")
    chief = await server.joins("chief", role="admin", scopes=ADMIN)
    await alice.get(f"/api/v1/admin/trends/{kind}", expect=403)
    await mo.get(f"/api/v1/admin/trends/{kind}", expect=403)
    await server.anybody.get(f"/api/v1/admin/trends/{kind}", expect=401)
    for act in ("approve", "reject"):
        await alice.post(f"/api/v1/admin/trends/{kind}/1/{act}", expect=403)
        await chief.post(f"/api/v1/admin/trends/{kind}/1/{act}", expect=404)


async def test_a_private_status_cannot_be_made_a_trend(server: Server) -> None:
    mo = await moderator(server)
    status = await mo.says("only for followers", visibility="private")
    await mo.post(f"/api/v1/admin/trends/statuses/{status['id']}/approve", expect=404)


@pytest.mark.parametrize(
    "fields",
    [
        {"visibility": "unlisted"},
        {"visibility": "private"},
        {"sensitive": True},
        {"spoiler_text": "a warning"},
    ],
)
async def test_what_was_not_meant_for_everybody_is_no_trend(server: Server, fields: dict[str, Any]) -> None:
    people = await crowd(server, discoverable=True)
    for person in people[1:]:
        await person.follows(people[0])
    status = await people[0].says("walnut", **fields)
    for person in people[1:]:
        await person.post(f"/api/v1/statuses/{status['id']}/favourite")
    await computed(server)
    assert await (await moderator(server)).get("/api/v1/admin/trends/statuses") == []


async def test_who_does_not_wish_to_be_discovered_is_no_trend(server: Server) -> None:
    people = await crowd(server)
    status = await people[0].says("walnut")
    for person in people[1:]:
        await person.post(f"/api/v1/statuses/{status['id']}/favourite")
    await computed(server)
    assert await (await moderator(server)).get("/api/v1/admin/trends/statuses") == []


async def test_one_account_alone_makes_no_trend(server: Server) -> None:
    alice = await server.joins("alice")
    for number in range(20):
        await alice.says(f"#walnut {number}")
    await computed(server)
    assert await (await moderator(server)).get("/api/v1/admin/trends/tags") == []


async def test_a_trend_of_somebody_blocked_is_not_shown(server: Server) -> None:
    people = await crowd(server, discoverable=True)
    status = await people[0].says("walnut")
    for person in people[1:]:
        await person.post(f"/api/v1/statuses/{status['id']}/favourite")
    await computed(server)
    mo = await moderator(server)
    await mo.post(f"/api/v1/admin/trends/statuses/{status['id']}/approve")
    assert len(await people[1].get("/api/v1/trends/statuses")) == 1
    await people[1].post(f"/api/v1/accounts/{people[0].id}/block")
    assert await people[1].get("/api/v1/trends/statuses") == []


# What is shown


async def test_the_days_of_a_tag_are_counted_as_they_are(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await alice.says("#walnut")
    await alice.says("#walnut again")
    await alice.says("#walnut for me", visibility="private")
    clock.advance(seconds=86_400)
    alice = await server.joins("alice2")
    await alice.says("#walnut")
    await bob.delete("/api/v1/statuses/1", expect=None)
    today, yesterday, *before = (await alice.get("/api/v1/tags/walnut"))["history"]
    assert (today["uses"], today["accounts"]) == ("1", "1")
    assert (yesterday["uses"], yesterday["accounts"]) == ("2", "1")
    assert int(today["day"]) - int(yesterday["day"]) == 86_400
    assert [day["uses"] for day in before] == ["0"] * 5
    found = await alice.get("/api/v2/search", q="#walnut", type="hashtags")
    assert found["hashtags"][0]["history"][:2] == [today, yesterday]


async def test_a_trending_link_has_a_timeline(server: Server, site: Site) -> None:
    url = site.page("/nuts", "<title>Nuts</title>")
    ids = [(await person.says(f"see {url}"))["id"] for person in await crowd(server)]
    await computed(server)
    mo = await moderator(server)
    await mo.get("/api/v1/timelines/link", url=url, expect=404)
    (link,) = await mo.get("/api/v1/admin/trends/links")
    assert (link["url"], link["history"][0]["accounts"]) == (url, "6")
    await mo.post(f"/api/v1/admin/trends/links/{link['id']}/approve")
    found = await mo.get("/api/v1/timelines/link", url=url)
    assert [status["id"] for status in found] == ids[::-1]
    assert len(await mo.get("/api/v1/timelines/link", url=url, limit=2)) == 2
    await mo.get("/api/v1/timelines/link", url="https://nuts.example/", expect=404)


async def test_hashtags_that_nobody_has_allowed_can_be_left_out_of_a_search(server: Server) -> None:
    mo = await moderator(server)
    await mo.says("#walnut #walnuss")
    tag = (await mo.get("/api/v1/tags/walnut"))["id"]
    shown = await mo.post(f"/api/v1/admin/trends/tags/{tag}/approve")
    assert (shown["trendable"], shown["usable"], shown["requires_review"]) == (True, True, False)
    found = await mo.get("/api/v2/search", q="#waln", type="hashtags", exclude_unreviewed="true")
    assert [tag["name"] for tag in found["hashtags"]] == ["walnut"]
    assert len((await mo.get("/api/v2/search", q="#waln", type="hashtags"))["hashtags"]) == 2


# How they rise and fade


def test_a_trend_rises_by_how_much_it_exceeds_the_day_before() -> None:
    new = scored("tag", Used(1, 10, 0), None, 0)
    usual = scored("tag", Used(1, 10, 9), None, 0)
    assert new is not None
    assert new.score == 81
    assert usual is None


def test_a_trend_is_worth_half_after_its_half_life_and_ends() -> None:
    fading = FADING["tag"]
    peak = Trend("tag", 1, 16, 16, 0)
    after = scored("tag", Used(1, 0, 0), peak, fading.half_life)
    assert after is not None
    assert (after.score, after.peak, after.peak_at) == (8, 16, 0)
    assert scored("tag", Used(1, 0, 0), peak, fading.half_life * 5) is None


def test_too_few_accounts_make_no_trend() -> None:
    assert scored("tag", Used(1, FADING["tag"].threshold - 1, 0), None, 0) is None


def test_a_status_fades_from_when_it_was_written() -> None:
    fading = FADING["status"]
    now = 10 * fading.half_life
    young, old = (
        scored("status", Used(1, 11, 0, now), None, now),
        scored("status", Used(2, 11, 0, 1), None, now),
    )
    assert young is not None
    assert young.score == 100
    assert old is None
