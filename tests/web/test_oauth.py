"""Applications ask for access; members decide; tokens come and go."""

from __future__ import annotations

import hashlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest
from yarl import URL

from fedcoop import clock
from fedcoop.oauth.scopes import ALL
from fedcoop.sessions import passwords
from tests.web.browser import Browser, Page
from tests.words import Person, Server

PASSWORD = "correct horse battery staple"
OOB = "urn:ietf:wg:oauth:2.0:oob"
BACK = "https://app.example/back"
VERIFIER = "a" * 43
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
async def browser(small: Server) -> AsyncIterator[Browser]:
    async with Browser(small.config.base_url) as made:
        yield made


@pytest.fixture
async def alice(small: Server) -> Person:
    person = await small.joins("alice")
    async with small.db.write() as tx:
        from fedcoop.accounts import actions

        assert person.account
        await actions.set_password(tx, person.account.id, await passwords.hashed(PASSWORD))
    return person


async def new_app(
    server: Server, redirect: str | list[str] = BACK, scopes: str = "read write", auth_method: str = ""
) -> Any:
    return await server.anybody.post(
        "/api/v1/apps",
        client_name="Pine",
        redirect_uris=redirect,
        scopes=scopes,
        website="https://app.example",
        token_endpoint_auth_method=auth_method,
    )


async def log_in(browser: Browser, page: Page, who: str = "alice", password: str = PASSWORD) -> Page:
    assert "Log in" in page.text
    return await browser.send(page, who=who, password=password)


async def asks(browser: Browser, app: Any, **params: str) -> Page:
    wanted = {
        "client_id": app["client_id"],
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "read",
        "state": "xyz&=",
    } | params
    return await browser.open("/oauth/authorize", **{key: value for key, value in wanted.items() if value})


async def agrees(browser: Browser, app: Any, **params: str) -> Page:
    """Through login and consent, back at the application."""
    page = await asks(browser, app, **params)
    if "password" in page.form:
        page = await log_in(browser, page)
    assert "Pine" in page.text
    return await browser.send(page, decision="approve")


async def exchanges(server: Server, app: Any, code: str, /, expect: int = 200, **fields: str) -> Any:
    return await server.anybody.post(
        "/oauth/token",
        expect=expect,
        **{
            "grant_type": "authorization_code",
            "code": code,
            "client_id": app["client_id"],
            "client_secret": app["client_secret"],
            "redirect_uri": BACK,
        }
        | fields,
    )


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


async def test_a_code_works_once_and_its_replay_takes_the_token_back(
    small: Server, browser: Browser, alice: Person
) -> None:
    app = await new_app(small)
    code = (await agrees(browser, app)).url.query["code"]
    token = await exchanges(small, app, code)
    again = await exchanges(small, app, code, expect=400)
    assert again["error"] == "invalid_grant"
    thief = Person(small, token["access_token"])
    await thief.get("/api/v1/accounts/verify_credentials", expect=401)


@pytest.mark.parametrize(
    ("fields", "error", "burnt"),
    [
        ({"redirect_uri": "https://app.example/other"}, "invalid_grant", True),
        ({"code_verifier": "b" * 43}, "invalid_grant", True),
        ({"code_verifier": ""}, "invalid_grant", True),
        ({"code": "nonsense"}, "invalid_grant", False),
        ({"code": ""}, "invalid_request", False),
        (
            {"grant_type": "password", "username": "alice", "password": PASSWORD},
            "unsupported_grant_type",
            False,
        ),
        ({"grant_type": ""}, "invalid_request", False),
    ],
)
async def test_a_wrong_exchange_gives_no_token_and_is_the_last_with_this_code(
    small: Server, browser: Browser, alice: Person, fields: dict[str, str], error: str, burnt: bool
) -> None:
    app = await new_app(small)
    page = await agrees(browser, app, code_challenge=CHALLENGE, code_challenge_method="S256")
    code = page.url.query["code"]
    answer = await exchanges(small, app, code, expect=400, **({"code_verifier": VERIFIER} | fields))
    assert answer["error"] == error
    # Nobody guesses what belongs to a code; what did not concern it has not used it up.
    await exchanges(small, app, code, expect=400 if burnt else 200, code_verifier=VERIFIER)


