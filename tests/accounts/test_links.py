"""Links on a profile are verified when the page links back to this very profile, and only then."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop import clock
from tests.cards.site import Site
from tests.words import Person, Server


async def claims(person: Person, *values: str) -> list[str | None]:
    """Since when each field of the profile is verified, after everything has happened."""
    fields = {str(n): {"name": f"Page {n}", "value": value} for n, value in enumerate(values)}
    await person.ask("PATCH", "/api/v1/accounts/update_credentials", json={"fields_attributes": fields})
    await person.server.settle()
    return await verified(person)


async def verified(person: Person) -> list[str | None]:
    shown = await person.server.anybody.get(f"/api/v1/accounts/{person.id}")
    return [field["verified_at"] for field in shown["fields"]]


def me(person: Person, tag: str = "a") -> str:
    assert person.account is not None
    return f'<{tag} rel="nofollow ME" href="{person.account.url}">me</{tag}>'


@pytest.mark.parametrize("where", ["head", "body"])
async def test_a_page_that_links_back_is_verified(server: Server, site: Site, where: str) -> None:
    alice = await server.joins("alice")
    parts = {"head": me(alice, "link")} if where == "head" else {"head": "", "body": me(alice)}
    url = site.page("/", **parts)
    (since,) = await claims(alice, url)
    assert since is not None
    assert since[:10] == clock.day(clock.now())
    own = await alice.get("/api/v1/accounts/verify_credentials")
    assert own["source"]["fields"][0]["verified_at"] == since
    assert 'rel="me nofollow noopener"' in own["fields"][0]["value"]


NOT_BACK = {
    "in a comment": "<!-- {me} -->",
    "in brackets": "<![CDATA[ {me} ]]>",
    "in text to edit": "<textarea>{me}</textarea>",
    "in a script": "<script>{me}</script>",
    "not shown": "<template>{me}</template>",
    "in an attribute": "<p title='{me}'>",
    "no me": '<a rel="nofollow" href="{url}">me</a>',
    "almost me": '<a rel="not-me" href="{url}">me</a>',
    "somebody else": '<a rel="me" href="{url}2">me</a>',
    "below": '<a rel="me" href="{url}/1">me</a>',
    "asked with more": '<a rel="me" href="{url}?a=b">me</a>',
    "as a word": '<a rel="me" href="https://elsewhere.example/?{url}">me</a>',
    "second of two": '<a rel="me" href="https://elsewhere.example/" href="{url}">me</a>',
    "redirected": '<a rel="me" href="{site}/to-alice">me</a>',
}


@pytest.mark.parametrize("how", list(NOT_BACK))
async def test_a_page_that_does_not_link_back_is_not_verified(server: Server, site: Site, how: str) -> None:
    """security.md F9"""
    alice = await server.joins("alice")
    assert alice.account is not None
    site.serve("/to-alice", b"", "text/html", status=302, headers={"Location": alice.account.url})
    body = NOT_BACK[how].format(me=me(alice), url=alice.account.url, site=site.base)
    assert await claims(alice, site.page("/", "", body=body)) == [None]
    assert "/to-alice" not in site.remote.asked


async def test_an_address_that_leads_elsewhere_is_not_verified(
    server: Server, site: Site, other_site: Site
) -> None:
    alice = await server.joins("alice")
    real = other_site.page("/", "", body=me(alice))
    near = site.page("/near", "", body=me(alice))
    away = site.serve("/away", b"", "text/html", status=302, headers={"Location": real})
    moved = site.serve("/moved", b"", "text/html", status=302, headers={"Location": near})
    away_since, moved_since = await claims(alice, away, moved)
    assert away_since is None
    assert moved_since is not None


@pytest.mark.parametrize("more", [{"kind": "text/plain"}, {"status": 404}, {"status": 500}])
async def test_what_is_no_page_is_not_verified(server: Server, site: Site, more: dict[str, Any]) -> None:
    alice = await server.joins("alice")
    assert await claims(alice, site.page("/", "", body=me(alice), **more)) == [None]


async def test_only_a_field_that_is_nothing_but_an_address_is_asked(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    url = site.page("/", "", body=me(alice))
    assert await claims(alice, f"see {url}", f"{url} {url}", "javascript:alert(1)", "plain") == [None] * 4
    assert site.asked("/") == 0


async def test_what_is_verified_stays_until_the_page_says_otherwise(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    url = site.page("/", "", body=me(alice))
    (since,) = await claims(alice, url)
    clock.advance(seconds=86_400)
    assert await claims(alice, url) == [since]
    site.page("/", "", body="nothing")
    assert await claims(alice, url) == [None]


async def test_inward_addresses_are_never_asked(server: Server, site: Site) -> None:
    server.instance.services.federation.client.allow_private = False
    alice = await server.joins("alice")
    assert await claims(alice, site.page("/", "", body=me(alice))) == [None]
    assert site.remote.asked == []


async def test_others_hear_which_websites_may_credit_somebody(server: Server) -> None:
    alice = await server.joins("alice", attribution_domains=["news.example"])
    assert alice.account is not None
    document = await server.anybody.ask(
        "GET", alice.account.uri, headers={"Accept": "application/activity+json"}
    )
    assert document["attributionDomains"] == ["news.example"]
