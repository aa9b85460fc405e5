"""Asking other servers: which addresses are asked at all, and what an answer may be."""

import gzip
import socket

import pytest
from aiohttp import web

from activitypub.addresses import Resolver, check_url, is_public
from activitypub.client import Client, is_document, retry_after
from activitypub.errors import BadAnswer, Gone, Refused, Unreachable
from activitypub.signatures import Message, read
from fedcoop import clock
from tests.activitypub.remote import ACTIVITY, Remote, key


@pytest.mark.parametrize(
    "url",
    [
        "http://b.test/x",
        "ftp://b.test/x",
        "data:text/plain,hello",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://[::]/",
        "https://[::1]/",
        "https://localhost/",
        "https://localhost./",
        "https://b.test./",
        "https://a.test@127.0.0.1/",
        "https://user:secret@b.test/",
        "https://b.test:22/",
        "https://b.test:6379/",
        "https://b.test:99999/",
        "https://printer.local/",
        "https://%6cocalhost/",
        "https://b.test/\r\nHost: evil",
        "https://b.test/a b",
        "https://b.test\\@evil.test/",
        "https://b.test/\0",
        "https:///nothing",
        "//b.test/x",
        "b.test",
        "",
        "https://b.test/" + "x" * 3000,
    ],
)
def test_addresses_that_are_never_asked(url: str) -> None:
    with pytest.raises(Refused):
        check_url(url, allow_private=False)


def test_ordinary_addresses_are_asked_in_one_spelling() -> None:
    assert check_url("https://B.TEST/x?y=1#z", allow_private=False) == "https://b.test/x?y=1"
    assert check_url("https://bücher.test/", allow_private=False) == "https://xn--bcher-kva.test/"
    assert check_url("http://127.0.0.1:8081/x", allow_private=True) == "http://127.0.0.1:8081/x"


@pytest.mark.parametrize(
    "address",
    """
    127.0.0.1 10.0.0.1 169.254.169.254 100.64.0.1 0.0.0.0 192.168.1.1 224.0.0.1 255.255.255.255 ::1 fe80::1
    fd00::1 ::ffff:127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: fe80::1%eth0 nonsense
    """.split(),  # noqa: SIM905 # a table is easier to read
)
def test_private_addresses_are_private_in_every_disguise(address: str) -> None:
    assert not is_public(address)


def test_public_addresses_are_public() -> None:
    assert is_public("9.9.9.9")
    assert is_public("2620:fe::fe")


async def test_a_name_that_stands_for_a_private_address_is_not_connected_to() -> None:
    with pytest.raises(OSError, match="no public address"):
        await Resolver(allow_private=False).resolve("localhost", 80)
    assert await Resolver(allow_private=True).resolve("localhost", 80, socket.AF_INET)


