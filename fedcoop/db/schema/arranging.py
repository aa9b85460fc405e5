"""What members arrange for themselves and others: pins, filters, lists, hashtags, scheduled statuses, and whom
they recommend or do not want to hear of."""

from sqlalchemy import Boolean, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table, Text

from fedcoop.db.schema.base import Id, Time, metadata

pins = Table(
    "pins",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "status_id"),
    sqlite_with_rowid=False,
)

filters = Table(
    "filters",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("title", Text, nullable=False),
    Column("context", Text, nullable=False),  # JSON: [home, notifications, public, thread, account]
    Column("action", Text, nullable=False),  # warn, hide, blur
    Column("expires_at", Time()),
    Index(None, "account_id"),
)

filter_keywords = Table(
    "filter_keywords",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("filter_id", Id(), ForeignKey("filters.id", ondelete="CASCADE"), nullable=False),
    Column("keyword", Text, nullable=False),
    Column("whole_word", Boolean, nullable=False),
    Index(None, "filter_id"),
)

filter_statuses = Table(
    "filter_statuses",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("filter_id", Id(), ForeignKey("filters.id", ondelete="CASCADE"), nullable=False),
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), nullable=False),
    Index(None, "filter_id", "status_id", unique=True),
    Index(None, "status_id"),
)

# Grows with every change of a member's filters, so that compiled ones are known to be still right.
filter_revisions = Table(
    "filter_revisions",
    metadata,
    Column(
        "account_id",
        Id(),
        ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("revision", Integer, nullable=False),
)

lists = Table(
    "lists",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("title", Text, nullable=False),
    Column("replies_policy", Text, nullable=False),  # followed, list, none
    Column("exclusive", Boolean, nullable=False),  # its accounts are not on the home timeline
    Index(None, "account_id"),
)

# Who is followed no more, for whatever reason, is in no list any more: the follow takes this with it.
list_accounts = Table(
    "list_accounts",
    metadata,
    Column("list_id", Id(), ForeignKey("lists.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Id(), primary_key=True),
    Column("owner_id", Id(), nullable=False),
    Column("id", Id(), nullable=False),  # pages are ordered by it
    ForeignKeyConstraint(
        ["owner_id", "account_id"], ["follows.account_id", "follows.target_id"], ondelete="CASCADE"
    ),
    Index(None, "account_id"),
    Index(None, "owner_id", "account_id"),
    sqlite_with_rowid=False,
)

list_entries = Table(
    "list_entries",
    metadata,
    Column("list_id", Id(), ForeignKey("lists.id", ondelete="CASCADE"), primary_key=True),
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "status_id"),
    sqlite_with_rowid=False,
)

tag_follows = Table(
    "tag_follows",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", Id(), ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
    Column("id", Id(), nullable=False),  # pages are ordered by it
    Column("created_at", Time(), nullable=False),
    Index(None, "tag_id"),
    Index(None, "account_id", "id"),
    sqlite_with_rowid=False,
)

featured_tags = Table(
    "featured_tags",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("tag_id", Id(), ForeignKey("tags.id", ondelete="CASCADE"), nullable=False),
    Column("display_name", Text, nullable=False),  # as the account spells it
    Index(None, "account_id", "tag_id", unique=True),
    Index(None, "tag_id"),
)

scheduled_statuses = Table(
    "scheduled_statuses",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("scheduled_at", Time(), nullable=False),
    Column("draft", Text, nullable=False),  # JSON
    Index(None, "account_id", "scheduled_at"),
)

# Media that wait for their status: nothing else can use them, and they are not cleaned away.
scheduled_media = Table(
    "scheduled_media",
    metadata,
    Column(
        "media_id",
        Id(),
        ForeignKey("media_attachments.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("scheduled_id", Id(), ForeignKey("scheduled_statuses.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Index(None, "scheduled_id"),
)

# Servers that a member wants nothing from. What the server as a whole restricts is `domain_restrictions`.
blocked_domains = Table(
    "blocked_domains",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("domain", Text, primary_key=True),  # canonical
    Column("id", Id(), nullable=False),  # pages are ordered by it
    Index(None, "account_id", "id"),
    sqlite_with_rowid=False,
)

# Whom a member recommends on the profile; who is followed no more is recommended no more.
account_endorsements = Table(
    "account_endorsements",
    metadata,
    Column("account_id", Id(), primary_key=True),
    Column("target_id", Id(), primary_key=True),
    Column("id", Id(), nullable=False),  # pages are ordered by it
    ForeignKeyConstraint(
        ["account_id", "target_id"], ["follows.account_id", "follows.target_id"], ondelete="CASCADE"
    ),
    Index(None, "account_id", "id"),
    sqlite_with_rowid=False,
)
