"""Somebody's page and the page of a post: what is on them, for whom, and for other servers."""

from __future__ import annotations

import pytest

from fedcoop.accounts import queries as accounts
from tests.people import stranger as remote_account
from tests.web.pages.browser import Browser, browser_of
from tests.words import Server

ACTIVITY = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


async def test_a_profile_shows_who_somebody_is_and_what_they_said(server: Server, stranger: Browser) -> None:
    alice = await server.joins("alice", display_name="Alice Okonjo", note="Harbour pilot. #knots")
    await alice.says("The ferry was late.")
    page = await stranger.open("/@alice")
    assert page.root.one("h1").text == "Alice Okonjo"
    assert f"@alice@{server.config.domain}" in page.text
    assert "Harbour pilot" in page.text
    assert "The ferry was late." in page.text
    assert "Alice Okonjo" in page.meta()
    assert (await stranger.open("/@ALICE")).root.one("h1").text == "Alice Okonjo"
    await stranger.open(f"/@alice@{server.config.domain}")


async def test_replies_have_their_own_tab(server: Server, stranger: Browser) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    said = await alice.says("Who comes along?")
    await bob.says("@alice I do.", in_reply_to_id=said["id"])
    assert "I do." not in (await stranger.open("/@bob")).text
    assert "I do." in (await stranger.open("/@bob", replies="1")).text


async def test_a_long_profile_turns_pages_both_ways(server: Server, stranger: Browser) -> None:
    alice = await server.joins("alice")
    for number in range(45):
        await alice.says(f"Post number {number:02d}.")
    first = await stranger.open("/@alice")
    assert len(first.root.all("article")) == 20
    assert not first.root.all("a", rel="prev")
    second = await stranger.open(first.root.one("a", rel="next")["href"])
    third = await stranger.open(second.root.one("a", rel="next")["href"])
    assert [len(each.root.all("article")) for each in (second, third)] == [20, 5]
    assert "number 00" in third.text
    assert not third.root.all("a", rel="next")
    back = await stranger.open(third.root.one("a", rel="prev")["href"])
    assert back.text.split("Post number")[1:] == second.text.split("Post number")[1:]
    top = await stranger.open(back.root.one("a", rel="prev")["href"])
    assert "number 44" in top.text
    assert not top.root.all("a", rel="prev")


async def test_a_post_stands_among_its_thread(server: Server, stranger: Browser) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    first = await alice.says("Who comes along?")
    answer = await bob.says("@alice I do.", in_reply_to_id=first["id"])
    await alice.says("@bob Good.", in_reply_to_id=answer["id"])
    page = await stranger.open(f"/@bob/{answer['id']}")
    words = [article.text for article in page.root.all("article")]
    assert [next(word for word in ("along", "I do", "Good") if word in each) for each in words] == [
        "along",
        "I do",
        "Good",
    ]
    assert page.root.one("link", rel="canonical")["href"].endswith(f"/@bob/{answer['id']}")
    await stranger.open(f"/@alice/{answer['id']}", expect=404)


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_a_post_for_some_is_not_there_for_others(
    server: Server, stranger: Browser, visibility: str
) -> None:
    alice, eve = await server.joins("alice"), await server.joins("eve")
    said = await alice.says(
        "The key is under the mat.", visibility=visibility, spoiler_text="Where the key is"
    )
    path = f"/@alice/{said['id']}"
    for other in (stranger, await browser_of(eve)):
        page = await other.open(path, expect=404)
        assert "mat" not in page.source
        assert "key" not in page.meta()
        profile = await other.open("/@alice")
        assert "mat" not in profile.source
    own = await (await browser_of(alice)).open(path)
    assert "mat" in own.text
    assert "mat" not in own.meta()
    assert "key" not in " ".join(each["content"] for each in own.root.all("meta"))
    assert "noindex" in own.meta()


