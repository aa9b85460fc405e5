"""Votes on several options by form, and what the page shows of them when they are counted."""

from __future__ import annotations

import io
from typing import Any

import pytest

from fedcoop import clock
from tests.web.pages.browser import Browser, Page, browser_of
from tests.words import Person, Server

ELECTION = {
    "title": "Two for the board",
    "body": "Whom do you trust?",
    "kind": "role",
    "act": "options",
    "ballot": "ranked",
    "options": "Ann\nBob\n\nCas",
    "seats": "2",
}
SPENDING = {
    "title": "What do we pay for?",
    "body": "In spring.",
    "kind": "budget",
    "act": "options",
    "ballot": "budget",
    "options": "Bike racks = 60\nParty = 50",
    "budget": "100",
    "money": "€",
}


async def members(server: Server, number: int = 3) -> list[Person]:
    return [await server.joins(f"member{each}", member=True) for each in range(number)]


async def asked(browser: Browser, values: dict[str, str]) -> Page:
    sent = await browser.send(await browser.open("/coop/new?act=options"), "/coop/new", values)
    return await browser.open(sent.location)


async def votes(person: Person, fields: dict[str, str], *, expect: int = 303) -> Page:
    browser = await browser_of(person)
    return await browser.send(await browser.open("/coop/1"), "/coop/1/ballot", fields, expect=expect)


async def counted(server: Server, stranger: Browser) -> Page:
    clock.advance(seconds=7 * 86_400)
    await server.settle()
    return await stranger.open("/coop/1")


async def test_an_election_is_asked_answered_and_shown_stage_by_stage(
    server: Server, stranger: Browser
) -> None:
    people = await members(server)
    page = await asked(await browser_of(people[0]), ELECTION)
    assert "Rank the options, best first" in page.text
    assert [select["name"] for select in page.root.one("form", action="/coop/1/ballot").all("select")] == [
        "places[1]",
        "places[2]",
        "places[3]",
    ]
    await votes(people[0], {"places[1]": "1", "places[3]": "2"})
    await votes(people[1], {"places[1]": "1"})
    await votes(people[2], {"choice": "abstain"})
    again = await (await browser_of(people[0])).open("/coop/1")
    assert "You voted Ann > Cas" in again.text
    assert "won" not in (await stranger.open("/coop/1")).text
    page = await counted(server, stranger)
    assert "Stage by stage" in page.text
    assert "2 valid ballots for 2 seats: the quota is 2 / 3, rounded down, and one more: 1." in page.text
    assert page.root.one("svg", class_="flow-chart")["aria-label"].startswith("Votes moving between options")
    assert page.root.one(class_="bars").text.count("won") == 2
    assert not page.root.all("script")


async def test_a_mistake_on_the_ballot_is_told_beside_what_was_typed(server: Server) -> None:
    [person] = await members(server, 1)
    await asked(await browser_of(person), ELECTION)
    page = await votes(person, {"places[1]": "1", "places[2]": "1"}, expect=422)
    assert "Here options cannot stand side by side" in page.text
    chosen = [
        option["value"]
        for option in page.root.one("form", action="/coop/1/ballot").all("option")
        if "selected" in option.attributes
    ]
    assert chosen == ["1", "1"]
    assert "Approve of one option" not in page.text
    await votes(person, {}, expect=422)
    await votes(person, {"places[1]": "best"}, expect=303)


async def test_a_budget_is_spent_and_exported_for_others_to_count(server: Server, stranger: Browser) -> None:
    people = await members(server)
    page = await asked(await browser_of(people[0]), SPENDING)
    assert "100 € can be spent" in page.text
    for person in people:
        await votes(person, {"approvals[]": "1"})
    early = await stranger.open("/coop/1")
    proposal = (await server.anybody.get("/api/fedcoop/v1/proposals"))[0]
    refused = await server.anybody.ask(
        "GET", f"/api/fedcoop/v1/proposals/{proposal['id']}/export/pb", expect=None
    )
    assert refused.status == 403
    assert "export" not in early.text
    page = await counted(server, stranger)
    assert "“Bike racks” is paid, 60 of 100 €" in page.text
    links = [link["href"] for link in page.root.all("a") if "/export/" in link["href"]]
    assert [link.rpartition("/")[2] for link in links] == ["csv", "json", "pb"]
    texts = {link.rpartition("/")[2]: (await server.anybody.ask("GET", link)).body for link in links}
    assert texts["pb"].splitlines()[-4:] == ["voter_id;vote", "1;1", "2;1", "3;1"]
    assert texts["csv"].splitlines()[0].endswith("choice,trusts,Bike racks,Party,reason")
    assert {each["choice"] for each in texts["json"]["ballots"]} == {"1"}


