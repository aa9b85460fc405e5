"""Reading the settings. Changing them is `actions`."""

from __future__ import annotations

import msgspec

from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.settings import queries


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings. What was never set comes from the configuration."""

    title: str
    description: str
    """One or two plain sentences."""
    contact_email: str
    contact_account_id: int | None = None
    extended_description: str = ""
    """Markdown, for the page about the instance."""
    extended_description_at: int | None = None
    """When it was last changed; milliseconds since the epoch."""


async def read(tx: Tx, config: Config) -> Settings:
    """The settings as they are now."""
    known = set(Settings.__struct_fields__)
    rows = await tx.all(queries.ALL)
    stored = {row["key"]: msgspec.json.decode(row["value"]) for row in rows if row["key"] in known}
    defaults = {
        "title": config.title,
        "description": config.description,
        "contact_email": config.contact_email,
    }
    return msgspec.convert(defaults | stored, Settings)
