"""A member's year in numbers: `fedcoop/annual`, through the API."""

from datetime import UTC, datetime

import pytest

from fedcoop import clock
from fedcoop.annual.actions import archetype
from fedcoop.annual.types import Posted
from tests.words import Person, Server


def _until(year: int, month: int, day: int) -> None:
    moment = datetime(year, month, day, 12, tzinfo=UTC).timestamp()
    clock.advance(seconds=moment - clock.now() / 1000)


THIS = datetime.now(UTC).year + 1


@pytest.fixture(autouse=True)
def _in_june() -> None:
    _until(THIS, 6, 15)


async def talkative(server: Server, name: str = "alice") -> Person:
    person = await server.joins(name)
    for number in range(10):
        await person.says(f"post {number} #walnut")
    return person


async def state(person: Person, year: int = THIS) -> str:
    return str((await person.get(f"/api/v1/annual_reports/{year}/state"))["state"])


async def again(server: Server, person: Person) -> Person:
    """The same person with a token that has not run out meanwhile."""
    from fedcoop.oauth import actions as oauth
    from tests.words import ALL_SCOPES

    assert person.account is not None
    async with server.db.write() as tx:
        person.token = await oauth.issue(tx, person.account.id, ALL_SCOPES, "tests")
    return person


async def test_a_year_can_be_looked_back_at_near_its_end(server: Server) -> None:
    alice = await talkative(server)
    assert await state(alice) == "ineligible"
    assert (await alice.get("/api/v2/instance"))["wrapstodon"] is None
    answer = await alice.ask("POST", f"/api/v1/annual_reports/{THIS}/generate")
    assert answer.body == {}
    _until(THIS, 12, 10)
    alice, bob = await again(server, alice), await server.joins("bob")
    assert await state(alice) == "eligible"
    assert await state(alice, THIS + 1) == "ineligible"
    assert await state(alice, THIS - 1) == await state(bob) == "ineligible"
    assert (await alice.get("/api/v2/instance"))["wrapstodon"] == THIS


async def test_a_report_tells_what_happened_in_the_year(server: Server) -> None:
    alice, bob = await talkative(server), await server.joins("bob")
    await bob.follows(alice)
    best = await alice.says("best of all #chestnut")
    hidden = await alice.says("only for followers", visibility="private")
    await bob.post(f"/api/v1/statuses/{best['id']}/reblog")
    await bob.post(f"/api/v1/statuses/{hidden['id']}/favourite")
    _until(THIS, 12, 20)
    alice = await again(server, alice)
    await alice.says("at last")
    await alice.ask("POST", f"/api/v1/annual_reports/{THIS}/generate", expect=202)
    assert await state(alice) == "generating"
    await alice.ask("POST", f"/api/v1/annual_reports/{THIS}/generate", expect=202)
    await alice.get(f"/api/v1/annual_reports/{THIS}", expect=404)
    await server.settle()
    assert await state(alice) == "available"
    found = await alice.get(f"/api/v1/annual_reports/{THIS}")
    (report,) = found["annual_reports"]
    assert (report["year"], report["account_id"], report["schema_version"]) == (THIS, alice.id, 2)
    assert report["data"] == {
        "archetype": "lurker",
        "time_series": [
            {"month": 6, "statuses": 12, "followers": 1},
            {"month": 12, "statuses": 1, "followers": 0},
        ],
        "top_hashtags": [{"name": "walnut", "count": 10}],
        "top_statuses": {"by_reblogs": best["id"], "by_replies": None, "by_favourites": None},
    }
    assert [status["id"] for status in found["statuses"]] == [best["id"]]
    assert [account["acct"] for account in found["accounts"]] == ["alice"]
    assert (await alice.get("/api/v1/annual_reports"))["annual_reports"] == [report]
    assert await alice.post(f"/api/v1/annual_reports/{THIS}/read") == {}
    await alice.ask("POST", f"/api/v1/annual_reports/{THIS}/generate", expect=200)


async def test_a_report_is_for_its_owner_alone(server: Server) -> None:
    alice, bob = await talkative(server), await talkative(server, "bob")
    _until(THIS, 12, 20)
    alice, bob = await again(server, alice), await again(server, bob)
    await alice.ask("POST", f"/api/v1/annual_reports/{THIS}/generate", expect=202)
    await server.settle()
    await bob.get(f"/api/v1/annual_reports/{THIS}", expect=404)
    await bob.post(f"/api/v1/annual_reports/{THIS}/read", expect=404)
    empty: dict[str, list[str]] = {"annual_reports": [], "accounts": [], "statuses": []}
    assert await bob.get("/api/v1/annual_reports") == empty
    await server.anybody.get("/api/v1/annual_reports", expect=401)


@pytest.mark.parametrize("year", ["0", "-5", "99999999999", "1999"])
async def test_other_years_have_no_report(server: Server, year: str) -> None:
    alice = await server.joins("alice")
    await alice.get(f"/api/v1/annual_reports/{year}", expect=404)
    await alice.post(f"/api/v1/annual_reports/{year}/read", expect=404)
    assert await state(alice, int(year)) == "ineligible"
    await alice.ask("POST", f"/api/v1/annual_reports/{year}/generate", expect=200)


@pytest.mark.parametrize(
    ("posted", "word"),
    [
        (Posted(0, 10, 0, 0, 0), "lurker"),
        (Posted(0, 300, 250, 0, 0), "booster"),
        (Posted(0, 200, 0, 0, 30), "pollster"),
        (Posted(0, 300, 0, 250, 0), "replier"),
        (Posted(0, 300, 50, 50, 0), "oracle"),
    ],
)
def test_a_word_is_found_for_everybody(posted: Posted, word: str) -> None:
    assert archetype([posted]) == word
