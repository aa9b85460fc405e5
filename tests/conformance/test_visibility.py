"""Who must not see a status does not, whatever route they ask and whatever act they try, also after those who may
have looked; routes are found by themselves."""

from __future__ import annotations

from typing import Any

from tests.conformance.secrets import Secrets, acts, given_away, reads, told
from tests.push.devices import push_service, subscribes
from tests.streaming.listening import socket
from tests.web.pages.browser import browser_of
from tests.web.test_joining import program
from tests.words import Person, Server
from web.streaming.channels import NAMES


async def signed_in(person: Person) -> dict[str, str]:
    """The cookie of a browser, for pages."""
    browser = await browser_of(person)
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}


async def _cast(server: Server) -> tuple[Secrets, Person, dict[str, Person]]:
    """Alice and her friend, who share secrets, and those whom they are not for."""
    alice, friend = await server.joins("alice", locked=True), await server.joins("friend")
    blocked, stranger = await server.joins("blocked"), await server.joins("stranger")
    for person in (friend, blocked):
        await person.follows(alice)
        await alice.post(f"/api/v1/follow_requests/{person.id}/authorize")
    await alice.post(f"/api/v1/accounts/{blocked.id}/block")
    await stranger.follows(friend)
    secrets = await told(server, alice, friend)
    nobody, application = server.anybody, await program(server, "read write follow push")
    return secrets, friend, {"stranger": stranger, "blocked": blocked, "nobody": nobody, "app": application}


async def _sweep(person: Person, secrets: Secrets) -> tuple[list[str], int]:
    """What every address gives away to somebody, and how many were asked."""
    cookie = await signed_in(person) if person.account else {}
    found, asked = [], 0
    for path, params, accept in reads(secrets):
        answer = await person.ask(
            "GET", path, params=params, headers={"Accept": accept, **cookie}, expect=None
        )
        assert answer.status < 500, f"{path} {params}: {answer.status} {answer.body}"
        asked += 1
        if marks := given_away(answer.body, secrets, path, params):
            found.append(f"{path} {params} {accept}: {marks}")
    return found, asked


async def test_no_address_shows_a_status_to_whom_it_is_not_for(small: Server) -> None:
    secrets, friend, others = await _cast(small)
    # First those who may see it, so that whatever is kept for later is there.
    assert len((await _sweep(friend, secrets))[0]) > 20
    for name, person in others.items():
        found, asked = await _sweep(person, secrets)
        assert (name, found) == (name, [])
        assert asked > 500


async def test_no_act_reaches_a_status_of_whom_it_is_not_for(small: Server) -> None:
    secrets, friend, others = await _cast(small)

    async def standing() -> Any:
        ids: dict[str, Any] = {"id[]": secrets.ids}
        return [await who.get("/api/v1/statuses", **ids) for who in (secrets.author, friend)]

    before = await standing()
    for name, person in others.items():
        found, asked = [], 0
        for method, path, body in acts(secrets):
            answer = await person.ask(method, path, json=body, expect=None)
            assert answer.status < 500, f"{method} {path} {body}: {answer.status} {answer.body}"
            asked += 1
            if marks := given_away(answer.body, secrets, path, body):
                found.append(f"{method} {path} {body}: {marks}")
            if path.split("/")[-1] in secrets.ids or path.split("/")[-2] in secrets.ids:
                assert answer.status >= 400 or answer.body == {}, f"{name}: {method} {path} {answer.body}"
        assert (name, found) == (name, [])
        assert asked > 500
    assert await standing() == before


async def test_no_stream_and_no_push_tells_of_it(server: Server) -> None:
    async with push_service() as service:
        stranger = await server.joins("stranger")
        device = service.device()
        await subscribes(stranger, device)
        async with socket(stranger, stream="user") as stream:
            for name in NAMES - {"user", "list"}:
                await stream.asks(type="subscribe", stream=name, tag="xyzzytag")
            alice, friend = await server.joins("alice"), await server.joins("friend")
            await friend.follows(alice)
            await stranger.follows(friend)
            secrets = await told(server, alice, friend)
            for id_ in secrets.ids:
                await alice.delete(f"/api/v1/statuses/{id_}")
            await server.settle()
            await friend.says("@stranger the end")
            await server.settle()
            heard: list[Any] = []
            while not heard or "the end" not in str(heard[-1]):
                heard.append(await stream.said())
            assert given_away(heard, secrets) == []
        assert [given_away(device.reads(each), secrets) for each in service.sent] == [[]]
