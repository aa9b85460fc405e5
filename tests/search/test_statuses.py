"""Who finds which statuses by words: `fedcoop/search`, through `/api/v2/search`."""

from typing import Any

import pytest

from fedcoop import clock
from fedcoop.accounts import actions as accounts
from fedcoop.ids import LARGEST
from fedcoop.search import actions
from tests.media.drawing import picture, upload
from tests.words import Person, Server


async def found(person: Person, text: str, **more: Any) -> list[str]:
    """The ids of the statuses that somebody finds, in order."""
    answer = await person.get("/api/v2/search", q=text, type="statuses", **more)
    return [status["id"] for status in answer["statuses"]]


# Who must not find


async def test_others_do_not_find_who_has_not_allowed_it(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.follows(alice)
    await alice.says("a walnut in public")
    assert await found(bob, "walnut") == []


async def test_nobody_in_particular_finds_no_status(server: Server) -> None:
    alice = await server.joins("alice", indexable=True)
    await alice.says("a walnut in public")
    assert await found(server.anybody, "walnut") == []


@pytest.mark.parametrize("visibility", ["unlisted", "private", "direct"])
async def test_what_is_not_public_is_found_by_its_author_alone(server: Server, visibility: str) -> None:
    alice, bob = await server.joins("alice", indexable=True), await server.joins("bob")
    await bob.follows(alice)
    status = await alice.says("a walnut among us", visibility=visibility)
    assert await found(bob, "walnut") == []
    assert await found(alice, "walnut") == [status["id"]]


async def test_a_favourite_is_not_found_by_who_may_not_see_it_any_more(server: Server) -> None:
    alice, bob = await server.joins("alice", indexable=True), await server.joins("bob")
    await bob.follows(alice)
    status = await alice.says("a walnut for followers", visibility="private")
    await bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    assert await found(bob, "walnut") == [status["id"]]
    await alice.post(f"/api/v1/accounts/{bob.id}/remove_from_followers")
    assert await found(bob, "walnut") == []


@pytest.mark.parametrize("tie", ["block", "mute"])
async def test_blocked_and_muted_accounts_are_not_found(server: Server, tie: str) -> None:
    alice, bob = await server.joins("alice", indexable=True), await server.joins("bob", indexable=True)
    await alice.says("a walnut of Alice")
    assert len(await found(bob, "walnut")) == 1
    await bob.post(f"/api/v1/accounts/{alice.id}/{tie}")
    assert await found(bob, "walnut") == []


async def test_who_is_blocked_does_not_find_the_one_who_blocks(server: Server) -> None:
    alice, bob = await server.joins("alice", indexable=True), await server.joins("bob")
    status = await alice.says("a walnut of Alice")
    await bob.post(f"/api/v1/statuses/{status['id']}/bookmark")
    await alice.post(f"/api/v1/accounts/{bob.id}/block")
    assert await found(bob, "walnut") == []


async def test_suspended_accounts_are_not_found(server: Server) -> None:
    alice, bob = await server.joins("alice", indexable=True), await server.joins("bob")
    await alice.says("a walnut of Alice")
    async with server.db.write() as tx:
        await accounts.suspend(tx, alice.account.id)  # type: ignore[union-attr]
    assert await found(bob, "walnut") == []


async def test_changing_ones_mind_hides_at_once_and_shows_soon(server: Server) -> None:
    alice, bob = await server.joins("alice", indexable=True), await server.joins("bob")
    status = await alice.says("a walnut of Alice")
    await alice.ask("PATCH", "/api/v1/accounts/update_credentials", json={"indexable": False})
    assert await found(bob, "walnut") == []
    await server.settle()
    assert await found(bob, "walnut") == []
    await alice.ask("PATCH", "/api/v1/accounts/update_credentials", json={"indexable": True})
    await server.settle()
    assert await found(bob, "walnut") == [status["id"]]


async def test_what_is_deleted_or_edited_away_is_not_found(server: Server) -> None:
    alice = await server.joins("alice")
    first, second = await alice.says("one walnut"), await alice.says("two walnuts, one walnut")
    await alice.delete(f"/api/v1/statuses/{first['id']}")
    await alice.put(f"/api/v1/statuses/{second['id']}", status="a chestnut")
    assert await found(alice, "walnut") == []
    assert await found(alice, "chestnut") == [second["id"]]


# Who finds


async def test_public_statuses_of_who_allows_it_are_found_by_members(server: Server) -> None:
    alice, bob = await server.joins("alice", indexable=True), await server.joins("bob")
    status = await alice.says("A Walnut, in PÙBLIC")
    for text in ("walnut", "WALNUT public", "in:public walnut", '"walnut, in public"', "in:all walnut"):
        assert await found(bob, text) == [status["id"]], text
    assert await found(bob, "in:library walnut") == []


async def test_one_finds_what_one_is_mentioned_in_or_has_marked(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    ids = []
    for act in ("favourite", "reblog", "bookmark"):
        status = await alice.says(f"a walnut to {act}")
        await bob.post(f"/api/v1/statuses/{status['id']}/{act}")
        ids.append(status["id"])
    ids.append((await alice.says("@bob a walnut for you", visibility="direct"))["id"])
    poll = await alice.says("which one?", poll={"options": ["walnut", "chestnut"], "expires_in": 3600})
    await bob.post(f"/api/v1/polls/{poll['poll']['id']}/votes", choices=[0])
    ids.append(poll["id"])
    await alice.says("a walnut for nobody")
    assert await found(bob, "walnut") == ids[::-1]
    assert await found(bob, "in:library walnut") == ids[::-1]
    assert await found(bob, "in:public walnut") == []


async def test_statuses_from_elsewhere_are_found_where_their_author_allows_it(
    server: Server, other: Server
) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob", indexable=True)
    await alice.follows(bob)
    await server.settle(other)
    await bob.says("a walnut from elsewhere")
    await server.settle(other)
    status = (await alice.home())[0]
    assert await found(alice, "walnut") == [status["id"]]
    assert await found(alice, f"walnut from:@{bob.handle}") == [status["id"]]


# Operators


async def test_words_are_combined_negated_and_quoted(server: Server) -> None:
    alice = await server.joins("alice")
    first = await alice.says("red walnut tree")
    second = await alice.says("walnut red house")
    for text, expected in {
        "walnut tree": [first],
        "walnut -tree": [second],
        '"red walnut"': [first],
        '-"red walnut" walnut': [second],
        "walnut -red": [],
        "wal": [],
        "ＷＡＬＮＵＴ": [second, first],
        "-tree": [second],
    }.items():
        assert await found(alice, text) == [status["id"] for status in expected], text


async def test_scripts_without_spaces_are_found_by_their_characters(server: Server) -> None:
    alice = await server.joins("alice")
    status = await alice.says("今日は東京タワーに行きました")
    assert await found(alice, "東京") == [status["id"]]
    assert await found(alice, "京東") == []


async def test_operators_narrow_what_is_found(server: Server) -> None:
    alice, bob = await server.joins("alice", indexable=True), await server.joins("bob", indexable=True)
    plain = await alice.says("walnut plain", language="de")
    reply = await bob.says("walnut reply", in_reply_to_id=plain["id"], language="pt-BR")
    secret = await bob.says("walnut secret", spoiler_text="a warning")
    poll = await alice.says("walnut?", poll={"options": ["yes", "no"], "expires_in": 3600})
    link = await alice.says("walnut https://nuts.example/walnut and @bob #nuts")
    tie = await alice.says("walnut @bob #nuts")
    every = [tie, link, poll, secret, reply, plain]
    for text, expected in {
        "from:bob": [secret, reply],
        "from:@bob": [secret, reply],
        "from:me": [tie, link, poll, plain],
        "-from:me": [secret, reply],
        "from:nobody": [],
        "is:reply": [reply],
        "-is:reply": [tie, link, poll, secret, plain],
        "is:sensitive": [secret],
        "has:poll": [poll],
        "has:link": [link],
        "has:media": [],
        "language:de": [plain],
        "language:pt": [reply],
        "language:pt-BR": [reply],
        "walnut -has:link -has:poll from:alice": [tie, plain],
        "is:boost": [],
    }.items():
        got = await found(alice, text)
        assert got == [status["id"] for status in expected], text
    await alice.post(f"/api/v1/statuses/{reply['id']}/reblog")
    assert await found(alice, "is:boost") == [reply["id"]]
    assert await found(bob, "is:boost from:alice") == [reply["id"]]
    assert await found(alice, "walnut -is:boost") == [each["id"] for each in every if each is not reply]


async def test_what_is_described_in_a_picture_is_found(server: Server) -> None:
    alice = await server.joins("alice")
    media = await upload(alice, picture(), description="a walnut on a table")
    status = await alice.says("look", media_ids=[media["id"]])
    for text in ("walnut", "has:media", "has:image table"):
        assert await found(alice, text) == [status["id"]], text
    assert await found(alice, "has:video") == []


async def test_times_bound_what_is_found(server: Server) -> None:
    alice = await server.joins("alice")
    old = await alice.says("walnut")
    then = clock.day(clock.now())
    clock.advance(seconds=40 * 86_400)
    alice = await server.joins("alice2")
    now = clock.day(clock.now())
    assert then[:7] != now[:7]
    new = await alice.says("@alice walnut")
    alice = server.people["alice"]
    for text, expected in {
        f"before:{now}": [old],
        f"after:{then}": [new],
        f"after:{then[:7]}": [new],
        f"before:{now[:7]}": [old],
        f"during:{then[:7]}": [old],
        f"during:{now}": [new],
        f"after:{now}": [],
        f"after:{now[:4]}": [],
        "before:1970": [],
    }.items():
        assert await found(alice, f"walnut {text}") == [status["id"] for status in expected], text


@pytest.mark.parametrize("date", ["2024-13", "yesterday", "2024-02-30", "99999", "0000"])
async def test_a_date_that_is_none_is_told(server: Server, date: str) -> None:
    alice = await server.joins("alice")
    answer = await alice.get("/api/v2/search", q=f"before:{date}", expect=422)
    assert date in answer["error"]


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "-",
        "- -",
        '""',
        "from:",
        "OR AND NOT",
        "NEAR(a b)",
        "a* ^b",
        "'x'':*|!",
        "{words}: x",
        "\x00",
        "_",
        "any_",
    ],
)
async def test_nonsense_finds_nothing_and_breaks_nothing(server: Server, text: str) -> None:
    alice = await server.joins("alice")
    await alice.says("walnut")
    assert await found(alice, text) == []


