"""Saying something below a proposal, on its page: a post like any other, in the thread that the assembly began."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.pages.browser import Browser, Page, browser_of
from tests.web.pages.test_every_page import check
from tests.web.pages.test_voting import DRAFTS, proposed
from tests.words import Server, running

FORM = "/coop/1/discussion"


async def said(browser: Browser, text: str, visibility: str = "public", *, expect: int = 303) -> Page:
    page = await browser.open("/coop/1")
    return await browser.send(page, FORM, {"text": text, "visibility": visibility}, expect=expect)


async def test_a_question_on_the_page_is_a_post_below_the_assemblys(
    server: Server, stranger: Browser
) -> None:
    alice, bob = await server.joins("alice", member=True), await server.joins("bob")
    await proposed(await browser_of(alice))
    await server.settle()
    sent = await said(await browser_of(bob), "@alice How many letters did you write to them?")
    (told,) = [each for each in await alice.notifications() if each["type"] == "mention"]
    assert sent.location == f"/coop/1?done=answered#post-{told['status']['id']}"
    parent = await alice.get(f"/api/v1/statuses/{told['status']['in_reply_to_id']}")
    assert parent["account"]["acct"] == "assembly"
    page = await stranger.open("/coop/1")
    assert "How many letters" in page.text
    assert page.root.one("article")["id"] == f"post-{told['status']['id']}"
    assert not [form for form in page.root.all("form") if form["action"] == FORM]
    assert "Log in to join in" in page.text


async def test_what_is_only_for_followers_is_not_shown_to_others(server: Server, stranger: Browser) -> None:
    alice, bob = await server.joins("alice", member=True), await server.joins("bob")
    await proposed(await browser_of(alice))
    await server.settle()
    browser = await browser_of(bob)
    await said(browser, "Between us: I doubt it.", "private")
    assert "I doubt it" in (await browser.open("/coop/1")).text
    for other in (stranger, await browser_of(alice)):
        assert "I doubt it" not in (await other.open("/coop/1")).text


async def test_who_writes_for_followers_by_default_does_so_here_too(server: Server) -> None:
    alice = await server.joins("alice", member=True, source={"privacy": "private"})
    browser = await browser_of(alice)
    await proposed(browser)
    await server.settle()
    page = await browser.open("/coop/1")
    form = page.root.one("form", action=FORM)
    assert form.one("option", selected="")["value"] == "private"


@pytest.mark.parametrize(
    ("text", "visibility", "sentence"),
    [("", "public", "blank"), ("x" * 6_000, "public", "limit"), ("Hm.", "everybody", "Say who may read it")],
)
async def test_what_cannot_be_posted_is_told_and_kept(
    server: Server, text: str, visibility: str, sentence: str
) -> None:
    browser = await browser_of(await server.joins("alice", member=True))
    await proposed(browser)
    await server.settle()
    page = await said(browser, text, visibility, expect=422)
    check(page, "/coop/1")
    assert sentence in page.root.one("p", role="alert").text
    assert page.root.one("textarea", id="remark").text.strip() == text
    assert "Nobody has said anything yet." in page.text


async def test_a_form_sent_twice_says_it_once(server: Server, stranger: Browser) -> None:
    browser = await browser_of(await server.joins("alice", member=True))
    await proposed(browser)
    await server.settle()
    page = await browser.open("/coop/1")
    for _ in range(2):
        await browser.send(page, FORM, {"text": "Once.", "visibility": "public"})
    assert (await stranger.open("/coop/1")).text.count("Once.") == 1


async def test_there_is_nothing_to_answer_before_the_assembly_asks(sqlite_url: str, tmp_path: Path) -> None:
    rules = tmp_path / "gated.toml"
    rules.write_text(DRAFTS)
    async with running(sqlite_url, str(tmp_path), constitution=str(rules)) as server:
        alice = await server.joins("alice", member=True)
        await server.joins("bob", member=True)
        browser = await browser_of(alice)
        await proposed(browser)
        page = await browser.open("/coop/1")
        assert not [form for form in page.root.all("form") if form["action"] == FORM]
        csrf = page.root.all("input", name="csrf")[0]["value"]
        await browser.post(FORM, {"csrf": csrf, "text": "Hm.", "visibility": "public"}, expect=404)
        await browser.post(FORM, {"text": "Hm.", "visibility": "public"}, expect=403)
        await browser.post("/coop/99/discussion", {"csrf": csrf, "text": "Hm."}, expect=404)
