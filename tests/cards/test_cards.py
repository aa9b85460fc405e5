"""Previews of pages that statuses link to: `fedcoop/cards`, `activitypub/previews.py`."""

import json
from typing import Any

import pytest

from fedcoop import clock
from tests.activitypub.remote import remote_server
from tests.cards.site import Site, card_of
from tests.words import Server

OPEN_GRAPH = """
<title>The title of the window</title>
<meta property="og:title" content="Walnuts &amp; others">
<meta property="og:description" content="All   about
 nuts">
<meta property="og:site_name" content="Nuts Today">
<meta property="og:image" content="/walnut.jpg">
<meta property="og:image:width" content="1200"><meta property="og:image:height" content="630">
<meta property="og:image:alt" content="A walnut">
<meta property="article:published_time" content="2024-05-06T07:08:09Z">
<meta name="author" content="Carol">
"""


async def test_the_first_link_of_a_status_has_a_card(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    url = site.page("/nuts", OPEN_GRAPH)
    status = await alice.says(f"@alice #nuts read {url}#part and {site.base}/other")
    assert status["card"] is None
    card = await card_of(alice, status)
    # The picture is one of ours: nobody who reads asks the other site.
    assert card.pop("image").startswith(f"{server.config.base_url}/media/proxy/cards/")
    assert {name: card[name] for name in card if name != "authors"} == {
        "url": url,
        "title": "Walnuts & others",
        "description": "All about nuts",
        "language": "en",
        "type": "link",
        "author_name": "Carol",
        "author_url": "",
        "provider_name": "Nuts Today",
        "provider_url": "",
        "html": "",
        "width": 1200,
        "height": 630,
        "image_description": "A walnut",
        "embed_url": "",
        "blurhash": None,
        "published_at": "2024-05-06T07:08:09.000Z",
        "missing_attribution": False,
    }
    assert card["authors"] == [{"name": "Carol", "url": "", "account": None}]


async def test_a_page_without_open_graph_shows_its_own_words(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    url = site.page("/plain", "<title> Just a\n page </title><meta name=description content='What it says'>")
    card = await card_of(alice, await alice.says(url))
    assert (card["title"], card["description"]) == ("Just a page", "What it says")


async def test_a_page_is_asked_for_once_however_many_link_to_it(server: Server, site: Site) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    url = site.page("/nuts", "<title>Nuts</title>")
    first = await alice.says(f"look {url}")
    second = await bob.says(f"look again {url}")
    for person, status in ((alice, first), (bob, second), (bob, await bob.says(f"and again {url}#there"))):
        assert (await card_of(person, status))["title"] == "Nuts"
    assert site.asked("/nuts") == 1


async def test_after_some_days_a_page_is_asked_anew(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    url = site.page("/nuts", "<title>Old</title>")
    first = await alice.says(url)
    assert (await card_of(alice, first))["title"] == "Old"
    site.page("/nuts", "<title>New</title>")
    clock.advance(seconds=15 * 86_400)
    alice.token = (await server.joins("later")).token
    await alice.says(url)
    assert (await card_of(alice, first))["title"] == "New"
    assert site.asked("/nuts") == 2


async def test_an_edit_changes_the_card_and_takes_it_away(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    status = await alice.says(site.page("/one", "<title>One</title>"))
    assert (await card_of(alice, status))["title"] == "One"
    await alice.put(f"/api/v1/statuses/{status['id']}", status=site.page("/two", "<title>Two</title>"))
    assert (await card_of(alice, status))["title"] == "Two"
    await alice.put(f"/api/v1/statuses/{status['id']}", status="no link")
    assert await card_of(alice, status) is None


async def test_cards_come_with_statuses_from_elsewhere_within_a_minute(
    server: Server, other: Server, site: Site
) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob")
    await alice.follows(bob)
    await server.settle(other)
    await bob.says(f"@{alice.handle} look: {site.page('/nuts', '<title>Nuts</title>')}")
    await server.settle(other)
    clock.advance(seconds=60)
    status = (await alice.home())[0]
    assert (await card_of(alice, status))["title"] == "Nuts"


# What has none


@pytest.mark.parametrize(
    "text", ["no link", "@bob@nowhere.example", "#nuts", "mailto:a@b.example", "javascript:alert(1)"]
)
async def test_people_hashtags_and_other_schemes_have_no_card(server: Server, text: str) -> None:
    alice = await server.joins("alice")
    assert await card_of(alice, await alice.says(text)) is None


async def test_what_is_no_page_has_no_card(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    for url in (
        site.serve("/picture", b"<title>x</title>", "image/png"),
        site.serve("/json", b"{}", "application/json"),
        site.page("/untitled", "<meta property='og:image' content='/x.png'>"),
        site.page("/error", "<title>Not found</title>", status=404),
        f"{site.base}/missing",
        f"{server.config.base_url}/about",
        "http://127.0.0.1:9/closed",
    ):
        assert await card_of(alice, await alice.says(url)) is None, url


async def test_private_networks_are_not_asked(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    server.instance.services.federation.client.allow_private = False
    status = await alice.says(site.page("/nuts", "<title>Nuts</title>"))
    assert await card_of(alice, status) is None
    assert site.asked("/nuts") == 0


async def test_endless_redirects_end(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    url = site.serve("/loop", b"", "text/html", status=302, headers={"Location": "/loop"})
    assert await card_of(alice, await alice.says(url)) is None
    assert site.asked("/loop") <= 4


async def test_a_large_page_is_cut_and_read(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    url = site.page("/large", "<title>Large</title>", body="x" * 3_000_000)
    assert (await card_of(alice, await alice.says(url)))["title"] == "Large"


# Hostile pages


async def test_what_a_page_says_is_text_and_web_addresses_alone(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    head = """
    <meta property="og:title" content="&lt;script&gt;alert(1)&lt;/script&gt;">
    <meta property="og:description" content="a\u0000b">
    <meta property="og:image" content="javascript:alert(1)">
    <link rel="canonical" href="data:text/html,x">
    """
    url = site.page("/hostile", head)
    card = await card_of(alice, await alice.says(url))
    assert card["title"] == "<script>alert(1)</script>"  # text, that clients escape
    assert (card["image"], card["html"], card["embed_url"], card["url"]) == (None, "", "", url)


async def test_a_page_cannot_speak_for_another_host(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    url = site.page("/liar", "<title>Lies</title><link rel=canonical href='http://bank.example/'>")
    assert (await card_of(alice, await alice.says(url)))["url"] == url


async def test_a_page_does_not_replace_what_another_says_of_itself(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    true = site.page("/true", "<title>True</title>")
    first = await alice.says(true)
    assert (await card_of(alice, first))["title"] == "True"
    liar = site.page("/liar", "<title>Lies</title><link rel=canonical href='/true'>")
    second = await alice.says(liar)
    assert (await card_of(alice, second))["title"] == "True"
    assert (await card_of(alice, first))["title"] == "True"


async def test_markup_that_never_ends_breaks_nothing(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    for number, head in enumerate(
        ("<![", "<!--", "<title>", "<meta " * 5_000, "<a" * 50_000, "<title>&#99999999999;</title>")
    ):
        await card_of(alice, await alice.says(site.page(f"/{number}", head)))


# oEmbed


def _oembed(site: Site, answer: Any) -> str:
    site.serve("/oembed", json.dumps(answer).encode(), "application/json")
    return site.page(
        "/video", "<title>Film</title><link rel=alternate type='application/json+oembed' href='/oembed?x=1'>"
    )


async def test_a_film_is_shown_in_a_frame_of_its_own_site(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    frame = f'<iframe src="{site.base}/player?a=1&amp;b=2" onload="alert(1)"></iframe><script>x</script>'
    url = _oembed(site, {"type": "video", "html": frame, "width": 640, "height": 360, "author_name": "Dan"})
    status = await alice.says(url)
    card = await card_of(alice, status)
    assert (card["type"], card["width"], card["height"], card["author_name"]) == ("video", 640, 360, "Dan")
    assert card["html"].startswith(f'<iframe src="{site.base}/player?a=1&amp;b=2" width="640" height="360"')
    assert "sandbox=" in card["html"]
    assert "onload" not in card["html"]
    assert "script>" not in card["html"]
    found = await alice.get("/api/v2/search", q="has:embed", type="statuses")
    assert [each["id"] for each in found["statuses"]] == [status["id"]]


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="https://evil.example/"></iframe>',
        '<iframe src="javascript:alert(1)"></iframe>',
        '<iframe srcdoc="<script>"></iframe>',
        "<script>alert(1)</script>",
        5,
        None,
    ],
)
async def test_any_other_html_is_dropped(server: Server, site: Site, html: Any) -> None:
    alice = await server.joins("alice")
    url = _oembed(site, {"type": "video", "html": html})
    card = await card_of(alice, await alice.says(url))
    assert (card["type"], card["html"], card["title"]) == ("link", "", "Film")


async def test_a_photo_has_its_address(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    url = _oembed(site, {"type": "photo", "url": "/photo.jpg", "width": 300, "height": "200"})
    card = await card_of(alice, await alice.says(url))
    assert (card["type"], card["embed_url"]) == ("photo", f"{site.base}/photo.jpg")
    assert (card["width"], card["height"]) == (300, 200)


# Who wrote it


async def test_an_author_is_named_only_where_the_account_names_the_site(server: Server, site: Site) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob", display_name="Bob B.")
    head = f"<title>Nuts</title><meta name='fediverse:creator' content='@{bob.handle}'>"
    card = await card_of(alice, await alice.says(site.page("/before", head)))
    assert card["authors"] == []
    # A host with a dot is a domain, also where it is a number.
    shown = await bob.ask(
        "PATCH",
        "/api/v1/accounts/update_credentials",
        json={"attribution_domains": [site.remote.host, "news.example"]},
    )
    assert set(shown["source"]["attribution_domains"]) == {site.remote.host, "news.example"}
    card = await card_of(alice, await alice.says(site.page("/after", head)))
    (author,) = card["authors"]
    assert (author["name"], author["account"]["acct"]) == ("Bob B.", "bob")


async def test_who_wrote_a_page_learns_that_its_site_may_not_say_so(server: Server, site: Site) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob", display_name="Bob B.")
    head = "<title>Nuts</title><meta name='author' content='Bo'>"
    head += f"<meta name='fediverse:creator' content='@{bob.handle}'>"
    forged = 'my "missing_attribution":"1 and "missing_attribution":"x" and more'
    status = await alice.says(f"{site.page('/nuts', head)} {forged}")
    boost = await alice.post(f"/api/v1/statuses/{status['id']}/reblog")
    assert (await card_of(bob, status))["missing_attribution"] is True
    (entry,) = await bob.get(f"/api/v1/accounts/{alice.id}/statuses", limit=1)
    assert (entry["id"], entry["reblog"]["card"]["missing_attribution"]) == (boost["id"], True)
    for other in (alice, server.anybody):
        card = await card_of(other, status)
        assert (card["missing_attribution"], card["author_name"]) == (False, "Bo")
        assert card["authors"] == [{"name": "Bo", "url": "", "account": None}]
    profile = "/api/v1/accounts/update_credentials"
    await bob.ask("PATCH", profile, json={"attribution_domains": [site.remote.host]})
    card = await card_of(bob, status)
    assert (card["missing_attribution"], card["authors"][0]["account"]["acct"]) == (False, "bob")
    await bob.ask("PATCH", profile, json={"attribution_domains": []})
    card = await card_of(bob, status)
    assert (card["missing_attribution"], card["author_name"], card["authors"][0]["account"]) == (
        True,
        "Bo",
        None,
    )


async def test_sites_that_may_name_an_account_are_told_to_other_servers(
    server: Server, other: Server
) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob")
    await bob.ask(
        "PATCH", "/api/v1/accounts/update_credentials", json={"attribution_domains": ["News.Example"]}
    )
    account = await alice.finds(bob.handle)
    from fedcoop.accounts import attribution

    async with server.db.read() as tx:
        assert await attribution.domains_of(tx, int(account["id"])) == ["news.example"]
        assert await attribution.allows(tx, int(account["id"]), "www.news.example")
        assert not await attribution.allows(tx, int(account["id"]), "example")


@pytest.mark.parametrize("domains", [["nonsense"], ["a b.example"], [f"{n}.example" for n in range(200)]])
async def test_what_is_no_site_is_refused(server: Server, domains: list[str]) -> None:
    alice = await server.joins("alice")
    await alice.ask(
        "PATCH", "/api/v1/accounts/update_credentials", json={"attribution_domains": domains}, expect=422
    )


# FEP-8967


async def test_an_attached_link_comes_before_those_in_the_text(server: Server, site: Site) -> None:
    alice = await server.joins("alice")
    async with remote_server() as elsewhere:
        elsewhere.add_actor("bob")
        note = elsewhere.note(
            "bob",
            content=f'<p><a href="{site.page("/text", "<title>Text</title>")}">x</a></p>',
            attachment=[{"type": "Link", "href": site.page("/attached", "<title>Attached</title>")}],
        )
        elsewhere.documents["/users/bob/statuses/1"] = note
        status = await alice.sees(note["id"])
        clock.advance(seconds=60)
        assert (await card_of(alice, status))["title"] == "Attached"


@pytest.mark.parametrize("odd", ["<![foo]>", "<![ x", "<![1[x]]>", "<!", "<?"])
async def test_odd_pages_have_their_card_all_the_same(server: Server, site: Site, odd: str) -> None:
    alice = await server.joins("alice")
    url = site.page("/odd", f"<title>Walnuts</title>{odd}")
    card = await card_of(alice, await alice.says(url))
    assert card["title"] == "Walnuts"
