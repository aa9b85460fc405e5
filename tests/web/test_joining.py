"""Somebody new wants an account."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fedcoop import clock
from tests.web.browser import Browser
from tests.words import Person, Server, running

NEW: dict[str, Any] = {
    "username": "carol",
    "email": "carol@example.test",
    "password": "several plain words",
    "agreement": True,
    "locale": "en",
}


async def program(server: Server, scopes: str = "read write") -> Person:
    """An application's own token."""
    app = await server.anybody.post("/api/v1/apps", client_name="Pine", redirect_uris="a://b", scopes=scopes)
    token = await server.anybody.post(
        "/oauth/token",
        grant_type="client_credentials",
        client_id=app["client_id"],
        client_secret=app["client_secret"],
        scope=scopes,
    )
    return Person(server, token["access_token"])


async def test_an_application_signs_somebody_up(server: Server) -> None:
    token = await (await program(server)).post("/api/v1/accounts", **NEW)
    carol = Person(server, token["access_token"])
    assert (await carol.get("/api/v1/accounts/verify_credentials"))["username"] == "carol"
    assert token["scope"] == "read write"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"username": "not good"}, "username"),
        ({"username": "admin"}, "username"),
        ({"username": "Alice"}, "username"),
        ({"email": "nowhere"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 1000}, "password"),
        ({"agreement": False}, "agreement"),
    ],
)
async def test_what_is_wrong_is_told_by_field(small: Server, fields: dict[str, Any], field: str) -> None:
    await small.joins("alice")
    answer = await (await program(small)).post("/api/v1/accounts", expect=422, **(NEW | fields))
    assert answer["error"].startswith("Validation failed: ")
    assert field in answer["details"]


async def test_only_an_application_signs_people_up(small: Server) -> None:
    await (await small.joins("alice")).post("/api/v1/accounts", expect=403, **NEW)
    await small.anybody.post("/api/v1/accounts", expect=401, **NEW)
    await (await program(small, "read")).post("/api/v1/accounts", expect=403, **NEW)


async def test_a_closed_server_takes_nobody(sqlite_url: str, tmp_path: Path) -> None:
    async with running(sqlite_url, str(tmp_path), registrations="closed") as server:
        await (await program(server)).post("/api/v1/accounts", expect=403, **NEW)
        page = await server.anybody.ask("GET", "/register")
        assert "not taking new accounts" in page.body


async def test_where_people_are_approved_the_token_waits(sqlite_url: str, tmp_path: Path) -> None:
    async with running(sqlite_url, str(tmp_path), registrations="approval") as server:
        app = await program(server)
        await app.post("/api/v1/accounts", expect=422, **NEW)
        token = await app.post("/api/v1/accounts", reason="I like it here", **NEW)
        carol = Person(server, token["access_token"])
        answer = await carol.get("/api/v1/accounts/verify_credentials", expect=403)
        assert answer == {"error": "Your login is currently pending approval"}


async def test_somebody_joins_with_a_browser(small: Server) -> None:
    async with Browser(small.config.base_url) as browser:
        page = await browser.open("/auth/sign_up")
        wrong = await browser.send(page, username="carol", email="carol@example.test", password="short")
        assert wrong.status == 422
        assert "too short" in wrong.text
        assert 'value="carol"' in wrong.text
        page = await browser.send(
            wrong,
            username="carol",
            email="carol@example.test",
            password="several plain words",
            agreement="1",
        )
        assert "Welcome, carol" in page.text
        assert "@carol" in (await browser.open("/about")).text


async def test_every_mistake_is_told_at_once_in_mastodons_words(small: Server) -> None:
    answer = await (await program(small)).post(
        "/api/v1/accounts", expect=422, username="adm1n", email="x", password="short", locale="en"
    )
    codes = {field: [fault["error"] for fault in faults] for field, faults in answer["details"].items()}
    assert codes == {
        "username": ["ERR_RESERVED"],
        "email": ["ERR_INVALID"],
        "password": ["ERR_TOO_SHORT"],
        "agreement": ["ERR_ACCEPTED"],
    }
    assert answer["error"].count("Validation failed") == 1


@pytest.mark.parametrize("name", ["Adm1n", "_root_", "аdmin", "assernbly", "m0derator", "5upport"])
async def test_names_that_seem_to_be_ours_are_refused(small: Server, name: str) -> None:
    answer = await (await program(small)).post("/api/v1/accounts", expect=422, **(NEW | {"username": name}))
    assert "username" in answer["details"]


async def test_who_is_too_young_waits(sqlite_url: str, tmp_path: Path) -> None:
    async with running(sqlite_url, str(tmp_path), registrations_min_age=16) as server:
        assert (await server.anybody.get("/api/v2/instance"))["registrations"]["min_age"] == 16
        app = await program(server)
        born = {
            "": "ERR_BLANK",
            "yesterday": "ERR_INVALID",
            "1800-01-01": "ERR_INVALID",
            clock.day(clock.now() - 15 * 365 * clock.DAY): "ERR_BELOW_LIMIT",
        }
        for birth, code in born.items():
            answer = await app.post("/api/v1/accounts", expect=422, **NEW, date_of_birth=birth)
            assert answer["details"]["date_of_birth"][0]["error"] == code
        await app.post("/api/v1/accounts", **NEW, date_of_birth="1990-02-28")
        page = await server.anybody.ask("GET", "/register")
        assert "You need to be 16 or older" in page.body
