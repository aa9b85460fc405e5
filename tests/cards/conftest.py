"""Fixtures: a website on loopback."""

from collections.abc import AsyncIterator

import pytest

from tests.activitypub.remote import remote_server
from tests.cards.site import Site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with remote_server() as found:
        yield Site(found)


@pytest.fixture
async def other_site() -> AsyncIterator[Site]:
    async with remote_server() as found:
        yield Site(found)
