"""What the protocol remembers: what waits to be delivered, what was received, and how other servers are."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from fedcoop.db.schema.base import Id, Time, metadata

outgoing_activities = Table(
    "outgoing_activities",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), nullable=False),  # who signs
    Column("body", Text, nullable=False),
    Column("created_at", Time(), nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("activity_id", Id(), ForeignKey("outgoing_activities.id", ondelete="CASCADE"), nullable=False),
    Column("account_id", Id(), nullable=False),
    Column("inbox", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting, gone, failed
    Column("attempts", Integer, nullable=False),
    Column("run_at", Time(), nullable=False),
    Column("last_error", Text, nullable=False),
    Column("created_at", Time(), nullable=False),
    Index(
        "ix_deliveries_due",
        "run_at",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index("ix_deliveries_host", "host", "id"),
    Index(None, "activity_id"),
)

hosts = Table(
    "hosts",
    metadata,
    Column("domain", Text, primary_key=True),
    Column("software", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("first_failure_at", Time()),
    Column("retry_at", Time()),
    Column("last_success_at", Time()),
    Column("last_failure_at", Time()),
    Column("last_error", Text, nullable=False),
    Column("inbound_at", Time()),
)

remote_keys = Table(
    "remote_keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("account_uri", Text, nullable=False),
    Column("public_pem", Text, nullable=False),
    Column("fetched_at", Time(), nullable=False),
)

# Servers that pass on what is public, which members decided to belong to.
relays = Table(
    "relays",
    metadata,
    Column("url", Text, primary_key=True),  # an inbox (Mastodon) or an actor (LitePub)
    Column("actor_uri", Text, nullable=False),
    Column("inbox", Text, nullable=False),
    Column("follow_uri", Text, nullable=False),
    Column("state", Text, nullable=False),  # asked, accepted, refused
    Column("problem", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("since", Time(), nullable=False),
)

received_activities = Table(
    "received_activities",
    metadata,
    Column("uri", Text, primary_key=True),
    Column("received_at", Time(), nullable=False),
    Index(None, "received_at"),
)

# Servers nobody knew yet, heard lately: so many places below one registered domain, taken anew after a day.
newcomers = Table(
    "newcomers",
    metadata,
    Column("above", Text, primary_key=True),  # the registered domain
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("domain", Text, nullable=False),
    Column("since", Time(), nullable=False),
    Index(None, "since"),
)

# Threads of other servers that are looked at again; one row for a status, the latest.
async_refreshes = Table(
    "async_refreshes",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), nullable=False),
    Column("started_at", Time(), nullable=False),
    Column("finished_at", Time()),
    Column("found", Integer, nullable=False),
    Index(None, "status_id", unique=True),
)
