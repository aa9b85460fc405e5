"""Statuses written for later: kept, moved, dropped, and published once, whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fedcoop import clock
from tests.mail.post_office import post_office, settings
from tests.media.drawing import picture, upload
from tests.words import Person, Server, running


def later(seconds: float) -> str:
    return clock.iso(clock.now() + int(seconds * 1000))


async def schedules(person: Person, text: str, seconds: float = 3600, **more: Any) -> Any:
    return await person.says(text, scheduled_at=later(seconds), **more)


async def test_a_scheduled_status_is_published_at_its_time_and_not_before(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.follows(alice)
    kept = await schedules(alice, "good evening", spoiler_text="later", visibility="unlisted", language="de")
    assert kept["params"]["text"] == "good evening"
    assert (kept["params"]["visibility"], kept["params"]["spoiler_text"]) == ("unlisted", "later")
    assert await alice.get("/api/v1/scheduled_statuses") == [kept]
    clock.advance(seconds=3599)
    await server.settle()
    assert await bob.home() == []
    clock.advance(seconds=2)
    await server.settle()
    await server.settle()
    (status,) = await bob.home()
    assert (status["content"], status["spoiler_text"]) == ("<p>good evening</p>", "later")
    assert (status["visibility"], status["language"]) == ("unlisted", "de")
    assert await alice.get("/api/v1/scheduled_statuses") == []
    await alice.get(f"/api/v1/scheduled_statuses/{kept['id']}", expect=404)


async def test_media_wait_for_their_status(server: Server) -> None:
    alice = await server.joins("alice")
    drawn = await upload(alice, picture(), description="a picture")
    kept = await schedules(alice, "", 3 * 86400, media_ids=[drawn["id"]])
    assert [each["id"] for each in kept["media_attachments"]] == [drawn["id"]]
    assert kept["params"]["media_ids"] == [drawn["id"]]
    await alice.post("/api/v1/statuses", status="mine now", media_ids=[drawn["id"]], expect=422)
    clock.advance(seconds=2 * 86_400)
    await server.settle()
    clock.advance(seconds=2 * 86_400)
    await server.settle()
    (status,) = await alice.home()
    assert [each["description"] for each in status["media_attachments"]] == ["a picture"]


async def test_a_poll_is_open_from_when_it_is_published(server: Server) -> None:
    alice = await server.joins("alice")
    kept = await schedules(alice, "what?", poll={"options": ["a", "b"], "expires_in": 600, "multiple": True})
    assert kept["params"]["poll"]["expires_in"] == 600
    clock.advance(seconds=3601)
    now = clock.now()
    await server.settle()
    poll = (await alice.home())[0]["poll"]
    assert (poll["expired"], poll["multiple"], len(poll["options"])) == (False, True, 2)
    assert poll["expires_at"] >= clock.iso(now + 600_000)


async def test_it_can_be_moved_and_dropped(server: Server) -> None:
    alice, eve = await server.joins("alice"), await server.joins("eve")
    kept, dropped = await schedules(alice, "moved"), await schedules(alice, "dropped")
    path = f"/api/v1/scheduled_statuses/{kept['id']}"
    moved = await alice.put(path, scheduled_at=later(7200))
    assert moved["scheduled_at"] > kept["scheduled_at"]
    for method in ("GET", "PUT", "DELETE"):
        json = {"scheduled_at": later(9000)} if method == "PUT" else None
        await eve.ask(method, path, json=json, expect=404)
        await server.anybody.ask(method, path, json=json, expect=401)
    await alice.delete(f"/api/v1/scheduled_statuses/{dropped['id']}")
    clock.advance(seconds=3700)
    await server.settle()
    assert await alice.home() == []
    clock.advance(seconds=3600)
    await server.settle()
    assert [each["content"] for each in await alice.home()] == ["<p>moved</p>"]


@pytest.mark.parametrize("when", ["soon", "", "2020-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "+299", "+-60"])
async def test_a_time_that_cannot_be_is_refused(server: Server, when: str) -> None:
    alice = await server.joins("alice")
    kept = await schedules(alice, "fine")
    at = later(float(when[1:])) if when.startswith("+") else when
    path = f"/api/v1/scheduled_statuses/{kept['id']}"
    assert (await alice.put(path, scheduled_at=at, expect=422))["error"]
    if when and not when.startswith(("2020", "+-")):
        await alice.post("/api/v1/statuses", status="no", scheduled_at=at, expect=422)
    assert await alice.get("/api/v1/scheduled_statuses") == [kept]
    assert await alice.home() == []


async def test_what_could_not_be_posted_now_cannot_be_scheduled(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    hidden = await bob.says("secret", visibility="private")
    for wrong, status in (
        ({"status": ""}, 422),
        ({"status": "x" * 100_000}, 422),
        ({"status": "x", "media_ids": ["1"]}, 422),
        ({"status": "x", "in_reply_to_id": hidden["id"]}, 404),
        ({"status": "x", "poll": {"options": ["only"], "expires_in": 600}}, 422),
    ):
        await alice.post("/api/v1/statuses", **wrong, scheduled_at=later(3600), expect=status)
    assert await alice.get("/api/v1/scheduled_statuses") == []


async def test_the_same_request_twice_is_kept_once(server: Server) -> None:
    alice = await server.joins("alice")
    said = {"status": "once", "scheduled_at": later(3600)}
    first, second = [
        await alice.ask("POST", "/api/v1/statuses", json=said, headers={"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert first.body == second.body
    assert len(await alice.get("/api/v1/scheduled_statuses")) == 1


async def test_there_are_limits_for_a_day(server: Server) -> None:
    alice = await server.joins("alice")
    midnight = (clock.now() // clock.DAY + 2) * clock.DAY
    for number in range(25):
        await alice.says(str(number), scheduled_at=clock.iso(midnight + number * clock.MINUTE))
    too_many = {"status": "26", "scheduled_at": clock.iso(midnight + clock.HOUR)}
    assert "limit of 25" in (await alice.post("/api/v1/statuses", **too_many, expect=422))["error"]
    await alice.says("the day after", scheduled_at=clock.iso(midnight + clock.DAY))
    page = await alice.ask("GET", "/api/v1/scheduled_statuses", params={"limit": 20})
    assert len(page.body) == 20
    following = page.headers["Link"].partition(">")[0].removeprefix("<")
    assert len((await alice.ask("GET", following)).body) == 6


async def test_an_answer_to_what_is_gone_is_published_alone(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    asked = await bob.says("a question")
    await schedules(alice, "an answer", in_reply_to_id=asked["id"])
    await bob.delete(f"/api/v1/statuses/{asked['id']}")
    clock.advance(seconds=3601)
    await server.settle()
    (status,) = await alice.home()
    assert (status["content"], status["in_reply_to_id"]) == ("<p>an answer</p>", None)


async def test_what_may_not_be_quoted_is_not_scheduled(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    mine = await alice.says("mine", quote_approval_policy="nobody")
    for quoted, expected in ((mine["id"], 403), ("1", 404)):
        await bob.post(
            "/api/v1/statuses",
            status="see",
            scheduled_at=later(3600),
            quoted_status_id=quoted,
            expect=expected,
        )
    assert await bob.get("/api/v1/scheduled_statuses") == []


@pytest.mark.parametrize("gone", [False, True])
async def test_what_may_no_longer_be_quoted_is_not_published_and_its_author_told(
    database_url: str, tmp_path: Path, gone: bool
) -> None:
    async with (
        post_office() as office,
        running(database_url, str(tmp_path), **settings(office)) as server,
    ):
        alice, bob = await server.joins("alice"), await server.joins("bob")
        status = await alice.says("quote me")
        path = f"/api/v1/statuses/{status['id']}"
        drawn = await upload(bob, picture(), description="a picture")
        kept = await schedules(bob, "a walnut", media_ids=[drawn["id"]], quoted_status_id=status["id"])
        if gone:
            await alice.delete(path)
        else:
            await alice.put(f"{path}/interaction_policy", quote_approval_policy="nobody")
        clock.advance(seconds=3700)
        await server.settle()
        assert await bob.get(f"/api/v1/accounts/{bob.id}/statuses") == []
        (still,) = await bob.get("/api/v1/scheduled_statuses")
        assert (still["id"], [each["id"] for each in still["media_attachments"]]) == (
            kept["id"],
            [drawn["id"]],
        )
        (letter,) = office.to("bob@example.test")
        body = letter.get_body(("plain",))
        assert body is not None
        text = " ".join(body.get_content().split())
        assert "a walnut" in text
        assert ("is not there any more" if gone else "does not let you quote it") in text


async def test_what_should_have_been_posted_already_is_posted_now(server: Server) -> None:
    alice = await server.joins("alice")
    said = await alice.says("late", scheduled_at="2020-01-01T00:00:00Z")
    assert said["content"] == "<p>late</p>"
    assert await alice.get("/api/v1/scheduled_statuses") == []
    assert [each["id"] for each in await alice.home()] == [said["id"]]
