"""Posting, editing, deleting, repeating: what a member does with statuses, through the API."""

import asyncio
from typing import Any

import pytest

from fedcoop import clock
from tests.words import Server


async def test_a_post_is_shown_as_it_was_written(server: Server) -> None:
    alice = await server.joins("alice")
    await server.joins("bob")
    status = await alice.says(
        "Hello @bob, see https://example.org/page about #Cooperatives",
        spoiler_text="long",
        language="en",
    )
    assert status["account"]["acct"] == "alice"
    assert status["visibility"] == "public"
    assert (status["spoiler_text"], status["sensitive"], status["language"]) == ("long", True, "en")
    assert [mention["acct"] for mention in status["mentions"]] == ["bob"]
    assert [tag["name"] for tag in status["tags"]] == ["cooperatives"]
    assert 'class="u-url mention"' in status["content"]
    assert 'href="https://example.org/page"' in status["content"]
    assert status["uri"].startswith(server.config.base_url)
    assert status == await alice.get(f"/api/v1/statuses/{status['id']}")


async def test_html_that_is_typed_is_text(server: Server) -> None:
    alice = await server.joins("alice")
    status = await alice.says("<script>alert(1)</script> & co")
    assert status["content"] == "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; co</p>"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": ""}, "blank"),
        ({"status": "   \n "}, "blank"),
        ({"status": "x" * 5001}, "limit of 5000"),
        ({"status": "?", "poll": {"options": ["one"], "expires_in": 3600}}, "options"),
        ({"status": "?", "poll": {"options": ["a", "a"], "expires_in": 3600}}, "differ"),
        ({"status": "?", "poll": {"options": ["a", ""], "expires_in": 3600}}, "blank"),
        ({"status": "?", "poll": {"options": ["a", "b"], "expires_in": 10}}, "five minutes"),
        ({"status": "?", "poll": {"options": ["a", "b"], "expires_in": 10**9}}, "month"),
        ({"status": "?", "media_ids": ["12345"]}, "Media"),
        ({"status": "?", "visibility": "everybody"}, "isibility"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(
    server: Server, fields: dict[str, Any], sentence: str
) -> None:
    alice = await server.joins("alice")
    answer = await alice.post("/api/v1/statuses", **fields, expect=422)
    assert sentence in answer["error"]
    assert await alice.home() == []


async def test_an_idempotency_key_makes_one_status_of_many_requests(server: Server) -> None:
    alice = await server.joins("alice")

    async def send() -> str:
        answer = await alice.ask(
            "POST", "/api/v1/statuses", json={"status": "once"}, headers={"Idempotency-Key": "k1"}
        )
        return str(answer["id"])

    ids = await asyncio.gather(*[send() for _ in range(10)])
    assert len(set(ids)) == 1
    assert len(await alice.home()) == 1
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["statuses_count"] == 1


async def test_an_edit_is_shown_and_the_history_kept(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    status = await alice.says("first")
    await bob.post(f"/api/v1/statuses/{status['id']}/reblog")
    edited = await alice.put(f"/api/v1/statuses/{status['id']}", status="second @bob")
    assert edited["content"].startswith("<p>second")
    assert edited["edited_at"] is not None
    assert edited["created_at"] == status["created_at"]
    history = await server.anybody.get(f"/api/v1/statuses/{status['id']}/history")
    assert next(version["content"] for version in history) == "<p>first</p>"
    assert history[-1]["content"] == edited["content"]
    source = await alice.get(f"/api/v1/statuses/{status['id']}/source")
    assert source["text"] == "second @bob"
    assert {entry["type"] for entry in await bob.notifications()} == {"mention", "update"}
    await bob.put(f"/api/v1/statuses/{status['id']}", status="mine now", expect=404)


async def test_a_deleted_status_is_gone_everywhere(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.follows(alice)
    status = await alice.says("not for long #gone")
    reply = await bob.says("@alice why?", in_reply_to_id=status["id"])
    await bob.post(f"/api/v1/statuses/{status['id']}/reblog")
    await bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    deleted = await alice.delete(f"/api/v1/statuses/{status['id']}")
    # What was typed comes back, for delete-and-redraft.
    assert deleted["text"] == "not for long #gone"
    assert [entry["id"] for entry in await bob.home()] == [reply["id"]]
    assert await server.anybody.get("/api/v1/timelines/tag/gone") == []
    assert [entry["type"] for entry in await alice.notifications()] == ["mention", "follow"]
    assert (await bob.get(f"/api/v1/statuses/{reply['id']}"))["in_reply_to_id"] is None
    for person, count in ((alice, 0), (bob, 1)):
        assert (await person.get("/api/v1/accounts/verify_credentials"))["statuses_count"] == count


async def test_favourites_bookmarks_and_reblogs_count_once_and_can_be_taken_back(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    status = await alice.says("good news")
    for verb, mark, count in (
        ("favourite", "favourited", "favourites_count"),
        ("reblog", "reblogged", "reblogs_count"),
        ("bookmark", "bookmarked", None),
    ):
        path = f"/api/v1/statuses/{status['id']}"
        await asyncio.gather(*[bob.post(f"{path}/{verb}") for _ in range(5)])
        seen = await bob.get(path)
        assert seen[mark] is True
        assert count is None or seen[count] == 1
        assert (await alice.get(path))[mark] is False
        await bob.post(f"{path}/un{verb}")
        await bob.post(f"{path}/un{verb}")
        seen = await bob.get(path)
        assert seen[mark] is False
        assert count is None or seen[count] == 0


async def test_a_reblog_shows_the_original_with_its_author(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await carol.follows(bob)
    status = await alice.says("good news")
    wrapper = await bob.post(f"/api/v1/statuses/{status['id']}/reblog")
    assert wrapper["reblog"]["id"] == status["id"]
    home = await carol.home()
    assert [(entry["account"]["acct"], entry["reblog"]["account"]["acct"]) for entry in home] == [
        ("bob", "alice")
    ]
    # Acting on the wrapper means the original.
    await carol.post(f"/api/v1/statuses/{wrapper['id']}/favourite")
    assert (await alice.get(f"/api/v1/statuses/{status['id']}"))["favourites_count"] == 1
    assert {entry["type"] for entry in await alice.notifications()} == {"reblog", "favourite"}


async def test_a_poll_counts_each_voter_once(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    status = await alice.says("tea?", poll={"options": ["yes", "no"], "expires_in": 3600})
    path = f"/api/v1/polls/{status['poll']['id']}"
    poll = await bob.post(f"{path}/votes", choices=[0])
    assert (poll["voted"], poll["own_votes"], poll["votes_count"]) == (True, [0], 1)
    assert "already voted" in (await bob.post(f"{path}/votes", choices=[1], expect=422))["error"]
    assert "own poll" in (await alice.post(f"{path}/votes", choices=[0], expect=422))["error"]
    for wrong in ([], [5], [-1], [0, 1]):
        await carol.post(f"{path}/votes", choices=wrong, expect=422)
    answers = await asyncio.gather(
        *[carol.ask("POST", f"{path}/votes", json={"choices": [1]}, expect=None) for _ in range(8)]
    )
    assert sorted(answer.status for answer in answers) == [200] + [422] * 7
    seen = await server.anybody.get(path)
    assert [option["votes_count"] for option in seen["options"]] == [1, 1]
    clock.advance(seconds=3601)
    await server.settle()
    assert (await server.anybody.get(path))["expired"] is True
    assert "ended" in (await carol.post(f"{path}/votes", choices=[1], expect=422))["error"]
    assert "poll" in {entry["type"] for entry in await bob.notifications()}


async def test_pages_are_walked_in_both_directions_by_their_links(server: Server) -> None:
    alice = await server.joins("alice")
    ids = [(await alice.says(f"post {number}"))["id"] for number in range(7)][::-1]
    first = await alice.ask("GET", "/api/v1/timelines/home", params={"limit": "3"})
    assert [status["id"] for status in first.body] == ids[:3]
    links = {
        part.split("; ")[1]: part.split("; ")[0].strip("<> ") for part in first.headers["Link"].split(", ")
    }
    older = await alice.ask("GET", links['rel="next"'])
    assert [status["id"] for status in older.body] == ids[3:6]
    newer = await alice.get("/api/v1/timelines/home", min_id=ids[5], limit=2)
    assert [status["id"] for status in newer] == ids[3:5]
    since = await alice.get("/api/v1/timelines/home", since_id=ids[5], limit=2)
    assert [status["id"] for status in since] == ids[:2]
