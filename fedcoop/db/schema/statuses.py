"""Statuses and what hangs on them: mentions, tags, media, polls, favourites; and the timelines."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, text

from fedcoop.db.schema.base import Id, Time, metadata

statuses = Table(
    "statuses",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("uri", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("local", Boolean, nullable=False),
    Column("visibility", Text, nullable=False),  # public, unlisted, private, direct, removed, held_…
    Column("reblog_of_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE")),
    Column("in_reply_to_id", Id()),
    Column("in_reply_to_account_id", Id()),
    Column("in_reply_to_uri", Text),  # kept where the parent is not known here
    Column("conversation_id", Id(), nullable=False),  # the id of the thread's first status
    Column("content", Text, nullable=False),  # HTML that is safe to show
    Column("text", Text, nullable=False),  # what was typed; empty for remote ones
    Column("content_type", Text, nullable=False),  # text/plain, text/markdown, text/html
    Column("spoiler_text", Text, nullable=False),
    Column("sensitive", Boolean, nullable=False),
    Column("language", Text),
    Column("app_id", Id()),
    Column("emojis", Text, nullable=False),  # JSON: [{shortcode, url, static_url}]
    Column("poll_id", Id()),
    Column("replies_count", Integer, nullable=False),
    Column("reblogs_count", Integer, nullable=False),
    Column("favourites_count", Integer, nullable=False),
    Column("quotes_count", Integer, nullable=False),
    Column("created_at", Time(), nullable=False),
    Column("edited_at", Time()),
    Column("revision", Integer, nullable=False),  # grows with every change that shows
    Column("quoted_id", Id()),  # what it quotes, where that is known here
    Column(
        "quote_state", Text
    ),  # pending, accepted, rejected, revoked, deleted; none where it quotes nothing
    Column("policy", Text, nullable=False),  # JSON: who may do what with it; empty where nothing was said
    Index(None, "uri", unique=True),
    Index(None, "account_id", "id"),
    Index(
        "ix_statuses_in_reply_to_id",
        "in_reply_to_id",
        "id",
        sqlite_where=text("in_reply_to_id IS NOT NULL"),
        postgresql_where=text("in_reply_to_id IS NOT NULL"),
    ),
    Index(
        "uq_statuses_reblog",
        "reblog_of_id",
        "account_id",
        unique=True,
        sqlite_where=text("reblog_of_id IS NOT NULL"),
        postgresql_where=text("reblog_of_id IS NOT NULL"),
    ),
    Index(
        "ix_statuses_quoted_id",
        "quoted_id",
        "id",
        sqlite_where=text("quoted_id IS NOT NULL"),
        postgresql_where=text("quoted_id IS NOT NULL"),
    ),
    Index(
        "ix_statuses_public_local",
        "id",
        sqlite_where=text("visibility = 'public' AND reblog_of_id IS NULL AND local = 1"),
        postgresql_where=text("visibility = 'public' AND reblog_of_id IS NULL AND local"),
    ),
    Index(
        "ix_statuses_public",
        "id",
        sqlite_where=text("visibility = 'public' AND reblog_of_id IS NULL"),
        postgresql_where=text("visibility = 'public' AND reblog_of_id IS NULL"),
    ),
    Index(
        "ix_statuses_waiting_for_parent",
        "in_reply_to_uri",
        sqlite_where=text("in_reply_to_uri IS NOT NULL"),
        postgresql_where=text("in_reply_to_uri IS NOT NULL"),
    ),
)

# What a quote needs besides: the addresses by which servers ask, allow and take back (FEP-044f).
quotes = Table(
    "quotes",
    metadata,
    Column(
        "status_id",
        Id(),
        ForeignKey("statuses.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("quoted_uri", Text, nullable=False),
    Column("stamp_uri", Text, nullable=False),  # the author's consent; empty while there is none
    Column("created_at", Time(), nullable=False),
    Index(None, "quoted_uri"),
    Index(None, "stamp_uri"),
)

# What was deleted: a late copy of it is refused, and its address answers 410.
tombstones = Table(
    "tombstones",
    metadata,
    Column("uri", Text, primary_key=True),
    Column("account_id", Id(), nullable=False),
    Column("deleted_at", Time(), nullable=False),
)

# What a decision took away, so that another can bring it back: the audience that it had.
removed_statuses = Table(
    "removed_statuses",
    metadata,
    Column(
        "status_id",
        Id(),
        ForeignKey("statuses.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("visibility", Text, nullable=False),
    Column("removed_at", Time(), nullable=False),
)

status_edits = Table(
    "status_edits",
    metadata,
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), primary_key=True),
    Column("created_at", Time(), primary_key=True),
    Column("content", Text, nullable=False),
    Column("spoiler_text", Text, nullable=False),
    Column("sensitive", Boolean, nullable=False),
    Column("emojis", Text, nullable=False),
    Column("poll_options", Text, nullable=False),  # JSON: [title]
    Column("media", Text, nullable=False),  # JSON: [id]
    sqlite_with_rowid=False,
)

mentions = Table(
    "mentions",
    metadata,
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, nullable=False),
    Index(None, "account_id", "status_id"),
    sqlite_with_rowid=False,
)

tags = Table(
    "tags",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),  # folded: what makes two spellings one
    Column("display_name", Text, nullable=False),
    Column("last_status_at", Time()),
    Index(None, "name", unique=True),
)

status_tags = Table(
    "status_tags",
    metadata,
    Column("tag_id", Id(), ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, nullable=False),
    Index(None, "status_id"),
    sqlite_with_rowid=False,
)

media_attachments = Table(
    "media_attachments",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE")),
    Column("position", Integer, nullable=False),
    Column("type", Text, nullable=False),  # image, gifv, video, audio, unknown
    Column("mime_type", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("preview_url", Text, nullable=False),
    Column("remote_url", Text),
    Column("description", Text),
    Column("blurhash", Text),
    Column("meta", Text, nullable=False),  # JSON, as in the API
    Column("processing", Text, nullable=False),  # empty when ready, `waiting`, or a sentence why it failed
    Column("created_at", Time(), nullable=False),
    Index(None, "status_id"),
    Index(None, "account_id"),
)

polls = Table(
    "polls",
    metadata,
    Column("id", Id(), primary_key=True, autoincrement=False),
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), nullable=False),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),  # ordinary, or ballot: decided by members, other voices only advise
    Column("multiple", Boolean, nullable=False),
    Column("hide_totals", Boolean, nullable=False),
    Column("options", Text, nullable=False),  # JSON: [title]
    Column("emojis", Text, nullable=False),  # JSON, as of the status: those of the options
    Column("counts", Text, nullable=False),  # JSON: [votes of each option]
    Column("voters_count", Integer, nullable=False),
    Column("expires_at", Time()),
    Column("closed", Boolean, nullable=False),  # its end was told
    Column("fetched_at", Time()),  # remote: when the totals were last read
    Column("telling", Boolean, nullable=False),  # local: new totals wait to be told to other servers
    Index(None, "status_id", unique=True),
)

poll_votes = Table(
    "poll_votes",
    metadata,
    Column("poll_id", Id(), ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("choice", Integer, primary_key=True),
    Column("uri", Text, nullable=False),
    Column("created_at", Time(), nullable=False),
    Index(None, "account_id"),
    sqlite_with_rowid=False,
)


def _mark(name: str, *columns: Column[object]) -> Table:
    """What an account put on a status, found from both ends."""
    return Table(
        name,
        metadata,
        Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
        Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), primary_key=True),
        Column("id", Id(), nullable=False),  # pages are ordered by it
        *columns,
        Index(None, "status_id", "id"),
        Index(None, "account_id", "id"),
        sqlite_with_rowid=False,
    )


favourites = _mark("favourites", Column("uri", Text, nullable=False))
bookmarks = _mark("bookmarks")
# Of several Likes and reactions by one account only the first is its favourite; the others wait here in case
# that one is taken back.
further_likes = Table(
    "further_likes",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), primary_key=True),
    Column("uri", Text, primary_key=True),
    Index(None, "status_id"),
    sqlite_with_rowid=False,
)
conversation_mutes = Table(
    "conversation_mutes",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("conversation_id", Id(), primary_key=True),
    sqlite_with_rowid=False,
)

home_entries = Table(
    "home_entries",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("status_id", Id(), ForeignKey("statuses.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "status_id"),
    sqlite_with_rowid=False,
)

markers = Table(
    "markers",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("timeline", Text, primary_key=True),
    Column("last_read_id", Id(), nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Time(), nullable=False),
    sqlite_with_rowid=False,
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("account_id", Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("status_id", Id(), nullable=False),
    Column("created_at", Time(), nullable=False),
    Index(None, "created_at"),
    sqlite_with_rowid=False,
)
