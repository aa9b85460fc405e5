"""SQL of follows, requests, blocks and mutes. Statements that cut many at once are in
`fedcoop.accounts.leaving.queries`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Text,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import account_notes, accounts, blocks, follow_requests, follows, mutes
from fedcoop.db.schema.arranging import account_endorsements, blocked_domains
from fedcoop.db.schema.notifications import notification_permissions, notification_requests, notifications
from fedcoop.db.schema.statuses import home_entries, statuses
from fedcoop.paging import Paged
from fedcoop.relationships.types import Block, Follow, Mute

if TYPE_CHECKING:
    from sqlalchemy import ScalarSelect, Select, Table
    from sqlalchemy.sql.elements import ColumnElement

    from fedcoop.db import Row, Statement

_account = bindparam("account_id", type_=BigInteger())
_target = bindparam("target_id", type_=BigInteger())


def _pair(table: Table) -> tuple[ColumnElement[bool], ...]:
    return (table.c.account_id == _account, table.c.target_id == _target)


FOLLOW = statement(select(*columns_of(Follow, follows)).where(*_pair(follows)), into=Follow)
FOLLOW_REQUEST = statement(
    select(*columns_of(Follow, follow_requests)).where(*_pair(follow_requests)), into=Follow
)
BLOCK = statement(select(*columns_of(Block, blocks)).where(*_pair(blocks)), into=Block)
MUTE = statement(select(*columns_of(Mute, mutes)).where(*_pair(mutes)), into=Mute)
# Does either of the two block the other?
BLOCKED = statement(
    select(blocks.c.account_id).where(
        or_(
            (blocks.c.account_id == _account) & (blocks.c.target_id == _target),
            (blocks.c.account_id == _target) & (blocks.c.target_id == _account),
        )
    )
)

# Does either of the two want nothing from the other's server?
DOMAIN_BLOCKED = statement(
    select(blocked_domains.c.account_id)
    .select_from(blocked_domains.join(accounts, accounts.c.domain == blocked_domains.c.domain))
    .where(
        or_(
            (blocked_domains.c.account_id == _account) & (accounts.c.id == _target),
            (blocked_domains.c.account_id == _target) & (accounts.c.id == _account),
        )
    )
)

INSERT_FOLLOW = statement(insert(follows).on_conflict_do_nothing())
INSERT_REQUEST = statement(insert(follow_requests).on_conflict_do_nothing())
INSERT_BLOCK = statement(insert(blocks).on_conflict_do_nothing())
INSERT_MUTE = statement(insert(mutes).on_conflict_do_nothing())
DELETE_FOLLOW = statement(delete(follows).where(*_pair(follows)))
DELETE_REQUEST = statement(delete(follow_requests).where(*_pair(follow_requests)))
DELETE_BLOCK = statement(delete(blocks).where(*_pair(blocks)))
DELETE_MUTE = statement(delete(mutes).where(*_pair(mutes)))


def _wishes(table: Table) -> Statement[Row]:
    return statement(
        update(table)
        .where(
            table.c.account_id == bindparam("of_account"),
            table.c.target_id == bindparam("to_target"),
        )
        .values(
            reblogs=bindparam("new_reblogs"),
            notify=bindparam("new_notify"),
            languages=bindparam("new_languages"),
            uri=bindparam("new_uri"),
        )
    )


SET_FOLLOW = _wishes(follows)
SET_REQUEST = _wishes(follow_requests)
SET_MUTE = statement(
    update(mutes)
    .where(mutes.c.account_id == bindparam("of_account"), mutes.c.target_id == bindparam("to_target"))
    .values(notifications=bindparam("new_notifications"), expires_at=bindparam("new_expires_at"))
)
END_MUTES = statement(delete(mutes).where(mutes.c.expires_at <= bindparam("now")))
_note = insert(account_notes)
SET_NOTE = statement(
    _note.on_conflict_do_update(
        index_elements=["account_id", "target_id"], set_={"comment": _note.excluded.comment}
    )
)
DELETE_NOTE = statement(delete(account_notes).where(*_pair(account_notes)))


def _counted(name: str) -> Statement[Row]:
    # Counts of other servers are what they said: never go below zero.
    column = accounts.c[name]
    by = bindparam("by", type_=BigInteger())
    return statement(
        update(accounts)
        .where(accounts.c.id == bindparam("of_account"))
        .values(
            {
                name: case((column + by > 0, column + by), else_=0),
                "revision": accounts.c.revision + 1,
            }
        )
    )


COUNT_FOLLOWING = _counted("following_count")
COUNT_FOLLOWERS = _counted("followers_count")

# Lists of accounts, ordered by when the tie was made: its id, the account, the account's revision.
_other = accounts.alias("other")
_shown = (_other.c.suspended_at.is_(None), _other.c.deleted_at.is_(None))


def _listed(table: Table, owner: str, listed: str, *more: ColumnElement[Any]) -> Paged[Row]:
    return Paged(
        select(table.c.id, table.c[listed], _other.c.revision, *more)
        .join(_other, _other.c.id == table.c[listed])
        .where(table.c[owner] == bindparam("account_id", type_=BigInteger()), *_shown),
        table.c.id,
    )


FOLLOWING = _listed(follows, "account_id", "target_id")
FOLLOWERS = _listed(follows, "target_id", "account_id")
REQUESTS = _listed(follow_requests, "target_id", "account_id")
BLOCKS = _listed(blocks, "account_id", "target_id")
MUTES = _listed(mutes, "account_id", "target_id", mutes.c.expires_at)

ENDORSED = _listed(account_endorsements, "account_id", "target_id")
ENDORSE = statement(insert(account_endorsements).on_conflict_do_nothing())
UNENDORSE = statement(delete(account_endorsements).where(*_pair(account_endorsements)))

# Servers that a member wants nothing from

_domain = bindparam("domain", type_=Text())
BLOCK_DOMAIN = statement(insert(blocked_domains).on_conflict_do_nothing())
UNBLOCK_DOMAIN = statement(
    delete(blocked_domains).where(
        blocked_domains.c.account_id == _account, blocked_domains.c.domain == _domain
    )
)
BLOCKED_DOMAINS = Paged(
    select(blocked_domains.c.id, blocked_domains.c.domain).where(blocked_domains.c.account_id == _account),
    blocked_domains.c.id,
)
FORGET_NOTIFICATIONS_FROM = statement(
    delete(notifications).where(
        notifications.c.account_id == _account,
        notifications.c.from_account_id.in_(select(accounts.c.id).where(accounts.c.domain == _domain)),
    )
)


def _of_domain(mine: str, theirs: str) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(follows.join(accounts, accounts.c.id == follows.c[theirs]))
        .where(follows.c[mine] == _account, accounts.c.domain == _domain)
        .scalar_subquery()
    )


# How many of a server a member follows, and how many of it follow the member.
FOLLOWS_OF_DOMAIN = statement(
    select(_of_domain("account_id", "target_id"), _of_domain("target_id", "account_id"))
)


def _tied_to_domain(table: Table, mine: str, theirs: str) -> Select[Any]:
    return (
        select(accounts.c.id)
        .join(table, table.c[theirs] == accounts.c.id)
        .where(accounts.c.domain == _domain, table.c[mine] == _account)
    )


# Follows and requests between a member and the accounts of a server, while the member wants nothing from it.
TIED_TO_DOMAIN = statement(
    select(accounts.c.id)
    .where(
        accounts.c.id.in_(
            union_all(
                *(
                    _tied_to_domain(table, *ends)
                    for table in (follows, follow_requests)
                    for ends in (("account_id", "target_id"), ("target_id", "account_id"))
                )
            )
        ),
        exists().where(blocked_domains.c.account_id == _account, blocked_domains.c.domain == _domain),
    )
    .limit(bindparam("most", type_=BigInteger()))
)

_viewer = bindparam("viewer", type_=BigInteger())


def _of(table: Table, kind: str, mine: str, theirs: str, *more: ColumnElement[Any]) -> Any:
    empty = [
        literal(0).label("flag1"),
        literal(0).label("flag2"),
        literal("").label("words"),
        literal(0).label("at"),
    ]
    columns = [*more, *empty[len(more) :]]
    return select(literal(kind).label("kind"), table.c[theirs].label("other_id"), *columns).where(
        table.c[mine] == _viewer, any_of(table.c[theirs], "ids")
    )


def _int(column: ColumnElement[bool]) -> ColumnElement[int]:
    return case((column, 1), else_=0)


# All ties between the viewer and many others, in one statement.
TIES = statement(
    union_all(
        _of(
            follows,
            "following",
            "account_id",
            "target_id",
            _int(follows.c.reblogs),
            _int(follows.c.notify),
            follows.c.languages,
        ),
        _of(follows, "followed_by", "target_id", "account_id"),
        _of(
            follow_requests,
            "requested",
            "account_id",
            "target_id",
            _int(follow_requests.c.reblogs),
            _int(follow_requests.c.notify),
            follow_requests.c.languages,
        ),
        _of(follow_requests, "requested_by", "target_id", "account_id"),
        _of(blocks, "blocking", "account_id", "target_id"),
        _of(blocks, "blocked_by", "target_id", "account_id"),
        _of(
            mutes,
            "muting",
            "account_id",
            "target_id",
            _int(mutes.c.notifications),
            literal(0),
            literal(""),
            func.coalesce(mutes.c.expires_at, 0),
        ),
        _of(account_endorsements, "endorsed", "account_id", "target_id"),
        select(literal("domain_blocking"), accounts.c.id, literal(0), literal(0), literal(""), literal(0))
        .select_from(blocked_domains.join(accounts, accounts.c.domain == blocked_domains.c.domain))
        .where(blocked_domains.c.account_id == _viewer, any_of(accounts.c.id, "ids")),
        _of(
            account_notes, "note", "account_id", "target_id", literal(0), literal(0), account_notes.c.comment
        ),
    )
)
_ours = follows.alias("ours")
FAMILIAR = statement(
    select(follows.c.target_id, follows.c.account_id)
    .join(_ours, _ours.c.target_id == follows.c.account_id)
    .join(_other, _other.c.id == follows.c.account_id)
    .where(
        _ours.c.account_id == _viewer, any_of(follows.c.target_id, "ids"), *_shown, ~_other.c.hide_collections
    )
    .order_by(follows.c.target_id, follows.c.id.desc())
)

# A new follow brings the target's latest statuses to the home timeline, an ended one takes them away.
_wish = follows.alias("wish")


def in_wanted_language(follow: Any, language: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the follower wants this language of whom they follow: any, unless they named some; and what has
    none is for everybody."""
    return or_(
        follow.c.languages == "[]",
        language.is_(None),
        follow.c.languages.like(literal('%"').concat(language).concat(literal('"%'))),
    )


