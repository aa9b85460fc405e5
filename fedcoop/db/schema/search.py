"""What is searched: words of statuses and accounts, folded, with marks for what they have. Their indexes are made
by `fedcoop.db.fulltext`."""

from sqlalchemy import Column, ForeignKey, Table

from fedcoop.db.fulltext import Words
from fedcoop.db.schema.base import Id, metadata

status_words = Table(
    "status_words",
    metadata,
    Column(
        "status_id",
        Id(),
        ForeignKey("statuses.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("words", Words(), nullable=False),
)

# Found by name, handle and bio.
account_words = Table(
    "account_words",
    metadata,
    Column(
        "account_id",
        Id(),
        ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("words", Words(), nullable=False),
)

FULL_TEXT = (status_words, account_words)
