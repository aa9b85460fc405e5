"""Posts of ours on other sites: oEmbed, the page to be framed, and what a link to us shows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.pages.browser import Browser, browser_of
from tests.words import Server


async def oembed(server: Server, url: str, *, expect: int = 200, **params: Any) -> Any:
    return await server.anybody.get("/api/oembed", url=url, expect=expect, **params)


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_what_is_not_for_everybody_is_not_embedded(
    server: Server, stranger: Browser, visibility: str
) -> None:
    alice = await server.joins("alice")
    status = await alice.says("walnut", visibility=visibility)
    await oembed(server, f"{server.config.base_url}/@alice/{status['id']}", expect=404)
    path = f"/@alice/{status['id']}/embed"
    assert "walnut" not in (await stranger.open(path, expect=404)).text
    # Not even for its author: the site around it could be anybody's.
    assert "walnut" not in (await (await browser_of(alice)).open(path, expect=404)).text


async def test_only_posts_of_ours_are_embedded(server: Server, other: Server) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob")
    status = await bob.says("hello")
    await alice.sees(status["uri"])
    base = server.config.base_url
    for url in (status["url"], "", "nonsense", f"{base}/@alice", f"{base}/@alice/1", f"{base}/about"):
        await oembed(server, url, expect=404)


async def test_a_site_learns_how_to_show_a_post(server: Server) -> None:
    alice = await server.joins("alice", display_name='A "<b>')
    status = await alice.says("walnut")
    found = await oembed(server, status["url"], maxwidth=300)
    assert (found["type"], found["version"], found["width"], found["height"]) == ("rich", "1.0", 300, None)
    assert (found["author_name"], found["author_url"]) == ('A "<b>', alice.account.url)  # type: ignore[union-attr]
    assert f'src="{status["url"]}/embed"' in found["html"]
    assert "sandbox=" in found["html"]
    assert "<script" not in found["html"]
    assert (await oembed(server, status["url"], maxheight=1_000_000))["height"] == 2_000
    await oembed(server, status["url"], maxwidth="wide", expect=422)


async def test_the_page_to_be_framed_can_do_nothing(server: Server) -> None:
    alice = await server.joins("alice")
    status = await alice.says("walnut")
    answer = await server.anybody.ask("GET", f"/@alice/{status['id']}/embed")
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert "walnut" in answer.body
    assert "<form" not in answer.body
    page = await server.anybody.ask("GET", f"/@alice/{status['id']}")
    assert page.headers["X-Frame-Options"] == "DENY"


async def test_a_post_tells_where_its_oembed_is(server: Server, stranger: Browser) -> None:
    alice = await server.joins("alice")
    status = await alice.says("walnut")
    page = await stranger.open(f"/@alice/{status['id']}")
    link = page.root.one("link", type="application/json+oembed")
    found = await server.anybody.get(link["href"])
    assert found["author_name"] == "alice"
    hidden = await alice.says("walnut", visibility="private")
    page = await (await browser_of(alice)).open(f"/@alice/{hidden['id']}")
    assert not page.root.all("link", type="application/json+oembed")


async def test_a_linked_page_is_previewed_below_the_post(server: Server, stranger: Browser) -> None:
    from tests.activitypub.remote import remote_server
    from tests.cards.site import Site

    alice = await server.joins("alice")
    async with remote_server() as remote:
        site = Site(remote)
        url = site.page("/nuts", "<title>All &lt;b&gt; nuts</title>")
        status = await alice.says(f"see {url}")
        await server.settle()
    page = await stranger.open(f"/@alice/{status['id']}")
    preview = page.root.one("a", class_="preview")
    assert preview["href"] == url
    assert "All <b> nuts" in preview.text
