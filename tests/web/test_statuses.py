"""Statuses through the API: what is accepted, and who sees what."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop import clock
from tests.words import Person, Server


async def seen_by(person: Person, status: Any) -> bool:
    """Whether any operation that could show a status does so. Either all or none."""
    id_, author = status["id"], status["account"]["id"]
    base = f"/api/v1/statuses/{id_}"
    answers = [
        (await person.ask("GET", f"{base}{path}", expect=None)).status
        for path in ("", "/context", "/history", "/favourited_by", "/reblogged_by")
    ]
    listed = [
        await person.get("/api/v1/statuses", **{"id[]": id_}),
        await person.get(f"/api/v1/accounts/{author}/statuses"),
    ]
    if status["poll"]:
        answers.append((await person.ask("GET", f"/api/v1/polls/{status['poll']['id']}", expect=None)).status)
    if person.token:
        found = await person.get("/api/v2/search", q=status["uri"])
        listed.append(found["statuses"])
    sights = {answer == 200 for answer in answers} | {id_ in [each["id"] for each in page] for page in listed}
    assert len(sights) == 1, (answers, [[each["id"] for each in page] for page in listed])
    assert {answer for answer in answers if answer != 200} <= {404}
    return sights.pop()


@pytest.mark.parametrize(
    ("visibility", "eyes"),
    [
        ("public", {"author", "follower", "mentioned", "stranger", "nobody"}),
        ("unlisted", {"author", "follower", "mentioned", "stranger", "nobody"}),
        ("private", {"author", "follower", "mentioned"}),
        ("direct", {"author", "mentioned"}),
    ],
)
async def test_who_sees_a_status(server: Server, visibility: str, eyes: set[str]) -> None:
    people = {name: await server.joins(name) for name in ("author", "follower", "mentioned", "stranger")}
    people["nobody"] = server.anybody
    await people["follower"].follows(people["author"])
    status = await people["author"].says(
        "hello @mentioned", visibility=visibility, poll={"options": ["a", "b"], "expires_in": 600}
    )
    assert {name for name, person in people.items() if await seen_by(person, status)} == eyes
    for verb in ("favourite", "bookmark", "reblog"):
        await people["stranger"].post(
            f"/api/v1/statuses/{status['id']}/{verb}", expect=200 if "stranger" in eyes else 404
        )
    await people["stranger"].ask(
        "POST",
        "/api/v1/statuses",
        expect=200 if "stranger" in eyes else 404,
        json={"status": "an answer", "in_reply_to_id": status["id"]},
    )


async def test_who_is_blocked_sees_nothing(server: Server) -> None:
    alice, mallory = await server.joins("alice"), await server.joins("mallory")
    status = await alice.says("hello")
    await alice.post(f"/api/v1/accounts/{mallory.id}/block")
    assert not await seen_by(mallory, status)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": ""},
        {"status": "   "},
        {"status": "x" * 5001},
        {"status": "x", "spoiler_text": "y" * 5000},
        {"status": "x", "media_ids": ["1"]},
        {"status": "x", "content_type": "text/html"},
        {"status": "x", "poll": {"options": ["a"], "expires_in": 600}},
        {"status": "x", "poll": {"options": ["a", "a"], "expires_in": 600}},
        {"status": "x", "poll": {"options": ["a", "b"], "expires_in": 1}},
        {"status": "x", "poll": {"options": ["a", "b"], "expires_in": 10**12}},
        {"status": "x", "poll": {"options": [str(n) for n in range(50)], "expires_in": 600}},
        {"status": "x", "poll": {"options": ["a", "b" * 500], "expires_in": 600}},
    ],
)
async def test_what_cannot_be_posted_is_refused_whole(small: Server, fields: dict[str, Any]) -> None:
    alice = await small.joins("alice")
    answer = await alice.ask("POST", "/api/v1/statuses", expect=422, json=fields)
    assert answer["error"].startswith("Validation failed: ")
    assert await alice.home() == []


async def test_a_form_posts_as_well_as_json(small: Server) -> None:
    alice = await small.joins("alice")
    form = [
        ("status", "Which?"),
        ("poll[options][]", "tea"),
        ("poll[options][]", "coffee"),
        ("poll[expires_in]", "600"),
        ("poll[multiple]", "1"),
        ("sensitive", "on"),
        ("visibility", "unlisted"),
    ]
    status = (await alice.ask("POST", "/api/v1/statuses", data=form)).body
    assert [option["title"] for option in status["poll"]["options"]] == ["tea", "coffee"]
    assert (status["poll"]["multiple"], status["sensitive"], status["visibility"]) == (True, True, "unlisted")


async def test_only_the_author_edits_and_deletes(server: Server) -> None:
    alice, mallory = await server.joins("alice"), await server.joins("mallory")
    status = await alice.says("mine")
    address = f"/api/v1/statuses/{status['id']}"
    await mallory.put(address, expect=404, status="yours")
    await mallory.delete(address, expect=404)
    await mallory.get(f"{address}/source", expect=404)
    await alice.put(address, expect=422, status="")
    assert "mine" in (await alice.get(address))["content"]
    await alice.put(address, status="changed", spoiler_text="warning")
    versions = await mallory.get(f"{address}/history")
    assert [version["spoiler_text"] for version in versions] == ["", "warning"]
    deleted = await alice.delete(address)
    assert deleted["text"] == "changed"
    await alice.get(address, expect=404)
    await alice.delete(address, expect=404)


async def test_own_defaults_hold_where_nothing_else_is_said(server: Server) -> None:
    alice = await server.joins("alice")
    await alice.ask(
        "PATCH",
        "/api/v1/accounts/update_credentials",
        data={"source[privacy]": "private", "source[sensitive]": "true", "source[language]": "de"},
    )
    status = await alice.says("hallo")
    assert (status["visibility"], status["sensitive"], status["language"]) == ("private", True, "de")
    assert (await alice.says("hello", visibility="public", language="en"))["visibility"] == "public"
    preferences = await alice.get("/api/v1/preferences")
    assert preferences["posting:default:visibility"] == "private"


@pytest.mark.parametrize(
    ("choices", "words"),
    [([], "at least one"), ([5], "choice"), ([-1], "choice"), ([0, 1], "one"), ([0, 0], "one")],
)
async def test_a_vote_that_makes_no_sense_counts_nothing(
    server: Server, choices: list[int], words: str
) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    poll = (await alice.says("?", poll={"options": ["a", "b"], "expires_in": 600}))["poll"]
    answer = await bob.post(f"/api/v1/polls/{poll['id']}/votes", expect=422, choices=choices)
    assert answer["error"].startswith("Validation failed: ")
    assert (await bob.get(f"/api/v1/polls/{poll['id']}"))["votes_count"] == 0


async def test_a_vote_counts_once_in_time_and_from_others(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    poll = (await alice.says("?", poll={"options": ["a", "b"], "expires_in": 600}))["poll"]
    votes = f"/api/v1/polls/{poll['id']}/votes"
    await alice.post(votes, expect=422, choices=[0])
    assert (await bob.post(votes, choices=["1"]))["own_votes"] == [1]
    await bob.post(votes, expect=422, choices=[0])
    clock.advance(seconds=601)
    await (await server.joins("carol")).post(votes, expect=422, choices=[0])
    shown = await bob.get(f"/api/v1/polls/{poll['id']}")
    assert (shown["votes_count"], shown["expired"]) == (1, True)


async def test_a_muted_conversation_is_quiet(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    status = await alice.says("start")
    assert (await alice.post(f"/api/v1/statuses/{status['id']}/mute"))["muted"] is True
    await bob.says("@alice more", in_reply_to_id=status["id"])
    assert await alice.notifications() == []
    assert (await alice.post(f"/api/v1/statuses/{status['id']}/unmute"))["muted"] is False
    await bob.says("@alice and more", in_reply_to_id=status["id"])
    assert len(await alice.notifications()) == 1


async def test_notifications_are_grouped_and_let_go(server: Server) -> None:
    alice = await server.joins("alice")
    status = await alice.says("hello")
    for name in ("bob", "carol"):
        person = await server.joins(name)
        await person.post(f"/api/v1/statuses/{status['id']}/favourite")
        await person.says("@alice hello", in_reply_to_id=status["id"])
    grouped = await alice.get("/api/v2/notifications")
    kinds = sorted((group["type"], group["notifications_count"]) for group in grouped["notification_groups"])
    assert kinds == [("favourite", 2), ("mention", 1), ("mention", 1)]
    assert {account["username"] for account in grouped["accounts"]} == {"bob", "carol"}
    key = next(g["group_key"] for g in grouped["notification_groups"] if g["type"] == "favourite")
    assert len(await alice.get(f"/api/v2/notifications/{key}/accounts")) == 2

    async def listed(path: str, **wanted: str) -> Any:
        params = {f"{name}[]": value for name, value in wanted.items()}
        return (await alice.ask("GET", path, params=params)).body

    alone = await listed("/api/v2/notifications", grouped_types="reblog")
    assert len(alone["notification_groups"]) == 4
    assert (await alice.get("/api/v1/notifications/unread_count")) == {"count": 4}
    await alice.post(f"/api/v2/notifications/{key}/dismiss")
    only = await listed("/api/v1/notifications", types="mention")
    assert len(only) == len(await alice.notifications()) == 2
    assert await listed("/api/v1/notifications", exclude_types="mention") == []
    await alice.post(f"/api/v1/notifications/{only[0]['id']}/dismiss")
    await (await server.joins("dave")).get(f"/api/v1/notifications/{only[1]['id']}", expect=404)
    await alice.post("/api/v1/notifications/clear")
    assert await alice.notifications() == []


async def test_a_page_of_any_length_costs_the_same_number_of_statements(
    small: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fedcoop.db.sqlite import InlineTx

    alice, bob = await small.joins("alice"), await small.joins("bob")
    await bob.follows(alice)
    counted: list[int] = []
    real = InlineTx._rows

    def counting(self: Any, statement: Any, params: Any) -> Any:
        counted.append(1)
        return real(self, statement, params)

    async def cost() -> int:
        counted.clear()
        await bob.home()
        await bob.home()
        return len(counted)

    await alice.says("one", poll={"options": ["a", "b"], "expires_in": 600})
    monkeypatch.setattr(InlineTx, "_rows", counting)
    short = await cost()
    for number in range(19):
        await alice.says(f"{number} #tag @bob", poll={"options": ["a", "b"], "expires_in": 600})
    assert len(await bob.home()) == 20
    assert await cost() <= short
