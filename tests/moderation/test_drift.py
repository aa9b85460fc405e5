"""What members decided is compared with what is so: whatever is changed past the ledger is told, one by one, and
what ends by itself is not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

from fedcoop.accounts import access
from fedcoop.accounts import actions as account_actions
from fedcoop.accounts.leaving import actions as leaving
from fedcoop.announcements import actions as announcements
from fedcoop.db import Database, statement
from fedcoop.statuses import access as statuses
from fedcoop.statuses import actions as posting
from fedcoop.statuses.types import Draft
from moderation import reconcile
from tests.keys import VAULT
from tests.moderation.deciding import EASY, agreed, decide
from tests.moderation.world import KEYS, Coop

LONG = "We keep little. " * 60


@pytest.fixture
async def db(sqlite_url: str) -> object:
    """Comparing is the same on both databases; the acts themselves are tested on both."""
    database = Database(sqlite_url, vault=VAULT)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def coop(db: Database) -> Coop:
    """Three members who have decided something of every kind."""
    coop = await Coop(db).found(EASY)
    await coop.join("ann", "bob", "cem")
    zoe = await coop.account("zoe")
    async with db.write() as tx:
        # joins relays in the server's name
        await account_actions.create_actor(
            tx, coop.config, coop.config.domain, "application", "The co-op", "", KEYS
        )
        rude, gory = [
            await posting.post(tx, zoe, Draft(text=words), config=coop.config) for words in ("rude", "gory")
        ]
    await _all(
        coop,
        {
            "type": "suspend_domain",
            "domain": "spam.example",
            "reject_media": True,
            "public_comment": "Spam.",
        },
        {"type": "subscribe_list", "url": "https://list.example/l.csv", "title": "A list"},
        {"type": "join_relay", "relay": "https://relay.example/inbox"},
        kind="federation",
    )
    await _all(
        coop,
        {"type": "limit_account", "account": "zoe"},
        {"type": "remove_status", "status": str(rude.id)},
        {"type": "mark_sensitive", "status": str(gory.id)},
        {"type": "sensitize_account", "account": "zoe"},
        kind="moderation",
    )
    german = {"de": {"text": "Sei freundlich.", "hint": ""}}
    await _all(
        coop,
        {"type": "adopt_rule", "text": "Be kind.", "translations": german},
        {"type": "adopt_document", "document": "privacy_policy", "text": LONG},
        {"type": "set_registrations", "mode": "closed", "message": "We are full."},
        {"type": "set_setting", "key": "title", "value": "Harbour"},
        {"type": "set_setting", "key": "contact_account", "value": "ann"},
        {"type": "announce", "text": "The assembly meets on Sunday."},
        kind="policy",
    )
    await decide(coop, {"type": "grant_mandate", "account": "bob", "office": "moderator", "term": "9 days"})
    return coop


async def _all(coop: Coop, *acts: dict[str, Any], kind: str) -> None:
    proposal = await coop.propose("ann", "Do it", acts=list(acts), kind=kind)
    for name in ("ann", "bob"):
        await coop.vote(name, proposal, "agree")
    await coop.pass_time(minutes=6)
    assert (await coop.see(proposal)).state == "enacted"


async def told(coop: Coop) -> list[str]:
    async with coop.db.read() as tx:
        return await reconcile.drift_now(tx)


FORGED = {
    "a post is shown again": (
        "UPDATE statuses SET visibility = 'public' WHERE visibility = 'removed'; DELETE FROM removed_statuses",
        "Remove post",
    ),
    "another post is removed": (
        "INSERT INTO removed_statuses SELECT id, visibility, 1 FROM statuses WHERE text = 'gory'",
        "no act in the ledger says so: Remove post",
    ),
    "media are shown at once": ("UPDATE statuses SET sensitive = 0", "Hide the media of post"),
    "an account's media are shown at once": (
        "UPDATE accounts SET sensitized_at = NULL",
        "Hide the media of all posts of",
    ),
    "another account's media are hidden": (
        "UPDATE accounts SET sensitized_at = 1 WHERE username = 'cem'",
        "no act in the ledger says so: Hide the media of all posts of",
    ),
    "a relay that nobody decided on": (
        "UPDATE relays SET url = 'https://other.example/inbox'",
        "no act in the ledger says so: Belong to the relay https://other.example/inbox",
    ),
    "a document says something else": (
        "UPDATE documents SET text = 'We sell it.'",
        "document:privacy_policy",
    ),
    "a document has another version": (
        "INSERT INTO documents SELECT document, 2, 'We sell it.', effective_at, 1, because FROM documents",
        "document:privacy_policy",
    ),
    "a document is gone": ("DELETE FROM documents", "Adopt a new privacy policy. But that is not so"),
    "a document that nobody adopted": (
        "INSERT INTO documents VALUES ('about', 1, 'Ours.', 1, 1, 'proposal:1')",
        "no act in the ledger says so: Adopt a new description",
    ),
    "an announcement says something else": ("UPDATE announcements SET text = 'Pay up.'", "announcement:"),
    "an announcement is gone": ("DELETE FROM announcements", "But that is not so"),
    "a rule is translated otherwise": ("UPDATE rules SET translations = '{}'", "translations is"),
    "a rule says something else": ("UPDATE rules SET text = 'Be rude.'", "Be rude."),
    "a message to those who want to join": (
        """UPDATE settings SET value = '"Pay up."' WHERE key = 'registrations_message'""",
        "message is “Pay up.” and not “We are full.”",
    ),
    "registrations": (
        """UPDATE settings SET value = '"open"' WHERE key = 'registrations'""",
        "registrations",
    ),
    "a setting": ("""UPDATE settings SET value = '"Pirates"' WHERE key = 'title'""", "“Pirates”"),
    "a setting that nobody decided": (
        """INSERT INTO settings VALUES ('poll_max_options', '9')""",
        "no act in the ledger says so: Set the most options",
    ),
    "the contact": ("DELETE FROM settings WHERE key = 'contact_account_id'", "contact account"),
    "a server's media": ("UPDATE restricted_domains SET reject_media = 0", "domain:spam.example"),
    "the reason for a restriction": (
        "UPDATE restricted_domains SET public_comment = 'Rivals.'",
        "public_comment is “Rivals.” and not “Spam.”",
    ),
    "a server is limited only": ("UPDATE restricted_domains SET severity = 'limit'", "but it is limit"),
    "a shared list": ("DELETE FROM shared_lists", "list:https://list.example"),
    "the name of a shared list": ("UPDATE shared_lists SET title = 'Friends'", "list:https://list.example"),
    "an account is no longer limited": ("UPDATE accounts SET limited_at = NULL", "But that is not so"),
    "an office": ("UPDATE mandates SET office = 'treasurer'", "treasurer"),
    "the end of an office": ("UPDATE mandates SET ends_at = ends_at + 86400000", "moderator"),
    "a standing": ("UPDATE members SET standing = 'paused' WHERE number = 3", "“paused”"),
    "the constitution": ("UPDATE constitutions SET body = replace(body, '1 day', '2 days')", "constitution"),
}


async def test_nothing_is_told_of_what_is_as_members_decided(coop: Coop) -> None:
    await agreed(coop)


@pytest.mark.parametrize("what", FORGED)
async def test_whatever_is_changed_past_the_ledger_is_told(coop: Coop, what: str) -> None:
    statements, sentence = FORGED[what]
    async with coop.db.write() as tx:
        for each in statements.split("; "):
            await tx.execute(statement(text(each)))
    found = await told(coop)
    assert any(sentence in each for each in found), json.dumps(found)


async def test_what_is_gone_as_a_whole_is_not_told(coop: Coop) -> None:
    async with coop.db.write() as tx:
        await leaving.delete_local(tx, await access.find(tx, coop.people["zoe"].id))
        await tx.execute(statement(text("DELETE FROM statuses WHERE text = 'gory'")))
        await announcements.announce(tx, coop.config, "Down tonight.", because="admin:command line")
    await coop.pass_time()
    assert await told(coop) == []


async def test_an_author_does_not_undo_what_members_marked(coop: Coop) -> None:
    zoe = coop.people["zoe"]
    async with coop.db.write() as tx:
        [id_] = await tx.scalars(statement(text("SELECT id FROM statuses WHERE text = 'gory'")))
        status = await statuses.visible(tx, zoe.id, id_)
        await posting.edit(tx, zoe, status, Draft(text="less gory", sensitive=False), config=coop.config)
    async with coop.db.read() as tx:
        assert (await statuses.visible(tx, zoe.id, id_)).sensitive
    assert await told(coop) == []
