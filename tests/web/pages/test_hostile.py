"""Whatever people call themselves and write, the pages show it as words (docs/security.md, F3 and F4)."""

from __future__ import annotations

import pytest

from fedcoop.accounts.types import RemoteAccount
from tests.web.pages.browser import Browser, Page, browser_of
from tests.web.pages.test_voting import proposed, voted
from tests.words import Server
from web.pages.posts import EmojiRead, web_address, with_emoji

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
PAYLOADS = (
    SCRIPT,
    "'-alert(1)-'",
    "{{ 7777 * 7777 }}{% raw %}",
    "</title></textarea><svg onload=alert(1)>",
    "\u202egnp.exe\u2066",
    "javascript:alert(1)",
)


def inert(page: Page) -> None:
    """Nothing of what was typed became an element, an attribute, or an address."""
    allowed = {"logo", "seats", "icon"}
    for element in page.root.walk():
        assert element.tag not in ("script", "iframe", "object", "embed", "base"), element.tag
        assert not [name for name in element.attributes if name.startswith("on")], element.attributes
        if element.tag == "img":
            assert any(name in element["src"] for name in allowed), element["src"]
        for name in ("href", "src", "action", "poster"):
            assert not element[name].strip().lower().startswith(("javascript:", "data:", "vbscript:")), (
                element
            )
    assert "60481729" not in page.source


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_names_notes_fields_posts_and_polls_are_words(
    server: Server, stranger: Browser, payload: str
) -> None:
    mallory = await server.joins(
        "mallory",
        display_name=payload[:60],
        note=payload,
        fields_attributes={"0": {"name": payload, "value": payload}},
    )
    said = await mallory.says(
        f"{payload} #knots",
        spoiler_text=payload,
        poll={"options": [payload[:50], "no"], "expires_in": 600},
    )
    for path in ("/@mallory", f"/@mallory/{said['id']}", "/tags/knots"):
        page = await stranger.open(path)
        inert(page)
        assert len(page.root.all("h1")) == 1
        assert len(page.root.all("title")) == 1


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_proposals_and_reasons_are_words(server: Server, stranger: Browser, payload: str) -> None:
    mallory = await server.joins("mallory", member=True, display_name=payload[:60])
    browser = await browser_of(mallory)
    await proposed(browser, title=payload, body=payload, comment=payload)
    await voted(browser, "block", payload)
    await proposed(browser, title=payload, body=payload, act="resolve", urgent=payload)
    for path in ("/coop", "/coop/1", "/coop/ledger", "/coop/ledger/4", "/@assembly", "/about"):
        inert(await stranger.open(path))
        inert(await browser.open(path))


async def test_what_is_typed_into_an_address_is_words(stranger: Browser) -> None:
    for path in ("/tags/%3Cscript%3E", "/@%3Cscript%3E", "/login"):
        page = await stranger.open(
            path, expect=404 if "@" in path else 200, next="javascript:alert(1)", who=SCRIPT, done=SCRIPT
        )
        inert(page)


async def test_a_form_shown_again_shows_what_was_typed_as_words(server: Server) -> None:
    alice = await server.joins("alice", member=True)
    browser = await browser_of(alice)
    typed = dict.fromkeys(("title", "body", "act_domain", "act_public_comment", "urgent"), SCRIPT) | {
        "act": "suspend_domain"
    }
    page = await browser.send(
        await browser.open("/coop/new?act=suspend_domain"), "/coop/new", typed, expect=422
    )
    inert(page)
    assert page.root.one("input", name="title")["value"] == SCRIPT


async def test_somebody_elsewhere_cannot_put_a_script_into_their_address(
    server: Server, stranger: Browser
) -> None:
    from fedcoop.accounts import actions

    async with server.db.write() as tx:
        await actions.save_remote(
            tx,
            RemoteAccount(
                uri="https://b.test/users/mallory",
                username="mallory",
                domain="b.test",
                url="javascript:alert(document.domain)",
                display_name=SCRIPT,
                avatar="javascript:alert(1)",
            ),
        )
    inert(await stranger.open("/@mallory@b.test"))


def test_only_pages_are_addresses() -> None:
    for url in ("javascript:alert(1)", "JAVASCRIPT:alert(1)", " javascript:1", "data:text/html,x", "//evil", "",
                "http://", "https:///x", "http://[::1", "vbscript:x", "\x01javascript:1"):  # fmt: skip
        assert web_address(url) == "#", url
    assert web_address("https://b.test/@bob") == "https://b.test/@bob"


def test_emoji_are_pictures_in_words_only() -> None:
    kappa = [EmojiRead("kappa", 'https://b.test/k.png?"><script>'), EmojiRead("evil", "javascript:alert(1)")]
    made = with_emoji('<a href="https://b.test/:kappa:" title=":kappa:">:kappa: :evil: :none:</a>', kappa)
    assert made.startswith(
        '<a href="https://b.test/:kappa:" title=":kappa:"><img class="emoji" src="https://'
    )
    assert made.count("<img") == 1
    assert "<script>" not in made
    assert ":evil: :none:</a>" in made
