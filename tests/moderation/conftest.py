"""The co-operative that governance tests start with."""

from pathlib import Path

import pytest

from fedcoop.db import Database
from tests.moderation import stranger
from tests.moderation.world import Coop


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The verifier that is none of ours, built once."""
    return stranger.build(tmp_path_factory.mktemp("go"))


@pytest.fixture
async def coop(db: Database) -> Coop:
    """A founded co-operative without members."""
    return await Coop(db).found()
