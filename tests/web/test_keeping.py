"""What caches keep: what anybody gets, with a tag by which they ask whether it has changed; nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.pages.browser import browser_of
from tests.words import Person, Server

DOCUMENT = {"Accept": "application/activity+json"}
PAGE = {"Accept": "text/html"}


async def unchanged(person: Person, path: str, **headers: str) -> Any:
    """Asks twice, the second time for what has changed since; what was said the first time."""
    first = await person.ask("GET", path, headers=headers)
    again = await person.ask(
        "GET", path, headers={**headers, "If-None-Match": first.headers["ETag"]}, expect=304
    )
    assert (again.body, again.headers["ETag"]) == ("", first.headers["ETag"])
    for name in ("Cache-Control", "Vary"):
        assert again.headers.get(name) == first.headers.get(name), name
    await person.ask("GET", path, headers={**headers, "If-None-Match": 'W/"another"'})
    return first.headers


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/instance", "/api/v2/instance", "/api/v1/custom_emojis", "/api/v1/instance/rules",
        "/static/icon.svg", "/nodeinfo/2.0", "/.well-known/oauth-authorization-server",
    ],
)  # fmt: skip
async def test_what_is_the_same_for_everybody_is_asked_for_once(small: Server, path: str) -> None:
    said = await unchanged(small.anybody, path)
    assert "public" in said["Cache-Control"]


async def test_what_is_not_there_for_anybody_is_never_unchanged(small: Server) -> None:
    alice = await small.joins("alice")
    post = await alice.says("for followers", visibility="private")
    missing = await small.anybody.ask(
        "GET", f"/api/v1/statuses/{post['id']}", headers={"If-None-Match": "*"}, expect=404
    )
    assert missing.headers["Cache-Control"] == "private, no-store"


async def test_documents_and_pages_say_whether_they_have_changed(small: Server) -> None:
    alice = await small.joins("alice")
    post = await alice.says("Good morning")
    said = await unchanged(small.anybody, post["uri"], **DOCUMENT)
    assert {"Accept", "Signature"} <= set(said["Vary"].split(", "))
    assert "public" in said["Cache-Control"]
    said = await unchanged(small.anybody, "/@alice", **PAGE)
    assert said["Cache-Control"] == "private, no-cache"
    page = await (await browser_of(alice)).open("/settings/profile")
    assert "no-store" in page.headers["Cache-Control"]
    assert "ETag" not in page.headers
