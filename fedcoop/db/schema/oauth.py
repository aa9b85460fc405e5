"""Applications, the codes they exchange, and the tokens they hold. Secrets are kept as SHA-256 only."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, Table, Text

from fedcoop.db.schema.base import Id, Time, metadata

oauth_apps = Table(
    "oauth_apps",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("client_id", Text, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("website", Text),
    Column("redirect_uris", Text, nullable=False),  # JSON: [uri]
    Column("scopes", Text, nullable=False),  # separated by spaces
    Column("created_at", Time(), nullable=False),
    Index(None, "client_id", unique=True),
)

oauth_codes = Table(
    "oauth_codes",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("app_id", Id(), ForeignKey("oauth_apps.id", ondelete="CASCADE"), nullable=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("challenge", Text, nullable=False),  # PKCE, S256; empty without
    Column("expires_at", Time(), nullable=False),
    Column("used", Boolean, nullable=False),
    Index(None, "expires_at"),
)

oauth_tokens = Table(
    "oauth_tokens",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("token_hash", LargeBinary, nullable=False),
    Column("app_id", Id(), ForeignKey("oauth_apps.id", ondelete="CASCADE"), nullable=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE")),
    Column("scopes", Text, nullable=False),
    Column("created_at", Time(), nullable=False),
    Column("revoked_at", Time()),
    Index(None, "token_hash", unique=True),
    Index(None, "account_id"),
    Index(None, "app_id"),
)
