"""The letter that reminds of a vote: who gets it, what it says, and how it is had no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fedcoop import clock
from tests.mail.post_office import html_of, post_office, settings, text_of
from tests.web.pages.browser import Browser, browser_of
from tests.words import Person, Server, running

API = "/api/fedcoop/v1"
ME = "/coop/me"


async def wants_letters(person: Person) -> None:
    browser = await browser_of(person)
    await browser.send(
        await browser.open(ME), ME, {"action": "reminders", "reminders": "on", "by_mail": "on"}
    )


async def proposed(server: Server, by: Person) -> None:
    """A vote that nobody but its proposer has answered when a day is left."""
    made = await by.post(f"{API}/proposals", title="Meet in May", kind="policy")
    await by.post(f"{API}/proposals/{made['id']}/ballot", choice="agree")
    clock.advance(seconds=5 * 86_400 + 1)
    await server.settle()


async def test_a_reminder_by_mail_says_what_waits_and_stops_with_one_click(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with (
        post_office() as office,
        running(sqlite_url, str(tmp_path), **settings(office)) as server,
    ):
        ann, bob, cem = [await server.joins(name, member=True) for name in ("ann", "bob", "cem")]
        for person in (ann, bob):
            await wants_letters(person)
        await proposed(server, ann)
        [letter] = office.letters
        assert letter["To"].startswith("bob"), "ann has voted, and cem wants no letters"
        assert letter["Subject"] == "Voting ends soon: proposal 1, Meet in May"
        assert "you have not voted yet on “Meet in May” (proposal 1)" in text_of(letter)
        assert f"This is for @bob@{server.config.domain}" in text_of(letter)
        assert "you have not voted yet on <b>Meet in May</b>" in html_of(letter)
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = letter["List-Unsubscribe"].strip("<>").removeprefix(server.config.base_url)
        assert address in text_of(letter)

        await server.anybody.post(address[:-8] + "AAAAAAAA", expect=422)
        await server.anybody.post(address.replace("token=", "token=nonsense"), expect=422)
        stranger = Browser(server)
        page = await stranger.open(address)
        assert (await bob.get(f"{API}/members/me"))["reminders_by_mail"], (
            "looking at the page changes nothing"
        )
        button: dict[str, Any] = {"List-Unsubscribe": "One-Click"}
        await server.anybody.post(address, **button)
        assert not (await bob.get(f"{API}/members/me"))["reminders_by_mail"]

        await wants_letters(bob)
        done = await stranger.send(page, "/coop/unsubscribe/confirm", {}, expect=200)
        assert "no more letters about votes" in done.text
        assert not (await bob.get(f"{API}/members/me"))["reminders_by_mail"]
        await proposed(server, ann)
        assert len(office.letters) == 1
        assert cem.account is not None


async def test_letters_say_that_a_vote_opened_and_how_it_came_out(sqlite_url: str, tmp_path: Path) -> None:
    async with (
        post_office() as office,
        running(sqlite_url, str(tmp_path), **settings(office)) as server,
    ):
        ann, bob, cem = [await server.joins(name, member=True) for name in ("ann", "bob", "cem")]
        await ann.ask("PATCH", f"{API}/members/me", json={"letters": ["opened", "sealed"]}, expect=422)
        browser = await browser_of(bob)
        chosen = {"action": "reminders", "reminders": "on", "letters[]": "decided"}
        await browser.send(await browser.open(ME), ME, chosen)
        assert (await bob.get(f"{API}/members/me"))["letters"] == ["decided"]
        await cem.ask("PATCH", f"{API}/members/me", json={"letters": ["opened", "decided"]})
        assert (await ann.get(f"{API}/members/me"))["letters"] == []
        made = await ann.post(f"{API}/proposals", title="Meet in May <b>", kind="policy")
        await ann.post(f"{API}/proposals/{made['id']}/ballot", choice="agree")
        await server.settle()
        [opened] = office.letters
        assert opened["To"].startswith("cem")
        assert opened["Subject"] == "Voting has opened: proposal 1, Meet in May <b>"
        assert "Voting closes" in text_of(opened)
        assert "Meet in May &lt;b&gt;" in html_of(opened)
        clock.advance(seconds=7 * 86_400)
        await server.settle()
        told = {letter["To"].partition("@")[0]: letter for letter in office.letters[1:]}
        assert sorted(told) == ["bob", "cem"]
        assert "Passed: 1 agree" in text_of(told["bob"])
        assert "Passed: 1 agree" in html_of(told["bob"])
        address = told["bob"]["List-Unsubscribe"].strip("<>").removeprefix(server.config.base_url)
        button: dict[str, Any] = {"List-Unsubscribe": "One-Click"}
        await server.anybody.post(address, **button)
        assert (await bob.get(f"{API}/members/me"))["letters"] == []
