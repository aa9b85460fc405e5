"""What an application gets for a code, or as itself alone, and how its tokens are looked into and taken back."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from yarl import URL

from fedcoop import clock
from tests.web.browser import Browser, Page
from tests.web.oauth.asking import (
    BACK,
    CHALLENGE,
    PASSWORD,
    VERIFIER,
    agrees,
    exchanges,
    new_app,
)
from tests.words import Person, Server


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