async def test_a_pabulib_file_is_read_by_pabulibs_own_tools(server: Server, stranger: Browser) -> None:
    pabulib: Any = pytest.importorskip("pabutools.election.pabulib", reason="pabutools is not installed")
    people = await members(server)
    await asked(await browser_of(people[0]), SPENDING)
    await votes(people[0], {"approvals[]": "1"})
    await votes(people[1], {"approvals[]": "2"})
    page = await counted(server, stranger)
    [link] = [link["href"] for link in page.root.all("a") if link["href"].endswith("/pb")]
    text = (await server.anybody.ask("GET", link)).body
    instance, profile = pabulib.parse_pabulib_from_string(text)
    assert (instance.budget_limit, sorted(project.cost for project in instance)) == (100, [50, 60])
    assert len(profile) == 2


async def test_a_blt_file_holds_every_ranking_that_counted(server: Server, stranger: Browser) -> None:
    people = await members(server)
    await people[2].post("/api/fedcoop/v1/delegations", kind="role", account_id=people[0].id)
    await asked(await browser_of(people[0]), ELECTION)
    await votes(people[0], {"places[2]": "1", "places[1]": "2"})
    await votes(people[1], {"choice": "abstain"})
    page = await counted(server, stranger)
    [link] = [link["href"] for link in page.root.all("a") if link["href"].endswith("/blt")]
    lines = io.StringIO((await server.anybody.ask("GET", link)).body).read().splitlines()
    assert lines == ["3 2", "1 2 1 0", "1 2 1 0", "0", '"Ann"', '"Bob"', '"Cas"', '"Two for the board"']


async def test_an_export_in_a_format_that_does_not_fit_is_refused(server: Server) -> None:
    [person] = await members(server, 1)
    await asked(await browser_of(person), SPENDING)
    clock.advance(seconds=7 * 86_400)
    await server.settle()
    proposal = (await server.anybody.get("/api/fedcoop/v1/proposals"))[0]
    for ending, status in (("blt", 422), ("exe", 422), ("csv", 200), ("json", 200)):
        await server.anybody.ask(
            "GET", f"/api/fedcoop/v1/proposals/{proposal['id']}/export/{ending}", expect=status
        )


async def test_a_spreadsheet_is_given_no_formulas(server: Server) -> None:
    [person] = await members(server, 1)
    await asked(await browser_of(person), ELECTION | {"options": "=1+1\n@Bob\nCas"})
    await votes(person, {"places[1]": "1", "reason": "=cmd()"})
    clock.advance(seconds=7 * 86_400)
    await server.settle()
    proposal = (await server.anybody.get("/api/fedcoop/v1/proposals"))[0]
    text = (await server.anybody.ask("GET", f"/api/fedcoop/v1/proposals/{proposal['id']}/export/csv")).body
    assert "'=1+1,'@Bob,Cas" in text
    assert "'=cmd()" in text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"options": "Ann"}, "A vote has 2 to 100 options."),
        ({"seats": "many"}, "The number of seats is a whole number."),
        ({"seats": "3"}, "there can be 1 to 2 seats"),
        ({"kind": "policy"}, "does not let this kind of proposal be decided by a “ranked” ballot"),
        ({"ballot": "loudest voice"}, "is no way of voting"),
        ({"ballot": "budget", "kind": "budget"}, "What does “Ann” cost?"),
    ],
)
async def test_a_question_that_makes_no_sense_is_told_beside_the_form(
    server: Server, change: dict[str, str], sentence: str
) -> None:
    [person] = await members(server, 1)
    browser = await browser_of(person)
    page = await browser.send(
        await browser.open("/coop/new?act=options"), "/coop/new", ELECTION | change, expect=422
    )
    assert sentence in page.text
    assert await server.anybody.get("/api/fedcoop/v1/proposals") == []
