"""Applications register and ask for access, and members decide."""

from __future__ import annotations

import pytest
from yarl import URL

from fedcoop.oauth.scopes import ALL
from tests.web.browser import Browser
from tests.web.oauth.asking import (
    BACK,
    CHALLENGE,
    OOB,
    VERIFIER,
    agrees,
    asks,
    exchanges,
    log_in,
    new_app,
)
from tests.words import Person, Server


async def test_an_application_registers(small: Server) -> None:
    app = await new_app(small, [BACK, "myapp://callback"])
    assert app["redirect_uris"] == [BACK, "myapp://callback"]
    assert app["redirect_uri"] == f"{BACK}\nmyapp://callback"
    assert app["scopes"] == ["read", "write"]
    assert app["client_secret_expires_at"] == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"client_name": ""},
        {"redirect_uris": ""},
        {"redirect_uris": "javascript:alert(1)"},
        {"redirect_uris": "https://x.example/#fragment"},
        {"redirect_uris": "not-a-uri"},
        {"scopes": "read everything"},
        {"website": "javascript:alert(1)"},
        {"client_name": "x" * 200},
    ],
)
async def test_an_application_without_sense_is_refused(small: Server, fields: dict[str, str]) -> None:
    good = {"client_name": "Pine", "redirect_uris": BACK}
    answer = await small.anybody.post("/api/v1/apps", expect=422, **(good | fields))
    assert answer["error"].startswith("Validation failed: ")


async def test_a_member_lets_an_application_in(small: Server, browser: Browser, alice: Person) -> None:
    app = await new_app(small)
    page = await agrees(browser, app, code_challenge=CHALLENGE, code_challenge_method="S256")
    back = page.url
    assert str(back.with_query(None)) == BACK
    assert back.query["state"] == "xyz&="
    token = await exchanges(small, app, back.query["code"], code_verifier=VERIFIER)
    assert token["token_type"] == "Bearer"
    assert token["scope"] == "read"
    person = Person(small, token["access_token"], alice.account)
    assert (await person.get("/api/v1/accounts/verify_credentials"))["username"] == "alice"
    assert (await person.get("/api/v1/apps/verify_credentials"))["name"] == "Pine"
    await person.post("/api/v1/statuses", expect=403, status="not allowed")


async def test_the_code_is_shown_where_the_application_has_no_address(
    small: Server, browser: Browser, alice: Person
) -> None:
    app = await new_app(small, OOB)
    page = await agrees(browser, app, redirect_uri=OOB)
    assert page.status == 200
    code = page.text.partition('id="code"')[2].partition('value="')[2].partition('"')[0]
    assert (await exchanges(small, app, code, redirect_uri=OOB))["access_token"]


async def test_the_browser_is_let_back_to_the_application_by_the_page(
    small: Server, browser: Browser, alice: Person
) -> None:
    for redirect, allowed in ((BACK, "https://app.example"), ("pine://done/x", "pine:")):
        app = await new_app(small, redirect)
        page = await asks(browser, app, redirect_uri=redirect)
        if "password" in page.form:
            page = await log_in(browser, page)
        assert f"form-action 'self' {allowed};" in page.headers["Content-Security-Policy"]


async def test_who_says_no_is_told_to_the_application(small: Server, browser: Browser, alice: Person) -> None:
    app = await new_app(small)
    page = await log_in(browser, await asks(browser, app))
    page = await browser.send(page, decision="deny")
    assert page.url.query["error"] == "access_denied"
    assert page.url.query["state"] == "xyz&="
    assert "code" not in page.url.query


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "admin:read"}, "invalid_scope"),
        ({"scope": "nonsense"}, "invalid_scope"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
    ],
)
async def test_what_an_application_does_wrong_is_told_to_it(
    small: Server, browser: Browser, params: dict[str, str], error: str
) -> None:
    page = await asks(browser, await new_app(small), **params)
    assert str(page.url.with_query(None)) == BACK
    assert page.url.query["error"] == error
    assert page.url.query["state"] == "xyz&="


