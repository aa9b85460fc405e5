"""What members arrange for themselves and others to find: pinned statuses."""

from sqlalchemy import Column, ForeignKey, Index, Table

from fedcoop.db.schema.base import Id, metadata

pins = Table(
    "pins",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "status_id"),
    sqlite_with_rowid=False,
)
