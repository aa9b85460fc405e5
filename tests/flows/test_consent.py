"""Answers, favourites and boosts between two servers of ours, where the author wants to be asked, by the
methods that GoToSocial's clients know."""

from __future__ import annotations

from typing import Any

from tests.words import Person, Server

ASK = {"always": ["followers"], "with_approval": ["public"]}
POLICY = {"can_reply": ASK, "can_favourite": ASK, "can_reblog": ASK}
REQUESTS = "/api/v1/interaction_requests"


async def says_with(server: Server, other: Server, **policy: Any) -> tuple[Person, Person, Any, Any]:
    """Alice here says something that bob, elsewhere, sees: both, and the post on each side."""
    alice, bob = await server.joins("alice"), await other.joins("bob")
    post = await alice.says("a walnut", **policy)
    await server.settle(other)
    return alice, bob, post, await bob.sees(post["uri"])


async def test_what_is_asked_is_seen_by_two_until_it_is_let(server: Server, other: Server) -> None:
    alice, bob, post, there = await says_with(server, other, interaction_policy=POLICY)
    carol, dan = await server.joins("carol"), await other.joins("dan")
    await dan.follows(bob)
    assert post["interaction_policy"]["can_reply"]["with_approval"] == ["public"]
    assert there["interaction_policy"]["can_reblog"]["manual_approval"] == ["public"]
    answer = await bob.says("may I?", in_reply_to_id=there["id"])
    assert answer["visibility"] == "public"
    liked = await bob.post(f"/api/v1/statuses/{there['id']}/favourite")
    await bob.post(f"/api/v1/statuses/{there['id']}/reblog")
    assert (liked["favourited"], liked["favourites_count"]) == (True, 0)
    await server.settle(other)
    for who in (carol, server.anybody, dan, other.anybody):
        id_ = post["id"] if who.server is server else there["id"]
        assert (await who.get(f"/api/v1/statuses/{id_}/context"))["descendants"] == []
        assert await who.get(f"/api/v1/statuses/{id_}/favourited_by", expect=None) == []
        assert await who.get(f"/api/v1/statuses/{id_}/reblogged_by", expect=None) == []
    assert await dan.home() == []
    assert await alice.notifications() == []
    await dan.get(f"/api/v1/statuses/{answer['id']}", expect=404)
    # Both who are concerned see what waits.
    own = await bob.get(f"/api/v1/statuses/{there['id']}/context")
    assert [each["id"] for each in own["descendants"]] == [answer["id"]]
    asked = await alice.get(REQUESTS)
    assert {each["type"] for each in asked} == {"reply", "favourite", "reblog"}
    reply = next(each for each in asked if each["type"] == "reply")
    assert (reply["reply"]["uri"], reply["status"]["id"]) == (answer["uri"], post["id"])
    assert await alice.get(REQUESTS, replies="false", reblogs="false") == [
        each for each in asked if each["type"] == "favourite"
    ]
    assert await carol.get(REQUESTS) == []
    for verb in ("authorize", "reject"):
        await carol.post(f"{REQUESTS}/{reply['id']}/{verb}", expect=404)
    await carol.get(f"{REQUESTS}/{reply['id']}", expect=404)
    # And everybody does once it is let.
    for each in asked:
        done = await alice.post(f"{REQUESTS}/{each['id']}/authorize")
        assert ("accepted_at" in done, "rejected_at" in done) == (True, False)
    assert await alice.get(REQUESTS) == []
    await server.settle(other)
    for who, id_ in ((carol, post["id"]), (dan, there["id"])):
        seen = await who.get(f"/api/v1/statuses/{id_}/context")
        assert [each["uri"] for each in seen["descendants"]] == [answer["uri"]]
    counted = await alice.get(f"/api/v1/statuses/{post['id']}")
    assert [counted[f"{each}_count"] for each in ("replies", "favourites", "reblogs")] == [1, 1, 1]
    assert {each["type"] for each in await alice.notifications()} == {"favourite", "reblog"}
    # The consent can be read by everybody, until it is taken back.
    stamp = {"Accept": "application/activity+json"}
    document = (await other.anybody.ask("GET", answer["uri"], headers=stamp)).body
    consent = (await server.anybody.ask("GET", document["replyAuthorization"], headers=stamp)).body
    assert (consent["interactingObject"], consent["interactionTarget"]) == (answer["uri"], post["uri"])
    await alice.post(f"{REQUESTS}/{reply['id']}/reject")
    await server.settle(other)
    await server.anybody.ask("GET", document["replyAuthorization"], expect=404, headers=stamp)
    await dan.get(f"/api/v1/statuses/{answer['id']}", expect=404)
    await bob.get(f"/api/v1/statuses/{answer['id']}")
    for who, id_ in ((carol, post["id"]), (dan, there["id"])):
        assert (await who.get(f"/api/v1/statuses/{id_}/context"))["descendants"] == []


async def test_who_may_not_is_told_at_once_and_may_be_told_later(server: Server, other: Server) -> None:
    alice, bob, post, there = await says_with(
        server, other, interaction_policy={"can_reply": {"always": ["author"]}}
    )
    refused = await bob.post("/api/v1/statuses", status="hello", in_reply_to_id=there["id"], expect=403)
    assert "does not let you answer" in refused["error"]
    await bob.post(f"/api/v1/statuses/{there['id']}/favourite")
    await server.settle(other)
    await alice.put(f"/api/v1/statuses/{post['id']}", status="a walnut!", interaction_policy=POLICY)
    await server.settle(other)
    answer = await bob.says("may I?", in_reply_to_id=there["id"])
    await server.settle(other)
    (asked,) = await alice.get(REQUESTS, status_id=post["id"])
    await alice.post(f"{REQUESTS}/{asked['id']}/reject")
    await server.settle(other)
    await other.anybody.get(f"/api/v1/statuses/{answer['id']}", expect=404)
    await bob.get(f"/api/v1/statuses/{answer['id']}")
    await bob.delete(f"/api/v1/statuses/{answer['id']}")


async def test_members_of_one_server_ask_each_other(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    chosen = await alice.ask(
        "PATCH", "/api/v1/interaction_policies/defaults", json={"public": {"can_reply": ASK}}
    )
    assert chosen["public"]["can_reply"]["with_approval"] == ["public"]
    assert chosen["unlisted"]["can_reply"]["always"] == ["public"]
    assert await alice.get("/api/v1/interaction_policies/defaults") == chosen.body
    post = await alice.says("a walnut")
    # Who may quote is changed, and the rest stays.
    await alice.put(f"/api/v1/statuses/{post['id']}/interaction_policy", quote_approval_policy="nobody")
    answer = await bob.says("may I?", in_reply_to_id=post["id"])
    await server.anybody.get(f"/api/v1/statuses/{answer['id']}", expect=404)
    (asked,) = await alice.get(REQUESTS)
    await alice.post(f"{REQUESTS}/{asked['id']}/authorize")
    await server.anybody.get(f"/api/v1/statuses/{answer['id']}")
    await bob.follows(alice)
    more = await bob.says("and one more", in_reply_to_id=post["id"])
    await server.anybody.get(f"/api/v1/statuses/{more['id']}")
    wrong = {"interaction_policy": {"can_reply": {"always": ["friends"]}}}
    refused = await alice.post("/api/v1/statuses", status="x", expect=422, **wrong)
    assert "public, followers" in refused["error"]
    await alice.get(REQUESTS, favourites="false", replies="false", reblogs="false", expect=422)
