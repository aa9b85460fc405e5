"""The co-operative that governance tests start with."""

import pytest

from fedcoop.db import Database
from tests.moderation.world import Coop


@pytest.fixture
async def coop(db: Database) -> Coop:
    """A founded co-operative without members."""
    return await Coop(db).found()
