"""Reading one's own markers. Moving them is `actions`."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.markers import queries


class MarkerEntity(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/Marker/"""

    last_read_id: str
    version: int
    updated_at: str


async def markers(
    tx: Tx, account_id: int, timelines: Collection[str] = queries.TIMELINES
) -> dict[str, MarkerEntity]:
    """The markers asked for, by timeline; those never set are not there."""
    rows = await tx.all(queries.OF_ACCOUNT, account_id=account_id, timelines=list(timelines))
    return {
        row.timeline: MarkerEntity(str(row.last_read_id), row.version, clock.iso(row.updated_at))
        for row in rows
    }
