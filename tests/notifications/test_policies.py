"""What a member wants held back: who is filtered, who is dropped, and who is let through in spite of it."""

from typing import Any

import pytest

from fedcoop import accounts, clock
from fedcoop.notifications import notify
from fedcoop.notifications.types import NotificationType
from tests.people import stranger
from tests.words import Person, Server

POLICY = "/api/v2/notifications/policy"
REQUESTS = "/api/v1/notifications/requests"


async def decides(person: Person, **policy: str) -> None:
    """Have somebody decide how notifications are treated."""
    await person.ask("PATCH", POLICY, json=policy)


async def test_what_is_filtered_is_neither_listed_nor_counted(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await decides(alice, for_not_following="filter")
    await bob.says("hello @alice")
    assert await alice.notifications() == []
    assert (await alice.get("/api/v2/notifications"))["notification_groups"] == []
    assert await alice.get("/api/v1/notifications/unread_count") == {"count": 0}
    assert await alice.get("/api/v2/notifications/unread_count") == {"count": 0}
    (kept,) = await alice.notifications(include_filtered="true")
    assert kept["type"] == "mention"
    assert kept["filtered"] is True
    groups = await alice.get("/api/v2/notifications", include_filtered="true", account_id=bob.id)
    assert [each["type"] for each in groups["notification_groups"]] == ["mention"]


async def test_what_is_dropped_is_nowhere(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await decides(alice, for_not_following="drop")
    await bob.says("hello @alice")
    assert await alice.notifications(include_filtered="true") == []
    assert await alice.get(REQUESTS) == []
    await alice.follows(bob)
    await bob.says("again @alice")
    assert [each["type"] for each in await alice.notifications()] == ["mention"]


async def test_each_rule_concerns_those_it_names(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")

    async def heard(rule: str, **status: Any) -> bool:
        await decides(alice, **{rule: "drop"})
        before = len(await alice.notifications())
        await bob.says("@alice", **status)
        await decides(alice, **{rule: "accept"})
        return len(await alice.notifications()) > before

    assert not await heard("for_not_followers")
    assert not await heard("for_new_accounts")
    assert not await heard("for_private_mentions", visibility="direct")
    assert await heard("for_private_mentions", visibility="private")
    await bob.follows(alice)
    assert not await heard("for_not_followers"), "who has followed for an hour follows for this reason alone"
    clock.advance(seconds=4 * 24 * 3600)
    assert await heard("for_not_followers")
    clock.advance(seconds=27 * 24 * 3600)
    assert await heard("for_new_accounts")
    await alice.follows(bob)
    assert await heard("for_private_mentions", visibility="direct")


async def test_an_answer_to_ones_own_words_is_no_unasked_mention(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    asked = await alice.says("@bob may I ask?", visibility="direct")
    first = await bob.says("@alice yes", visibility="direct", in_reply_to_id=asked["id"])
    await bob.says("@alice of course", visibility="direct", in_reply_to_id=first["id"])
    assert len(await alice.notifications()) == 2
    await bob.says("@alice and another thing", visibility="direct")
    assert len(await alice.notifications()) == 2


async def test_private_mentions_and_limited_accounts_are_filtered_unless_members_say_otherwise(
    server: Server,
) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    said = await alice.get(POLICY)
    assert {name: said[name] for name in said if name != "summary"} == {
        "for_not_following": "accept",
        "for_not_followers": "accept",
        "for_new_accounts": "accept",
        "for_private_mentions": "filter",
        "for_limited_accounts": "filter",
    }
    assert carol.account
    async with server.db.write() as tx:
        await accounts.actions.limit(tx, carol.account.id)
    await bob.says("@alice psst", visibility="direct")
    await carol.says("@alice hello")
    assert await alice.notifications() == []
    await decides(alice, for_private_mentions="accept", for_limited_accounts="accept")
    await bob.says("@alice psst", visibility="direct")
    await carol.says("@alice hello")
    assert len(await alice.notifications()) == 2


async def test_a_request_tells_who_and_how_much(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await decides(alice, for_not_following="filter")
    for number in range(3):
        last = await bob.says(f"{number} @alice")
    await carol.says("@alice")
    about_carol, about_bob = await alice.get(REQUESTS)
    assert about_carol["account"]["id"] == carol.id
    assert (about_bob["account"]["id"], about_bob["notifications_count"]) == (bob.id, "3")
    assert about_bob["last_status"]["id"] == last["id"]
    assert await alice.get(f"{REQUESTS}/{about_bob['id']}") == about_bob
    assert (await alice.get(POLICY))["summary"] == {
        "pending_requests_count": 2,
        "pending_notifications_count": 4,
    }
    await bob.get(f"{REQUESTS}/{about_bob['id']}", expect=404)
    await bob.post(f"{REQUESTS}/{about_bob['id']}/accept", expect=404)
    await bob.post(f"{REQUESTS}/accept", id=[about_bob["id"]])
    assert await alice.notifications() == []
    older = await alice.get(REQUESTS, max_id=about_carol["id"])
    assert [each["id"] for each in older] == [about_bob["id"]]


async def test_accepting_lets_through_what_was_and_what_will_be(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await decides(alice, for_not_following="filter")
    for person in (bob, carol):
        await person.says("@alice one")
    about_carol, about_bob = await alice.get(REQUESTS)
    await alice.post(f"{REQUESTS}/{about_bob['id']}/accept")
    assert await alice.get(f"{REQUESTS}/merged") == {"merged": True}
    await bob.says("@alice two")
    assert [each["account"]["id"] for each in await alice.notifications()] == [bob.id, bob.id]
    assert [each["id"] for each in await alice.get(REQUESTS)] == [about_carol["id"]]
    await alice.post(f"{REQUESTS}/accept", id=[about_carol["id"]])
    assert len(await alice.notifications()) == 3
    assert await alice.get(REQUESTS) == []


async def test_dismissing_forgets_until_the_next(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await decides(alice, for_not_following="filter")
    for person in (bob, carol):
        await person.says("@alice one")
    ids = [each["id"] for each in await alice.get(REQUESTS)]
    await alice.post(f"{REQUESTS}/dismiss", id=ids)
    assert await alice.get(REQUESTS) == await alice.notifications(include_filtered="true") == []
    await bob.says("@alice two")
    (again,) = await alice.get(REQUESTS)
    assert again["notifications_count"] == "1"
    await alice.post(f"{REQUESTS}/{again['id']}/dismiss")
    await alice.post(f"{REQUESTS}/{again['id']}/dismiss", expect=404)


async def test_what_is_undone_leaves_no_request(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await decides(alice, for_not_following="filter")
    status = await alice.says("hi")
    await bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    assert len(await alice.get(REQUESTS)) == 1
    await bob.post(f"/api/v1/statuses/{status['id']}/unfavourite")
    assert await alice.get(REQUESTS) == []
    await bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    await alice.post(f"/api/v1/accounts/{bob.id}/block")
    await alice.post(f"/api/v1/accounts/{bob.id}/unblock")
    assert await alice.get(REQUESTS) == await alice.notifications(include_filtered="true") == []


async def test_what_a_member_has_to_know_is_never_held_back(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    names = ("for_not_following", "for_not_followers", "for_new_accounts", "for_limited_accounts")
    await decides(alice, **dict.fromkeys(names, "drop"))
    assert alice.account
    assert bob.account
    async with server.db.write() as tx:
        kinds: list[NotificationType] = ["admin.report", "admin.sign_up", "update"]
        for kind in kinds:
            assert await notify(tx, kind, alice.account.id, bob.account.id)
        assert not await notify(tx, "quote", alice.account.id, bob.account.id)


async def test_the_first_versions_words_are_understood(server: Server) -> None:
    alice = await server.joins("alice")
    first = "/api/v1/notifications/policy"
    said = await alice.put(first, filter_not_following=True)
    assert (said["filter_not_following"], said["filter_private_mentions"]) == (True, True)
    assert (await alice.get(POLICY))["for_not_following"] == "filter"
    await alice.put(POLICY, for_private_mentions="drop")
    assert (await alice.get(first))["filter_private_mentions"] is True


@pytest.mark.parametrize("wish", ["perhaps", "", "ACCEPT"])
async def test_nonsense_changes_no_policy(server: Server, wish: str) -> None:
    alice = await server.joins("alice")
    before = await alice.get(POLICY)
    answer = await alice.ask("PATCH", POLICY, json={"for_new_accounts": wish}, expect=422)
    assert "accept, filter or drop" in answer["error"]
    assert await alice.get(POLICY) == before
    await alice.post(f"{REQUESTS}/accept", id=["nonsense"], expect=404)
    reader = await server.joins("reader", scopes="read")
    await reader.ask("PATCH", POLICY, json={"for_new_accounts": "drop"}, expect=403)
    await server.anybody.get(POLICY, expect=401)


async def test_a_page_of_requests_costs_the_same_for_one_and_for_many(
    server: Server, statements: list[str]
) -> None:
    alice = await server.joins("alice")
    await decides(alice, for_not_following="filter")
    assert alice.account

    async def cost(senders: range) -> int:
        async with server.db.write() as tx:
            for number in senders:
                sender = await stranger(tx, f"s{number}@b.test")
                await notify(tx, "mention", alice.account.id, sender.id)  # type: ignore[union-attr]
        statements.clear()
        assert len(await alice.get(REQUESTS)) == senders.stop
        return len(statements)

    assert await cost(range(1)) == await cost(range(1, 30))
