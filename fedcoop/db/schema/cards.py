"""Previews of pages that statuses link to: each page once, however many addresses and statuses lead to it."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from fedcoop.db.schema.base import Id, Time, metadata

preview_cards = Table(
    "preview_cards",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False),  # the page's own, after redirects
    Column("type", Text, nullable=False),  # link, photo, video
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("language", Text),
    Column("author_name", Text, nullable=False),
    Column("author_url", Text, nullable=False),
    Column("author_id", Id(), ForeignKey("accounts.id", ondelete="SET NULL")),
    # Whom the page names as its author, whether they let it or not.
    Column("claimed_id", Id(), ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("provider_name", Text, nullable=False),
    Column("provider_url", Text, nullable=False),
    Column("html", Text, nullable=False),  # a frame of the provider's, written by us
    Column("embed_url", Text, nullable=False),
    Column("image", Text, nullable=False),
    Column("image_description", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("published_at", Time()),
    Column("fetched_at", Time(), nullable=False),
    Index(None, "url", unique=True),
    Index(None, "author_id"),
    Index(None, "claimed_id", "id"),
)

# Addresses as statuses have them, and the page that each led to.
card_addresses = Table(
    "card_addresses",
    metadata,
    Column("url", Text, primary_key=True),
    Column("card_id", Id(), ForeignKey("preview_cards.id", ondelete="CASCADE")),
    Column("asked_at", Time(), nullable=False),
    Index(None, "card_id"),
    sqlite_with_rowid=False,
)

status_cards = Table(
    "status_cards",
    metadata,
    Column(
        "status_id",
        Id(),
        ForeignKey("statuses.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("url", Text, nullable=False),
    Index(None, "url", "status_id"),
)
