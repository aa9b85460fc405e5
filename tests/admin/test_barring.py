"""Who may not join: by network, by provider of e-mail, by address; and that it holds where people join and log
in."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop import clock
from fedcoop.barring.access import email_hash
from tests.admin.staff import assert_sound, complaints, entries, operator
from tests.words import PASSWORD, Server

IPS, DOMAINS, EMAILS = (
    f"/api/v1/admin/{name}" for name in ("ip_blocks", "email_domain_blocks", "canonical_email_blocks")
)


async def joins(server: Server, name: str, email: str, **options: Any) -> Any:
    """Somebody joins with an app; the answer."""
    app = await server.anybody.post(
        "/api/v1/apps", client_name="x", redirect_uris=["urn:ietf:wg:oauth:2.0:oob"], scopes="read write"
    )
    token = await server.anybody.post(
        "/oauth/token",
        grant_type="client_credentials",
        client_id=app["client_id"],
        client_secret=app["client_secret"],
        redirect_uri="urn:ietf:wg:oauth:2.0:oob",
        scope="read write",
    )
    wish = {"username": name, "email": email, "password": PASSWORD, "agreement": True, "locale": "en"}
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    return (await server.anybody.ask("POST", "/api/v1/accounts", headers=headers, json=wish, **options)).body


async def logs_in(server: Server, who: str) -> int:
    """The status of an attempt to log in with a browser."""
    page = await server.anybody.ask("GET", "/login")
    csrf = page.body.split('name="csrf" value="')[1].split('"')[0]
    cookie = page.headers["Set-Cookie"].split(";")[0]
    sent = {"who": who, "password": PASSWORD, "csrf": csrf}
    answer = await server.anybody.ask("POST", "/login", expect=None, data=sent, headers={"Cookie": cookie})
    return answer.status


async def test_a_provider_of_mail_is_barred_with_all_below_it(server: Server) -> None:
    ada = await operator(server)
    block = await ada.post(DOMAINS, domain="Throwaway.example")
    assert (block["domain"], complaints("AdminEmailDomainBlock", block)) == ("throwaway.example", [])
    for email in ("a@throwaway.example", "a@mx.THROWAWAY.example"):
        refused = await joins(server, "newone", email, expect=422)
        assert refused["details"]["email"][0]["error"] == "ERR_BLOCKED"
    await joins(server, "newone", "a@notthrowaway.example")
    await ada.post(DOMAINS, domain="throwaway.example", expect=422)
    await ada.post(DOMAINS, domain="no domain", expect=422)
    assert await ada.get(f"{DOMAINS}/{block['id']}") == block
    assert await ada.get(DOMAINS) == [block]
    await ada.delete(f"{DOMAINS}/{block['id']}")
    await ada.get(f"{DOMAINS}/{block['id']}", expect=404)
    await joins(server, "newtwo", "a@throwaway.example")


async def test_an_address_is_barred_however_it_is_spelt(server: Server) -> None:
    ada = await operator(server)
    block = await ada.post(EMAILS, email="Foo.Bar+spam@mail.example")
    assert block["canonical_email_hash"] == email_hash("foobar@mail.example")
    assert complaints("AdminCanonicalEmailBlock", block) == []
    assert await ada.post(f"{EMAILS}/test", email="f.o.o.bar@MAIL.example") == [block]
    assert await ada.post(f"{EMAILS}/test", email="foo@mail.example") == []
    await joins(server, "newone", "foo.bar+2@mail.example", expect=422)
    await joins(server, "newone", "foo@mail.example")
    await ada.post(EMAILS, canonical_email_hash=block["canonical_email_hash"], expect=422)
    await ada.post(EMAILS, canonical_email_hash="x", expect=422)
    await ada.delete(f"{EMAILS}/{block['id']}")
    assert await ada.get(EMAILS) == []


@pytest.mark.parametrize(("severity", "status"), [("no_access", 403), ("sign_up_block", 403)])
async def test_nobody_joins_from_a_barred_network(server: Server, severity: str, status: int) -> None:
    ada = await operator(server)
    block = await ada.post(IPS, ip="127.0.0.77/24", severity=severity, comment="A botnet", expires_in=3600)
    assert (block["ip"], complaints("AdminIpBlock", block)) == ("127.0.0.0/24", [])
    await joins(server, "newone", "a@mail.example", expect=status)
    clock.advance(seconds=7200)
    await joins(server, "newone", "a@mail.example")


async def test_from_some_networks_one_is_let_in_first(server: Server) -> None:
    ada = await operator(server)
    await ada.post(IPS, ip="127.0.0.1", severity="sign_up_requires_approval")
    await joins(server, "newone", "a@mail.example")
    (waiting,) = await ada.get("/api/v1/admin/accounts", pending="true")
    assert waiting["username"] == "newone"


async def test_nobody_logs_in_from_where_there_is_no_access(server: Server) -> None:
    ada = await operator(server)
    await joins(server, "newone", "a@mail.example")
    assert await logs_in(server, "newone") == 303
    block = await ada.post(IPS, ip="127.0.0.1", severity="sign_up_block")
    assert await logs_in(server, "newone") == 303
    changed = await ada.put(f"{IPS}/{block['id']}", severity="no_access", comment="")
    assert changed["severity"] == "no_access"
    assert await logs_in(server, "newone") == 403
    await ada.delete(f"{IPS}/{block['id']}")
    assert await logs_in(server, "newone") == 303


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"ip": "1.2.3.4"},
        {"ip": "words", "severity": "no_access"},
        {"ip": "0.0.0.0/0", "severity": "no_access"},
        {"ip": "1.2.3.4", "severity": "hard"},
        {"ip": "1.2.3.4", "severity": "no_access", "comment": "x" * 1001},
        {"ip": "1.2.3.4", "severity": "no_access", "expires_in": -1},
    ],
)
async def test_what_is_no_network_bars_nobody(server: Server, wish: dict[str, Any]) -> None:
    ada = await operator(server)
    before = await entries(server)
    await ada.post(IPS, expect=422, **wish)
    assert await ada.get(IPS) == []
    assert await entries(server) == before


async def test_no_address_stands_in_the_record(server: Server) -> None:
    ada = await operator(server)
    await ada.post(IPS, ip="198.51.100.7", severity="no_access")
    await ada.post(EMAILS, email="somebody@mail.example")
    await ada.post(DOMAINS, domain="throwaway.example")
    await server.settle()
    record = (await server.anybody.ask("GET", "/coop/ledger")).body
    for secret in ("198.51.100.7", "somebody", "throwaway"):
        assert secret not in record
    assert "barred an address" in record
    await assert_sound(server)
