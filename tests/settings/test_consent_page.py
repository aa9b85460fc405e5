"""A member without an app for it decides on a page who may answer, and on those who ask."""

from __future__ import annotations

from tests.settings.test_profile_page import sends
from tests.web.pages.browser import browser_of
from tests.words import Server

PAGE = "/settings/consent"


async def test_rules_are_set_and_those_who_ask_decided_on(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    said = await sends(alice, PAGE, {"reply": "ask", "favourite": "nobody", "reblog": "followers"})
    assert "from now on" in said
    post = await alice.says("a walnut")
    policy = post["interaction_policy"]
    assert policy["can_reply"]["with_approval"] == ["public"]
    assert policy["can_favourite"]["always"] == ["author"]
    assert policy["can_reblog"]["always"] == ["author", "followers"]
    first, second = [await bob.says(text, in_reply_to_id=post["id"]) for text in ("an acorn", "a thorn")]
    browser = await browser_of(alice)
    page = (await browser.open(PAGE)).root.one("main").text
    assert "@bob would like to answer" in page
    assert "an acorn" in page
    assert "What you asked for" not in page
    waits = "Only you see this until its author agrees"
    assert waits in (await (await browser_of(bob)).open(PAGE)).root.one("main").text
    requests = {each["reply"]["id"]: each["id"] for each in await alice.get("/api/v1/interaction_requests")}
    yes, no = requests[first["id"]], requests[second["id"]]
    # Nobody decides for somebody else.
    await sends(bob, f"{PAGE}/decide", {"id": yes, "yes": "true"}, page=PAGE, expect=404)
    assert "Others see it" in await sends(alice, f"{PAGE}/decide", {"id": yes, "yes": "true"}, page=PAGE)
    assert "It is gone" in await sends(alice, f"{PAGE}/decide", {"id": no, "yes": "false"}, page=PAGE)
    await server.anybody.get(f"/api/v1/statuses/{first['id']}")
    await server.anybody.get(f"/api/v1/statuses/{second['id']}", expect=404)
    page = (await (await browser_of(bob)).open(PAGE)).root.one("main").text
    assert "You may not answer" in page
    assert "a thorn" in page
    # What was let is taken back, and what an app has set is kept.
    assert "Take back" in (await browser.open(PAGE)).root.one("main").text
    await sends(alice, f"{PAGE}/decide", {"id": yes, "yes": "false"}, page=PAGE)
    await server.anybody.get(f"/api/v1/statuses/{first['id']}", expect=404)
    named = {"can_reply": {"always": ["https://b.example/users/carol"]}}
    await alice.ask("PATCH", "/api/v1/interaction_policies/defaults", json={"public": named})
    assert "As set in your app" in (await browser.open(PAGE)).root.one("main").text
    said = await sends(alice, PAGE, {"reply": "as_it_is", "favourite": "everybody", "reblog": "everybody"})
    kept = await alice.get("/api/v1/interaction_policies/defaults")
    assert kept["public"]["can_reply"]["always"][1:] == named["can_reply"]["always"]
    assert "from the list" in await sends(alice, PAGE, {"reply": "friends"}, expect=422)
