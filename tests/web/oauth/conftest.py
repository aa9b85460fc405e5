"""A browser in which nobody is signed in yet, and Alice, who has a password."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from fedcoop.sessions import passwords
from tests.web.browser import Browser
from tests.web.oauth.asking import (
    PASSWORD,
)
from tests.words import Person, Server


@pytest.fixture
async def browser(small: Server) -> AsyncIterator[Browser]:
    async with Browser(small.config.base_url) as made:
        yield made


@pytest.fixture
async def alice(small: Server) -> Person:
    person = await small.joins("alice")
    async with small.db.write() as tx:
        from fedcoop.accounts import actions

        assert person.account
        await actions.set_password(tx, person.account.id, await passwords.hashed(PASSWORD))
    return person
