"""What every route says around its answer, found by itself: to browsers of other sites, to caches, and to those
who ask for the headers alone."""

from __future__ import annotations

import pytest

from tests.conformance.secrets import ENDS
from tests.words import Server
from web import cors
from web.api import Route, api
from web.routes import load

PUBLIC = "public"


def _routes(*methods: str) -> list[tuple[Route, str]]:
    """Those that other sites may use, with an address for each."""
    load()
    found = []
    for route in api:
        if route.method in methods and cors.is_open(route.path) and "streaming" not in route.path:
            address = "/".join("1" if part.startswith("{") else part for part in route.path.split("/"))
            found.append((route, address))
    return found


async def test_pages_of_other_sites_may_read_every_answer_and_every_refusal(small: Server) -> None:
    alice = await small.joins("alice")
    wrong = []
    for route, address in _routes("GET", "POST", "PUT", "PATCH", "DELETE"):
        for person in (small.anybody, alice):
            if route.path in ENDS:
                continue
            answer = await person.ask(
                route.method, address, expect=None, headers={"Origin": "https://elk.example"}
            )
            said = answer.headers
            if said.get("Access-Control-Allow-Origin") != "*" or "Access-Control-Allow-Credentials" in said:
                wrong.append(
                    f"{route.method} {address}: {answer.status} {said.get('Access-Control-Allow-Origin')}"
                )
            if "Link" not in said.get("Access-Control-Expose-Headers", ""):
                wrong.append(f"{route.method} {address}: {answer.status} exposes nothing")
    assert not wrong, "\n".join(wrong)


async def test_a_browser_may_ask_first_about_every_operation(small: Server) -> None:
    wrong = []
    for route, address in _routes("GET", "POST", "PUT", "PATCH", "DELETE"):
        wish = {
            "Origin": "https://elk.example",
            "Access-Control-Request-Method": route.method,
            "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
        }
        answer = await small.anybody.ask("OPTIONS", address, expect=None, headers=wish)
        said = answer.headers
        if answer.status != 204 or route.method not in said.get("Access-Control-Allow-Methods", ""):
            wrong.append(f"{route.method} {address}: {answer.status}")
        if "authorization" not in said.get("Access-Control-Allow-Headers", "").lower():
            wrong.append(f"{route.method} {address}: {said.get('Access-Control-Allow-Headers')}")
    assert not wrong, "\n".join(wrong)


async def test_what_a_token_is_asked_for_is_kept_by_no_cache(small: Server) -> None:
    alice = await small.joins("alice", role="admin", scopes="read write follow push profile admin:read")
    wrong = []
    for route, address in _routes("GET"):
        answer = await alice.ask("GET", address, expect=None)
        kept = answer.headers.get("Cache-Control", "")
        if route.scopes and (PUBLIC in kept or "no-store" not in kept):
            wrong.append(f"{address} ({answer.status}): {kept}")
        elif not route.scopes and not kept:
            wrong.append(f"{address} ({answer.status}) says nothing to caches")
    assert not wrong, "\n".join(wrong)


async def test_asking_for_headers_alone_says_what_asking_for_all_says(small: Server) -> None:
    alice = await small.joins("alice", role="admin", scopes="read write follow push profile admin:read")
    wrong = []
    for _, address in _routes("GET"):
        whole = await alice.ask("GET", address, expect=None)
        head = await alice.ask("HEAD", address, expect=None)
        names = ("Content-Type", "Cache-Control", "Link", "ETag")
        said = [[each.status, *map(each.headers.get, names)] for each in (whole, head)]
        if said[0] != said[1]:
            wrong.append(f"{address}: {said[1]} instead of {said[0]}")
        if head.body:
            wrong.append(f"{address}: has a body")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", ["nobody", "alice"])
async def test_every_answer_tells_how_often_one_may_ask(limited: Server, who: str) -> None:
    alice = await limited.joins("alice")
    asked = limited.anybody if who == "nobody" else alice
    wrong = []
    for number, (_, address) in enumerate(_routes("GET")):
        # Each from an address of their own, so that nobody is stopped.
        headers = {"X-Forwarded-For": f"198.51.{number // 250}.{number % 250}"}
        answer = await asked.ask("GET", address, expect=None, headers=headers)
        if PUBLIC in answer.headers.get("Cache-Control", ""):
            continue  # what is kept for everybody says nothing about one
        if not all(f"X-RateLimit-{name}" in answer.headers for name in ("Limit", "Remaining", "Reset")):
            wrong.append(f"{address}: {answer.status}")
    assert not wrong, "\n".join(wrong)