@pytest.mark.parametrize(
    "params",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": BACK + "/"},
        {"redirect_uri": BACK + "?x=1"},
        {"redirect_uri": ""},
    ],
)
async def test_nothing_is_sent_to_an_address_that_is_not_the_applications(
    small: Server, browser: Browser, params: dict[str, str]
) -> None:
    page = await asks(browser, await new_app(small), **params)
    assert page.status == 422
    assert str(page.url).startswith(small.config.base_url)


async def test_another_account_can_be_used_by_force(small: Server, browser: Browser, alice: Person) -> None:
    app = await new_app(small)
    page = await log_in(browser, await asks(browser, app))
    page = await asks(browser, app, force_login="true")
    assert "password" in page.form
    page = await log_in(browser, page)
    assert "decision" in page.text


async def test_consent_needs_the_page_it_was_shown_on(small: Server, browser: Browser, alice: Person) -> None:
    app = await new_app(small)
    page = await log_in(browser, await asks(browser, app))
    for csrf in ("", "0" * 64):
        refused = await browser.send(page, decision="approve", csrf=csrf)
        assert refused.status == 403
    async with Browser(small.config.base_url) as strangers:
        foreign = await asks(strangers, app)
        refused = await browser.send(page, decision="approve", csrf=foreign.form["csrf"])
        assert refused.status == 403
    async with browser.session.post(
        f"{small.config.base_url}/oauth/authorize",
        data=page.form | {"decision": "approve"},
        headers={"Sec-Fetch-Site": "cross-site"},
        allow_redirects=False,
    ) as response:
        assert response.status == 403


async def test_the_server_describes_its_endpoints(small: Server) -> None:
    told = await small.anybody.get("/.well-known/oauth-authorization-server")
    assert told["issuer"] == f"{small.config.base_url}/"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["scopes_supported"] == list(ALL)
    assert URL(told["token_endpoint"]).path == "/oauth/token"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("http://127.0.0.1:51004/cb", 303),
        ("http://127.0.0.1/cb", 303),
        ("http://127.0.0.1:51004/other", 422),
        ("http://127.0.0.1:51004/cb?x=1", 422),
        ("http://127.0.0.1:51004@evil.example/cb", 422),
        ("http://127.0.0.1.evil.example:80/cb", 422),
        ("https://127.0.0.1:51004/cb", 422),
        ("http://[::1]:51004/cb", 422),
        ("http://127.0.0.1:99999/cb", 422),
        ("https://app.example:8443/back", 422),
        ("app://done", 303),
    ],
)
async def test_a_program_on_ones_own_machine_listens_on_any_port(
    small: Server, asked: str, status: int
) -> None:
    app = await new_app(small, [BACK, "http://127.0.0.1:8080/cb", "app://done"])
    params = {"client_id": app["client_id"], "redirect_uri": asked, "response_type": "code"}
    answer = await small.anybody.ask(
        "GET", "/oauth/authorize", params=params, headers={"Accept": "text/html"}, expect=None
    )
    assert answer.status == status


async def test_every_answer_says_whose_it_is(small: Server, browser: Browser, alice: Person) -> None:
    app = await new_app(small)
    agreed = URL((await agrees(browser, app)).headers["Location"])
    refused = URL((await asks(browser, app, scope="nonsense")).headers["Location"])
    described = await small.anybody.get("/.well-known/oauth-authorization-server")
    assert agreed.query["iss"] == refused.query["iss"] == described["issuer"]
    assert refused.query["state"] == agreed.query["state"] == "xyz&="


async def test_a_program_is_told_in_json_that_nobody_knows_it(small: Server) -> None:
    answer = await small.anybody.ask(
        "GET",
        "/oauth/authorize",
        params={"client_id": "x", "response_type": "code"},
        headers={"Accept": "application/json"},
        expect=401,
    )
    assert answer["error"] == "invalid_client"


async def test_the_login_can_be_asked_for_in_openids_word(
    small: Server, browser: Browser, alice: Person
) -> None:
    app = await new_app(small)
    await agrees(browser, app)
    assert "password" in (await asks(browser, app, prompt="login")).form