async def test_a_code_of_another_application_or_an_old_one_is_no_good(
    small: Server, browser: Browser, alice: Person
) -> None:
    app, other = await new_app(small), await new_app(small)
    code = (await agrees(browser, app)).url.query["code"]
    assert (await exchanges(small, other, code, expect=400))["error"] == "invalid_grant"
    clock.advance(seconds=601)
    assert (await exchanges(small, app, code, expect=400))["error"] == "invalid_grant"


async def test_a_wrong_secret_is_refused(small: Server, browser: Browser, alice: Person) -> None:
    app = await new_app(small)
    code = (await agrees(browser, app)).url.query["code"]
    for fields in ({"client_secret": "wrong"}, {"client_id": "nobody"}, {"client_secret": ""}):
        assert (await exchanges(small, app, code, expect=401, **fields))["error"] == "invalid_client"


async def test_an_application_may_name_itself_in_a_header(small: Server) -> None:
    app = await new_app(small)
    basic = b64encode(f"{app['client_id']}:{app['client_secret']}".encode()).decode()
    answer = await small.anybody.ask(
        "POST",
        "/oauth/token",
        data={"grant_type": "client_credentials", "scope": "read"},
        headers={"Authorization": f"Basic {basic}"},
    )
    assert answer["scope"] == "read"


async def test_an_application_alone_is_nobody(small: Server) -> None:
    app = await new_app(small)
    token = await small.anybody.post(
        "/oauth/token",
        grant_type="client_credentials",
        client_id=app["client_id"],
        client_secret=app["client_secret"],
    )
    program = Person(small, token["access_token"])
    assert (await program.get("/api/v1/apps/verify_credentials"))["name"] == "Pine"
    await program.get("/api/v1/timelines/public")
    answer = await program.get("/api/v1/accounts/verify_credentials", expect=422)
    assert answer == {"error": "This method requires an authenticated user"}


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


async def test_a_token_is_taken_back_by_its_application_alone(
    small: Server, browser: Browser, alice: Person
) -> None:
    app, other = await new_app(small), await new_app(small)
    secret = (await exchanges(small, app, (await agrees(browser, app)).url.query["code"]))["access_token"]

    def of(app: Any) -> dict[str, Any]:
        return {"client_id": app["client_id"], "client_secret": app["client_secret"], "token": secret}

    assert (await small.anybody.post("/oauth/introspect", **of(app)))["active"] is True
    assert (await small.anybody.post("/oauth/introspect", **of(other))) == {"active": False}
    await small.anybody.post("/oauth/revoke", expect=403, **of(other))
    await small.anybody.post("/oauth/revoke", expect=403, token=secret)
    await small.anybody.post("/oauth/revoke", **of(app))
    await small.anybody.post("/oauth/revoke", **of(app))
    assert (await small.anybody.post("/oauth/introspect", **of(app))) == {"active": False}
    await Person(small, secret).get("/api/v1/accounts/verify_credentials", expect=401)


async def test_who_somebody_is_can_be_asked_with_the_smallest_scope(
    small: Server, browser: Browser, alice: Person
) -> None:
    app = await new_app(small, scopes="profile")
    token = await exchanges(small, app, (await agrees(browser, app, scope="profile")).url.query["code"])
    person = Person(small, token["access_token"])
    info = await person.get("/oauth/userinfo")
    assert info["preferred_username"] == "alice"
    assert info["sub"] == alice.account.uri  # type: ignore[union-attr]
    assert (await person.get("/api/v1/accounts/verify_credentials"))["username"] == "alice"
    await person.get("/api/v1/timelines/home", expect=403)


async def test_the_server_describes_its_endpoints(small: Server) -> None:
    told = await small.anybody.get("/.well-known/oauth-authorization-server")
    assert told["issuer"] == f"{small.config.base_url}/"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["scopes_supported"] == list(ALL)
    assert URL(told["token_endpoint"]).path == "/oauth/token"


