"""A member asks for everything they have here, and gets it in one file that nobody else gets."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from fedcoop import clock, jobs
from fedcoop.accounts.leaving import actions as leaving
from fedcoop.jobs.types import CleanUp
from tests.mail.post_office import PostOffice, post_office, settings
from tests.media.drawing import picture, upload
from tests.web.pages.browser import Browser, browser_of
from tests.words import Person, Server, running

PATH = "/settings/data"


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as made:
        yield made


@pytest.fixture
async def server(database_url: str, tmp_path: Path, office: PostOffice) -> AsyncIterator[Server]:
    async with running(database_url, str(tmp_path), **settings(office)) as made:
        yield made


async def asks(person: Person, *, expect: int = 303) -> Browser:
    browser = await browser_of(person)
    await browser.send(await browser.open(PATH), f"{PATH}/archive", {}, expect=expect)
    return browser


async def unpacked(browser: Browser) -> dict[str, bytes]:
    server = browser.server
    async with server.http.get(
        f"{server.config.base_url}{PATH}/archive.zip", headers={"Cookie": cookies(browser)}
    ) as answer:
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "private, no-store")
        assert "attachment" in answer.headers["Content-Disposition"]
        data = await answer.read()
    with ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def cookies(browser: Browser) -> str:
    return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


async def test_an_archive_holds_everything_and_is_its_members_alone(
    server: Server, office: PostOffice
) -> None:
    alice, bob = await server.joins("alice", display_name="Alice"), await server.joins("bob")
    cat = (await upload(alice, picture())).body
    shown = await alice.says("My cat", media_ids=[cat["id"]])
    secret = await alice.says("Only you, @bob", visibility="direct")
    theirs = await bob.says("Hello")
    await alice.post(f"/api/v1/statuses/{theirs['id']}/reblog")
    await alice.post(f"/api/v1/statuses/{theirs['id']}/favourite")
    await alice.post(f"/api/v1/statuses/{theirs['id']}/bookmark")
    browser = await asks(alice)
    assert "is being made" in (await browser.open(PATH)).text
    await server.settle()
    assert "archive" in office.to("alice@example.test")[-1]["Subject"]
    found = await unpacked(browser)
    outbox: dict[str, Any] = json.loads(found["outbox.json"])
    assert (outbox["type"], outbox["totalItems"]) == ("OrderedCollection", 3)
    first, second, third = outbox["orderedItems"]
    assert (first["object"]["id"], second["object"]["id"]) == (shown["uri"], secret["uri"])
    assert (third["type"], third["object"]) == ("Announce", theirs["uri"])
    (attachment,) = first["object"]["attachment"]
    assert found[attachment["url"]].startswith(b"\xff\xd8")
    assert json.loads(found["likes.json"])["orderedItems"] == [theirs["uri"]]
    assert json.loads(found["bookmarks.json"])["orderedItems"] == [theirs["uri"]]
    assert json.loads(found["actor.json"])["name"] == "Alice"
    another = await browser_of(bob)
    headers = {"Cookie": cookies(another)}
    await server.anybody.ask("GET", f"{PATH}/archive.zip", headers=headers, expect=404)
    away = await server.anybody.ask("GET", f"{PATH}/archive.zip", expect=303)
    assert away.headers["Location"].startswith("/login")
    (file,) = (server.config.data_dir / "media").rglob("*.zip")
    name = file.relative_to(server.config.data_dir / "media")
    await server.anybody.ask("GET", f"/media/{name}", expect=404)


async def test_an_archive_is_made_once_a_week_and_kept_for_one(server: Server) -> None:
    alice = await server.joins("alice")
    browser = await asks(alice)
    await server.settle()
    assert list(json.loads((await unpacked(browser))["outbox.json"])["orderedItems"]) == []
    tab = await browser_of(alice)
    before = await tab.open("/settings/profile")
    csrf = before.root.all("input", name="csrf")[0]["value"]
    again = await tab.post(f"{PATH}/archive", {"csrf": csrf}, expect=422)
    assert "once a week" in again.text
    clock.advance(seconds=8 * 86_400)
    headers = {"Cookie": cookies(browser)}
    await server.anybody.ask("GET", f"{PATH}/archive.zip", headers=headers, expect=404)
    async with server.db.write() as tx:
        await jobs.add(tx, CleanUp(), run_at=clock.now())
    await server.settle()
    assert not list((server.config.data_dir / "media").rglob("*.zip"))
    await asks(alice)
    await server.settle()
    assert await unpacked(browser)


async def test_whoever_leaves_takes_their_archive_along(server: Server) -> None:
    alice = await server.joins("alice")
    await asks(alice)
    await server.settle()
    assert alice.account is not None
    async with server.db.write() as tx:
        await leaving.delete_local(tx, alice.account)
    await server.settle()
    assert not list((server.config.data_dir / "media").rglob("*.zip"))
