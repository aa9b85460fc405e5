"""Notifications shown as one: what belongs together, how pages are made of it, and what a group tells."""

from typing import Any

import pytest

from fedcoop import accounts, clock
from fedcoop.accounts.types import Account
from fedcoop.notifications import notify
from tests.people import stranger
from tests.words import Person, Server

GROUPS = "/api/v2/notifications"


async def crowd(server: Server, count: int, *, start: int = 0) -> list[Account]:
    async with server.db.write() as tx:
        return [await stranger(tx, f"s{number}@b.test") for number in range(start, start + count)]


async def like(server: Server, person: Person, status: Any, senders: list[Account]) -> None:
    assert person.account
    async with server.db.write() as tx:
        for sender in senders:
            assert await notify(tx, "favourite", person.account.id, sender.id, int(status["id"]))


async def groups(person: Person, **params: Any) -> list[Any]:
    return list((await person.get(GROUPS, **params))["notification_groups"])


async def test_a_burst_of_a_thousand_is_one_group(server: Server) -> None:
    alice = await server.joins("alice")
    status, other = await alice.says("hi"), await alice.says("ho")
    senders = await crowd(server, 1000)
    await like(server, alice, other, senders[:1])
    await like(server, alice, status, senders)
    page = await alice.get(GROUPS)
    burst, single = page["notification_groups"]
    assert (burst["notifications_count"], single["notifications_count"]) == (1000, 1)
    assert burst["status_id"] == status["id"]
    assert burst["sample_account_ids"] == [str(each.id) for each in reversed(senders[-8:])]
    assert {each["id"] for each in page["accounts"]} == {
        *burst["sample_account_ids"],
        *single["sample_account_ids"],
    }
    assert [each["id"] for each in page["statuses"]] == [status["id"], other["id"]]
    assert await alice.get(f"{GROUPS}/unread_count") == {"count": 2}
    assert await alice.get("/api/v1/notifications/unread_count") == {"count": 100}
    assert await alice.get("/api/v1/notifications/unread_count", limit=1000) == {"count": 1000}
    await alice.post(f"{GROUPS}/{burst['group_key']}/dismiss")
    assert await groups(alice) == [single]


async def test_a_group_goes_on_for_twelve_hours_from_its_first(server: Server) -> None:
    alice = await server.joins("alice")
    status = await alice.says("hi")
    for sender in await crowd(server, 4):
        await like(server, alice, status, [sender])
        clock.advance(seconds=5 * 3600)
    latest, first = await groups(alice)
    assert (latest["notifications_count"], first["notifications_count"]) == (1, 3)


async def test_pages_of_groups_follow_one_another(server: Server) -> None:
    alice = await server.joins("alice")
    statuses = [await alice.says(str(number)) for number in range(5)]
    senders = await crowd(server, 3)
    for sender in senders:
        for status in statuses:
            await like(server, alice, status, [sender])
    answer = await alice.ask("GET", GROUPS, params={"limit": 2})
    found = answer["notification_groups"]
    assert [each["status_id"] for each in found] == [statuses[4]["id"], statuses[3]["id"]]
    assert f"max_id={found[1]['page_max_id']}" in answer.headers["Link"]
    assert f"min_id={found[0]['page_max_id']}" in answer.headers["Link"]
    older = await groups(alice, limit=2, max_id=found[1]["page_max_id"])
    assert [each["status_id"] for each in older] == [statuses[2]["id"], statuses[1]["id"]]
    assert all(each["notifications_count"] == 3 for each in found + older)
    newer = await groups(alice, limit=2, min_id=older[0]["page_max_id"])
    assert newer == found
    assert int(found[0]["page_min_id"]) <= int(found[0]["page_max_id"])


async def test_types_that_are_not_grouped_stand_alone_under_a_key_of_their_own(server: Server) -> None:
    alice = await server.joins("alice")
    status = await alice.says("hi")
    await like(server, alice, status, await crowd(server, 2))
    one, two = await groups(alice, grouped_types="reblog")
    assert one["group_key"] == f"ungrouped-{one['page_max_id']}"
    shown = await alice.get(f"{GROUPS}/{one['group_key']}")
    assert [each["notifications_count"] for each in shown["notification_groups"]] == [1]
    assert len(await alice.get(f"{GROUPS}/{two['group_key']}/accounts")) == 1
    assert await alice.get(f"{GROUPS}/unread_count", grouped_types="reblog") == {"count": 2}
    await alice.post(f"{GROUPS}/{one['group_key']}/dismiss")
    assert await groups(alice, grouped_types="reblog") == [two]
    await alice.get(f"{GROUPS}/ungrouped-nonsense", expect=404)
    await alice.get(f"{GROUPS}/favourite-1-1", expect=404)
    await alice.get(f"{GROUPS}/favourite-1-1/accounts", expect=404)


async def test_a_group_is_its_owners_alone(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    status = await alice.says("hi")
    await like(server, alice, status, await crowd(server, 2))
    ((group),) = await groups(alice)
    for key in (group["group_key"], f"ungrouped-{group['page_max_id']}"):
        await bob.get(f"{GROUPS}/{key}", expect=404)
        await bob.get(f"{GROUPS}/{key}/accounts", expect=404)
        await bob.post(f"{GROUPS}/{key}/dismiss")
    assert await groups(alice) == [group]
    assert await groups(bob) == []


async def test_who_was_suspended_since_is_no_part_of_a_group(server: Server) -> None:
    alice = await server.joins("alice")
    status = await alice.says("hi")
    senders = await crowd(server, 3)
    await like(server, alice, status, senders)
    async with server.db.write() as tx:
        await accounts.actions.suspend(tx, senders[-1].id)
    (group,) = await groups(alice)
    assert group["sample_account_ids"] == [str(senders[1].id), str(senders[0].id)]
    assert group["notifications_count"] == 2


async def test_pictures_suffice_for_all_but_the_latest(server: Server) -> None:
    alice = await server.joins("alice")
    status = await alice.says("hi")
    senders = await crowd(server, 3)
    await like(server, alice, status, senders)
    page = await alice.get(GROUPS, expand_accounts="partial_avatars")
    assert [each["id"] for each in page["accounts"]] == [str(senders[2].id)]
    assert {each["id"] for each in page["partial_accounts"]} == {str(each.id) for each in senders[:2]}
    names = {"id", "acct", "url", "avatar", "avatar_static", "locked", "bot"}
    assert set(page["partial_accounts"][0]) == names
    assert "partial_accounts" not in await alice.get(GROUPS, expand_accounts="full")
    await alice.get(GROUPS, expand_accounts="everything", expect=422)


async def test_groups_by_one_account(server: Server) -> None:
    alice = await server.joins("alice")
    status = await alice.says("hi")
    senders = await crowd(server, 3)
    await like(server, alice, status, senders)
    (group,) = await groups(alice, account_id=str(senders[0].id))
    assert group["sample_account_ids"] == [str(senders[0].id)]
    assert group["notifications_count"] == 1
    assert await groups(alice, types="mention") == []
    assert await groups(alice, exclude_types="favourite") == []


@pytest.mark.parametrize("path", [GROUPS, "/api/v1/notifications"])
async def test_a_page_costs_the_same_for_one_and_for_many(
    server: Server, statements: list[str], path: str
) -> None:
    alice = await server.joins("alice")
    senders = await crowd(server, 20)

    async def cost(count: int) -> int:
        for sender in senders[:count]:
            await like(server, alice, await alice.says("hi"), [sender])
        await alice.get(path)
        statements.clear()
        assert await alice.get(path)
        return len(statements)

    assert await cost(1) == await cost(20) <= 6
