"""Accounts and the instance through the API."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop import accounts, rules, settings
from tests.words import Server


async def test_a_profile_is_changed_by_json_and_by_form(server: Server) -> None:
    alice = await server.joins("alice")
    path = "/api/v1/accounts/update_credentials"
    changed = (
        await alice.ask(
            "PATCH",
            path,
            json={
                "display_name": "Alice",
                "note": "Hello #world",
                "fields_attributes": {"0": {"name": "Web", "value": "https://alice.example"}},
                "locked": True,
            },
        )
    ).body
    assert (changed["display_name"], changed["locked"]) == ("Alice", True)
    assert changed["source"]["note"] == "Hello #world"
    assert "<a " in changed["fields"][0]["value"]
    form = {
        "fields_attributes[0][name]": "Pronouns",
        "fields_attributes[0][value]": "she",
        "bot": "true",
        "discoverable": "1",
        "display_name": "",
    }
    changed = (await alice.ask("PATCH", path, data=form)).body
    assert [field["name"] for field in changed["fields"]] == ["Pronouns"]
    assert (changed["bot"], changed["discoverable"], changed["display_name"]) == (True, True, "")
    assert (changed["locked"], changed["source"]["note"]) == (True, "Hello #world")
    shown = await server.anybody.get(f"/api/v1/accounts/{alice.id}")
    assert shown["fields"] == changed["fields"]
    assert "source" not in shown


@pytest.mark.parametrize(
    "fields",
    [
        {"display_name": "x" * 100},
        {"note": "x" * 2000},
        {"fields_attributes": [{"name": str(n), "value": "x"} for n in range(20)]},
        {"source": {"privacy": "secret"}},
        {"source": "public"},
    ],
)
async def test_a_profile_has_limits(small: Server, fields: dict[str, Any]) -> None:
    alice = await small.joins("alice", display_name="Alice")
    answer = await alice.ask("PATCH", "/api/v1/accounts/update_credentials", expect=422, json=fields)
    assert answer["error"].startswith("Validation failed: ")
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["display_name"] == "Alice"


async def test_who_hides_followers_hides_them_from_others(server: Server) -> None:
    alice, bob = await server.joins("alice", hide_collections=True), await server.joins("bob")
    await bob.follows(alice)
    path = f"/api/v1/accounts/{alice.id}/followers"
    assert await bob.get(path) == []
    assert [each["username"] for each in await alice.get(path)] == ["bob"]


async def test_lists_of_people_have_pages(server: Server) -> None:
    alice = await server.joins("alice")
    names = ["bob", "carol", "dave"]
    for name in names:
        await (await server.joins(name)).follows(alice)
    answer = await alice.ask("GET", f"/api/v1/accounts/{alice.id}/followers", params={"limit": 2})
    assert [each["username"] for each in answer.body] == ["dave", "carol"]
    following = answer.headers["Link"].partition(">")[0].strip("<")
    rest = await alice.ask("GET", following)
    assert [each["username"] for each in rest.body] == ["bob"]


async def test_following_again_changes_only_what_is_said(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    path = f"/api/v1/accounts/{bob.id}/follow"
    first = await alice.post(path, reblogs=False, languages=["de"])
    assert (first["following"], first["showing_reblogs"], first["languages"]) == (True, False, ["de"])
    second = await alice.post(path, notify=True)
    assert (second["showing_reblogs"], second["notifying"], second["languages"]) == (False, True, ["de"])
    await alice.post(f"/api/v1/accounts/{alice.id}/follow", expect=404)
    await alice.post("/api/v1/accounts/1/follow", expect=404)


async def test_somebody_suspended_is_a_shell(server: Server) -> None:
    alice, mallory = await server.joins("alice"), await server.joins("mallory", note="spam spam")
    await mallory.says("spam")
    async with server.db.write() as tx:
        assert mallory.account
        await accounts.actions.suspend(tx, mallory.account.id)
    shown = await alice.get(f"/api/v1/accounts/{mallory.id}")
    assert (shown["suspended"], shown["note"]) == (True, "")
    assert await alice.get(f"/api/v1/accounts/{mallory.id}/statuses") == []
    assert await alice.get("/api/v1/timelines/public") == []
    await alice.get("/api/v1/accounts/lookup", expect=404, acct="mallory")
    answer = await mallory.post("/api/v1/statuses", expect=403, status="more spam")
    assert answer == {"error": "Your login is currently disabled"}


async def test_the_instance_says_what_it_is(small: Server) -> None:
    async with small.db.write() as tx:
        await settings.change(tx, title="Harbour", description="We are **many**.")
        rule = await rules.actions.add(tx, "Be kind.")
    told = await small.anybody.get("/api/v2/instance")
    assert told["title"] == "Harbour"
    assert told["rules"] == [{"id": str(rule), "text": "Be kind.", "hint": "", "translations": {}}]
    assert told["configuration"]["statuses"]["max_characters"] == small.config.status_max_chars
    assert told["registrations"]["enabled"] is True
    old = await small.anybody.ask("GET", "/api/v1/instance")
    assert (old["uri"], old["title"]) == (small.config.domain, "Harbour")
    assert "public" in old.headers["Cache-Control"]
    longer = await small.anybody.get("/api/v1/instance/extended_description")
    assert "<strong>many</strong>" in longer["content"]
    assert (await small.anybody.ask("GET", "/health")).body == "OK"
