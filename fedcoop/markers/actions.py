"""Moving one's own markers. Reading them is `access`."""

from __future__ import annotations

from collections.abc import Mapping

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.markers import queries
from fedcoop.markers.access import MarkerEntity, markers


async def save(tx: Tx, account_id: int, last_read: Mapping[str, int]) -> dict[str, MarkerEntity]:
    """Remember the last id read of each timeline named. Raises `Invalid` for a timeline that has no marker."""
    for timeline, id_ in last_read.items():
        if timeline not in queries.TIMELINES:
            raise Invalid(f"There is no marker for “{timeline[:50]}”.", "timeline")
        await tx.execute(
            queries.SAVE,
            account_id=account_id,
            timeline=timeline,
            last_read_id=id_,
            version=0,
            updated_at=clock.now(),
        )
    return await markers(tx, account_id, list(last_read))
