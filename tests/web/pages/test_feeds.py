"""What is open and decided, in feed readers and calendars: well-formed, complete, and only what is public."""

from __future__ import annotations

from xml.etree import ElementTree

import feedparser
import icalendar

from fedcoop import clock
from tests.web.pages.browser import Browser, browser_of
from tests.web.pages.test_voting import proposed, voted
from tests.words import Server

ATOM = "{http://www.w3.org/2005/Atom}"
WILD = "Ümläute, <b>&amp;; 100 % \\ “quoted” 🌻 " + "and so on " * 12


async def told(browser: Browser, path: str) -> tuple[str, str]:
    page = await browser.open(path)
    return page.source, page.headers["Content-Type"]


def unfolded(calendar: str) -> list[str]:
    return calendar.replace("\r\n ", "").split("\r\n")


async def understood(stranger: Browser) -> None:
    """What programs of others read in both."""
    read = feedparser.parse((await told(stranger, "/coop/feed.atom"))[0])
    assert (read.bozo, read.version) == (False, "atom10")
    assert read.feed.id
    assert read.feed.updated_parsed
    [entry] = read.entries
    assert entry.link.endswith("/coop/1")
    assert entry.published_parsed <= entry.updated_parsed
    calendar = icalendar.Calendar.from_ical((await told(stranger, "/coop/calendar.ics"))[0])
    assert not calendar.errors
    [event] = calendar.walk("VEVENT")
    assert not event.errors
    assert event["SUMMARY"] == f"Proposal 1: {WILD.strip()}"
    assert event.decoded("DTSTART") < event.decoded("DTEND")


async def test_before_anything_is_proposed_both_are_empty(server: Server, stranger: Browser) -> None:
    feed, kind = await told(stranger, "/coop/feed.atom")
    assert kind == "application/atom+xml; charset=utf-8"
    assert ElementTree.fromstring(feed).findall(f"{ATOM}entry") == []  # noqa: S314 # our own
    calendar, kind = await told(stranger, "/coop/calendar.ics")
    assert kind == "text/calendar; charset=utf-8"
    assert unfolded(calendar)[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert "BEGIN:VEVENT" not in calendar


async def test_a_vote_appears_and_its_result_replaces_it(server: Server, stranger: Browser) -> None:
    alice = await browser_of(await server.joins("alice", member=True))
    await proposed(alice, title=WILD.strip())
    await voted(alice, "agree")
    feed, _ = await told(stranger, "/coop/feed.atom")
    [entry] = ElementTree.fromstring(feed).findall(f"{ATOM}entry")  # noqa: S314 # our own
    assert entry.findtext(f"{ATOM}title") == f"Proposal 1: {WILD.strip()}"
    assert "<strong>spam</strong>" in (entry.findtext(f"{ATOM}content") or "")
    assert (entry.findtext(f"{ATOM}summary") or "").startswith("Open for voting until")
    opened = entry.findtext(f"{ATOM}updated") or ""
    calendar, _ = await told(stranger, "/coop/calendar.ics")
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    lines = unfolded(calendar)
    assert lines.count("BEGIN:VEVENT") == 1
    assert any(line.startswith("SUMMARY:Proposal 1: Ümläute\\, <b>&amp\\;\\; 100 % \\\\") for line in lines)
    clock.advance(seconds=7 * 86_400)
    await server.settle()
    feed, _ = await told(stranger, "/coop/feed.atom")
    [entry] = ElementTree.fromstring(feed).findall(f"{ATOM}entry")  # noqa: S314 # our own
    assert (entry.findtext(f"{ATOM}summary") or "").startswith("Passed: 1 agree")
    assert (entry.findtext(f"{ATOM}updated") or "") > opened
    await understood(stranger)
    assert (ElementTree.fromstring(feed).findtext(f"{ATOM}updated") or "") > opened  # noqa: S314 # our own
    assert "DESCRIPTION:Passed: 1 agree" in (await told(stranger, "/coop/calendar.ics"))[0].replace(
        "\r\n ", ""
    )


async def test_the_page_of_decisions_leads_to_both(server: Server, stranger: Browser) -> None:
    page = await stranger.open("/coop")
    assert {"/coop/feed.atom", "/coop/calendar.ics"} <= {link["href"] for link in page.root.all("a")}
    assert page.root.one("link", rel="alternate")["href"] == "/coop/feed.atom"
