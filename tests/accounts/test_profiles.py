"""Profiles, as members edit them and as clients get them. The code is `fedcoop/accounts`."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from fedcoop import clock
from fedcoop.accounts import ProfileEdit, access, actions, hydrate
from fedcoop.accounts.types import LONGEST_NOTE, StoredField
from fedcoop.db import Database
from fedcoop.errors import Invalid
from tests.people import CONFIG, member, stranger

BASE = CONFIG.base_url
SCHEMA = Path(__file__).parents[3] / "shared/mastodon-api/openapi.json"


def fits(entity: msgspec.Struct, name: str) -> dict[str, Any]:
    """The entity as JSON, compared with Mastodon's published schema where that is at hand."""
    sent: dict[str, Any] = json.loads(msgspec.json.encode(entity))
    if SCHEMA.exists():
        components = json.loads(SCHEMA.read_text())["components"]
        schema = {"components": components, "$ref": f"#/components/schemas/{name}"}
        jsonschema.Draft202012Validator(schema).validate(sent)
        sometimes = {"limited", "suspended", "memorial", "moved"}
        assert set(components["schemas"][name]["properties"]) - sometimes <= set(sent)
    return sent


async def test_a_profile_shows_what_was_typed_safely(db: Database) -> None:
    async with db.write() as tx:
        await member(tx, "bob")
        alice = await member(tx, "alice")
        edit = ProfileEdit(
            display_name=" Alice\x00 <b> ",
            note="I know @bob, @carol and #Tea\n<script>",
            fields=[("Site", "https://alice.test"), ("", "")],
            locked=True,
            bot=True,
            discoverable=True,
            privacy="unlisted",
            sensitive=True,
            language="de",
        )
        await actions.edit_profile(tx, CONFIG, alice, edit)
        alice, user = await access.find(tx, alice.id), await access.user(tx, alice.id)
    sent = fits(
        hydrate.credential_account(alice, user, BASE, follow_requests_count=2, attribution_domains=[]),
        "CredentialAccount",
    )
    assert sent["display_name"] == "Alice <b>"
    assert 'href="https://coop.test/@bob"' in sent["note"]
    assert 'href="https://coop.test/tags/tea"' in sent["note"]
    assert "@carol" in sent["note"]
    assert "<script" not in sent["note"]
    assert [field["name"] for field in sent["fields"]] == ["Site"]
    assert 'href="https://alice.test"' in sent["fields"][0]["value"]
    assert sent["source"] == {
        "privacy": "unlisted",
        "sensitive": True,
        "language": "de",
        "note": "I know @bob, @carol and #Tea\n<script>",
        "fields": [{"name": "Site", "value": "https://alice.test", "verified_at": None}],
        "follow_requests_count": 2,
        "hide_collections": False,
        "discoverable": True,
        "indexable": False,
        "attribution_domains": [],
        "quote_policy": "public",
    }
    assert (sent["locked"], sent["bot"], sent["role"]["permissions"]) == (True, True, "0")
    fits(hydrate.profile(alice, BASE, []), "Profile")


async def test_what_is_not_mentioned_stays_and_every_change_shows(db: Database) -> None:
    async with db.write() as tx:
        alice = await member(tx, "alice", display_name="A")
        changed = await actions.edit_profile(tx, CONFIG, alice, ProfileEdit(note="x"))
        kept = await access.find(tx, alice.id)
    assert kept == changed
    assert (kept.display_name, kept.revision) == ("A", alice.revision + 1)


@pytest.mark.parametrize(
    "edit",
    [
        ProfileEdit(display_name="x" * 61),
        ProfileEdit(note="x" * (LONGEST_NOTE + 1)),
        ProfileEdit(fields=[("a", "b")] * 7),
        ProfileEdit(fields=[("a", "b" * 256)]),
        ProfileEdit(privacy="secret"),
    ],
)
async def test_too_much_or_nonsense_is_refused(db: Database, edit: ProfileEdit) -> None:
    async with db.write() as tx:
        alice = await member(tx, "alice")
        with pytest.raises(Invalid):
            await actions.edit_profile(tx, CONFIG, alice, edit)


async def test_an_account_of_another_server_looks_as_that_server_says(db: Database) -> None:
    async with db.write() as tx:
        bob = await stranger(
            tx,
            "Bob@b.test",
            display_name="Bob\n\x00 :smile:",
            note="<p>hi<script>alert(1)</script></p>",
            fields=[("<b>Web</b>", '<a href="javascript:x">x</a><b>y</b>')],
            emojis=[
                {"shortcode": "smile", "url": "https://b.test/s.png", "static_url": "https://b.test/s.png"}
            ],
            avatar="https://b.test/a.png",
            header="javascript:alert(1)",
            created_at=clock.parse("2020-02-02T12:00:00Z"),
            followers_count=-5,
            following_count=10**12,
        )
        assert await access.by_handle(tx, "bob@B.TEST.") == bob
    sent = fits(hydrate.account_entity(bob, BASE), "Account")
    assert sent["acct"] == "Bob@b.test"
    assert sent["display_name"] == "Bob :smile:"
    assert sent["note"] == "<p>hi</p>"
    assert hydrate.stored_fields(bob) == [StoredField("Web", "x<b>y</b>")]
    assert sent["emojis"][0]["visible_in_picker"]
    assert sent["avatar"].startswith(f"https://coop.test/media/proxy/avatars/{bob.id}/original/")
    assert "b.test/" not in str(sent["emojis"])
    assert sent["header"] == "https://coop.test/static/header.svg"
    assert sent["created_at"] == "2020-02-02T00:00:00.000Z"
    assert (sent["followers_count"], sent["following_count"]) == (0, 10**8)
    assert sent["roles"] is None


async def test_a_suspended_account_shows_its_name_only(db: Database) -> None:
    async with db.write() as tx:
        bob = await stranger(tx, "bob@b.test", display_name="Bob", note="x", avatar="https://b.test/a.png")
        await actions.suspend(tx, bob.id)
        bob = await access.find(tx, bob.id)
        sent = fits(hydrate.account_entity(bob, BASE), "Account")
        assert (sent["suspended"], sent["display_name"], sent["note"]) == (True, "", "")
        assert sent["avatar"] == "https://coop.test/static/avatar.svg"
        await actions.unsuspend(tx, bob.id)
        await actions.limit(tx, bob.id)
        sent = fits(hydrate.account_entity(await access.find(tx, bob.id), BASE), "Account")
        assert sent["limited"]
        assert "suspended" not in sent


async def test_an_account_that_moved_shows_where(db: Database) -> None:
    async with db.write() as tx:
        old, new = await stranger(tx, "bob@b.test"), await stranger(tx, "bob@c.test")
        await actions.mark_moved(tx, old, new)
        old = await access.find(tx, old.id)
    assert old.moved_to_id == new.id
    assert fits(hydrate.account_entity(old, BASE, moved_to=new), "Account")["moved"]["acct"] == "bob@c.test"
