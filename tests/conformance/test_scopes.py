"""Each operation with each scope: what a scope opens by the documentation is open, everything else is refused."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from fedcoop.oauth import actions as oauth
from fedcoop.oauth.scopes import ALL
from tests.conformance.description import described, description, operations, route_of
from tests.words import Server
from web.api import ANY_TOKEN, Route, api
from web.routes import load

pytestmark = described

FOLLOW = {f"{act}:{what}" for act in ("read", "write") for what in ("blocks", "follows", "mutes")}
"""https://docs.joinmastodon.org/api/oauth-scopes/: what the old scope `follow` contains."""
OUTSIDE = {"error": "This action is outside the authorized scopes"}
# Mastodon's own code asks for these where its description says otherwise.
KNOWN_OTHERWISE = {
    "GET /api/v1/statuses/{id}/favourited_by",
    "GET /api/v1/statuses/{id}/reblogged_by",
    "GET /api/v1/markers",
    "POST /api/v1/markers",
    "GET /api/v2/notifications/{group_key}/accounts",
}


def contained(scope: str) -> set[str]:
    """A scope and what is in it, by the documented rule: `read` has every `read:…`, and so on."""
    return {scope} | (FOLLOW if scope == "follow" else {each for each in ALL if each.startswith(f"{scope}:")})


@cache
def documented() -> dict[str, set[str]]:
    """Which scopes the description asks for, of each operation that asks for one."""
    found: dict[str, set[str]] = {}
    for operation, described_ in operations().items():
        for wanted in described_.get("security") or ():
            if wanted.get("OAuth2"):
                found.setdefault(operation, set()).update(wanted["OAuth2"])
    return found


def test_there_are_the_documented_scopes_and_those_of_the_cooperative() -> None:
    flows = description()["components"]["securitySchemes"]["OAuth2"]["flows"]
    theirs = {scope for flow in flows.values() for scope in flow["scopes"]}
    assert {*ALL} - theirs == {"read:governance", "write:governance", "admin:governance"}
    assert theirs - {*ALL} == set()


def test_every_operation_asks_for_the_scope_that_is_described() -> None:
    wrong = [
        f"{operation}: {route.scopes} instead of {sorted(scopes)}"
        for operation, scopes in documented().items()
        if (route := route_of(operation)) and operation not in KNOWN_OTHERWISE and {*route.scopes} != scopes
    ]
    assert wrong == []


def _asked(route: Route) -> set[str]:
    """What the documentation asks for, or the route itself where it is not Mastodon's."""
    theirs = {each: scopes for each, scopes in documented().items() if each not in KNOWN_OTHERWISE}
    return next((scopes for each, scopes in theirs.items() if route_of(each) is route), {*route.scopes})


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_each_scope_opens_what_it_contains_and_nothing_else(small: Server, method: str) -> None:
    load()
    alice = await small.joins("alice")
    assert alice.account
    tokens: dict[str, str] = {}
    async with small.db.write() as tx:
        for scope in ALL:
            tokens[scope] = await oauth.issue(tx, alice.account.id, scope, scope)
    wrong: list[str] = []
    for route in api:
        if route.method != method or not route.scopes or route.scopes == ANY_TOKEN:
            continue
        asked = _asked(route)
        address = _address(route)
        for scope, token in tokens.items():
            status, body = await _asks(small, method, address, token)
            refused = status == 403 and body == OUTSIDE
            if refused is not contained(scope).isdisjoint(asked):
                wrong.append(f"{method} {route.path} with {scope}: {status} {body}")
        status, _ = await _asks(small, method, address, None)
        if status != 401 and not route.public:
            wrong.append(f"{method} {route.path} without a token: {status}")
    assert wrong == []


def _address(route: Route) -> str:
    path = route.path.partition(":")[0] if ":" in route.path else route.path
    return "/".join("1" if part.startswith("{") else part for part in path.split("/"))


async def _asks(server: Server, method: str, path: str, token: str | None) -> tuple[int, Any]:
    """Status, and the body of an error; the rest is not read, for streams have no end."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = server.config.base_url + path
    async with server.http.request(method, url, headers=headers, allow_redirects=False) as answer:
        known = "json" in answer.headers.get("Content-Type", "") and answer.status >= 400
        return answer.status, await answer.json() if known else None
