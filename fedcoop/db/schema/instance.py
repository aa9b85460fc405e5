"""The instance itself: its settings and rules, the servers it restricts, and its queue of jobs."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, text

from fedcoop.db.schema.base import Id, Time, metadata

settings = Table(
    "settings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

rules = Table(
    "rules",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("because", Text, nullable=False),  # the decision it comes from: `proposal:ID`
    Column("repealed_at", Time()),
)

restricted_domains = Table(
    "restricted_domains",
    metadata,
    Column("domain", Text, primary_key=True),  # canonical; holds for its subdomains too
    Column("severity", Text, nullable=False),  # limit, suspend
    Column("reject_media", Boolean, nullable=False),
    Column("reject_reports", Boolean, nullable=False),
    Column("obfuscate", Boolean, nullable=False),
    Column("public_comment", Text, nullable=False),
    Column("because", Text, nullable=False),  # the decision it comes from: `proposal:ID`
    Column("created_at", Time(), nullable=False),
)

# Follows that a restriction cut, so that their owners can see and restore them.
severed_follows = Table(
    "severed_follows",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("domain", Text, nullable=False),
    Column(
        "account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False
    ),  # the local one
    Column("remote_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("direction", Text, nullable=False),  # following, follower
    Column("created_at", Time(), nullable=False),
    Index(None, "account_id", "id"),
    Index(None, "domain"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON of the job's struct
    Column("run_at", Time(), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_until", Time(), nullable=False),  # 0 while nobody works on it
    Column("dead_at", Time()),  # given up: kept to be looked at and replayed
    Column("last_error", Text, nullable=False),
    Column("created_at", Time(), nullable=False),
    Index(
        "ix_jobs_due",
        "lane",
        "run_at",
        "id",
        sqlite_where=text("dead_at IS NULL"),
        postgresql_where=text("dead_at IS NULL"),
    ),
)
