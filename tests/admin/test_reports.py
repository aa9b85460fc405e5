"""Staff reads reports, with who reported, and handles them on the record; nobody else does."""

from __future__ import annotations

from tests.admin.staff import ADMIN_SCOPES, assert_sound, complaints, entries, operator
from tests.words import Server

PATH = "/api/v1/admin/reports"


async def test_a_report_is_shown_with_all_that_it_names(server: Server) -> None:
    ada, alice, bob = await operator(server), await server.joins("alice"), await server.joins("bob")
    await alice.follows(bob)
    secret = await bob.says("Hush", visibility="private")
    filed = await alice.post(
        "/api/v1/reports", account_id=bob.id, status_ids=[secret["id"]], comment="Awful", category="legal"
    )
    (report,) = await ada.get(PATH)
    assert report["id"] == filed["id"]
    assert (report["account"]["username"], report["target_account"]["username"]) == ("alice", "bob")
    assert [each["content"] for each in report["statuses"]] == ["<p>Hush</p>"]
    assert (report["assigned_account"], report["action_taken_by_account"]) == (None, None)
    assert complaints("AdminReport", report | {"category": "other"}) == []
    assert await ada.get(f"{PATH}/{filed['id']}") == report


async def test_a_report_goes_its_way_on_the_record(server: Server) -> None:
    ada, alice, bob = await operator(server), await server.joins("alice"), await server.joins("bob")
    filed = await alice.post("/api/v1/reports", account_id=bob.id, comment="Awful")
    at = f"{PATH}/{filed['id']}"
    before = await entries(server)
    assert (await ada.post(f"{at}/assign_to_self"))["assigned_account"]["username"] == "ada"
    assert (await ada.post(f"{at}/unassign"))["assigned_account"] is None
    done = await ada.post(f"{at}/resolve")
    assert (done["action_taken"], done["action_taken_by_account"]["username"]) == (True, "ada")
    assert await ada.get(PATH) == []
    assert [each["id"] for each in await ada.get(PATH, resolved="true")] == [filed["id"]]
    assert (await ada.post(f"{at}/reopen"))["action_taken_at"] is None
    assert (await ada.put(at, category="spam"))["category"] == "spam"
    assert await entries(server) == before + 5
    await ada.put(at, rule_ids=["7"], expect=422)
    assert await entries(server) == before + 5
    await assert_sound(server)


async def test_reports_are_found_by_who_and_about_whom(server: Server) -> None:
    ada, alice, bob = await operator(server), await server.joins("alice"), await server.joins("bob")
    first = await alice.post("/api/v1/reports", account_id=bob.id)
    second = await bob.post("/api/v1/reports", account_id=alice.id)
    third = await bob.post("/api/v1/reports", account_id=ada.id)
    found = {
        "by bob": await ada.get(PATH, account_id=bob.id),
        "about bob": await ada.get(PATH, target_account_id=bob.id),
        "both": await ada.get(PATH, account_id=bob.id, target_account_id=alice.id),
    }
    assert {key: [each["id"] for each in value] for key, value in found.items()} == {
        "by bob": [third["id"], second["id"]],
        "about bob": [first["id"]],
        "both": [second["id"]],
    }
    answer = await ada.ask("GET", PATH, params={"limit": "2"})
    following = answer.headers["Link"].split(">")[0].removeprefix("<")
    assert [each["id"] for each in (await ada.ask("GET", following)).body] == [first["id"]]


async def test_a_page_of_reports_costs_the_same_however_long(server: Server, statements: list[str]) -> None:
    ada, alice = await operator(server), await server.joins("alice")
    for number in range(8):
        bob = await server.joins(f"friend{number}")
        post = await bob.says("Hello")
        await alice.post("/api/v1/reports", account_id=bob.id, status_ids=[post["id"]])
    costs = []
    for limit in ("1", "8"):
        await ada.get(PATH, limit=limit)
        statements.clear()
        await ada.get(PATH, limit=limit)
        costs.append(len(statements))
    assert costs[0] == costs[1]


async def test_nobody_else_reads_reports(server: Server) -> None:
    alice, bob = await server.joins("alice", scopes=ADMIN_SCOPES), await server.joins("bob")
    filed = await alice.post("/api/v1/reports", account_id=bob.id)
    for path in (PATH, f"{PATH}/{filed['id']}"):
        assert await alice.get(path, expect=403) == {"error": "This action is not allowed"}
        await server.anybody.get(path, expect=401)