async def test_documents_are_asked_for_with_our_signature(client: Client, remote: Remote) -> None:
    remote.add_actor("bob")
    fetched = await client.document(remote.actor_id("bob"))
    assert fetched.url == remote.actor_id("bob")
    sent = Message("GET", "/users/bob", remote.headers[0].items(), authority=remote.host, scheme="http")
    claim = read(sent, clock.now() // 1000)
    assert claim.key_id == "https://coop.test/actor#main-key"
    assert claim.proven_by(key("instance").public_key())
    assert "application/activity+json" in remote.headers[0]["Accept"]


@pytest.mark.parametrize(
    ("content_type", "accepted"),
    [
        ("application/activity+json", True),
        ("application/activity+json; charset=utf-8", True),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', True),
        (
            'application/ld+json; profile="https://w3id.org/x https://www.w3.org/ns/activitystreams"; q=1',
            True,
        ),
        ("application/ld+json", False),
        ("application/ld+json; profile=https://evil.test/", False),
        ("application/json", False),
        ("text/plain", False),
        ("image/png", False),
        ("", False),
    ],
)
def test_only_activitypubs_media_types_are_documents(content_type: str, accepted: bool) -> None:
    assert is_document(content_type) is accepted


async def test_a_file_of_another_type_is_not_read_as_a_document(client: Client, remote: Remote) -> None:
    async def upload(_: web.Request) -> web.Response:
        return web.json_response({"type": "Note"})

    remote.handlers["/upload.json"] = upload
    with pytest.raises(BadAnswer):
        await client.document(f"{remote.base}/upload.json")


async def test_redirects_are_followed_three_times_and_signed_anew(
    client: Client, remote: Remote, other: Remote
) -> None:
    other.add_actor("bob")

    async def away(_: web.Request) -> web.Response:
        raise web.HTTPFound(other.actor_id("bob"))

    async def round_and_round(_: web.Request) -> web.Response:
        raise web.HTTPFound("/loop")

    remote.handlers |= {"/away": away, "/loop": round_and_round}
    fetched = await client.document(f"{remote.base}/away")
    assert fetched.url == other.actor_id("bob")
    sent = Message("GET", "/users/bob", other.headers[0].items(), authority=other.host, scheme="http")
    assert read(sent, clock.now() // 1000).proven_by(key("instance").public_key())
    with pytest.raises(Refused, match="redirects"):
        await client.document(f"{remote.base}/loop")
    assert remote.asked.count("/loop") == 4


async def test_a_redirect_to_a_private_network_is_not_followed(remote: Remote) -> None:
    async def inside(_: web.Request) -> web.Response:
        raise web.HTTPFound("https://127.0.0.1/secret")

    remote.handlers["/inside"] = inside
    strict = Client()
    await strict.start()
    with pytest.raises(Refused):
        await strict.document(f"{remote.base}/inside")
    await strict.close()
    assert remote.asked == []


async def test_large_answers_are_cut_also_when_they_grow_by_unpacking(client: Client, remote: Remote) -> None:
    packed = gzip.compress(b" " * 50_000_000)

    async def bomb(_: web.Request) -> web.Response:
        return web.Response(body=packed, headers={"Content-Encoding": "gzip", "Content-Type": ACTIVITY})

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": ACTIVITY})
        await answer.prepare(request)
        try:
            while True:
                await answer.write(b" " * 100_000)
        except ConnectionError:
            return answer

    remote.handlers |= {"/bomb": bomb, "/endless": endless}
    for path in ("/bomb", "/endless"):
        with pytest.raises(Unreachable, match="more than"):
            await client.document(remote.base + path)


async def test_what_is_gone_is_told_from_what_fails(client: Client, remote: Remote) -> None:
    with pytest.raises(Gone):
        await client.document(f"{remote.base}/nowhere")

    async def broken(_: web.Request) -> web.Response:
        return web.Response(status=500)

    remote.handlers["/broken"] = broken
    with pytest.raises(BadAnswer) as caught:
        await client.document(f"{remote.base}/broken")
    assert caught.value.status == 500
    with pytest.raises(Unreachable):
        await client.document("http://127.0.0.1:1/")


async def test_a_host_that_asks_us_to_wait_is_not_asked_before(client: Client, remote: Remote) -> None:
    async def busy(_: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "120"})

    remote.handlers["/busy"] = busy
    with pytest.raises(BadAnswer) as caught:
        await client.document(f"{remote.base}/busy")
    assert caught.value.retry_after == 120
    with pytest.raises(Unreachable, match="wait"):
        await client.document(f"{remote.base}/busy")
    assert len(remote.asked) == 1
    clock.advance(seconds=121)
    with pytest.raises(BadAnswer):
        await client.document(f"{remote.base}/busy")
    assert len(remote.asked) == 2


def test_waiting_times_are_read_in_both_forms_and_capped() -> None:
    assert retry_after("30") == 30
    assert retry_after("999999999999999") == 86_400
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("soon") is None
    assert retry_after(None) is None


async def test_we_do_not_ask_ourselves(client: Client) -> None:
    with pytest.raises(Refused, match="ourselves"):
        await client.document("https://coop.test/ap/users/1")


async def test_a_delivery_is_not_redirected(client: Client, remote: Remote) -> None:
    remote.inbox_status = 307
    remote.inbox_headers = {"Location": "/elsewhere"}
    answer = await client.post(f"{remote.base}/inbox", b"{}", {"Content-Type": ACTIVITY})
    assert answer.status == 307
    assert remote.asked == ["/inbox"]
