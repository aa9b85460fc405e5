"""SQL of accounts and users. What binds accounts together is in `fedcoop.relationships.queries`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from fedcoop.accounts.types import Account, User
from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts, blocks, follow_requests, mutes, private_keys, users
from fedcoop.db.schema.instance import restricted_domains
from fedcoop.db.schema.statuses import bookmarks, favourites, statuses
from fedcoop.paging import Paged

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.sql.elements import ColumnElement

_account = select(*columns_of(Account, accounts))
_user = select(*columns_of(User, users))

BY_ID = statement(_account.where(accounts.c.id == bindparam("id")), into=Account)
BY_IDS = statement(_account.where(any_of(accounts.c.id, "ids")), into=Account)
BY_HANDLE = statement(_account.where(accounts.c.handle == bindparam("handle")), into=Account)
BY_HANDLES = statement(_account.where(any_of(accounts.c.handle, "handles")), into=Account)
BY_URI = statement(_account.where(accounts.c.uri == bindparam("uri")), into=Account)
BY_URIS = statement(_account.where(any_of(accounts.c.uri, "uris")), into=Account)
REVISIONS = statement(select(accounts.c.id, accounts.c.revision).where(any_of(accounts.c.id, "ids")))
# The instance actor is the one local application; it has no user. Asked once when the server starts.
INSTANCE_ACTOR = statement(
    _account.where(accounts.c.domain.is_(None), accounts.c.kind == "application").limit(1), into=Account
)
PRIVATE_KEY = statement(
    select(private_keys.c.pem).where(private_keys.c.account_id == bindparam("account_id"))
)
LOCAL = Paged(
    _account.where(accounts.c.domain.is_(None), accounts.c.deleted_at.is_(None)), accounts.c.id, into=Account
)
SEARCH = statement(
    _account.where(
        or_(
            accounts.c.handle.like(bindparam("handle_like"), escape="\\"),
            func.lower(accounts.c.display_name).like(bindparam("name_like"), escape="\\"),
        ),
        accounts.c.deleted_at.is_(None),
        accounts.c.suspended_at.is_(None),
    )
    .order_by(accounts.c.domain.is_not(None), accounts.c.followers_count.desc(), accounts.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("offset")),
    into=Account,
)

INSERT = statement(upsert(accounts).on_conflict_do_nothing())
INSERT_KEY = statement(insert(private_keys))
INSERT_USER = statement(upsert(users).on_conflict_do_nothing())

USER = statement(_user.where(users.c.account_id == bindparam("account_id")), into=User)
USER_BY_EMAIL = statement(_user.where(users.c.email == bindparam("email")), into=User)
USERS = statement(_user.order_by(users.c.account_id).limit(bindparam("limit")), into=User)
COUNT_REQUESTS = statement(
    select(func.count())
    .select_from(follow_requests)
    .where(follow_requests.c.target_id == bindparam("account_id"))
)
COUNT_LOCAL = statement(select(func.count()).select_from(users).where(users.c.approved_at.is_not(None)))

# Which of a domain's names, its own and those above it, are restricted.
RESTRICTIONS = statement(
    select(restricted_domains.c.severity, restricted_domains.c.created_at).where(
        any_of(restricted_domains.c.domain, "domains")
    )
)

_this = accounts.c.id == bindparam("account_id")
_next = accounts.c.revision + 1

PROFILE = (
    "kind", "display_name", "note", "note_source", "fields", "avatar", "avatar_description", "header",
    "header_description", "locked", "discoverable", "indexable", "hide_collections", "updated_at",
)  # fmt: skip
SAVE_PROFILE = statement(
    update(accounts)
    .where(_this)
    .values(revision=_next, **{name: bindparam(f"new_{name}") for name in PROFILE})
)
SAVE_DEFAULTS = statement(
    update(users)
    .where(users.c.account_id == bindparam("of_account"))
    .values(
        default_visibility=bindparam("visibility"),
        default_sensitive=bindparam("sensitive"),
        default_language=bindparam("language"),
    )
)

REMOTE = (
    "username", "domain", "handle", "url", "kind", "display_name", "note", "fields", "emojis", "avatar",
    "avatar_description", "header", "header_description", "locked", "discoverable", "indexable",
    "hide_collections", "memorial", "also_known_as", "inbox", "shared_inbox", "outbox", "followers_uri",
    "following_uri", "featured_uri", "public_key_id", "public_key", "followers_count", "following_count",
    "statuses_count", "deleted_at",
)  # fmt: skip
"""The columns that another server's document decides."""
SAVE_REMOTE = statement(
    update(accounts)
    .where(_this)
    .values(
        revision=_next,
        updated_at=bindparam("at"),
        fetched_at=bindparam("at"),
        **{name: bindparam(f"new_{name}") for name in REMOTE},
    )
)
TOUCH = statement(update(accounts).where(_this).values(fetched_at=bindparam("at")))
RENAME_HANDLE = statement(
    update(accounts).where(_this).values(handle=bindparam("new_handle"), revision=_next)
)
MOVE = statement(update(accounts).where(_this).values(moved_to_id=bindparam("to"), revision=_next))
SUSPEND = statement(update(accounts).where(_this).values(suspended_at=bindparam("at"), revision=_next))
LIMIT = statement(update(accounts).where(_this).values(limited_at=bindparam("at"), revision=_next))
ERASE = statement(
    update(accounts)
    .where(_this)
    .values(
        revision=_next,
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
                "avatar_description",
                "header",
                "header_description",
            ),
            "",
        ),
        **dict.fromkeys(("fields", "emojis", "also_known_as"), "[]"),
    )
)

_that_user = users.c.account_id == bindparam("of_account")
APPROVE = statement(
    update(users).where(_that_user, users.c.approved_at.is_(None)).values(approved_at=bindparam("at"))
)
CONFIRM = statement(
    update(users).where(_that_user, users.c.confirmed_at.is_(None)).values(confirmed_at=bindparam("at"))
)
DISABLE = statement(update(users).where(_that_user).values(disabled_at=bindparam("at")))
SET_ROLE = statement(update(users).where(_that_user).values(role=bindparam("new_role")))
SET_PASSWORD = statement(
    update(users)
    .where(_that_user)
    .values(password_hash=bindparam("new_hash"), password_changed_at=bindparam("at"))
)

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
        delete(favourites).where(favourites.c.account_id == _gone),
        delete(bookmarks).where(bookmarks.c.account_id == _gone),
        delete(blocks).where(or_(blocks.c.account_id == _gone, blocks.c.target_id == _gone)),
        delete(mutes).where(or_(mutes.c.account_id == _gone, mutes.c.target_id == _gone)),
        delete(statuses).where(statuses.c.account_id == _gone),
    )
]
