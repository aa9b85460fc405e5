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
    Column("translations", Text, nullable=False),  # JSON: {"de": {"text": …, "hint": …}}
    Column("because", Text, nullable=False),  # the decision it comes from: `proposal:ID`
    Column("repealed_at", Time()),
)

restricted_domains = Table(
    "restricted_domains",
    metadata,
    Column("domain", Text, primary_key=True),  # canonical; holds for its subdomains too
    Column("id", Id(), nullable=False),  # stays the same however it is restricted; pages are ordered by it
    Column("severity", Text, nullable=False),  # limit, suspend
    Column("reject_media", Boolean, nullable=False),
    Column("reject_reports", Boolean, nullable=False),
    Column("obfuscate", Boolean, nullable=False),
    Column("public_comment", Text, nullable=False),
    Column("because", Text, nullable=False),  # the decision it comes from: `proposal:ID`
    Column("created_at", Time(), nullable=False),
    Index(None, "id", unique=True),
)

# Every version of the documents that members adopt. The one in force is the latest whose day has come.
documents = Table(
    "documents",
    metadata,
    Column("document", Text, primary_key=True),  # code_of_conduct, privacy_policy, terms_of_service, about
    Column("version", Integer, primary_key=True),  # from 1
    Column("text", Text, nullable=False),  # Markdown; empty where the document was withdrawn
    Column("effective_at", Time(), nullable=False),
    Column("adopted_at", Time(), nullable=False),
    Column("because", Text, nullable=False),  # the decision it comes from: `proposal:ID`
    sqlite_with_rowid=False,
)

# Lists of servers that others share: what stands in each now, as last read.
shared_lists = Table(
    "shared_lists",
    metadata,
    Column("url", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("subscribed_at", Time(), nullable=False),
    Column("read_at", Time()),
    Column("problem", Text, nullable=False),  # why it could not be read the last time
)

shared_list_entries = Table(
    "shared_list_entries",
    metadata,
    Column("url", Text, ForeignKey("shared_lists.url", ondelete="CASCADE"), primary_key=True),
    Column("domain", Text, primary_key=True),
    Column("severity", Text, nullable=False),  # limit, suspend
    Column("reject_media", Boolean, nullable=False),
    Column("reject_reports", Boolean, nullable=False),
    Column("obfuscate", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
    Column("proposed", Text, nullable=False),  # the severity that was proposed here because of it, if any
    sqlite_with_rowid=False,
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

# Members' years in numbers.
annual_reports = Table(
    "annual_reports",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("data", Text, nullable=False),  # JSON; empty until it is made
    Column("created_at", Time(), nullable=False),
    Column("read_at", Time()),
    sqlite_with_rowid=False,
)
