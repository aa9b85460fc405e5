"""Collections: accounts that somebody recommends, each with its consent (FEP-7aa9)."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from fedcoop.db.schema.base import Id, Time, metadata

collections = Table(
    "collections",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("uri", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),  # plain text
    Column("language", Text),
    Column("tag", Text, nullable=False),  # without its #, as its author spells it; empty for none
    Column("sensitive", Boolean, nullable=False),
    Column("discoverable", Boolean, nullable=False),
    Column("created_at", Time(), nullable=False),
    Column("updated_at", Time(), nullable=False),
    Index(None, "uri", unique=True),
    Index(None, "account_id", "id"),
)

collection_items = Table(
    "collection_items",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("collection_id", Id(), ForeignKey("collections.id", ondelete="CASCADE"), nullable=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("uri", Text, nullable=False),  # empty until its server has told it
    Column("stamp_uri", Text, nullable=False),  # where the account's consent is to be found
    Column("state", Text, nullable=False),  # pending, accepted, rejected, revoked
    Column("position", Integer, nullable=False),
    Column("created_at", Time(), nullable=False),
    Index(None, "collection_id", "account_id", unique=True),
    Index(None, "account_id", "state"),
    Index(None, "stamp_uri"),
)
