"""Changing the settings. Reading them is `access`."""

from __future__ import annotations

from typing import Any

import msgspec

from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.settings import queries
from fedcoop.settings.access import Settings


async def change(tx: Tx, **changes: Any) -> None:
    """Set these settings; None takes one back to what the configuration says. Raises `Invalid` for a setting
    that there is not, or a value that does not fit."""
    kinds = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    for key, value in changes.items():
        if key not in kinds:
            raise Invalid(f"There is no setting called {key}.", key)
        if value is None:
            await tx.execute(queries.REMOVE, key=key)
            continue
        try:
            msgspec.convert(value, kinds[key])
        except msgspec.ValidationError as problem:
            raise Invalid(f"{key}: {problem}", key) from None
        await tx.execute(queries.PUT, key=key, value=msgspec.json.encode(value).decode())
