"""Accounts, local and remote, the people who sign in to the local ones, and what binds accounts together."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from fedcoop.db.schema.base import Id, Time, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("username", Text, nullable=False),
    Column("domain", Text),  # canonical, lower case; none for local accounts
    Column("handle", Text, nullable=False),  # lower case: `alice` or `bob@b.test`
    Column("uri", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("kind", Text, nullable=False),  # person, bot, group, application, organization
    Column("display_name", Text, nullable=False),
    Column("note", Text, nullable=False),  # HTML that is safe to show
    Column("note_source", Text, nullable=False),
    Column("fields", Text, nullable=False),  # JSON: [{name, value, verified_at}]
    Column("emojis", Text, nullable=False),  # JSON: [{shortcode, url, static_url}]
    Column("avatar", Text, nullable=False),
    Column("avatar_static", Text, nullable=False),  # of one that moves; else empty
    Column("avatar_description", Text, nullable=False),
    Column("header", Text, nullable=False),
    Column("header_static", Text, nullable=False),
    Column("header_description", Text, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("discoverable", Boolean, nullable=False),
    Column("indexable", Boolean, nullable=False),
    Column("hide_collections", Boolean, nullable=False),
    Column("show_media", Boolean, nullable=False),  # tabs of the profile
    Column("show_media_replies", Boolean, nullable=False),
    Column("show_featured", Boolean, nullable=False),
    Column("memorial", Boolean, nullable=False),
    Column("also_known_as", Text, nullable=False),  # JSON: [uri]
    Column("moved_to_id", Id()),
    Column("inbox", Text, nullable=False),
    Column("shared_inbox", Text, nullable=False),  # empty where there is none
    Column("outbox", Text, nullable=False),
    Column("followers_uri", Text, nullable=False),
    Column("following_uri", Text, nullable=False),
    Column("featured_uri", Text, nullable=False),
    Column("featured_tags_uri", Text, nullable=False),  # remote, as the next two
    Column("collections_uri", Text, nullable=False),
    Column(
        "feature_policy", Text, nullable=False
    ),  # JSON: who may put it into collections; else nothing said
    Column("public_key_id", Text, nullable=False),
    Column("public_key", Text, nullable=False),  # PEM
    Column("followers_count", Integer, nullable=False),
    Column("following_count", Integer, nullable=False),
    Column("statuses_count", Integer, nullable=False),
    Column("last_status_at", Time()),
    Column("created_at", Time(), nullable=False),
    Column("updated_at", Time(), nullable=False),
    Column("fetched_at", Time()),  # remote: when the document was last read
    Column("limited_at", Time()),
    Column("sensitized_at", Time()),  # all that it posts is sensitive
    Column("suspended_at", Time()),
    Column("deleted_at", Time()),
    Column("revision", Integer, nullable=False),  # grows with every change that shows
    Index(None, "handle", unique=True),
    Index(None, "uri", unique=True),
    Index(None, "domain"),
    Index(
        "ix_accounts_directory_active",
        "last_status_at",
        sqlite_where=text("discoverable = 1"),
        postgresql_where=text("discoverable"),
    ),
    Index(
        "ix_accounts_directory_followed",
        "followers_count",
        sqlite_where=text("discoverable = 1"),
        postgresql_where=text("discoverable"),
    ),
)

private_keys = Table(
    "private_keys",
    metadata,
    Column(
        "account_id",
        Id(),
        ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("pem", Text, nullable=False),  # RSA, for requests
    Column("seed", LargeBinary, nullable=False),  # Ed25519, for proofs on what is said in public
)

users = Table(
    "users",
    metadata,
    Column(
        "account_id",
        Id(),
        ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("email", Text, nullable=False),  # lower case
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),  # user, moderator, admin
    Column("locale", Text, nullable=False),
    Column("default_visibility", Text, nullable=False),
    Column("default_sensitive", Boolean, nullable=False),
    Column("default_language", Text),
    Column("default_quote_policy", Text, nullable=False),  # public, followers, nobody
    Column("default_rules", Text, nullable=False),  # JSON: who may do what by visibility; empty for everybody
    Column("reason", Text, nullable=False),  # why somebody wants to join
    Column("created_at", Time(), nullable=False),
    Column("confirmed_at", Time()),
    Column("approved_at", Time()),
    Column("disabled_at", Time()),
    Column("password_changed_at", Time(), nullable=False),
    Index(None, "email", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id_hash", LargeBinary, primary_key=True),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("user_agent", Text, nullable=False),
    Column("created_at", Time(), nullable=False),
    Column("expires_at", Time(), nullable=False),
    Index(None, "account_id"),
)

# Who moved where, and when: there must be time between two moves.
account_moves = Table(
    "account_moves",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("target_id", Id(), nullable=False),
    Column("created_at", Time(), nullable=False),
    Index(None, "account_id", "created_at"),
)
# Links in letters that somebody has not followed yet. Each is good once.
email_tokens = Table(
    "email_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", Text, nullable=False),  # confirm, change, reset
    Column("email", Text, nullable=False),  # the address it was sent to
    Column("created_at", Time(), nullable=False),
    Column("expires_at", Time(), nullable=False),
    Index(None, "account_id"),
    Index(None, "expires_at"),
)


def _pair(name: str, *columns: Column[object]) -> Table:
    """One account's tie to another, found from both ends."""
    return Table(
        name,
        metadata,
        Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
        Column("target_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
        Column("id", Id(), nullable=False),  # pages are ordered by it
        Column("created_at", Time(), nullable=False),
        *columns,
        Index(None, "target_id", "id"),
        Index(None, "account_id", "id"),
        sqlite_with_rowid=False,
    )


follows = _pair(
    "follows",
    Column("uri", Text, nullable=False),  # of the Follow, to undo it
    Column("reblogs", Boolean, nullable=False),
    Column("notify", Boolean, nullable=False),
    Column("languages", Text, nullable=False),  # JSON: [code]; empty for all
)
follow_requests = _pair(
    "follow_requests",
    Column("uri", Text, nullable=False),
    Column("reblogs", Boolean, nullable=False),
    Column("notify", Boolean, nullable=False),
    Column("languages", Text, nullable=False),
)
blocks = _pair("blocks", Column("uri", Text, nullable=False))
dismissed_suggestions = _pair("dismissed_suggestions")
mutes = _pair("mutes", Column("notifications", Boolean, nullable=False), Column("expires_at", Time()))

account_notes = Table(
    "account_notes",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("target_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("comment", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Websites whose pages may name the account as their author.
attribution_domains = Table(
    "attribution_domains",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("domain", Text, primary_key=True),
    sqlite_with_rowid=False,
)
