"""Nothing goes around the ledger, and nobody but staff gets anywhere."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop.accounts import actions as account_actions
from tests.admin.staff import ADMIN_SCOPES, assert_sound, entries, operator
from tests.admin.test_accounts import pending
from tests.conformance.description import DESCRIPTION
from tests.words import Server
from web.api import api
from web.routes import load

LISTED = DESCRIPTION.parent / "admin.txt"


def _operations() -> list[tuple[str, str]]:
    load()
    return [
        (route.method, route.path)
        for route in api
        if route.path.startswith(("/api/v1/admin/", "/api/v2/admin/"))
    ]


async def _known(server: Server) -> dict[str, str]:
    """Something of everything that admin acts are about, by the beginning of its address."""
    ada, alice, bob = server.people["ada"], await server.joins("alice"), await server.joins("bob")
    filed = await alice.post("/api/v1/reports", account_id=bob.id)
    made = {
        "reports": filed,
        "domain_blocks": await ada.post("/api/v1/admin/domain_blocks", domain="spam.example"),
        "ip_blocks": await ada.post("/api/v1/admin/ip_blocks", ip="198.51.100.7", severity="no_access"),
        "email_domain_blocks": await ada.post("/api/v1/admin/email_domain_blocks", domain="throw.example"),
        "canonical_email_blocks": await ada.post("/api/v1/admin/canonical_email_blocks", email="a@b.example"),
    }
    ids = {name: each["id"] for name, each in made.items()} | {"accounts": bob.id, "domain_allows": "1"}
    status = await alice.says("#walnut")
    tag = await alice.get("/api/v1/tags/walnut")
    return ids | {"trends/statuses": status["id"], "trends/tags": tag["id"], "trends/links": "1"}


BODIES: dict[str, dict[str, Any]] = {
    "action": {"type": "suspend", "text": "Only advertising"},
    "domain_blocks": {"domain": "other.example", "severity": "suspend"},
    "domain_allows": {"domain": "good.example"},
    "ip_blocks": {"ip": "198.51.100.8", "severity": "sign_up_block"},
    "email_domain_blocks": {"domain": "more.example"},
    "canonical_email_blocks": {"email": "c@d.example"},
}
READING = ("test", "measures", "dimensions", "retention")
"""POST, and yet only reading."""


async def test_every_act_leaves_an_entry_or_is_refused(server: Server) -> None:
    await operator(server)
    ada, ids = server.people["ada"], await _known(server)
    waiting = {"approve": await pending(server, "newone"), "reject": await pending(server, "newtwo")}
    locked = await server.joins("locked")
    async with server.db.write() as tx:
        await account_actions.disable(tx, int(locked.id))  # type: ignore[arg-type] # an id
    # What removes comes last, so that the rest still finds it.
    acts = sorted((each for each in _operations() if each[0] != "GET"), key=lambda each: each[0] == "DELETE")
    outcomes = {}
    for method, path in acts:
        kind, _, verb = path.removeprefix("/api/v1/admin/").partition("/{id}/")
        if kind.partition("/")[0] in READING or kind.endswith("/test"):
            continue
        name = kind if kind in ids else kind.partition("/")[0]
        id_ = {**waiting, "enable": locked}[verb].id if verb in (*waiting, "enable") else ids[name]
        body = BODIES.get(verb or name, {}) if method == "POST" or verb else {"category": "spam"}
        if method == "PUT" and name != "reports":
            body = {"severity": "sign_up_block" if name == "ip_blocks" else "suspend"}
        before = await entries(server)
        answer = await ada.ask(method, path.replace("{id}", id_), expect=None, json=body)
        grown = await entries(server) - before
        outcomes[method, path] = (answer.status, grown)
    wrong = {
        operation: (status, grown)
        for operation, (status, grown) in outcomes.items()
        if not ((status == 200 and grown > 0) or (status in (403, 404) and grown == 0))
    }
    assert wrong == {}
    assert sum(status == 200 for status, _ in outcomes.values()) > 15
    await assert_sound(server)


async def test_nobody_but_staff_gets_anywhere(server: Server) -> None:
    await operator(server)
    ids = await _known(server)
    eve = await server.joins("eve", scopes=ADMIN_SCOPES)
    before = await entries(server)
    for method, path in _operations():
        name = path.split("/admin/")[1].partition("/")[0]
        body = BODIES.get(path.rsplit("/", 1)[-1], {}) | {"email": "a@b.example", "keys": ["languages"]}
        options = {} if method == "GET" else {"json": body}
        await eve.ask(method, path.replace("{id}", ids.get(name, "1")), expect=403, **options)
        await server.anybody.ask(method, path.replace("{id}", "1"), expect=401, **options)
    assert await entries(server) == before


def test_every_operation_of_the_admin_api_is_served() -> None:
    ours = {f"{method} {path.replace('{id}', ':id')}" for method, path in _operations()}
    if not LISTED.exists():
        pytest.skip(f"no list of operations at {LISTED}")
    assert set(LISTED.read_text("utf-8").split("\n")) - {""} <= ours
