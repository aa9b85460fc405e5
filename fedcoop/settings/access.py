"""Reading the settings. Changing them is `actions`."""

from __future__ import annotations

from typing import Literal

import msgspec

from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.settings import queries

CONFIGURED = (
    "title", "description", "contact_email", "languages", "registrations", "status_max_chars",
    "poll_max_options", "poll_max_option_chars",
)  # fmt: skip
"""What the configuration says too, until members say something else."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings. What was never set comes from the configuration."""

    title: str
    description: str
    """One or two plain sentences."""
    contact_email: str
    contact_account_id: int | None = None
    languages: list[str] = []
    thumbnail: str = ""
    """The address of a picture; empty for the server's own."""
    registrations: Literal["open", "approval", "closed"] = "approval"
    registrations_message: str = ""
    """What those read who may not join, or wait; one paragraph."""
    status_max_chars: int
    poll_max_options: int
    poll_max_option_chars: int


async def read(tx: Tx, config: Config) -> Settings:
    """The settings as they are now."""
    known = set(Settings.__struct_fields__)
    rows = await tx.all(queries.ALL)
    stored = {row["key"]: msgspec.json.decode(row["value"]) for row in rows if row["key"] in known}
    defaults = {name: getattr(config, name) for name in CONFIGURED}
    return msgspec.convert(defaults | stored, Settings)


async def applied(tx: Tx, config: Config) -> Config:
    """The configuration as the members have changed it: what verbs are given that keep its limits."""
    found = await read(tx, config)
    decided = {name: getattr(found, name) for name in CONFIGURED} | {"languages": tuple(found.languages)}
    return msgspec.structs.replace(config, **decided)
