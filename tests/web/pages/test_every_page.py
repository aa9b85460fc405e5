"""What all pages keep to: one heading, a skip link, labels, no scripts, a strict policy."""

from __future__ import annotations

from pathlib import Path

from tests.web.pages.browser import Browser, Page, browser_of
from tests.web.pages.test_voting import proposed, voted
from tests.words import Person, Server, running

MEMBERS_PAGES = ("/coop", "/coop/1", "/coop/new", "/coop/delegations", "/settings/account", "/settings/profile",
                 "/settings/consent", "/settings/notices", "/settings/security",
                 "/settings/sessions", "/settings/severed", "/settings/data", "/settings/move", "/settings/delete",
                 "/@alice")  # fmt: skip
PUBLIC_PAGES = (
    "/about", "/login", "/register", "/password", "/coop", "/coop/1", "/coop/2", "/coop/ledger", "/coop/ledger/0",
    "/coop/constitution", "/coop/offices", "/coop/elections", "/@alice", "/@alice?replies=1", "/@assembly",
    "/tags/knots", "/tags/nobody",
)  # fmt: skip


async def furnished(server: Server) -> Person:
    """Alice, who posted and proposed."""
    alice = await server.joins("alice", member=True)
    await alice.says(
        "A bowline is not a sheet bend. #knots", poll={"options": ["yes", "no"], "expires_in": 600}
    )
    await alice.says("He dies.", spoiler_text="The end of a book")
    browser = await browser_of(alice)
    await proposed(browser)
    await proposed(browser, title="Meet once a year", body="In **May**.", act="resolve", kind="advisory")
    await voted(browser, "agree", "At last.")
    await server.settle()
    return alice


def check(page: Page, path: str) -> None:
    root = page.root
    assert root.one("html")["lang"] == "en", path
    assert page.title.strip(), path
    assert len(root.all("h1")) == 1, path
    assert root.one("h1").text, path
    links = root.one("body").all("a")
    assert links[0]["href"] == "#main", f"{path}: the first link skips to the content"
    assert root.one("main")["id"] == "main", path
    assert not root.all("script"), path
    assert not root.all("style"), path
    for element in root.walk():
        assert not element["style"], f"{path}: {element.tag} has a style"
        assert not [name for name in element.attributes if name.startswith("on")], path
        if element.tag == "a":
            assert not element["href"].lower().startswith(("javascript:", "data:")), path
        if element.tag == "img":
            assert "alt" in element.attributes, f"{path}: {element['src']}"
    ids = [element["id"] for element in root.walk() if element["id"]]
    assert len(ids) == len(set(ids)), f"{path}: ids come twice"
    for element in root.walk():
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for target in element[name].split():
                assert target in ids, f"{path}: {name}={target}"
    check_forms(page, path)
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy, path
    assert policy.startswith("default-src 'none'"), path
    assert page.headers["X-Content-Type-Options"] == "nosniff", path


def check_forms(page: Page, path: str) -> None:
    labelled = {label["for"] for label in page.root.all("label")}
    for form in page.root.all("form"):
        assert form.all("button"), path
        if form["method"] == "post":
            assert form.one("input", name="csrf")["value"], path
        for tag in ("input", "textarea", "select"):
            for control in form.all(tag):
                if control["type"] == "hidden":
                    continue
                inside = control.parent is not None and control.parent.tag == "label"
                assert inside or control["id"] in labelled, f"{path}: {control['name']} has no label"


async def test_every_page_keeps_to_the_rules(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, str(tmp_path)) as server:
        alice = await furnished(server)
        posted = (await alice.get(f"/api/v1/accounts/{alice.id}/statuses"))[0]["id"]
        stranger, browser = Browser(server), await browser_of(alice)
        for path in (*PUBLIC_PAGES, f"/@alice/{posted}"):
            check(await stranger.open(path), path)
        for path in (*MEMBERS_PAGES, f"/@alice/{posted}"):
            check(await browser.open(path), path)


async def test_what_is_not_there_is_a_page_too(server: Server, stranger: Browser) -> None:
    for path in ("/@nobody", "/coop/99", "/coop/ledger/9999", "/@assembly/1", "/@assembly/abc", "/nothing"):
        page = await stranger.open(path, expect=404)
        check(page, path)
        assert "There is nothing here" in page.text


async def test_the_front_door_leads_strangers_to_about_and_members_to_decisions(
    server: Server, stranger: Browser
) -> None:
    assert (await stranger.open("/", expect=303)).location == "/about"
    browser = await browser_of(await server.joins("alice"))
    assert (await browser.open("/", expect=303)).location == "/coop"


async def test_the_stylesheet_is_kept_for_ever_under_a_name_that_changes_with_it(
    server: Server, stranger: Browser
) -> None:
    page = await stranger.open("/about")
    (sheet,) = (link["href"] for link in page.root.all("link", rel="stylesheet"))
    answer = await stranger.open(sheet)
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"].startswith("text/css")
    assert len(answer.source.encode()) < 20_000, "one small stylesheet"
    await stranger.open("/static/fedcoop.0000000000.css", expect=404)
    await stranger.open("/static/..%2Fenvironment.py", expect=404)


async def test_the_default_pictures_have_addresses_that_stay(server: Server, stranger: Browser) -> None:
    for name in ("avatar", "header"):
        answer = await stranger.open(f"/static/{name}.svg")
        assert answer.headers["Content-Type"].startswith("image/svg+xml")
        assert "immutable" not in answer.headers["Cache-Control"]
