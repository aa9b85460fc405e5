"""SQL of restricted servers. A restriction touches thousands of rows with a fixed number of statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Text,
    bindparam,
    case,
    delete,
    distinct,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from fedcoop.accounts.leaving.queries import severing
from fedcoop.accounts.queries import not_excepted
from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts, follows
from fedcoop.db.schema.instance import restricted_domains, severed_follows
from fedcoop.db.schema.statuses import statuses
from fedcoop.domains.types import Restriction, SeveredFollow
from fedcoop.paging import Paged

if TYPE_CHECKING:
    from sqlalchemy import Column, Select
    from sqlalchemy.sql.elements import ColumnElement

    from fedcoop.db import Row, Statement

_restriction = select(*columns_of(Restriction, restricted_domains))
_restricts = restricted_domains.c.severity != literal("allow")
ALL = statement(_restriction.where(_restricts).order_by(restricted_domains.c.domain), into=Restriction)
ALLOWED = statement(_restriction.where(~_restricts).order_by(restricted_domains.c.domain), into=Restriction)
# The strictest first, then the closest; nothing above an exception counts.
GATE = statement(
    _restriction.where(
        any_of(restricted_domains.c.domain, "domains"), _restricts, not_excepted("domains")
    ).order_by(
        case((restricted_domains.c.severity == literal("suspend"), 0), else_=1),
        func.length(restricted_domains.c.domain).desc(),
    ),
    into=Restriction,
)
FIND = statement(_restriction.where(restricted_domains.c.domain == bindparam("domain")), into=Restriction)
_put = insert(restricted_domains)
PUT = statement(
    _put.on_conflict_do_update(
        index_elements=["domain"],
        set_={
            name: _put.excluded[name]
            for name in Restriction.__struct_fields__
            if name not in ("domain", "id")
        },
    )
)
BY_ID = statement(
    _restriction.where(restricted_domains.c.id == bindparam("id", type_=BigInteger())), into=Restriction
)
RESTRICTING = Paged(_restriction.where(_restricts), restricted_domains.c.id, into=Restriction)
EXCEPTING = Paged(_restriction.where(~_restricts), restricted_domains.c.id, into=Restriction)
REMOVE = statement(delete(restricted_domains).where(restricted_domains.c.domain == bindparam("domain")))

_domain = bindparam("domain", type_=Text())


def _within(column: Column[Any]) -> ColumnElement[bool]:
    """Whether a domain is the one meant, one below it, or either at some port. See `actions.names_within`."""
    return or_(
        column == _domain,
        column.like(bindparam("below", type_=Text()), escape="\\"),
        column.like(bindparam("with_port", type_=Text()), escape="\\"),
        column.like(bindparam("below_with_port", type_=Text()), escape="\\"),
    )


_there = accounts.alias("there")
_gone = select(_there.c.id).where(_within(_there.c.domain))
# Once the marks are put: without those whom an exception keeps.
_suspended = _gone.where(_there.c.suspended_at.is_not(None))
WITHIN = statement(
    _restriction.where(_within(restricted_domains.c.domain)).order_by(restricted_domains.c.domain),
    into=Restriction,
)


def _mark(name: str) -> Statement[Row]:
    """Put a mark where there is none: what is restricted for its own sake stays so when its server is not."""
    return statement(
        update(accounts)
        .where(_within(accounts.c.domain), accounts.c[name].is_(None))
        .values({name: bindparam("at", type_=BigInteger()), "revision": accounts.c.revision + 1})
    )


def _unmark(name: str) -> Statement[Row]:
    """Take away the marks of one restriction, known by their time."""
    return statement(
        update(accounts)
        .where(_within(accounts.c.domain), accounts.c[name] == bindparam("at", type_=BigInteger()))
        .values({name: None, "revision": accounts.c.revision + 1})
    )


SUSPEND = _mark("suspended_at")
UNSUSPEND = _unmark("suspended_at")
LIMIT = _mark("limited_at")
UNLIMIT = _unmark("limited_at")

_local = accounts.alias("local")


def _ties(gone: Select[Any], mine: str, theirs: str, direction: str) -> Select[Any]:
    """Follows between members (`mine`) and accounts there (`theirs`, among the `gone`)."""
    return (
        select(
            follows.c.id,
            _domain.label("domain"),
            follows.c[mine].label("account_id"),
            follows.c[theirs].label("remote_id"),
            literal(direction, Text()).label("direction"),
            bindparam("now", type_=BigInteger()).label("created_at"),
        )
        .join(_local, _local.c.id == follows.c[mine])
        .where(_local.c.domain.is_(None), follows.c[theirs].in_(gone))
    )


_FOLLOWING, _FOLLOWERS = ("account_id", "target_id", "following"), ("target_id", "account_id", "follower")
# A severed follow has the id of the follow that it was.
KEEP_SEVERED = [
    statement(
        insert(severed_follows)
        .from_select(list(SeveredFollow.__struct_fields__), _ties(_suspended, *which))
        .on_conflict_do_nothing()
    )
    for which in (_FOLLOWING, _FOLLOWERS)
]
SEVER = severing(_suspended)
_cut = union_all(_ties(_suspended, *_FOLLOWING), _ties(_suspended, *_FOLLOWERS)).subquery("cut")
LOSSES = statement(
    select(
        _cut.c.account_id,
        func.count().filter(_cut.c.direction == literal("following")).label("following"),
        func.count().filter(_cut.c.direction == literal("follower")).label("followers"),
    ).group_by(_cut.c.account_id)
)
_all_ties = union_all(_ties(_gone, *_FOLLOWING), _ties(_gone, *_FOLLOWERS)).subquery("ties")
IMPACT = statement(
    select(
        func.count().filter(_all_ties.c.direction == literal("following")).label("following"),
        func.count().filter(_all_ties.c.direction == literal("follower")).label("followers"),
        func.count(distinct(_all_ties.c.account_id)).label("members"),
        select(func.count())
        .select_from(_there)
        .where(_within(_there.c.domain))
        .scalar_subquery()
        .label("accounts"),
        select(func.count())
        .select_from(statuses)
        .where(statuses.c.account_id.in_(_gone))
        .scalar_subquery()
        .label("statuses"),
    ).select_from(_all_ties)
)
SEVERED = Paged(
    select(*columns_of(SeveredFollow, severed_follows)).where(
        severed_follows.c.account_id == bindparam("account_id", type_=BigInteger())
    ),
    severed_follows.c.id,
    into=SeveredFollow,
)
# Oldest first, so that a job that stops goes on where it was.
RESTORABLE = statement(
    select(*columns_of(SeveredFollow, severed_follows))
    .where(_within(severed_follows.c.domain))
    .order_by(severed_follows.c.id)
    .limit(bindparam("limit")),
    into=SeveredFollow,
)
FORGET_SEVERED = statement(delete(severed_follows).where(any_of(severed_follows.c.id, "ids")))
SEVERED_OF = statement(
    select(accounts.c.username, accounts.c.domain, severed_follows.c.direction, severed_follows.c.domain)
    .join(accounts, accounts.c.id == severed_follows.c.remote_id)
    .where(severed_follows.c.account_id == bindparam("account_id", type_=BigInteger()))
    .order_by(severed_follows.c.id)
)
SEVERED_DOMAINS = statement(
    select(
        severed_follows.c.domain,
        func.count().filter(severed_follows.c.direction == literal("following")).label("following"),
        func.count().filter(severed_follows.c.direction == literal("follower")).label("followers"),
        func.min(severed_follows.c.created_at).label("since"),
    )
    .where(severed_follows.c.account_id == bindparam("account_id", type_=BigInteger()))
    .group_by(severed_follows.c.domain)
    .order_by(severed_follows.c.domain)
)
