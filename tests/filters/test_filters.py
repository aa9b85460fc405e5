"""What a member filters: how filters are kept, and that each status tells what of them it meets, to them alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fedcoop import clock
from tests.media.drawing import picture, upload
from tests.streaming.listening import events
from tests.words import Person, Server, running


async def filters(person: Person, words: str | list[str], **more: Any) -> Any:
    """A new filter with these keywords."""
    wanted = [words] if isinstance(words, str) else words
    said = {"title": "a filter", "context": ["home"], **more}
    said.setdefault("keywords_attributes", [{"keyword": each} for each in wanted])
    return await person.post("/api/v2/filters", **said)


async def met(person: Person, status: Any) -> list[Any]:
    found = await person.get(f"/api/v1/statuses/{status['id']}")
    return list(found["filtered"])


async def test_a_status_tells_its_reader_which_filter_it_meets(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await bob.follows(alice)
    made = await filters(bob, ["spider", "web"], title="crawling", filter_action="hide")
    assert (made["filter_action"], made["context"], made["expires_at"]) == ("hide", ["home"], None)
    assert [each["whole_word"] for each in made["keywords"]] == [True, True]
    await alice.says("a SPIDER sits there")
    await alice.says("spiders are not meant")
    shown = await bob.home()
    assert [status["filtered"] for status in shown][:1] == [[]]
    (result,) = shown[1]["filtered"]
    assert result["keyword_matches"] == ["SPIDER"]
    assert result["status_matches"] is None
    assert result["filter"] == {
        "id": made["id"],
        "title": "crawling",
        "context": ["home"],
        "expires_at": None,
        "filter_action": "hide",
    }
    for somebody in (alice, carol, server.anybody):
        assert await met(somebody, shown[1]) == []


async def test_whatever_its_action_a_filter_hides_nothing_from_apps_and_tells_them_what_to_do(
    server: Server,
) -> None:
    """The server leaves out nothing: apps do what the filter asks for, where its contexts say so."""
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.follows(alice)
    for action in ("warn", "blur", "hide"):
        await filters(bob, action, filter_action=action, context=["home", "notifications"])
    await filters(bob, "x", filter_action="nonsense", expect=422)
    async with events(bob) as to_bob:
        for action in ("hide", "blur", "warn"):
            await alice.says(f"@bob {action} it")
            told = dict([await to_bob.next(), await to_bob.next()])
            for status in (told["update"], told["notification"]["status"]):
                assert [each["filter"]["filter_action"] for each in status["filtered"]] == [action]
    expected = ["warn", "blur", "hide"]
    listed = [each["status"] for each in await bob.notifications()]
    grouped = (await bob.get("/api/v2/notifications"))["statuses"]
    for page in (await bob.home(), listed, sorted(grouped, key=lambda each: each["id"], reverse=True)):
        assert [each["filtered"][0]["filter"]["filter_action"] for each in page] == expected


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "nothing here", "spoiler_text": "spoilers for a film"}, "content warning"),
        ({"status": "what?", "poll": {"options": ["spoilers", "no"], "expires_in": 600}}, "choice"),
        ({"status": "a #spoilers tag"}, "hashtag"),
        ({"status": "in **spoilers** bold", "content_type": "text/markdown"}, "markup"),
    ],
)
async def test_all_words_of_a_status_are_looked_at(
    server: Server, fields: dict[str, Any], reason: str
) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await filters(bob, "spoilers")
    status = await alice.post("/api/v1/statuses", **fields)
    assert len(await met(bob, status)) == 1, reason


async def test_descriptions_of_pictures_are_looked_at(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await filters(bob, "spoilers")
    drawn = await upload(alice, picture(), description="a sign with spoilers on it")
    assert len(await met(bob, await alice.says("look", media_ids=[drawn["id"]]))) == 1


async def test_a_reblog_is_met_by_what_it_repeats(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.follows(alice)
    status = await alice.says("about spiders")
    boost = await alice.post(f"/api/v1/statuses/{status['id']}/reblog")
    await filters(bob, "spiders")
    found = await bob.get(f"/api/v1/statuses/{boost['id']}")
    assert len(found["filtered"]) == len(found["reblog"]["filtered"]) == 1


async def test_a_keyword_matches_as_it_is_written(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await filters(
        bob,
        [],
        keywords_attributes=[
            {"keyword": "cat", "whole_word": False},
            {"keyword": "#fedi"},
            {"keyword": ".*"},
            {"keyword": "straße"},
        ],
    )
    for text, expected in {
        "concatenate": 1, "so #fedi!": 1, "nothing": 0, "this .* that": 1, "die STRAßE": 1, "straßen": 0,
    }.items():  # fmt: skip
        assert len(await met(bob, await alice.says(text))) == expected, text


async def test_a_filter_ends_when_its_time_is_over(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    made = await filters(bob, "spiders", expires_in=3600)
    status = await alice.says("spiders")
    assert len(await met(bob, status)) == 1
    clock.advance(seconds=3601)
    assert await met(bob, status) == []
    assert (await bob.get(f"/api/v2/filters/{made['id']}"))["expires_at"] == made["expires_at"]
    assert (await bob.put(f"/api/v2/filters/{made['id']}", expires_in=""))["expires_at"] is None
    assert len(await met(bob, status)) == 1


async def test_single_statuses_are_filtered_if_one_may_see_them(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    made = await filters(bob, [])
    status, hidden = await alice.says("this one"), await alice.says("secret", visibility="private")
    path = f"/api/v2/filters/{made['id']}/statuses"
    await bob.post(path, status_id=hidden["id"], expect=404)
    entry = await bob.post(path, status_id=status["id"])
    assert await bob.post(path, status_id=status["id"]) == entry
    (result,) = await met(bob, status)
    assert (result["keyword_matches"], result["status_matches"]) == (None, [status["id"]])
    assert await bob.get(path) == [entry] == [await bob.get(f"/api/v2/filters/statuses/{entry['id']}")]
    await alice.delete(f"/api/v2/filters/statuses/{entry['id']}", expect=404)
    await bob.delete(f"/api/v2/filters/statuses/{entry['id']}")
    assert await met(bob, status) == []


async def test_an_edit_changes_what_is_named_and_nothing_else(server: Server) -> None:
    bob = await server.joins("bob")
    made = await filters(bob, ["one", "two", "three"], title="numbers", expires_in=60)
    one, two, three = made["keywords"]
    fields = [
        ("keywords_attributes[][id]", one["id"]),
        ("keywords_attributes[][keyword]", "uno"),
        ("keywords_attributes[][id]", two["id"]),
        ("keywords_attributes[][_destroy]", "1"),
        ("keywords_attributes[][keyword]", "four"),
        ("keywords_attributes[][whole_word]", "0"),
    ]
    # A key that comes again begins the next element, so an element without id is sent by number.
    numbered = [
        (key.replace("[]", f"[{position // 2}]", 1), value) for position, (key, value) in enumerate(fields)
    ]
    edited = (await bob.ask("PUT", f"/api/v2/filters/{made['id']}", data=numbered)).body
    assert (edited["title"], edited["context"], edited["expires_at"]) == (
        "numbers",
        ["home"],
        made["expires_at"],
    )
    assert [(each["keyword"], each["whole_word"]) for each in edited["keywords"]] == [
        ("uno", True),
        ("three", True),
        ("four", False),
    ]
    assert edited["keywords"][1]["id"] == three["id"]
    other = await filters(await server.joins("eve"), "hers")
    stolen = [{"id": other["keywords"][0]["id"], "keyword": "mine"}]
    await bob.put(f"/api/v2/filters/{made['id']}", keywords_attributes=stolen, title="no", expect=404)
    assert await bob.get(f"/api/v2/filters/{made['id']}") == edited


async def test_keywords_one_by_one(server: Server) -> None:
    bob, eve = await server.joins("bob"), await server.joins("eve")
    made = await filters(bob, "one")
    path = f"/api/v2/filters/{made['id']}/keywords"
    word = await bob.post(path, keyword="two", whole_word=False)
    assert await bob.get(path) == [*made["keywords"], word]
    one = f"/api/v2/filters/keywords/{word['id']}"
    assert (await bob.put(one, keyword="deux"))["keyword"] == "deux"
    assert await bob.get(one) == {"id": word["id"], "keyword": "deux", "whole_word": False}
    await bob.post(path, keyword="  ", expect=422)
    for method, address in (("GET", one), ("PUT", one), ("DELETE", one), ("GET", path), ("POST", path)):
        await eve.ask(
            method, address, json={"keyword": "x"} if method in ("PUT", "POST") else None, expect=404
        )
    await bob.delete(one)
    assert await bob.get(path) == made["keywords"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""}, {"title": "x" * 257}, {"context": []}, {"context": ["home", "garden"]},
        {"filter_action": "shout"}, {"expires_in": "soon"}, {"expires_in": -5}, {"expires_in": 10**15},
        {"keywords_attributes": [{"keyword": ""}]}, {"keywords_attributes": [{"keyword": "x" * 513}]},
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused_whole(server: Server, wrong: dict[str, Any]) -> None:
    bob = await server.joins("bob")
    refused = await bob.post("/api/v2/filters", **{"title": "x", "context": ["home"], **wrong}, expect=422)
    assert refused["error"]
    assert await bob.get("/api/v2/filters") == []


async def test_filters_are_their_owners_alone(server: Server) -> None:
    bob, eve = await server.joins("bob"), await server.joins("eve")
    made = await filters(bob, "secret")
    path = f"/api/v2/filters/{made['id']}"
    for method in ("GET", "PUT", "DELETE"):
        await eve.ask(method, path, json={"title": "hers"} if method == "PUT" else None, expect=404)
        await server.anybody.ask(method, path, expect=401)
    assert await eve.get("/api/v2/filters") == await eve.get("/api/v1/filters") == []
    reader = await server.joins("carol", scopes="read:filters")
    await reader.post("/api/v2/filters", title="x", context=["home"], expect=403)
    writer = await server.joins("dave", scopes="write:filters read:statuses")
    await writer.get("/api/v2/filters", expect=403)
    assert (await filters(writer, "may"))["title"] == "a filter"
    await bob.delete(path)
    await bob.get(path, expect=404)


async def test_the_first_version_shows_each_keyword_as_a_filter(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    made = await bob.post("/api/v1/filters", phrase="old", context=["home", "thread"], irreversible=True)
    assert made == {
        "id": made["id"], "phrase": "old", "context": ["home", "thread"], "whole_word": False,
        "expires_at": None, "irreversible": True,
    }  # fmt: skip
    assert (await met(bob, await alice.says("older")))[0]["filter"]["filter_action"] == "hide"
    path = f"/api/v1/filters/{made['id']}"
    edited = await bob.put(path, phrase="new", context=["public"], whole_word=True, irreversible=False)
    assert (edited["phrase"], edited["context"], edited["irreversible"]) == ("new", ["public"], False)
    assert await bob.get(path) == edited == (await bob.get("/api/v1/filters"))[0]
    (second,) = await bob.get("/api/v2/filters")
    assert second["title"] == "new"
    await bob.post(f"/api/v2/filters/{second['id']}/keywords", keyword="another")
    assert "more than one" in (await bob.put(path, context=["home"], expect=422))["error"]
    assert (await bob.put(path, phrase="newer"))["context"] == ["public"]
    assert len(await bob.get("/api/v1/filters")) == 2
    for each in await bob.get("/api/v1/filters"):
        await bob.delete(f"/api/v1/filters/{each['id']}")
    assert await bob.get("/api/v2/filters") == []
    await bob.post("/api/v1/filters", phrase="", context=["home"], expect=422)
    await bob.post("/api/v1/filters", phrase="x", expect=422)


async def test_open_streams_tell_what_is_filtered_and_that_filters_changed(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await bob.follows(alice)
    await carol.follows(alice)
    made = await filters(carol, "spiders")
    async with (
        events(bob) as to_bob,
        events(carol) as to_carol,
        events(bob, "public") as public_to_bob,
        events(carol, "public") as public_to_carol,
    ):
        await alice.says("spiders")
        for listener, expected in ((to_bob, 0), (to_carol, 1), (public_to_bob, 0), (public_to_carol, 1)):
            ((_, status),) = await listener.until("update")
            assert len(status["filtered"]) == expected
        await carol.delete(f"/api/v2/filters/{made['id']}")
        assert (await to_carol.next())[0] == "filters_changed"
        await alice.says("spiders again")
        ((_, status),) = await to_carol.until("update")
        assert status["filtered"] == []
        assert (await to_bob.until("update"))[0][0] == "update"


async def test_a_page_with_filters_costs_one_statement_more_and_the_next_none(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fedcoop.db.sqlite import InlineTx

    async with running(sqlite_url, str(tmp_path)) as server:
        alice, bob = await server.joins("alice"), await server.joins("bob")
        await bob.follows(alice)
        for number in range(20):
            await alice.says(f"{number} spiders")
        counted: list[int] = []
        real = InlineTx._rows

        def counting(self: Any, statement: Any, params: Any) -> Any:
            counted.append(1)
            return real(self, statement, params)

        monkeypatch.setattr(InlineTx, "_rows", counting)

        async def cost() -> int:
            counted.clear()
            await bob.home()
            return len(counted)

        await cost()
        without = await cost()
        for number in range(30):
            await filters(bob, [f"word{number}", "spiders"])
        assert [await cost(), await cost()] == [without + 1, without]
        assert len((await bob.home())[0]["filtered"]) == 30
