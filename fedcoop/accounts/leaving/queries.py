"""SQL of ending: all ties of many accounts at once, and everything that one account leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Table, bindparam, case, delete, func, literal, null, or_, select, update

from fedcoop.db import statement
from fedcoop.db.schema import governance, ledger, metadata
from fedcoop.db.schema.accounts import accounts, blocks, follow_requests, follows, mutes, sessions
from fedcoop.db.schema.notifications import notifications
from fedcoop.db.schema.oauth import oauth_tokens
from fedcoop.db.schema.statuses import bookmarks, favourites, home_entries, media_attachments, statuses
from fedcoop.db.schema.transfers import archives

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.sql.elements import ColumnElement

    from fedcoop.db import Row, Statement


def severing(gone: Select[Any]) -> list[Statement[Row]]:
    """Statements that cut every follow and request to and from the accounts in `gone`, set the counters of both
    sides right, and take what is of those accounts from home timelines and notifications. Few statements,
    however many the accounts."""
    from_gone = follows.c.account_id.in_(gone)
    to_gone = follows.c.target_id.in_(gone)

    def counts(name: str, mine: str, theirs: str) -> Any:
        cut = (
            select(func.count())
            .select_from(follows)
            .where(
                follows.c[mine] == accounts.c.id, or_(follows.c[theirs].in_(gone), follows.c[mine].in_(gone))
            )
            .correlate(accounts)
            .scalar_subquery()
        )
        column = accounts.c[name]
        return (
            update(accounts)
            .where(accounts.c.id.in_(select(follows.c[mine]).where(or_(from_gone, to_gone))))
            .values({name: case((column > cut, column - cut), else_=0), "revision": accounts.c.revision + 1})
        )

    their_statuses = select(statuses.c.id).where(statuses.c.account_id.in_(gone))
    reblogs_of_theirs = select(statuses.c.id).where(statuses.c.reblog_of_id.in_(their_statuses))
    return [
        statement(each)
        for each in (
            counts("following_count", "account_id", "target_id"),
            counts("followers_count", "target_id", "account_id"),
            delete(follows).where(or_(from_gone, to_gone)),
            delete(follow_requests).where(
                or_(follow_requests.c.account_id.in_(gone), follow_requests.c.target_id.in_(gone))
            ),
            delete(home_entries).where(
                or_(
                    home_entries.c.status_id.in_(their_statuses),
                    home_entries.c.status_id.in_(reblogs_of_theirs),
                )
            ),
            delete(notifications).where(notifications.c.from_account_id.in_(gone)),
        )
    ]


SEVER_ACCOUNT = severing(select(bindparam("gone_id", type_=BigInteger())))

# What an account leaves behind goes in this order: first what it counts for elsewhere, then itself.
_gone = bindparam("gone_id", type_=BigInteger())
_theirs = statuses.alias("theirs")


def _less(column: ColumnElement[int], number: Select[Any]) -> ColumnElement[int]:
    """The column less a number, but never below zero: counts of other servers are what they said."""
    by = func.coalesce(number.scalar_subquery(), 0)
    return case((column > by, column - by), else_=0)


_their_favourites = select(favourites.c.status_id).where(favourites.c.account_id == _gone)
_their_reblogs = select(_theirs.c.reblog_of_id).where(
    _theirs.c.account_id == _gone, _theirs.c.reblog_of_id.is_not(None)
)
_their_replies = select(_theirs.c.in_reply_to_id).where(
    _theirs.c.account_id == _gone,
    _theirs.c.in_reply_to_id.is_not(None),
    or_(_theirs.c.visibility == "public", _theirs.c.visibility == "unlisted"),
)
_quoted_by_them = select(_theirs.c.quoted_id).where(
    _theirs.c.account_id == _gone, _theirs.c.quoted_id.is_not(None), _theirs.c.quote_state == "accepted"
)
_reblogged = statuses.alias("reblogged")
_reblogs_of_theirs = (
    select(func.count())
    .select_from(statuses.join(_reblogged, _reblogged.c.id == statuses.c.reblog_of_id))
    .where(_reblogged.c.account_id == _gone, statuses.c.account_id == accounts.c.id)
    .correlate(accounts)
)
_rebloggers = (
    select(statuses.c.account_id)
    .join(_reblogged, _reblogged.c.id == statuses.c.reblog_of_id)
    .where(_reblogged.c.account_id == _gone)
)
FORGET = [
    statement(each)
    for each in (
        update(statuses)
        .where(statuses.c.id.in_(_their_favourites))
        .values(
            favourites_count=case(
                (statuses.c.favourites_count > 0, statuses.c.favourites_count - 1), else_=0
            ),
            revision=statuses.c.revision + 1,
        ),
        update(statuses)
        .where(statuses.c.id.in_(_their_reblogs))
        .values(
            reblogs_count=case((statuses.c.reblogs_count > 0, statuses.c.reblogs_count - 1), else_=0),
            revision=statuses.c.revision + 1,
        ),
        update(statuses)
        .where(statuses.c.id.in_(_their_replies))
        .values(
            replies_count=_less(
                statuses.c.replies_count,
                select(func.count())
                .where(_theirs.c.in_reply_to_id == statuses.c.id, _theirs.c.account_id == _gone)
                .where(or_(_theirs.c.visibility == "public", _theirs.c.visibility == "unlisted"))
                .correlate(statuses),
            ),
            revision=statuses.c.revision + 1,
        ),
        update(accounts)
        .where(accounts.c.id.in_(_rebloggers))
        .values(
            statuses_count=_less(accounts.c.statuses_count, _reblogs_of_theirs),
            revision=accounts.c.revision + 1,
        ),
        update(statuses)
        .where(statuses.c.id.in_(_quoted_by_them))
        .values(
            quotes_count=_less(
                statuses.c.quotes_count,
                select(func.count())
                .where(
                    _theirs.c.quoted_id == statuses.c.id,
                    _theirs.c.account_id == _gone,
                    _theirs.c.quote_state == "accepted",
                )
                .correlate(statuses),
            ),
            revision=statuses.c.revision + 1,
        ),
        # What was quoted is gone.
        update(statuses)
        .where(statuses.c.quoted_id.in_(select(_theirs.c.id).where(_theirs.c.account_id == _gone)))
        .values(quoted_id=null(), quote_state="deleted", revision=statuses.c.revision + 1),
        delete(favourites).where(favourites.c.account_id == _gone),
        delete(bookmarks).where(bookmarks.c.account_id == _gone),
        delete(blocks).where(or_(blocks.c.account_id == _gone, blocks.c.target_id == _gone)),
        delete(mutes).where(or_(mutes.c.account_id == _gone, mutes.c.target_id == _gone)),
        delete(statuses).where(statuses.c.account_id == _gone),
    )
]
ERASE = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"))
    .values(
        revision=accounts.c.revision + 1,
        deleted_at=bindparam("at"),
        updated_at=bindparam("at"),
        followers_count=0,
        following_count=0,
        statuses_count=0,
        **dict.fromkeys(
            (
                "display_name",
                "note",
                "note_source",
                "avatar",
                "avatar_static",
                "avatar_static",
                "header_static",
                "avatar_description",
                "header",
                "header_static",
                "header_description",
            ),
            "",
        ),
        **dict.fromkeys(("fields", "emojis", "also_known_as"), "[]"),
    )
)

# What only a member of ours leaves behind. The record of what the co-operative decided is not theirs to take away;
# and until every server has heard of the end, the key signs that.
_kept = {
    table.name
    for module in (governance, ledger)
    for table in vars(module).values()
    if isinstance(table, Table)
} | {"private_keys"}
ERASED = [
    table
    for table in reversed(metadata.sorted_tables)
    if table.name not in _kept
    and "account_id" in table.c
    and any(key.column.table is accounts for key in table.c.account_id.foreign_keys)
]
"""Every table whose rows belong to one account, those that others hang on last."""
ERASE_MEMBER = [statement(delete(table).where(table.c.account_id == _gone)) for table in ERASED]
SHUT_OUT = [statement(delete(table).where(table.c.account_id == _gone)) for table in (sessions, oauth_tokens)]
FILES = statement(
    select(media_attachments.c.url, media_attachments.c.preview_url)
    .where(media_attachments.c.account_id == _gone, media_attachments.c.remote_url.is_(None))
    .union_all(select(archives.c.url, literal("")).where(archives.c.account_id == _gone))
)
