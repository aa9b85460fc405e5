"""The API's answers against Mastodon's own description of them, where that is at hand."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.environment import setting
from tests.words import ALL_SCOPES, Person, Server
from web.api import ANY_TOKEN, Route, api
from web.routes import load

DESCRIPTION = Path(
    setting("FEDCOOP_OPENAPI", "")
    or Path(__file__).parents[2].parent / "shared" / "mastodon-api" / "openapi.json"
)
pytestmark = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason=f"no description of Mastodon's API at {DESCRIPTION}"
)
# Where the description says one object and every Mastodon answers with a list of them.
LISTS_IN_FACT = {("get", "/api/v1/filters")}


@cache
def description() -> Any:
    return json.loads(DESCRIPTION.read_text("utf-8"))


def complain(method: str, path: str, body: Any) -> list[str]:
    """What the answer has that its schema does not allow, or lacks."""
    operation = description()["paths"][path][method]
    content = operation["responses"]["200"].get("content", {}).get("application/json")
    if content is None:
        return []
    schema = content["schema"]
    if (method, path) in LISTS_IN_FACT:
        schema = {"type": "array", "items": schema}
    whole = {**schema, "components": description()["components"]}
    return [
        f"{method} {path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in Draft202012Validator(whole).iter_errors(body)
        if ":governance" not in error.message  # the scopes that only a co-operative has
    ]


async def _filled(server: Server) -> tuple[Person, dict[str, str]]:
    """Somebody with something of everything, and the ids that paths need."""
    alice = await server.joins(
        "alice", scopes=f"{ALL_SCOPES} profile", role="admin", display_name="Alice", note="Hello #world"
    )
    bob = await server.joins("bob")
    await bob.follows(alice)
    await alice.follows(bob)
    status = await alice.says(
        "Hello #world @bob",
        spoiler_text="cw",
        language="en",
        poll={"options": ["a", "b"], "expires_in": 3600},
    )
    await bob.says("@alice yes", in_reply_to_id=status["id"])
    for verb in ("favourite", "reblog", "bookmark"):
        await bob.post(f"/api/v1/statuses/{status['id']}/{verb}")
    await alice.post(f"/api/v1/statuses/{status['id']}/bookmark")
    await alice.post(f"/api/v1/statuses/{status['id']}/favourite")
    edited: dict[str, Any] = {
        "status": "Hello again #world",
        "poll": {"options": ["a", "b"], "expires_in": 3600},
    }
    await alice.put(f"/api/v1/statuses/{status['id']}", **edited)
    await alice.post("/api/v1/markers", home={"last_read_id": status["id"]})
    notification = (await alice.notifications())[0]
    return alice, {
        "/api/v1/statuses/{id}": status["id"],
        "/api/v1/accounts/{id}": bob.id,
        "/api/v1/polls/{id}": status["poll"]["id"],
        "/api/v1/notifications/{id}": notification["id"],
        "/api/v2/notifications/{group_key}": notification["group_key"],
        "{name}": "world",
        "{hashtag}": "world",
    }


def _address(path: str, ids: dict[str, str]) -> str | None:
    for pattern, value in ids.items():
        if path.startswith(pattern) or (pattern in path and pattern.startswith("{")):
            path = path.replace(pattern[pattern.index("{") :], value)
    return None if "{" in path else path


PARAMS = {
    "/api/v1/accounts/lookup": {"acct": "bob"},
    "/api/v1/accounts/search": {"q": "bo"},
    "/api/v2/search": {"q": "world"},
    "/api/v1/markers": {"timeline[]": "home"},
}
MARKS = ("favourite", "unfavourite", "bookmark", "unbookmark", "reblog", "unreblog", "mute", "unmute")
TIES = ("follow", "unfollow", "mute", "unmute", "block", "unblock", "note", "remove_from_followers")
NOT_THERE = {"/api/v1/instance/privacy_policy", "/api/v1/instance/terms_of_service", "/api/v1/timelines/link"}
"""Documents that nobody has adopted yet answer 404, and so does a page that is no trend."""


async def test_every_answer_to_a_get_is_as_described(server: Server) -> None:
    load()
    alice, ids = await _filled(server)
    complaints: list[str] = []
    asked = 0
    for path, operations in description()["paths"].items():
        known = any(route.method == "GET" and _same(route.path, path) for route in api)
        address = _address(path, ids) if known and "get" in operations else None
        # Streams have no end; `tests/streaming` listens to them.
        if address is None or path in NOT_THERE or path.startswith("/api/v1/streaming"):
            continue
        params = dict(PARAMS.get(path, {}))
        if "relationships" in path or "familiar" in path or path in ("/api/v1/accounts", "/api/v1/statuses"):
            params["id[]"] = ids["/api/v1/statuses/{id}" if "statuses" in path else "/api/v1/accounts/{id}"]
        answer = await alice.ask("GET", address, params=params)
        complaints += complain("get", path, answer.body)
        asked += 1
    assert complaints == []
    assert asked > 60


async def test_every_answer_to_an_act_is_as_described(server: Server) -> None:
    alice, ids = await _filled(server)
    status, account = ids["/api/v1/statuses/{id}"], ids["/api/v1/accounts/{id}"]
    complaints: list[str] = []
    acts: list[tuple[str, str, dict[str, Any]]] = [
        ("/api/v1/statuses", "/api/v1/statuses", {"status": "new"}),
        ("/api/v1/markers", "/api/v1/markers", {"home": {"last_read_id": status}}),
        ("/api/v1/apps", "/api/v1/apps", {"client_name": "x", "redirect_uris": ["https://x.example/"]}),
    ]
    acts += [(f"/api/v1/statuses/{{id}}/{verb}", f"/api/v1/statuses/{status}/{verb}", {}) for verb in MARKS]
    acts += [(f"/api/v1/accounts/{{id}}/{verb}", f"/api/v1/accounts/{account}/{verb}", {}) for verb in TIES]
    for path, address, body in acts:
        complaints += complain("post", path, await alice.post(address, **body))
    shown = await alice.ask("PATCH", "/api/v1/accounts/update_credentials", json={"note": "x", "bot": True})
    complaints += complain("patch", "/api/v1/accounts/update_credentials", shown.body)
    complaints += complain(
        "put", "/api/v1/statuses/{id}", await alice.put(f"/api/v1/statuses/{status}", status="x")
    )
    complaints += complain(
        "delete", "/api/v1/statuses/{id}", await alice.delete(f"/api/v1/statuses/{status}")
    )
    assert complaints == []


def _same(ours: str, theirs: str) -> bool:
    """Whether two patterns of paths are the same, whatever their parts are called."""
    mine, other = ours.split("/"), theirs.split("/")
    return len(mine) == len(other) and all(
        a == b or (a.startswith("{") and b.startswith("{")) for a, b in zip(mine, other, strict=True)
    )


def _documented() -> dict[tuple[str, str], set[str]]:
    """Which scopes the description asks for, of each operation that asks for one."""
    found: dict[tuple[str, str], set[str]] = {}
    for path, operations in description()["paths"].items():
        for method, operation in operations.items():
            for wanted in operation.get("security") or ():
                if wanted.get("OAuth2"):
                    found.setdefault((method.upper(), path), set()).update(wanted["OAuth2"])
    return found


# Mastodon's own code asks for these where its description says otherwise.
KNOWN_OTHERWISE = {
    ("GET", "/api/v1/statuses/{id}/favourited_by"),
    ("GET", "/api/v1/statuses/{id}/reblogged_by"),
    ("GET", "/api/v1/markers"),
    ("POST", "/api/v1/markers"),
    ("GET", "/api/v2/notifications/{group_key}/accounts"),
}


def test_every_operation_asks_for_the_scope_that_is_described() -> None:
    load()
    wrong = []
    for (method, path), scopes in _documented().items():
        for route in api:
            if route.method != method or not _same(route.path, path) or (method, path) in KNOWN_OTHERWISE:
                continue
            if set(route.scopes) != scopes:
                wrong.append(f"{method} {path}: {route.scopes} instead of {sorted(scopes)}")
    assert wrong == []


def _writes(route: Route) -> bool:
    return route.method != "GET" and bool(route.scopes) and route.scopes != ANY_TOKEN


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_no_operation_is_done_without_its_scope(small: Server, method: str) -> None:
    """Each operation with a token that has every scope but its own."""
    from fedcoop.oauth import actions, scopes

    load()
    alice = await small.joins("alice")
    assert alice.account
    for route in api:
        if route.method != method or not route.scopes or route.scopes == ANY_TOKEN:
            continue
        others = [scope for scope in scopes.ALL if not scopes.granted_by(scope).intersection(route.scopes)]
        async with small.db.write() as tx:
            token = await actions.issue(tx, alice.account.id, " ".join(others), "others")
        path = route.path.partition(":")[0] if ":" in route.path else route.path
        address = "/".join("1" if part.startswith("{") else part for part in path.split("/"))
        answer = await Person(small, token).ask(method, address, expect=403)
        assert answer.body == {"error": "This action is outside the authorized scopes"}, route.path
        if not route.public:
            await small.anybody.ask(method, address, expect=401)
