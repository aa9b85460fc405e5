"""What is used more than usual: hashtags, statuses and pages, and which of them may be shown as trends."""

from sqlalchemy import Boolean, Column, Float, Index, Table, Text

from fedcoop.db.schema.base import Id, Time, metadata

# Written anew by each computation; a peak decays and is remembered here meanwhile.
trends = Table(
    "trends",
    metadata,
    Column("kind", Text, primary_key=True),  # tag, status, link
    Column("subject_id", Id(), primary_key=True),  # of `tags`, `statuses`, `preview_cards`
    Column("score", Float, nullable=False),
    Column("peak", Float, nullable=False),
    Column("peak_at", Time(), nullable=False),
    Index(None, "kind", "score"),
    sqlite_with_rowid=False,
)

# What has no row here was not looked at yet.
trend_reviews = Table(
    "trend_reviews",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject_id", Id(), primary_key=True),
    Column("allowed", Boolean, nullable=False),
    Column("reviewer_id", Id(), nullable=False),
    Column("reviewed_at", Time(), nullable=False),
    sqlite_with_rowid=False,
)
