"""Every operation of Mastodon's API, in every encoding that clients use, answers as it is described."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fedcoop import clock
from tests.activitypub.remote import remote_server
from tests.cards.site import Site
from tests.conformance.description import described, operations
from tests.conformance.hearing import HEARING, instance
from tests.conformance.journal import Encoding, Journal
from tests.conformance.people import PEOPLE
from tests.conformance.posts import POSTS
from tests.mail.post_office import post_office, settings
from tests.translations.test_translating import Service
from tests.words import ALL_SCOPES, Server, running

pytestmark = described

NOT_SENT: dict[str, set[str]] = {
    # A code needs somebody who allows it in a browser: `tests/web/oauth`.
    "POST /oauth/token": {"code", "code_verifier"},
}
"""Documented parameters that are tried elsewhere."""


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with remote_server() as remote:
        Service(remote)
        yield Site(remote)


@pytest.fixture
async def server(database_url: str, tmp_path: Path, site: Site) -> AsyncIterator[Server]:
    """A server that has everything: mail, and a service that translates."""
    async with post_office() as office:
        more: dict[str, Any] = {"email_confirmation": True, "translation_url": site.base, **settings(office)}
        async with running(database_url, str(tmp_path), **more) as made:
            yield made


@pytest.fixture(autouse=True)
def _at_noon() -> None:
    """Trends are counted by days, and none may end meanwhile."""
    clock.advance(seconds=(clock.DAY * 3 // 2 - clock.now() % clock.DAY) // clock.SECOND)


@pytest.mark.parametrize("encoding", ["json", "form", "multipart"])
async def test_every_operation_answers_as_described(server: Server, site: Site, encoding: Encoding) -> None:
    scopes = f"{ALL_SCOPES} profile admin:read admin:write"
    alice = await server.joins("alice", scopes=scopes, role="admin", member=True)
    page = site.page("/nuts", "<title>Nuts</title>")
    journal = Journal(server, encoding, alice, await server.joins("bob"), page)
    for journey in (instance, *PEOPLE, *POSTS, *HEARING):
        await journey(journal)
    assert not journal.wrong, "\n".join(journal.wrong)
    left_out = {each: names - NOT_SENT.get(each, set()) for each, names in journal.left_out().items()}
    assert {each: names for each, names in left_out.items() if names} == {}
    assert set(operations()) == journal.called
