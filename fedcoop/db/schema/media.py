"""Custom emoji, and copies of other servers' files. Attachments are in `statuses`."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text

from fedcoop.db.schema.base import Id, Time, metadata

# A copy of what is at an address; without a name nothing could be had there.
cached_files = Table(
    "cached_files",
    metadata,
    Column("key", Text, primary_key=True),  # digest of variant and address
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("fetched_at", Time(), nullable=False),
    Column("used_at", Time(), nullable=False),  # known to the hour
    Index(None, "used_at"),
)

# Pictures that texts of other servers name by shortcode.
remote_emoji = Table(
    "remote_emoji",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("domain", Text, nullable=False),
)

custom_emoji = Table(
    "custom_emoji",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("shortcode", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("static_url", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("visible_in_picker", Boolean, nullable=False),
    Column("created_at", Time(), nullable=False),
    Index(None, "shortcode", unique=True),
)
