"""What this place says of itself to whoever comes by."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import insert

from fedcoop import domains
from fedcoop.db import statement
from fedcoop.db.schema.instance import rules
from tests.web.pages.browser import Browser
from tests.words import Server, running

ADOPT = statement(insert(rules))


async def test_rules_stand_in_their_order_with_what_explains_them(server: Server, stranger: Browser) -> None:
    async with server.db.write() as tx:
        for position, text in ((2, "No advertising."), (1, "No racism.")):
            await tx.execute(
                ADOPT,
                id=position,
                position=position,
                text=text,
                hint="<b>Why</b>",
                translations="{}",
                because="",
                repealed_at=None,
            )
    listed = (await stranger.open("/about")).root.one("ol")
    assert [each.text for each in listed.all("li")] == [
        "1 No racism. <b>Why</b>",
        "2 No advertising. <b>Why</b>",
    ]


async def test_a_restriction_names_its_reason_and_who_set_it(server: Server, stranger: Browser) -> None:
    async with server.db.write() as tx:
        await domains.restrict(
            tx, "harassers.example", severity="suspend", obfuscate=True, public_comment="Threats.", because=""
        )
    page = await stranger.open("/about")
    assert "harassers.example" not in page.source
    assert "hara" in page.text
    assert "Threats." in page.text
    assert "not by a vote" in page.text


async def test_nobody_is_asked_to_join_what_is_closed(sqlite_url: str, tmp_path: Path) -> None:
    async with running(sqlite_url, str(tmp_path), registrations="closed") as server:
        page = await Browser(server).open("/about")
        assert "not taking new accounts" in page.text
        assert not page.root.all("a", href="/register")
