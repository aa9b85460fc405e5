"""What the server says to all its members, who has read it, and what they put on it."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text

from fedcoop.db.schema.base import Id, Time, metadata

announcements = Table(
    "announcements",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("content", Text, nullable=False),  # HTML that is safe to show
    Column("mentions", Text, nullable=False),  # JSON, as in the API
    Column("tags", Text, nullable=False),  # JSON, as in the API
    Column("starts_at", Time()),  # of what is announced
    Column("ends_at", Time()),  # from then on it is not shown any more
    Column("all_day", Boolean, nullable=False),
    Column("because", Text, nullable=False),  # the decision it comes from: `proposal:ID`
    Column("published_at", Time(), nullable=False),
    Column("updated_at", Time(), nullable=False),
)


def _of_account(name: str, *columns: Column[str]) -> Table:
    return Table(
        name,
        metadata,
        Column("announcement_id", Id(), ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True),
        *columns,
        Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
        Column("created_at", Time(), nullable=False),
        Index(None, "account_id"),
        sqlite_with_rowid=False,
    )


announcement_reads = _of_account("announcement_reads")
announcement_reactions = _of_account("announcement_reactions", Column("name", Text, primary_key=True))
