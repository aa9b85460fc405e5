"""What people report to those who look after the server, and who may not join it."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text, text

from fedcoop.db.schema.base import Id, Time, metadata

reports = Table(
    "reports",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    # Who reports: a member, or the account elsewhere that sent it.
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("target_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("category", Text, nullable=False),  # spam, legal, violation, other
    Column("comment", Text, nullable=False),
    Column("status_ids", Text, nullable=False),  # JSON: [id]
    Column("rule_ids", Text, nullable=False),  # JSON: [id]
    Column("collection_ids", Text, nullable=False),  # JSON: [id]
    Column("forwarded", Boolean, nullable=False),  # the target's own server was told
    Column("created_at", Time(), nullable=False),
    Column("updated_at", Time(), nullable=False),
    Column("assigned_id", Id()),
    Column("action_taken_at", Time()),  # none while it is open
    Column("action_taken_by_id", Id()),
    Index(None, "account_id"),
    Index(None, "target_id"),
    Index(
        "ix_reports_open",
        "id",
        sqlite_where=text("action_taken_at IS NULL"),
        postgresql_where=text("action_taken_at IS NULL"),
    ),
)

# Addresses from which nobody may join, or sign in.
ip_blocks = Table(
    "ip_blocks",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("ip", Text, nullable=False),  # a network: `198.51.100.0/24`
    Column("severity", Text, nullable=False),  # sign_up_requires_approval, sign_up_block, no_access
    Column("comment", Text, nullable=False),
    Column("created_at", Time(), nullable=False),
    Column("expires_at", Time()),
    Index(None, "ip", unique=True),
)

email_domain_blocks = Table(
    "email_domain_blocks",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("domain", Text, nullable=False),  # canonical; holds for its subdomains too
    Column("created_at", Time(), nullable=False),
    Index(None, "domain", unique=True),
)

canonical_email_blocks = Table(
    "canonical_email_blocks",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("email_hash", Text, nullable=False),  # SHA-256 of the address in its one form, in hex
    Column("created_at", Time(), nullable=False),
    Index(None, "email_hash", unique=True),
)
