"""SQL of markers."""

from __future__ import annotations

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.statuses import markers

TIMELINES = ("home", "notifications")


class Marker(msgspec.Struct, frozen=True):
    """A row of `markers`. `version` grows with every change."""

    account_id: int
    timeline: str
    last_read_id: int
    version: int
    updated_at: int


OF_ACCOUNT = statement(
    select(*columns_of(Marker, markers)).where(
        markers.c.account_id == bindparam("account_id"), any_of(markers.c.timeline, "timelines")
    ),
    into=Marker,
)
_new = insert(markers)
SAVE = statement(
    _new.on_conflict_do_update(
        index_elements=["account_id", "timeline"],
        set_={
            "last_read_id": _new.excluded.last_read_id,
            "version": markers.c.version + 1,
            "updated_at": _new.excluded.updated_at,
        },
    )
)
