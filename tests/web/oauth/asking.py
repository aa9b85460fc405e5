"""An application and a member's browser, as the tests of OAuth use them."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from typing import Any

from tests.web.browser import Browser, Page
from tests.words import Server

PASSWORD = "correct horse battery staple"

OOB = "urn:ietf:wg:oauth:2.0:oob"

BACK = "https://app.example/back"

VERIFIER = "a" * 43

CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


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