async def test_a_reply_for_some_is_not_in_the_thread_for_others(server: Server, stranger: Browser) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    said = await alice.says("Who comes along?")
    await bob.says("@alice Not before my wife knows.", in_reply_to_id=said["id"], visibility="direct")
    path = f"/@alice/{said['id']}"
    assert "my wife" not in (await stranger.open(path)).source
    own = await (await browser_of(alice)).open(path)
    assert "my wife" in own.text
    assert "Only for those mentioned" in own.text


async def test_a_boost_leads_to_what_it_repeats(server: Server, stranger: Browser) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    said = await alice.says("The ferry was late.")
    boost = await bob.post(f"/api/v1/statuses/{said['id']}/reblog")
    page = await stranger.open("/@bob")
    assert "Boosted by bob" in page.text
    moved = await stranger.open(f"/@bob/{boost['id']}", expect=303)
    assert moved.location.endswith(f"/@alice/{said['id']}")


async def test_a_warning_covers_the_post_and_stands_for_it_elsewhere(
    server: Server, stranger: Browser
) -> None:
    alice = await server.joins("alice")
    said = await alice.says("He dies in the last chapter.", spoiler_text="A book from 1851")
    page = await stranger.open(f"/@alice/{said['id']}")
    assert page.root.one("main").one("details").one("summary").text == "A book from 1851"
    assert "A book from 1851" in page.meta()
    assert "dies" not in page.meta()


async def test_other_servers_are_sent_to_the_documents(server: Server, stranger: Browser) -> None:
    alice = await server.joins("alice")
    said = await alice.says("The ferry was late.")
    hidden = await alice.says("Only for you.", visibility="private")
    for kind in (ACTIVITY, "application/activity+json"):
        answer = await stranger.open("/@alice", expect=303, accept=kind)
        assert answer.location == f"{server.config.base_url}/ap/users/{alice.id}"
        assert "Accept" in answer.headers["Vary"]
        answer = await stranger.open(f"/@alice/{said['id']}", expect=303, accept=kind)
        assert answer.location == said["uri"]
        await stranger.open(f"/@alice/{hidden['id']}", expect=404, accept=kind)


async def test_somebody_suspended_has_no_page(server: Server, stranger: Browser) -> None:
    alice = await server.joins("alice")
    said = await alice.says("Buy my pills.")
    async with server.db.write() as tx:
        await tx.execute(accounts.SUSPEND, account_id=int(alice.id), at=1)
    for path in ("/@alice", f"/@alice/{said['id']}"):
        page = await stranger.open(path, expect=410)
        assert "pills" not in page.source


async def test_somebody_of_another_server_has_their_page_there(server: Server, stranger: Browser) -> None:
    async with server.db.write() as tx:
        await remote_account(tx, "bob@b.test")
    page = await stranger.open("/@bob@b.test")
    assert page.root.one("main").one("a", class_="primary")["href"] == "https://b.test/@bob"


async def test_a_hashtag_has_a_page(server: Server, stranger: Browser) -> None:
    alice = await server.joins("alice")
    await alice.says("A bowline. #Knots")
    await alice.says("Secretly a sheet bend. #knots", visibility="unlisted")
    page = await stranger.open("/tags/KNOTS")
    assert "A bowline" in page.text
    assert "sheet bend" not in page.text
    assert (await stranger.open("/tags/%3Cb%3E")).root.one("h1").text == "#<b>"


async def test_a_member_follows_and_answers_from_the_pages(server: Server, stranger: Browser) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    said = await bob.says("Low tide at nine.")
    browser = await browser_of(alice)
    for path, words in (("/@bob", "Follow"), (f"/@bob/{said['id']}", "Answer, boost or favourite")):
        (link,) = [each for each in (await browser.open(path)).root.all("a") if each.text == words]
        page = await browser.open(link["href"])
        assert [form for form in page.root.all("form") if form["action"] == "/authorize_interaction"], path
        assert words not in [each.text for each in (await stranger.open(path)).root.all("a")], path
    own = [
        each["href"] for each in (await browser.open("/@alice")).root.one("header", class_="profile").all("a")
    ]
    assert own == ["/share", "/settings"]
