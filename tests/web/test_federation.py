"""What other servers ask for over HTTP, and what they deliver."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.words import Person, Server

ACTIVITY = {"Accept": "application/activity+json"}
LD = {"Accept": 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'}
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def document(person: Person, address: str, **options: Any) -> Any:
    answer = await person.ask("GET", address, headers=ACTIVITY, **options)
    assert answer.headers["Content-Type"].startswith("application/activity+json")
    return answer.body


async def test_somebody_is_found_and_described(server: Server) -> None:
    alice = await server.joins("alice", display_name="Alice")
    answer = await server.anybody.ask(
        "GET", "/.well-known/webfinger", params={"resource": f"acct:{alice.handle}"}
    )
    assert answer.headers["Content-Type"].startswith("application/jrd+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    [own] = [link for link in answer["links"] if link["rel"] == "self"]
    for accept in (ACTIVITY, LD):
        actor = (await server.anybody.ask("GET", own["href"], headers=accept)).body
        assert actor["preferredUsername"] == "alice"
        assert actor["publicKey"]["owner"] == own["href"]
    for name in ("outbox", "followers", "following", "featured"):
        assert (await document(server.anybody, actor[name]))["id"] == actor[name]
    page = await document(server.anybody, f"{actor['outbox']}?page=true")
    assert page["orderedItems"] == []


@pytest.mark.parametrize(
    ("resource", "status"),
    [("acct:nobody@{domain}", 404), ("acct:alice@elsewhere.test", 404), ("", 400), ("nonsense", 404)],
)
async def test_nobody_else_is_found(small: Server, resource: str, status: int) -> None:
    await small.joins("alice")
    params = {"resource": resource.format(domain=small.config.domain)}
    answer = await small.anybody.ask("GET", "/.well-known/webfinger", expect=None, params=params)
    assert answer.status in (status, 422)
    assert "error" in answer.body


async def test_a_browser_is_sent_to_the_page_and_a_server_to_the_document(small: Server) -> None:
    alice = await small.joins("alice")
    status = await alice.says("hello")
    actor = f"/ap/users/{alice.id}"
    for address, page in (
        (actor, "/@alice"),
        (f"{actor}/statuses/{status['id']}", f"/@alice/{status['id']}"),
        ("/users/alice", "/@alice"),
        ("/actor", "/about"),
    ):
        answer = await small.anybody.ask("GET", address, expect=302, headers=BROWSER)
        assert answer.headers["Location"] == small.config.base_url + page
        assert "Accept" in answer.headers["Vary"]
    answer = await small.anybody.ask("GET", "/users/alice", expect=302, headers=ACTIVITY)
    assert answer.headers["Location"] == small.config.base_url + actor
    await small.anybody.ask("GET", "/users/nobody", expect=404, headers=ACTIVITY)


async def test_a_status_is_given_to_whoever_may_see_it(small: Server) -> None:
    alice = await small.joins("alice")
    public = await alice.says("for all")
    private = await alice.says("for followers", visibility="private")
    direct = await alice.says("for nobody", visibility="direct")
    note = await document(small.anybody, public["uri"])
    assert note["type"] == "Note"
    assert (await document(small.anybody, f"{public['uri']}/activity"))["type"] == "Create"
    for name in ("replies", "likes", "shares"):
        await document(small.anybody, f"{public['uri']}/{name}")
    unknown = await small.anybody.ask("GET", f"{public['uri']}0", expect=404, headers=ACTIVITY)
    for hidden in (private, direct):
        for accept in (ACTIVITY, BROWSER):
            answer = await small.anybody.ask("GET", hidden["uri"], expect=404, headers=accept)
            assert answer.body == unknown.body


async def test_what_was_deleted_leaves_a_tombstone(small: Server) -> None:
    alice = await small.joins("alice")
    status = await alice.says("soon gone")
    await alice.delete(f"/api/v1/statuses/{status['id']}")
    answer = await small.anybody.ask("GET", status["uri"], expect=410, headers=ACTIVITY)
    assert answer["type"] == "Tombstone"


async def test_a_signed_question_gets_its_own_answer(server: Server, other: Server) -> None:
    """The same address: a follower elsewhere, and anybody else."""
    alice, bob = await server.joins("alice"), await other.joins("bob")
    await bob.follows(alice)
    await server.settle(other)
    secret = await alice.says("for followers", visibility="private")
    await server.settle(other)
    assert "for followers" in (await bob.home())[0]["content"]
    answer = await server.anybody.ask("GET", secret["uri"], expect=404, headers=ACTIVITY)
    assert "Signature" in answer.headers.get("Vary", "Signature")


async def test_an_unsigned_delivery_is_refused_and_nothing_kept(small: Server) -> None:
    alice = await small.joins("alice")
    follow = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "https://b.test/follows/1",
        "type": "Follow",
        "actor": "https://b.test/users/mallory",
        "object": f"{small.config.base_url}/ap/users/{alice.id}",
    }
    for path in ("/inbox", f"/ap/users/{alice.id}/inbox", "/actor/inbox"):
        answer = await small.anybody.ask("POST", path, expect=401, json=follow)
        assert "error" in answer.body
    await small.settle()
    assert await alice.notifications() == []


def follows_the_schema(found: Any, version: str) -> None:
    """NodeInfo's schemas, https://nodeinfo.diaspora.software/schema.html, allow no other keys than these."""
    assert found.keys() == {
        "version",
        "software",
        "protocols",
        "services",
        "openRegistrations",
        "usage",
        "metadata",
    }
    assert found["version"] == version
    software = {"name", "version"} | ({"repository", "homepage"} if version == "2.1" else set())
    assert {"name", "version"} <= found["software"].keys() <= software
    assert re.fullmatch("[a-z0-9-]+", found["software"]["name"])
    assert all(isinstance(said, str) for said in found["software"].values())
    assert found["protocols"] == ["activitypub"]
    assert found["services"] == {"inbound": [], "outbound": []}
    assert isinstance(found["openRegistrations"], bool)
    assert {"users"} <= found["usage"].keys() <= {"users", "localPosts", "localComments"}
    users = found["usage"]["users"]
    assert users.keys() <= {"total", "activeHalfyear", "activeMonth"}
    for count in (*users.values(), found["usage"].get("localPosts", 0)):
        assert type(count) is int
        assert count >= 0
    assert isinstance(found["metadata"], dict)


