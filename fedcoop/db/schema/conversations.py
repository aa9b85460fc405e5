"""Conversations of members: what was said directly, by thread and by who took part."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text

from fedcoop.db.schema.base import Id, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("thread_id", Id(), nullable=False),  # `conversation_id` of its statuses
    Column("participants", Text, nullable=False),  # JSON: ids of the others, in their order
    Column("last_status_id", Id(), nullable=False),  # pages are ordered by it
    Column("unread", Boolean, nullable=False),
    Index(None, "account_id", "thread_id", "participants", unique=True),
    Index(None, "account_id", "last_status_id"),
    Index(None, "last_status_id"),
)

conversation_entries = Table(
    "conversation_entries",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), primary_key=True),
    Column("conversation_id", Id(), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Index(None, "status_id"),
    Index(None, "conversation_id", "status_id"),
    sqlite_with_rowid=False,
)
