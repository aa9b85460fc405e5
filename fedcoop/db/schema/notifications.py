"""What members are told, what they do not want to be told, and where their devices are told it."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text, text

from fedcoop.db.schema.base import Id, Time, metadata


def _account(name: str, *, primary_key: bool = False) -> Column[int]:
    return Column(
        name,
        Id(),
        ForeignKey("accounts.id", ondelete="CASCADE"),
        nullable=False,
        primary_key=primary_key,
        autoincrement=False,
    )


notifications = Table(
    "notifications",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("type", Text, nullable=False),
    _account("from_account_id"),
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE")),
    Column("group_key", Text, nullable=False),
    Column("detail", Text, nullable=False),  # JSON: what else the type needs; empty for nothing
    Column("created_at", Time(), nullable=False),
    Column("filtered", Boolean, nullable=False),  # held back by the member's policy
    Index(None, "account_id", "id"),
    # Whoever is swamped with what is held back reads the rest as fast as before.
    Index(
        "ix_notifications_shown",
        "account_id",
        "id",
        sqlite_where=text("filtered = 0"),
        postgresql_where=text("NOT filtered"),
    ),
    Index(None, "account_id", "group_key", "id"),
    Index(None, "account_id", "from_account_id", "id"),
    Index(None, "status_id"),
    Index(None, "from_account_id", "status_id"),  # was this told already?
)

# accept, filter or drop. Members without a row have the defaults of `fedcoop.notifications.types.Policy`.
notification_policies = Table(
    "notification_policies",
    metadata,
    _account("account_id", primary_key=True),
    Column("for_not_following", Text, nullable=False),
    Column("for_not_followers", Text, nullable=False),
    Column("for_new_accounts", Text, nullable=False),
    Column("for_private_mentions", Text, nullable=False),
    Column("for_limited_accounts", Text, nullable=False),
)

# Senders to whom a member's policy does not apply.
notification_permissions = Table(
    "notification_permissions",
    metadata,
    _account("account_id", primary_key=True),
    _account("from_account_id", primary_key=True),
    Index(None, "from_account_id"),
    sqlite_with_rowid=False,
)

# Senders of whom something is held back; what it is, is told by `notifications`.
notification_requests = Table(
    "notification_requests",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    _account("account_id"),
    _account("from_account_id"),
    Column("created_at", Time(), nullable=False),
    Index(None, "account_id", "from_account_id", unique=True),
    Index(None, "account_id", "id"),
    Index(None, "from_account_id"),
)

# Where a token's device wants notifications pushed to.
push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("token_id", Id(), ForeignKey("oauth_tokens.id", ondelete="CASCADE"), nullable=False),
    _account("account_id"),
    Column("endpoint", Text, nullable=False),
    Column("p256dh", Text, nullable=False),  # the device's public key, base64url
    Column("auth", Text, nullable=False),  # the secret that device and server share, base64url
    Column("standard", Boolean, nullable=False),  # RFC 8291; else the draft that came before
    Column("access_token", Text, nullable=False),  # every message carries it, by Mastodon's protocol
    Column("alerts", Text, nullable=False),  # JSON: {type: wanted}
    Column("policy", Text, nullable=False),  # all, followed, follower, none
    Column("created_at", Time(), nullable=False),
    Index(None, "token_id", unique=True),
    Index(None, "account_id"),
)

# Keys of the server itself that no account has.
server_keys = Table(
    "server_keys",
    metadata,
    Column("name", Text, primary_key=True),
    Column("pem", Text, nullable=False),
    Column("created_at", Time(), nullable=False),
)