_recent = (
    select(statuses.c.id)
    .where(
        statuses.c.account_id == _target,
        or_(
            statuses.c.visibility == "public",
            statuses.c.visibility == "unlisted",
            statuses.c.visibility == "private",
        ),
        or_(statuses.c.reblog_of_id.is_(None), bindparam("reblogs", type_=Boolean())),
        or_(
            statuses.c.in_reply_to_account_id.is_(None),
            statuses.c.in_reply_to_account_id == statuses.c.account_id,
            statuses.c.in_reply_to_account_id == _account,
            exists().where(
                follows.c.account_id == _account, follows.c.target_id == statuses.c.in_reply_to_account_id
            ),
        ),
        exists().where(
            _wish.c.account_id == _account,
            _wish.c.target_id == _target,
            in_wanted_language(_wish, statuses.c.language),
        ),
    )
    .order_by(statuses.c.id.desc())
    .limit(bindparam("most"))
    .subquery("recent")
)
BACKFILL = statement(
    insert(home_entries)
    .from_select(["account_id", "status_id"], select(_account, _recent.c.id).where(literal(1) == 1))
    .on_conflict_do_nothing()
)
TAKE_FROM_HOME = statement(
    delete(home_entries).where(
        home_entries.c.account_id == _account,
        home_entries.c.status_id.in_(select(statuses.c.id).where(statuses.c.account_id == _target)),
    )
)
# Between two who block: what either said to the other is told no more, nor is it let through later.
FORGET_NOTIFICATIONS = [
    statement(delete(table).where(table.c.account_id == _account, table.c.from_account_id == _target))
    for table in (notifications, notification_requests, notification_permissions)
]
