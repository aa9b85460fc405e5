"""Members report accounts and posts; staff alone learns of it, and who reported is told to nobody else."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from sqlalchemy import select

from fedcoop import domains
from fedcoop.db import statement
from fedcoop.db.schema.federation import outgoing_activities
from fedcoop.rules import actions as rules
from moderation.ledger import serve
from tests.conformance.description import DESCRIPTION, complaints
from tests.words import Server

REPORTS = "/api/v1/reports"


async def test_a_report_is_kept_with_what_it_names(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    post = await bob.says("Buy my pills")
    report = await alice.post(
        REPORTS, account_id=bob.id, status_ids=[post["id"]], comment=" Only advertising. ", category="spam"
    )
    assert (report["category"], report["comment"], report["status_ids"]) == (
        "spam",
        "Only advertising.",
        [post["id"]],
    )
    assert report["target_account"]["id"] == bob.id
    assert (report["action_taken"], report["action_taken_at"], report["forwarded"]) == (False, None, False)
    assert not DESCRIPTION.exists() or complaints(f"POST {REPORTS}", report) == []


async def test_staff_is_told_and_nobody_else(server: Server) -> None:
    ada = await server.joins("ada", role="admin")
    mira = await server.joins("mira", role="moderator")
    alice, bob, carla = [await server.joins(name) for name in ("alice", "bob", "carla")]
    report = await alice.post(REPORTS, account_id=bob.id, comment="Rude")
    for person in (ada, mira):
        (told,) = await person.notifications()
        assert (told["type"], told["account"]["id"], told["report"]["id"]) == (
            "admin.report",
            alice.id,
            report["id"],
        )
        assert told["report"]["target_account"]["acct"] == "bob"
    for person in (alice, bob, carla):
        assert await person.notifications() == []


async def test_who_reports_is_in_no_log_and_no_ledger(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await server.joins("ada", role="admin")
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await alice.post(REPORTS, account_id=bob.id, comment="Rude, really rude")
    await server.settle()
    assert "really rude" not in caplog.text
    assert alice.id not in caplog.text
    async with server.db.read() as tx:
        ledger = str(await serve.entries(tx, limit=100))
    assert "really rude" not in ledger
    assert "report" not in ledger


async def test_only_what_the_member_sees_can_be_reported(server: Server) -> None:
    alice, bob, carla = [await server.joins(name) for name in ("alice", "bob", "carla")]
    secret = await bob.says("Between us", visibility="private")
    hers = await carla.says("Hello")
    for status_id in (secret["id"], hers["id"], "1"):
        refused = await alice.post(REPORTS, expect=404, account_id=bob.id, status_ids=[status_id])
        assert refused == {"error": "Record not found"}
    await alice.follows(bob)
    await alice.post(REPORTS, account_id=bob.id, status_ids=[secret["id"]])


async def test_collections_are_reported_by_whoever_sees_them(server: Server) -> None:
    ada = await server.joins("ada", role="admin", scopes="read admin:read")
    alice, bob, carla = [await server.joins(name) for name in ("alice", "bob", "carla")]
    made = (await bob.post("/api/v1/collections", name="Loud people"))["collection"]
    hers = (await carla.post("/api/v1/collections", name="Friends"))["collection"]
    wanted: dict[str, Any] = {"account_id": bob.id, "collection_ids": [made["id"]]}
    for ids in ([made["id"], hers["id"]], ["1"]):
        await alice.post(REPORTS, expect=404, account_id=bob.id, collection_ids=ids)
    report = await alice.post(REPORTS, **wanted)
    assert report["collection_ids"] == [made["id"]]
    await bob.post(f"/api/v1/accounts/{carla.id}/block")
    await carla.post(REPORTS, expect=404, **wanted)
    (told,) = await ada.notifications()
    assert told["report"]["collection_ids"] == [made["id"]]
    (seen,) = await ada.get("/api/v1/admin/reports")
    assert [each["name"] for each in seen["collections"]] == ["Loud people"]
    await bob.delete(f"/api/v1/collections/{made['id']}")
    assert (await ada.get(f"/api/v1/admin/reports/{report['id']}"))["collections"] == []


async def test_rules_are_cited_by_number(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    refused = await alice.post(REPORTS, expect=422, account_id=bob.id, rule_ids=["1"])
    assert refused["error"] == "Validation failed: Rules does not reference valid rules"
    async with server.db.write() as tx:
        await rules.add(tx, "Be kind.", id_=7)
    report = await alice.post(REPORTS, account_id=bob.id, rule_ids=["7"])
    assert (report["category"], report["rule_ids"]) == ("violation", ["7"])
    report = await alice.post(REPORTS, account_id=bob.id, rule_ids=["7"], category="spam")
    assert (report["category"], report["rule_ids"]) == ("spam", [])


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 422),
        ({"account_id": "1"}, 404),
        ({"account_id": "x"}, 404),
        ({"account_id": "BOB", "comment": "x" * 1001}, 422),
        ({"account_id": "BOB", "category": "boring"}, 422),
        ({"account_id": "BOB", "status_ids": [str(n) for n in range(1, 102)]}, 422),
        ({"account_id": "BOB", "collection_ids": ["1"]}, 404),
        ({"account_id": "BOB", "collection_ids": [str(n) for n in range(1, 102)]}, 422),
        ({"account_id": "ALICE"}, 422),
        ({"account_id": "BOB", "forward": True, "forward_to_domains": ["not a domain"]}, 422),
    ],
)
async def test_what_makes_no_sense_is_refused(server: Server, fields: dict[str, object], status: int) -> None:
    ada = await server.joins("ada", role="admin")
    alice, bob = await server.joins("alice"), await server.joins("bob")
    named = {"BOB": bob.id, "ALICE": alice.id}
    if "account_id" in fields:
        fields = fields | {"account_id": named.get(str(fields["account_id"]), fields["account_id"])}
    answer = await alice.post(REPORTS, expect=status, **fields)
    assert answer["error"]
    assert await ada.notifications() == []
    await server.anybody.post(REPORTS, expect=401, **fields)


async def test_a_forwarded_report_names_nobody_and_arrives(server: Server, other: Server) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob")
    olga = await other.joins("olga", role="admin")
    post = await bob.says("Buy my pills")
    seen = await alice.sees(post["uri"])
    made = (await bob.post("/api/v1/collections", name="Pill sellers"))["collection"]
    await server.settle(other)
    (found,) = (await alice.get(f"/api/v1/accounts/{seen['account']['id']}/collections"))["collections"]
    report = await alice.post(
        REPORTS,
        account_id=seen["account"]["id"],
        status_ids=[seen["id"]],
        collection_ids=[found["id"]],
        comment="Only advertising",
        forward=True,
    )
    assert report["forwarded"]
    await server.settle(other)
    (told,) = await olga.notifications()
    assert told["report"]["status_ids"] == [post["id"]]
    assert told["report"]["collection_ids"] == [made["id"]]
    assert told["report"]["comment"] == "Only advertising"
    assert told["report"]["target_account"]["id"] == bob.id
    assert "alice" not in json.dumps(told)
    assert told["account"]["bot"]


async def test_a_report_stays_here_unless_one_wants_it_told(server: Server, other: Server) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob")
    olga = await other.joins("olga", role="admin")
    found = await alice.finds(bob.handle)
    wishes: list[dict[str, Any]] = [{}, {"forward": True, "forward_to_domains": ["third.example"]}]
    for wish in wishes:
        assert not (await alice.post(REPORTS, account_id=found["id"], **wish))["forwarded"]
    await server.settle(other)
    assert await olga.notifications() == []


async def test_whose_post_was_answered_is_told_on_request(server: Server, other: Server) -> None:
    alice, troll, bob = await server.joins("alice"), await server.joins("troll"), await other.joins("bob")
    olga = await other.joins("olga", role="admin")
    asked = await troll.sees((await bob.says("A question"))["uri"])
    reply = await troll.says(f"@{bob.handle} Shut up", in_reply_to_id=asked["id"])
    await server.settle(other)
    report = await alice.post(
        REPORTS,
        account_id=troll.id,
        status_ids=[reply["id"]],
        forward=True,
        forward_to_domains=[other.config.domain],
    )
    assert not report["forwarded"]
    await server.instance.worker.run_until_idle()
    async with server.db.read() as tx:
        sent = [json.loads(body) for body in await tx.scalars(statement(select(outgoing_activities.c.body)))]
    (flag,) = [each for each in sent if each["type"] == "Flag"]
    assert flag["object"] == [f"{server.config.base_url}/ap/users/{troll.id}", reply["uri"]]
    assert flag["actor"] == f"{server.config.base_url}/actor"
    assert alice.id not in json.dumps(flag)
    await server.settle(other)
    # It is about somebody who is not theirs, so there is nobody to keep it about.
    assert [each["type"] for each in await olga.notifications()] == []


async def test_reports_of_a_server_that_members_refuse_are_not_heard(server: Server, other: Server) -> None:
    ada, bob = await server.joins("ada", role="admin"), await server.joins("bob")
    there = await other.joins("alice")
    found = await there.finds(bob.handle)
    async with server.db.write() as tx:
        await domains.restrict(tx, other.config.domain, severity="limit", reject_reports=True)
    await there.post(REPORTS, account_id=found["id"], forward=True)
    await other.settle(server)
    assert await ada.notifications() == []
    async with server.db.write() as tx:
        await domains.restrict(tx, other.config.domain, severity="limit")
    await there.post(REPORTS, account_id=found["id"], forward=True)
    await other.settle(server)
    assert [each["type"] for each in await ada.notifications()] == ["admin.report"]
