"""What pages show of what a post quotes, and to whom."""

from __future__ import annotations

from tests.web.pages.browser import Browser, browser_of
from tests.words import Server


async def test_pages_show_what_is_quoted_to_whom_it_is_shown(server: Server, stranger: Browser) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    status = await alice.says("a walnut")
    quote = await bob.says("see", quoted_status_id=status["id"])
    for path in (f"/@bob/{quote['id']}", f"/@bob/{quote['id']}/embed", "/@bob"):
        page = (await stranger.open(path)).text
        assert "a walnut" in page, path
        assert "@alice" in page, path
    secret = await alice.says("a secret", visibility="private")
    letter = await alice.says("hello @bob", visibility="direct", quoted_status_id=secret["id"])
    page = (await (await browser_of(bob)).open(f"/@alice/{letter['id']}")).text
    assert "a secret" not in page
    assert "The quoted post is not for everybody." in page
    await bob.post(f"/api/v1/accounts/{alice.id}/mute")
    assert (
        "A post by somebody you have muted"
        in (await (await browser_of(bob)).open(f"/@bob/{quote['id']}")).text
    )
    await alice.post(f"/api/v1/statuses/{status['id']}/quotes/{quote['id']}/revoke")
    page = (await stranger.open(f"/@bob/{quote['id']}")).text
    assert "a walnut" not in page
    assert "no longer wants it shown" in page
