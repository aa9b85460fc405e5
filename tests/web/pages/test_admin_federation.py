"""What an administrator sees of other servers, and does about it; nobody else does."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from activitypub.federate import recipients
from fedcoop import jobs
from fedcoop.accounts.types import UserRole
from fedcoop.cli.federation import told
from fedcoop.db import statement
from fedcoop.jobs import dead
from fedcoop.jobs.types import ReceiveActivity
from tests.web.pages.browser import Browser, browser_of
from tests.words import Server

PAGE = "/admin/federation"
HOST = "127.0.0.1:9"
ACTIVITY = '{"type":"Dislike","id":"https://b.test/1","actor":"https://b.test/users/bob"}'
BROKEN = statement(text("UPDATE jobs SET dead_at = 1, last_error = 'broken' WHERE lane = 'inbox'"))


@pytest.fixture
async def troubled(server: Server) -> Server:
    """A server to which one host does not answer, and with an activity that could not be processed."""
    alice = await server.joins("alice")
    assert alice.account
    async with server.db.write() as tx:
        await recipients.enqueue(tx, alice.account.id, "{}", [(f"http://{HOST}/inbox", HOST)])
    await server.settle()
    async with server.db.write() as tx:
        await jobs.add(tx, ReceiveActivity(actor_uri="https://b.test/users/bob", body=ACTIVITY))
        await tx.execute(BROKEN)
    return server


@pytest.mark.parametrize("role", ["user", "moderator"])
async def test_nobody_but_an_administrator_sees_or_does_anything(
    troubled: Server, stranger: Browser, role: UserRole
) -> None:
    assert (await stranger.open(PAGE, expect=303)).location.startswith("/login")
    person = await browser_of(await troubled.joins("somebody", role=role))
    assert "look after the machine" in (await person.open(PAGE, expect=403)).text
    own = await person.open("/settings/sessions")
    assert PAGE not in own.source
    csrf = own.root.all("input", name="csrf")[0]["value"]
    for act, name, value in (("retry", "host", HOST), ("stop", "host", HOST), ("replay", "id", "1")):
        await person.post(f"{PAGE}/{act}", {"csrf": csrf, name: value}, expect=403)


async def test_an_administrator_sees_why_and_gives_up_or_tries_again(troubled: Server) -> None:
    root = await browser_of(await troubled.joins("robin", role="admin"))
    assert PAGE in (await root.open("/about")).source
    page = await root.open(PAGE)
    assert HOST in page.text
    assert "1 waiting · 0 given up · last success never" in page.text
    await root.send(page, f"{PAGE}/stop", {})
    page = await root.open(PAGE)
    assert "0 waiting · 1 given up" in page.text
    await root.send(page, f"{PAGE}/retry", {})
    assert "1 waiting · 0 given up" in (await root.open(PAGE)).text


async def test_what_could_not_be_processed_is_shown_and_processed_again(troubled: Server) -> None:
    root = await browser_of(await troubled.joins("robin", role="admin"))
    page = await root.open(PAGE)
    assert "https://b.test/users/bob" in page.text
    assert "broken" in page.text
    async with troubled.db.read() as tx:
        [job] = await dead.dead(tx, "inbox")
    assert told(job) == "Dislike from https://b.test/users/bob"
    await root.send(page, f"{PAGE}/replay", {})
    await troubled.settle()
    again = await root.open(PAGE)
    assert "Everything that arrived was processed." in again.text
    csrf = again.root.all("input", name="csrf")[0]["value"]
    await root.post(f"{PAGE}/replay", {"csrf": csrf, "id": str(job.id)}, expect=404)
