"""Staff looks for accounts, and does what the constitution lets it; the rest becomes a proposal."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import bindparam, update

from fedcoop.accounts import actions as account_actions
from fedcoop.db import statement
from fedcoop.db.schema.accounts import users
from fedcoop.rules import actions as rules
from tests.admin.staff import ADMIN_SCOPES, assert_sound, complaints, entries, operator
from tests.words import Person, Server

PATH = "/api/v1/admin/accounts"
UNAPPROVE = statement(
    update(users).where(users.c.account_id == bindparam("of_account")).values(approved_at=None)
)


async def pending(server: Server, name: str) -> Person:
    """Somebody who asked to join and waits."""
    person = await server.joins(name)
    async with server.db.write() as tx:
        await tx.execute(UNAPPROVE, of_account=int(person.id))
    return person


async def names(person: Person, **wanted: Any) -> list[str]:
    return sorted(each["username"] for each in await person.get(PATH, **wanted))


async def names2(person: Person, **wanted: Any) -> list[str]:
    return sorted(each["username"] for each in await person.get("/api/v2/admin/accounts", **wanted))


async def test_accounts_are_found_by_what_they_are(server: Server, other: Server) -> None:
    ada = await operator(server)
    alice = await server.joins("alice", display_name="Alice 100%")
    await server.joins("mira", role="moderator")
    await pending(server, "newone")
    far = await other.joins("zoe")
    await alice.finds(far.handle)
    async with server.db.write() as tx:
        await account_actions.limit(tx, alice.account.id)  # type: ignore[union-attr] # she joined
    assert await names(ada) == ["ada", "alice", "mira", "newone", "zoe"]
    assert await names(ada, remote="true") == ["zoe"]
    assert await names(ada, local="true", active="true") == ["ada", "mira"]
    assert await names(ada, pending="true") == ["newone"]
    assert await names(ada, silenced="true") == ["alice"]
    assert await names(ada, suspended="true") == []
    assert await names(ada, staff="true") == ["ada", "mira"]
    assert await names(ada, username="AL") == ["alice"]
    assert await names(ada, display_name="alice 100%") == ["alice"]
    assert await names(ada, display_name="%") == []
    assert await names(ada, email="alice@example.test") == ["alice"]
    assert await names(ada, by_domain=other.config.domain) == ["zoe"]
    assert await names(ada, ip="127.0.0.1") == []
    assert await names2(ada, origin="local", status="active", permissions="staff") == ["ada", "mira"]
    assert await names2(ada, **{"role_ids[]": "1"}) == ["mira"]
    assert await names2(ada, **{"role_ids[]": "99"}) == []
    assert await names2(ada, invited_by=ada.id) == []
    await ada.get(PATH, active="true", pending="true", expect=422)
    await ada.get("/api/v2/admin/accounts", status="lovely", expect=422)


async def test_pages_lead_to_all_of_them(server: Server) -> None:
    ada = await operator(server)
    for name in ("alice", "bob", "carla"):
        await server.joins(name)
    answer = await ada.ask("GET", PATH, params={"limit": "2"})
    assert [each["username"] for each in answer.body] == ["carla", "bob"]
    address = answer.headers["Link"].split(">")[0].removeprefix("<")
    rest = await ada.ask("GET", address)
    assert [each["username"] for each in rest.body] == ["alice", "ada"]
    assert complaints("AdminAccount", answer.body[0]) == []


async def test_a_page_of_forty_costs_no_more_than_one_of_two(server: Server, statements: list[str]) -> None:
    ada = await operator(server)
    for number in range(12):
        await server.joins(f"friend{number}")
    costs = []
    for limit in ("2", "12"):
        await ada.get(PATH, limit=limit)
        statements.clear()
        await ada.get(PATH, limit=limit)
        costs.append(len(statements))
    assert costs[0] == costs[1]


async def test_somebody_who_waits_is_let_in_or_turned_away(server: Server) -> None:
    ada = await operator(server)
    new, bad = await pending(server, "newone"), await pending(server, "badone")
    await new.get("/api/v1/accounts/verify_credentials", expect=403)
    shown = await ada.post(f"{PATH}/{new.id}/approve")
    assert (shown["approved"], complaints("AdminAccount", shown)) == (True, [])
    await new.get("/api/v1/accounts/verify_credentials")
    await ada.post(f"{PATH}/{new.id}/approve", expect=403)
    await ada.post(f"{PATH}/{new.id}/reject", expect=403)
    assert (await ada.post(f"{PATH}/{bad.id}/reject"))["username"] == "badone"
    await ada.get(f"/api/v1/accounts/{bad.id}", expect=404)
    assert await names(ada) == ["ada", "newone"]
    await assert_sound(server)


async def test_a_limit_is_set_and_taken_back_by_the_office(server: Server) -> None:
    ada, bob = await operator(server), await server.joins("bob")
    alice = await server.joins("alice")
    report = await alice.post("/api/v1/reports", account_id=bob.id, comment="Loud")
    await ada.post(f"{PATH}/{bob.id}/action", type="silence", text="Too loud.", report_id=report["id"])
    assert (await ada.get(f"{PATH}/{bob.id}"))["silenced"]
    assert (await alice.get(f"/api/v1/accounts/{bob.id}"))["limited"]
    (told,) = await bob.notifications()
    warning = told["moderation_warning"]
    assert (warning["action"], warning["target_account"]["id"]) == ("silence", bob.id)
    assert "Too loud." in warning["text"]
    assert "alice" not in warning["text"]
    (answered,) = await ada.get("/api/v1/admin/reports", resolved="true")
    assert answered["action_taken_by_account"]["username"] == "ada"
    await ada.post(f"{PATH}/{bob.id}/unsilence")
    assert not (await ada.get(f"{PATH}/{bob.id}"))["silenced"]
    await ada.post(f"{PATH}/{bob.id}/unsilence", expect=403)
    await assert_sound(server)


async def test_what_an_account_posts_is_sensitive_by_the_office(server: Server, other: Server) -> None:
    ada, bob, eve = await operator(server), await server.joins("bob"), await other.joins("eve")
    await eve.follows(bob)
    await server.settle(other)
    before, theirs = await bob.says("Look"), await eve.says("Mine")
    await server.settle(other)
    assert await names(ada, sensitized="true") == []
    await ada.post(f"{PATH}/{bob.id}/action", type="sensitive", text="Warn of blood.")
    assert (await ada.get(f"{PATH}/{bob.id}"))["sensitized"]
    assert await names(ada, sensitized="true") == ["bob"]
    (told,) = await bob.notifications(**{"types[]": "moderation_warning"})
    assert (told["moderation_warning"]["action"], "blood" in told["moderation_warning"]["text"]) == (
        "sensitive",
        True,
    )
    after = await bob.says("Look again")
    boost = await ada.post(f"/api/v1/statuses/{after['id']}/reblog")
    assert (boost["sensitive"], boost["reblog"]["sensitive"]) == (False, True)
    assert (await ada.get(f"/api/v1/statuses/{before['id']}"))["sensitive"]
    await server.settle(other)
    assert [each["sensitive"] for each in await eve.home() if each["account"]["username"] == "bob"] == [
        True,
        False,
    ], "what was sent before is not sent again"
    far = await ada.finds(eve.handle)
    (copied,) = (await ada.get("/api/v2/search", q=theirs["uri"], resolve="true"))["statuses"]
    await ada.post(f"{PATH}/{far['id']}/action", type="sensitive", text="Blood there, too.")
    assert (await ada.get(f"/api/v1/statuses/{copied['id']}"))["sensitive"]
    for id_ in (bob.id, far["id"]):
        assert not (await ada.post(f"{PATH}/{id_}/unsensitive"))["sensitized"]
    assert not (await ada.get(f"/api/v1/statuses/{copied['id']}"))["sensitive"]
    assert not (await ada.get(f"/api/v1/statuses/{after['id']}"))["sensitive"]
    await assert_sound(server)


async def test_a_suspension_is_put_before_the_members(server: Server) -> None:
    ada, bob, alice = await operator(server), await server.joins("bob"), await server.joins("alice")
    post = await bob.says("Buy my pills")
    await ada.post(f"{PATH}/{bob.id}/action", type="suspend", text="Only advertising.")
    assert (await ada.get(f"{PATH}/{bob.id}"))["suspended"]
    await bob.get("/api/v1/accounts/verify_credentials", expect=403)
    await alice.get(f"/api/v1/statuses/{post['id']}", expect=404)
    await server.settle()
    (proposal,) = await ada.get("/api/fedcoop/v1/proposals")
    assert proposal["title"].startswith("Ratify: Suspend @bob")
    refused = await ada.ask("DELETE", f"{PATH}/{bob.id}", expect=403)
    assert "with the act suspend_account" in refused["error"]
    assert (await ada.post(f"{PATH}/{bob.id}/unsuspend"))["suspended"] is False
    await alice.get(f"/api/v1/statuses/{post['id']}")
    await assert_sound(server)


async def test_what_takes_a_vote_says_so_and_is_proposed(server: Server) -> None:
    ada, bob = await operator(server), await server.joins("bob")
    before = await entries(server)
    refused = await ada.post(f"{PATH}/{bob.id}/action", type="disable", expect=403)
    assert "suspend_account" in refused["error"]
    assert "propose=true" in refused["error"]
    assert await entries(server) == before
    made = await ada.post(f"{PATH}/{bob.id}/action", type="disable", propose=True, text="Spam.", expect=202)
    (proposal,) = await ada.get("/api/fedcoop/v1/proposals")
    assert made["proposal"] == {
        "id": proposal["id"],
        "number": proposal["number"],
        "title": proposal["title"],
        "url": f"{server.config.base_url}/coop/{proposal['number']}",
    }
    assert not (await ada.get(f"{PATH}/{bob.id}"))["suspended"]
    await assert_sound(server)


async def test_a_warning_reaches_the_member_alone(server: Server) -> None:
    ada, bob, alice = await operator(server), await server.joins("bob"), await server.joins("alice")
    await ada.post(f"{PATH}/{bob.id}/action", type="none", expect=422)
    await ada.post(f"{PATH}/{bob.id}/action", type="none", text="Please write shorter.")
    (told,) = await bob.notifications()
    assert told["moderation_warning"]["text"] == "Please write shorter."
    assert told["moderation_warning"]["action"] == "none"
    assert await alice.notifications() == []
    await assert_sound(server)


async def test_where_there_are_rules_the_report_cites_one(server: Server) -> None:
    ada, bob, alice = await operator(server), await server.joins("bob"), await server.joins("alice")
    async with server.db.write() as tx:
        await rules.add(tx, "Be kind.", id_=7)
    refused = await ada.post(f"{PATH}/{bob.id}/action", type="silence", expect=422)
    assert "Say by which rule" in refused["error"]
    await ada.post(f"{PATH}/{bob.id}/action", type="silence", rule="8", expect=422)
    report = await alice.post("/api/v1/reports", account_id=bob.id, rule_ids=["7"])
    await ada.post(f"{PATH}/{bob.id}/action", type="silence", report_id=report["id"])
    (power,) = await ada.get("/api/fedcoop/v1/powers")
    assert (power["rule"], power["case"]) == ("7", report["id"])


async def test_a_report_about_somebody_else_is_no_reason(server: Server) -> None:
    ada, bob, alice = await operator(server), await server.joins("bob"), await server.joins("alice")
    report = await bob.post("/api/v1/reports", account_id=alice.id)
    await ada.post(f"{PATH}/{bob.id}/action", type="silence", report_id=report["id"], expect=404)
    assert not (await ada.get(f"{PATH}/{bob.id}"))["silenced"]


@pytest.mark.parametrize("verb", ["approve", "reject", "enable", "unsilence", "unsuspend", "unsensitive"])
async def test_what_is_not_there_to_be_done_is_refused(server: Server, verb: str) -> None:
    ada, bob = await operator(server), await server.joins("bob")
    before = await entries(server)
    assert (await ada.post(f"{PATH}/{bob.id}/{verb}", expect=403))["error"]
    await ada.post(f"{PATH}/1/{verb}", expect=404)
    assert await entries(server) == before


async def test_whose_login_was_closed_logs_in_again(server: Server) -> None:
    ada, bob = await operator(server), await server.joins("bob")
    async with server.db.write() as tx:
        await account_actions.disable(tx, bob.account.id)  # type: ignore[union-attr] # he joined
    assert (await ada.get(f"{PATH}/{bob.id}"))["disabled"]
    assert not (await ada.post(f"{PATH}/{bob.id}/enable"))["disabled"]
    await bob.get("/api/v1/accounts/verify_credentials")


async def test_a_moderator_without_a_mandate_does_nothing(server: Server) -> None:
    mira, bob = await server.joins("mira", role="moderator", scopes=ADMIN_SCOPES), await server.joins("bob")
    before = await entries(server)
    refused = await mira.post(f"{PATH}/{bob.id}/action", type="silence", expect=403)
    assert "whom the members have made moderators" in refused["error"]
    await mira.post(f"{PATH}/{bob.id}/action", type="none", text="Hey", expect=403)
    assert await entries(server) == before
    assert await bob.notifications() == []