async def test_a_wrong_password_and_an_unknown_name_look_the_same(
    small: Server, browser: Browser, alice: Person
) -> None:
    answers = []
    for who in ("alice", "nobody", "alice@example.test", "nobody@example.test"):
        page = await log_in(browser, await browser.open("/login"), who, "wrong password")
        assert page.status == 422
        answers.append(page.text.replace(who, "").replace(page.form["csrf"], ""))
    assert len(set(answers)) == 1


async def test_signing_in_begins_a_new_session_and_signing_out_ends_it(
    small: Server, browser: Browser, alice: Person
) -> None:
    page = await browser.open("/login", next="/about")
    page = await log_in(browser, page, "ALICE@example.test")
    assert page.url.path == "/about"
    assert "@alice" in page.text
    [cookie] = [c for c in browser.session.cookie_jar if c.key == "fedcoop_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    stolen = {"fedcoop_session": cookie.value}
    page = await browser.open("/about")
    await browser.post("/logout", csrf=page.text.partition('name="csrf" value="')[2].partition('"')[0])
    async with small.http.get(f"{small.config.base_url}/about", cookies=stolen) as response:
        assert "@alice" not in await response.text()


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\t//evil"],
)
async def test_after_the_login_nobody_is_led_away(
    small: Server, browser: Browser, alice: Person, target: str
) -> None:
    page = await log_in(browser, await browser.open("/login", next=target))
    assert page.url.host == "127.0.0.1"


async def test_a_disabled_account_gets_in_nowhere(small: Server, browser: Browser, alice: Person) -> None:
    from fedcoop.accounts import actions

    await log_in(browser, await browser.open("/login"))
    async with small.db.write() as tx:
        assert alice.account
        await actions.disable(tx, alice.account.id)
    answer = await alice.get("/api/v1/accounts/verify_credentials", expect=403)
    assert answer == {"error": "Your login is currently disabled"}
    assert "@alice" not in (await browser.open("/about")).text
    page = await log_in(browser, await browser.open("/login"))
    assert "disabled" in page.text


async def exchanges_alone(server: Server, app: Any, code: str, /, expect: int = 200, **fields: str) -> Any:
    """As a public client does, which has no secret to show."""
    sent = {
        "grant_type": "authorization_code",
        "client_id": app["client_id"],
        "redirect_uri": BACK,
        "code": code,
    }
    return await server.anybody.post("/oauth/token", expect=expect, **(sent | fields))


def code_of(page: Page) -> str:
    return URL(page.headers["Location"]).query["code"]


async def test_an_application_without_a_secret_needs_pkce(
    small: Server, browser: Browser, alice: Person
) -> None:
    app = await new_app(small, auth_method="none")
    assert app["client_secret"] == ""
    bare = code_of(await agrees(browser, app))
    answer = await exchanges_alone(small, app, bare, expect=401, code_verifier=VERIFIER)
    assert answer["error"] == "invalid_client"
    proof = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    code = code_of(await agrees(browser, app, **proof))
    await exchanges_alone(small, app, code, expect=400, code_verifier="b" * 43)
    await exchanges_alone(small, app, code, expect=400, code_verifier=VERIFIER)
    code = code_of(await agrees(browser, app, **proof))
    token = await exchanges_alone(small, app, code, code_verifier=VERIFIER)
    assert token["scope"] == "read"
    # There is no secret that it could show, and nothing else comes without one.
    code = code_of(await agrees(browser, app, **proof))
    await exchanges_alone(small, app, code, expect=401, code_verifier=VERIFIER, client_secret="wrong")
    await exchanges_alone(small, app, "", expect=401, grant_type="client_credentials")
    await exchanges_alone(small, app, "", expect=401, grant_type="client_credentials", client_secret="")


async def test_an_application_that_has_a_secret_shows_it_also_with_pkce(
    small: Server, browser: Browser, alice: Person
) -> None:
    app = await new_app(small)
    proof = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    code = code_of(await agrees(browser, app, **proof))
    answer = await exchanges_alone(small, app, code, expect=401, code_verifier=VERIFIER)
    assert answer["error"] == "invalid_client"
    # Whoever did not show it has not used the code up either.
    await exchanges(small, app, code, code_verifier=VERIFIER)


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
