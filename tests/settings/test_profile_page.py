"""Members set their profile, the defaults for their posts, and their reminders on pages."""

from __future__ import annotations

from typing import Any

import aiohttp

from tests.media.drawing import picture
from tests.web.pages.browser import browser_of, parsed
from tests.words import Person, Server

PROFILE = "/settings/profile"


async def sends(
    person: Person, path: str, fields: dict[str, str | bytes], *, page: str = "", expect: int = 200
) -> str:
    """Fill in a form and send it as a browser does; what the page then says."""
    browser = await browser_of(person)
    opened = await browser.open(page or path)
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("csrf", opened.root.all("input", name="csrf")[0]["value"])
    for name, value in fields.items():
        if isinstance(value, bytes):
            form.add_field(name, value, filename="picture.png" if value else "", content_type="image/png")
        else:
            form.add_field(name, value)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    answer = await person.server.anybody.ask(
        "POST", path, data=form, expect=expect, headers={"Cookie": cookies, "Accept": "text/html"}
    )
    return parsed(answer.body).one("main").text


async def own(person: Person) -> Any:
    return await person.get("/api/v1/accounts/verify_credentials")


async def test_a_profile_is_set_on_a_page(server: Server) -> None:
    alice = await server.joins("alice", locked=True)
    said = await sends(
        alice,
        PROFILE,
        {
            "display_name": "Alice",
            "note": "I like #tea",
            "avatar": picture("PNG"),
            "avatar_description": "A cup",
            "header": b"",
            "discoverable": "true",
            "attribution_domains": "news.example\nother.example",
            "fields_attributes[0][name]": "Site",
            "fields_attributes[0][value]": "https://alice.example",
        },
    )
    assert "Your profile is saved" in said
    shown = await own(alice)
    assert (shown["display_name"], shown["source"]["note"], shown["locked"]) == (
        "Alice",
        "I like #tea",
        False,
    )
    assert (shown["discoverable"], shown["avatar_description"]) == (True, "A cup")
    assert "/media/" in shown["avatar"]
    assert "/static/" in shown["header"]
    assert [(field["name"], field["value"]) for field in shown["source"]["fields"]] == [
        ("Site", "https://alice.example")
    ]
    assert shown["source"]["attribution_domains"] == ["news.example", "other.example"]
    await sends(alice, PROFILE, {"display_name": "Alice", "remove_avatar": "true"})
    assert "/static/" in (await own(alice))["avatar"]


async def test_a_mistake_changes_nothing_and_loses_nothing(server: Server) -> None:
    alice = await server.joins("alice", display_name="Alice")
    mistakes: list[dict[str, str | bytes]] = [
        {"display_name": "n" * 61},
        {"attribution_domains": "nowhere"},
        {"avatar": b"no picture"},
    ]
    for wrong in mistakes:
        said = await sends(alice, PROFILE, {"note": "typed with care", **wrong}, expect=422)
        assert "typed with care" in said
    shown = await own(alice)
    assert (shown["display_name"], shown["source"]["note"]) == ("Alice", "")


async def test_defaults_of_posts_are_set_on_a_page(server: Server) -> None:
    alice = await server.joins("alice")
    chosen: dict[str, str | bytes] = {
        "privacy": "private",
        "quote_policy": "nobody",
        "language": "de",
        "sensitive": "true",
    }
    said = await sends(alice, f"{PROFILE}/defaults", chosen, page=PROFILE)
    assert "Your next posts begin with these" in said
    assert {name: (await own(alice))["source"][name] for name in chosen} == {**chosen, "sensitive": True}
    await sends(alice, f"{PROFILE}/defaults", {**chosen, "privacy": "all"}, page=PROFILE, expect=422)
    assert (await own(alice))["source"]["privacy"] == "private"


async def test_members_alone_choose_whether_they_are_reminded(server: Server) -> None:
    alice, bob = await server.joins("alice", member=True), await server.joins("bob")
    page = await (await browser_of(alice)).open("/settings/notices")
    assert page.root.all("input", name="reminders")
    assert "not reminded any more" in await sends(alice, "/settings/notices", {})
    assert "You are reminded" in await sends(alice, "/settings/notices", {"reminders": "true"})
    page = await (await browser_of(bob)).open("/settings/notices")
    assert not page.root.all("input", name="reminders")


async def test_nobody_else_sees_or_sends_the_form(server: Server) -> None:
    await server.joins("alice")
    answer = await server.anybody.ask("GET", PROFILE, expect=303, headers={"Accept": "text/html"})
    assert answer.headers["Location"].startswith("/login")
    await server.anybody.ask("POST", PROFILE, data={"display_name": "x"}, expect=None)
