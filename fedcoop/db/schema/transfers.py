"""Imports of what members bring along from other servers, and archives of what they have here."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text

from fedcoop.db.schema.base import Id, Time, metadata

imports = Table(
    "imports",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),  # following, blocks, mutes, lists, bookmarks
    Column("overwrite", Boolean, nullable=False),  # what is not in the file goes
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("created_at", Time(), nullable=False),
    Column("finished_at", Time()),
    Index(None, "account_id", "id"),
)
# Lines that wait, and those that could not be done. What is done is gone.
import_lines = Table(
    "import_lines",
    metadata,
    Column("import_id", Id(), ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("line", Text, nullable=False),  # JSON
    Column("problem", Text, nullable=False),  # empty while it waits
    sqlite_with_rowid=False,
)
# The one that a member asked for last.
archives = Table(
    "archives",
    metadata,
    Column(
        "account_id",
        Id(),
        ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("requested_at", Time(), nullable=False),
    Column("ready_at", Time()),
    Column("url", Text, nullable=False),  # empty while it is made, and when it is gone
    Column("size", BigInteger, nullable=False),
    Index(None, "ready_at"),
)
