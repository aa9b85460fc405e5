"""Acting on what lives elsewhere, and posting what was handed over: the addresses that WebFinger names."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

import pytest

from fedcoop.accounts import actions as accounts
from fedcoop.accounts import queries
from fedcoop.accounts.types import RemoteAccount
from tests.people import stranger as remote_account
from tests.web.pages.browser import Browser, Page, browser_of
from tests.web.pages.test_every_page import check
from tests.web.pages.test_hostile import PAYLOADS, SCRIPT, inert
from tests.words import Server

INTERACT = "/authorize_interaction"


async def looked_up(browser: Browser, address: str, *, expect: int = 200) -> Page:
    page = await browser.open(INTERACT, uri=address, expect=expect)
    if expect < 300:
        check(page, address)
    return page


async def did(browser: Browser, page: Page, **fields: str) -> Page:
    """Send the form and look at where it leads to."""
    written = {each["name"]: each.text for each in page.root.one("main").all("textarea")}
    chosen = {
        each["name"]: each.one("option", selected="")["value"] for each in page.root.one("main").all("select")
    }
    sent = await browser.send(page, INTERACT, {**written, **chosen, **fields})
    return await browser.open(sent.location)


def buttons(page: Page) -> list[str]:
    return [each.text for each in page.root.one("main").all("button")]


async def test_every_address_that_webfinger_names_leads_somewhere(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    said = await bob.says("The ferry was late.")
    browser = await browser_of(alice)
    things = [f"acct:{bob.handle}", said["uri"], said["url"], str(bob.account and bob.account.uri)]
    fillings = {"uri": things, "object": things, "content": ["Tides & moons: 100% + 1 = #knots?"]}
    finger = await server.anybody.get("/.well-known/webfinger", resource=f"acct:{alice.handle}")
    templates = [link["template"] for link in finger["links"] if "template" in link]
    assert templates
    for template in templates:
        (name,) = re.findall(r"{(.*?)}", template)
        for value in fillings[name]:
            path = template.removeprefix(server.config.base_url).replace(f"{{{name}}}", quote(value, safe=""))
            page = await Browser(server).open(path, expect=303)
            assert unquote(unquote(page.location)) == f"/login?next={unquote(path)}"
            page = await browser.open((await browser.open(page.location, expect=303)).location)
            check(page, path)
            assert (value if name == "content" else "bob") in page.text


@pytest.mark.parametrize("written", ["acct:{}", "@{}", "{}", "acct:@{}"])
async def test_a_member_follows_somebody_by_their_handle(server: Server, written: str) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    browser = await browser_of(alice)
    page = await looked_up(browser, written.format(bob.handle))
    assert buttons(page) == ["Follow"]
    page = await did(browser, page, do="follow")
    assert page.root.one("p", role="status").text.startswith("You follow bob")
    assert page.root.one("h1").text == "bob"
    assert buttons(page) == []
    assert [each["type"] for each in await bob.notifications()] == ["follow"]


async def test_who_decides_by_hand_is_asked(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob", locked=True)
    browser = await browser_of(alice)
    page = await looked_up(browser, bob.handle)
    assert buttons(page) == ["Ask to follow"]
    page = await did(browser, page, do="follow")
    assert "You have asked to follow bob" in page.text
    assert [each["type"] for each in await bob.notifications()] == ["follow_request"]


async def test_following_again_keeps_what_was_chosen_in_an_app(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    browser = await browser_of(alice)
    page = await looked_up(browser, bob.handle)
    await alice.post(f"/api/v1/accounts/{bob.id}/follow", reblogs=False)
    await did(browser, page, do="follow")
    (tie,) = await alice.get("/api/v1/accounts/relationships", id=bob.id)
    assert tie["following"]
    assert not tie["showing_reblogs"]


async def test_nobody_follows_themselves_or_who_they_blocked_or_who_is_gone(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    browser = await browser_of(alice)
    assert "This is you." in (await looked_up(browser, alice.handle)).text
    page = await looked_up(browser, bob.handle)
    await alice.post(f"/api/v1/accounts/{bob.id}/block")
    assert buttons(await looked_up(browser, bob.handle)) == []
    await browser.send(page, INTERACT, {"do": "follow"}, expect=403)
    page = await looked_up(browser, carol.handle)
    async with server.db.write() as tx:
        await tx.execute(queries.SUSPEND, account_id=int(carol.id), at=1)
    await looked_up(browser, carol.handle, expect=404)
    await browser.send(page, INTERACT, {"do": "follow"}, expect=404)


async def test_a_member_favourites_boosts_and_answers_a_post(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    said = await bob.says("Who comes along, @carol@c.test?", visibility="unlisted")
    browser = await browser_of(alice)
    page = await looked_up(browser, said["uri"])
    assert "Who comes along" in page.text
    assert buttons(page) == ["Favourite", "Boost", "Reply"]
    page = await did(browser, page, do="favourite")
    assert "You have favourited this." in page.text
    assert buttons(page) == ["Boost", "Reply"]
    page = await did(browser, page, do="boost")
    assert "You have favourited and boosted this." in page.text
    assert page.root.one("textarea").text.startswith("@bob")
    page = await did(browser, page, do="reply", text="@bob I do.\r\nAnd you?")
    assert "I do." in page.text
    assert "Who comes along" in page.text
    assert {each["type"] for each in await bob.notifications()} == {"favourite", "reblog", "mention"}
    answer = (await alice.get(f"/api/v1/accounts/{alice.id}/statuses", exclude_reblogs="true"))[0]
    assert (answer["in_reply_to_id"], answer["visibility"]) == (said["id"], "unlisted")


async def test_an_answer_that_cannot_be_sent_is_shown_again(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    said = await bob.says("Who comes along?")
    browser = await browser_of(alice)
    page = await looked_up(browser, said["url"])
    for typed, audience in (("  ", "public"), (f"{SCRIPT} {'a' * 6_000}", "public"), ("Me!", "everybody")):
        fields = {"do": "reply", "text": typed, "visibility": audience}
        again = await browser.send(page, INTERACT, fields, expect=422)
        check(again, typed)
        inert(again)
        assert again.root.one("p", role="alert").text
        assert typed.strip() in again.root.one("textarea").text
    assert (await alice.get(f"/api/v1/accounts/{alice.id}/statuses")) == []
    for fields in ({"do": "reply", "text": "Me!", "visibility": "public"}, {"do": "follow"}):
        await browser.post(
            INTERACT, {**fields, "csrf": page.root.all("input", name="csrf")[0]["value"]}, expect=404
        )


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_what_is_for_others_is_not_there(server: Server, visibility: str) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    said = await bob.says("The key is under the mat.", visibility=visibility)
    open_one = await bob.says("Good morning.")
    browser = await browser_of(alice)
    for address in (said["uri"], said["url"]):
        page = await looked_up(browser, address, expect=404)
        check(page, address)
        assert "mat" not in page.text
        assert "bob" not in page.title
    page = await looked_up(browser, open_one["uri"])
    for deed in ("favourite", "boost", "reply"):
        fields = {"status": said["id"], "do": deed, "text": "Ha!", "visibility": "public"}
        answer = await browser.send(page, INTERACT, fields, expect=404)
        assert "mat" not in answer.source
    own = await looked_up(await browser_of(bob), said["uri"])
    assert "mat" in own.text
    assert ("Boost" in buttons(own)) == (visibility == "private")
    assert own.root.one("option", selected="")["value"] == visibility


async def test_what_cannot_be_found_is_a_page_with_a_field(server: Server, stranger: Browser) -> None:
    browser = await browser_of(await server.joins("alice"))
    assert buttons(await looked_up(browser, "")) == ["Look it up"]
    base = server.config.base_url
    for address in (
        "acct:nobody", f"nobody@{server.config.domain}", f"{base}/@nobody/1", f"{base}/about", "acct:", "@",
        "https://", "http://[::1", "javascript:alert(1)", "a b@c d", "x" * 3_000, "\u202ebob@b.test", SCRIPT,
    ):  # fmt: skip
        page = await looked_up(browser, address, expect=404)
        check(page, address)
        inert(page)
        assert "Nothing was found there" in page.text
    assert (await stranger.open(INTERACT, uri="acct:alice", expect=303)).location.startswith("/login?")
    assert "/login" in (await stranger.open("/share", text="Hello", expect=303)).location


async def test_forms_from_elsewhere_do_nothing(server: Server, stranger: Browser) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    said = await bob.says("Who comes along?")
    browser = await browser_of(alice)
    page = await looked_up(browser, bob.handle)
    csrf = page.root.all("input", name="csrf")[0]["value"]
    deeds = [
        {"do": "follow", "account": bob.id},
        {"do": "favourite", "status": said["id"]},
        {"do": "boost", "status": said["id"]},
        {"do": "reply", "status": said["id"], "text": "Me!", "visibility": "public"},
    ]
    for fields in deeds:
        await browser.post(INTERACT, fields, expect=403)
        await browser.post(INTERACT, {**fields, "csrf": "0" * 64}, expect=403)
        await browser.post(INTERACT, {**fields, "csrf": csrf}, expect=403, site="cross-site")
        await stranger.post(INTERACT, {**fields, "csrf": csrf}, expect=403)
    await browser.post("/share", {"text": "Buy my pills.", "visibility": "public"}, expect=403)
    assert await bob.notifications() == []
    assert await alice.get(f"/api/v1/accounts/{alice.id}/statuses") == []


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_what_people_call_themselves_and_hand_over_is_words(server: Server, payload: str) -> None:
    mallory = await server.joins("mallory", display_name=payload[:60], note=payload)
    said = await mallory.says(payload, spoiler_text=payload)
    browser = await browser_of(await server.joins("alice"))
    page = await looked_up(browser, mallory.handle)
    inert(page)
    inert(await did(browser, page, do="follow"))
    inert(await looked_up(browser, said["uri"]))
    page = await browser.open("/share", text=payload, title=payload, url=payload)
    inert(page)
    check(page, payload)


async def test_somebody_elsewhere_is_shown_without_the_scripts_in_their_profile(server: Server) -> None:
    async with server.db.write() as tx:
        await accounts.save_remote(
            tx,
            RemoteAccount(
                uri="https://b.test/users/mallory",
                username="mallory",
                domain="b.test",
                url="javascript:alert(document.domain)",
                display_name=SCRIPT,
                note=f"<p onclick='alert(1)'>Hello</p>{SCRIPT}",
                avatar="javascript:alert(1)",
                inbox="https://b.test/users/mallory/inbox",
            ),
        )
    browser = await browser_of(await server.joins("alice"))
    page = await looked_up(browser, "acct:mallory@b.test")
    inert(page)
    assert "Hello" in page.text
    page = await did(browser, page, do="follow")
    assert "You have asked to follow" in page.text
    inert(page)


async def test_who_has_moved_is_followed_where_they_are_now(server: Server) -> None:
    bob = await server.joins("bob")
    async with server.db.write() as tx:
        there = await remote_account(tx, "bob@b.test")
        await tx.execute(queries.MOVE, account_id=int(bob.id), to=there.id)
    browser = await browser_of(await server.joins("alice"))
    page = await looked_up(browser, bob.handle)
    assert buttons(page) == []
    (link,) = [each for each in page.root.one("main").all("a") if each.text == "@bob@b.test"]
    assert buttons(await browser.open(link["href"])) == ["Follow"]


async def test_what_was_shared_is_posted_once_after_a_look(server: Server) -> None:
    alice = await server.joins("alice")
    browser = await browser_of(alice)
    page = await browser.open("/share", title="Tides", text="High at nine", url="https://tides.test/?a=1&b=2")
    check(page, "/share")
    typed = page.root.one("textarea").text
    assert typed == "Tides High at nine https://tides.test/?a=1&b=2"
    assert page.root.one("option", selected="")["value"] == "public"
    assert await alice.get(f"/api/v1/accounts/{alice.id}/statuses") == []
    fields = {"text": f"{typed}\r\n#tides", "visibility": "private"}
    sent = [await browser.send(page, "/share", fields) for _ in range(2)]
    assert sent[0].location == sent[1].location
    assert "High at nine" in (await browser.open(sent[0].location)).text
    (posted,) = await alice.get(f"/api/v1/accounts/{alice.id}/statuses")
    assert (posted["visibility"], posted["tags"][0]["name"]) == ("private", "tides")


async def test_a_link_that_is_in_the_text_already_is_shared_once(server: Server) -> None:
    browser = await browser_of(await server.joins("alice"))
    page = await browser.open("/share", text="Look: https://tides.test/", url="https://tides.test/")
    assert page.root.one("textarea").text == "Look: https://tides.test/"


async def test_a_post_that_cannot_be_sent_is_shown_again(server: Server) -> None:
    browser = await browser_of(await server.joins("alice"))
    page = await browser.open("/share")
    for typed, audience in (("", "public"), ("a" * 6_000, "private"), ("Hello", "the world")):
        again = await browser.send(page, "/share", {"text": typed, "visibility": audience}, expect=422)
        check(again, typed)
        assert again.root.one("p", role="alert").text
        assert again.root.one("textarea").text == typed


async def test_what_lives_on_another_server_is_fetched_and_told(server: Server, other: Server) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob", display_name="Bob of there")
    said = await bob.says("Hello from there.")
    browser = await browser_of(alice)
    page = await looked_up(browser, f"acct:{bob.handle}")
    assert "Bob of there" in page.text
    assert "You have asked to follow" in (await did(browser, page, do="follow")).text
    page = await looked_up(browser, said["url"])
    page = await did(browser, page, do="favourite")
    page = await did(browser, page, do="boost")
    assert page.root.one("textarea").text == f"@{bob.handle}"
    await did(browser, page, do="reply", text=f"@{bob.handle} hello back")
    await server.settle(other)
    assert "You follow Bob of there" in (await looked_up(browser, f"acct:{bob.handle}")).text
    told = {each["type"] for each in await bob.notifications()}
    assert told == {"follow", "favourite", "reblog", "mention"}
    page = await looked_up(browser, f"acct:nobody@{other.config.domain}", expect=404)
    check(page, "nobody there")
