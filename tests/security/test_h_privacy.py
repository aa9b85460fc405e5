"""H: who may see what, also by ways that are easily forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from tests.activitypub.remote import PUBLIC, Remote
from tests.security.deliveries import follows, kept, sends
from tests.words import Person, Server


async def test_h2_no_answer_of_one_viewer_is_given_to_another(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.follows(alice)
    said = await alice.says("for followers", visibility="private")
    path = f"/api/v1/statuses/{said['id']}"
    answer = await bob.ask("GET", path)
    assert "public" not in answer.headers.get("Cache-Control", "")
    again = {"If-None-Match": answer.headers.get("ETag", "*")}
    await server.anybody.ask("GET", path, expect=404, headers=again)
    await alice.post(f"/api/v1/accounts/{bob.id}/block")
    await bob.ask("GET", path, expect=404, headers=again)
    document = {"Accept": "application/activity+json"}
    await server.anybody.ask("GET", said["uri"], expect=404, headers=document)


async def test_h6_an_export_holds_only_what_its_owner_may_see(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.follows(alice)
    said = await alice.says("for followers", visibility="private")
    await bob.post(f"/api/v1/statuses/{said['id']}/bookmark")
    assert [each["id"] for each in await bob.get("/api/v1/bookmarks")] == [said["id"]]
    await alice.post(f"/api/v1/accounts/{bob.id}/remove_from_followers")
    await bob.post(f"/api/v1/statuses/{said['id']}/bookmark", expect=404)
    assert "for followers" not in str(await bob.get("/api/v1/bookmarks"))


async def test_h11_a_suspended_author_does_not_come_back_in_anothers_boost(
    server: Server, remote: Remote, evil: Remote
) -> None:
    alice = await server.joins("alice", role="admin")
    await follows(alice, remote, "bob")
    await follows(alice, evil, "mallory")
    note = evil.serve(evil.note("mallory"))
    await sends(server, evil, "mallory", evil.activity("Create", "mallory", note))
    assert len(await alice.home()) == 1
    async with server.db.write() as tx:
        from fedcoop import domains

        await domains.restrict(tx, evil.host, severity="suspend", because="a test")
    later = evil.serve(evil.note("mallory", 2))
    for number, uri in enumerate((note["id"], later["id"])):
        boost = remote.activity("Announce", "bob", uri, number, to=[PUBLIC])
        assert await sends(server, remote, "bob", boost) == 202
    reply = remote.note("bob", 5, inReplyTo=later["id"])
    assert await sends(server, remote, "bob", remote.activity("Create", "bob", reply)) == 202
    assert await kept(server, later["id"]) is None
    assert {each["account"]["username"] for each in await alice.home()} <= {"bob"}
    assert all(each["reblog"] is None for each in await alice.home())


async def test_h16_an_id_of_somebody_elses_thing_is_not_there(server: Server) -> None:
    alice, mallory = await server.joins("alice"), await server.joins("mallory")
    things: dict[str, Any] = {
        "/api/v1/lists/{}": (await alice.post("/api/v1/lists", title="hers"))["id"],
        "/api/v2/filters/{}": (await alice.post("/api/v2/filters", title="hers", context=["home"]))["id"],
        "/api/v1/scheduled_statuses/{}": (await alice.says("later", scheduled_at="2030-01-01T00:00:00Z"))[
            "id"
        ],
    }
    await mallory.follows(alice)
    things["/api/v1/notifications/{}"] = (await alice.notifications())[0]["id"]
    for path, id_ in things.items():
        await alice.get(path.format(id_))
        await mallory.get(path.format(id_), expect=404)
    for path in list(things)[:3]:
        await mallory.delete(path.format(things[path]), expect=404)
        await alice.get(path.format(things[path]))
    said = await alice.says("mine")
    for method, path in (("PUT", ""), ("DELETE", ""), ("POST", "/pin")):
        answer = await mallory.ask(
            method, f"/api/v1/statuses/{said['id']}{path}", expect=None, json={"status": "stolen"}
        )
        assert answer.status in (403, 404, 422)
    assert (await alice.get(f"/api/v1/statuses/{said['id']}"))["content"] == "<p>mine</p>"


ADMIN = [
    "/api/v1/admin/accounts",
    "/api/v1/admin/reports",
    "/api/v1/admin/domain_blocks",
    "/api/v1/admin/measures",
    "/api/v1/admin/ip_blocks",
    "/admin",
]


@pytest.mark.parametrize("path", ADMIN)
async def test_h15_g11_the_rooms_of_the_staff_are_closed_to_everybody_else(server: Server, path: str) -> None:
    scopes = "read write admin:read admin:write"
    member = await server.joins("alice", member=True, scopes=scopes)
    for who in (server.anybody, member):
        for method in ("GET", "POST"):
            answer = await Person(server, who.token).ask(method, path, expect=None)
            assert answer.status in (302, 303, 401, 403, 404, 405), (path, method)
            assert "alice@example.test" not in str(answer.body)


async def test_h20_hidden_recipients_are_in_nothing_that_goes_out_or_is_shown(
    server: Server, remote: Remote
) -> None:
    alice = await server.joins("alice")
    await follows(alice, remote, "bob")
    assert alice.account
    note = remote.note("bob", bto=[alice.account.uri], bcc=["https://secret.example/users/x"])
    activity = remote.activity("Create", "bob", note, bto=["https://secret.example/users/x"])
    await sends(server, remote, "bob", activity)
    seen = await alice.home()
    assert "secret.example" not in str(seen)
    await alice.post(f"/api/v1/statuses/{seen[0]['id']}/reblog")
    await alice.says(f"@bob@{remote.host} hello", visibility="direct")
    await server.settle()
    assert not any(key in str(sent) for _, sent in remote.received for key in ("'bto'", "'bcc'"))
