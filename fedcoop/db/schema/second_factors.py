"""The second step of a login: secrets of authenticator apps, recovery codes, security keys, and logins that wait
for it."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from fedcoop.db.schema.base import Id, Time, metadata

totp_secrets = Table(
    "totp_secrets",
    metadata,
    Column(
        "account_id",
        Id(),
        ForeignKey("accounts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("secret", Text, nullable=False),  # base32
    Column("confirmed_at", Time()),  # none until a code has been seen
    Column("last_step", BigInteger, nullable=False),  # the latest period whose code was used
)
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("code_hash", LargeBinary, primary_key=True),
    sqlite_with_rowid=False,
)
security_keys = Table(
    "security_keys",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("credential_id", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),  # COSE
    Column("sign_count", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", Time(), nullable=False),
    Column("used_at", Time()),
    Index(None, "credential_id", unique=True),
    Index(None, "account_id"),
)
login_challenges = Table(
    "login_challenges",
    metadata,
    Column("id_hash", LargeBinary, primary_key=True),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", Text, nullable=False),  # sign_in, enrol
    Column("challenge", LargeBinary, nullable=False),  # what a security key is to sign
    Column("tries", Integer, nullable=False),
    Column("expires_at", Time(), nullable=False),
    Index(None, "account_id"),
    Index(None, "expires_at"),
)