async def test_pages_and_bounds(server: Server) -> None:
    alice, bob = await server.joins("alice", indexable=True), await server.joins("bob", indexable=True)
    ids = [(await alice.says(f"walnut {number}"))["id"] for number in range(5)]
    other = (await bob.says("walnut of Bob"))["id"]
    assert await found(alice, "walnut", limit=2) == [other, ids[4]]
    assert await found(alice, "walnut", limit=2, offset=2) == [ids[3], ids[2]]
    assert await found(alice, "walnut", max_id=ids[2]) == [ids[1], ids[0]]
    assert await found(alice, "walnut", min_id=ids[3]) == [other, ids[4]]
    assert await found(bob, "walnut", account_id=alice.id, limit=1) == [ids[4]]


async def test_statuses_stored_before_there_was_a_search_are_indexed_step_by_step(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    alice = await server.joins("alice")
    ids = [(await alice.says(f"walnut {number}"))["id"] for number in range(5)]
    async with server.db.write() as tx:
        await actions.forget_all(tx)
    assert await found(alice, "walnut") == []
    counts: list[int] = []
    below = LARGEST
    while not counts or counts[-1]:
        async with server.db.write() as tx:
            count, below = await actions.index_unkept(tx, below)
        counts.append(count)
    assert counts == [2, 2, 1, 0]
    assert await found(alice, "walnut") == ids[::-1]
