"""Answers, favourites and boosts that need the consent of whom they are about (GoToSocial's interaction
requests)."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, text

from fedcoop.db.schema.base import Id, Time, metadata

interactions = Table(
    "interactions",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("deed", Text, nullable=False),  # reply, favourite, reblog
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), nullable=False),
    Column("author_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),  # who consents
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),  # who did it
    Column("uri", Text, nullable=False),  # of the Note, the Like, the Announce
    Column("request_uri", Text, nullable=False),  # of the activity that asked; empty where nothing did
    Column("result_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE")),  # the answer or the boost
    Column("visibility", Text, nullable=False),  # of a boost that is not there yet
    Column("state", Text, nullable=False),  # pending, accepted, rejected, revoked
    Column("stamp_uri", Text, nullable=False),  # where the consent is to be found; empty while there is none
    Column("created_at", Time(), nullable=False),
    Column("decided_at", Time()),
    Index(None, "uri", unique=True),
    Index(None, "author_id", "state", "id"),
    Index(None, "account_id", "id"),
    Index(None, "status_id", "account_id"),
    Index(
        "ix_interactions_result_id",
        "result_id",
        sqlite_where=text("result_id IS NOT NULL"),
        postgresql_where=text("result_id IS NOT NULL"),
    ),
    Index(
        "ix_interactions_stamp_uri",
        "stamp_uri",
        sqlite_where=text("stamp_uri <> ''"),
        postgresql_where=text("stamp_uri <> ''"),
    ),
)