async def test_the_server_describes_itself(small: Server) -> None:
    links = (await small.anybody.get("/.well-known/nodeinfo"))["links"]
    for link in links:
        if "schema" in link["rel"]:
            answer = await small.anybody.ask("GET", link["href"])
            assert link["rel"] in answer.headers["Content-Type"]
            follows_the_schema(answer.body, link["rel"].rpartition("/")[2])
    assert [link["rel"].rpartition("/")[2] for link in links[:2]] == ["2.0", "2.1"]
    assert (await small.anybody.get("/nodeinfo/9.9", expect=404)) == {"error": "Record not found"}
    assert "lrdd" in (await small.anybody.ask("GET", "/.well-known/host-meta")).body
    actor = await document(small.anybody, "/actor")
    assert actor["type"] == "Application"


async def test_somebody_elsewhere_is_found_by_handle_and_address(server: Server, other: Server) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob", display_name="Bob")
    status = await bob.says("from elsewhere #far")
    assert (await server.anybody.get("/api/v2/search", q=bob.handle, resolve="true"))["accounts"] == []
    assert (await alice.get("/api/v2/search", q=bob.handle))["accounts"] == []
    await alice.get("/api/v1/accounts/lookup", expect=404, acct=bob.handle)
    found = await alice.finds(bob.handle)
    assert (found["acct"], found["display_name"]) == (bob.handle, "Bob")
    assert (await alice.get("/api/v1/accounts/lookup", acct=bob.handle))["id"] == found["id"]
    assert "from elsewhere" in (await alice.sees(status["uri"]))["content"]
    assert "from elsewhere" in (await alice.sees(status["url"]))["content"]
    tags = await alice.get("/api/v2/search", q="#fa", type="hashtags")
    assert [tag["name"] for tag in tags["hashtags"]] == ["far"]
    for nothing in (f"nobody@{other.config.domain}", f"{other.config.base_url}/nothing"):
        found = await alice.get("/api/v2/search", q=nothing, resolve="true")
        assert found["accounts"] == found["statuses"] == []


async def test_whoever_is_mentioned_is_looked_up_first(server: Server, other: Server) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob")
    status = await alice.says(f"Hello @{bob.handle} and @nobody@{other.config.domain}")
    assert [mention["acct"] for mention in status["mentions"]] == [bob.handle]
    await server.settle(other)
    assert [each["type"] for each in await bob.notifications()] == ["mention"]
