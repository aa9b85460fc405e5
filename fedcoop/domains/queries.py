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
ALL = statement(_restriction.order_by(restricted_domains.c.domain), into=Restriction)
# The strictest first, then the closest.
GATE = statement(
    _restriction.where(any_of(restricted_domains.c.domain, "domains"))
    .order_by(
        case((restricted_domains.c.severity == literal("suspend"), 0), else_=1),
        func.length(restricted_domains.c.domain).desc(),
    )
    .limit(1),
    into=Restriction,
)
FIND = statement(_restriction.where(restricted_domains.c.domain == bindparam("domain")), into=Restriction)
_put = insert(restricted_domains)
PUT = statement(
    _put.on_conflict_do_update(
        index_elements=["domain"],
        set_={name: _put.excluded[name] for name in Restriction.__struct_fields__ if name != "domain"},
    )
)
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


def _ties(mine: str, theirs: str, direction: str) -> Select[Any]:
    """Follows between members (`mine`) and accounts there (`theirs`)."""
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
        .where(_local.c.domain.is_(None), follows.c[theirs].in_(_gone))
    )


_following = _ties("account_id", "target_id", "following")
_followers = _ties("target_id", "account_id", "follower")
# A severed follow has the id of the follow that it was.
KEEP_SEVERED = [
    statement(
        insert(severed_follows)
        .from_select(list(SeveredFollow.__struct_fields__), which)
        .on_conflict_do_nothing()
    )
    for which in (_following, _followers)
]
SEVER = severing(_gone)
_all_ties = union_all(_following, _followers).subquery("ties")
LOSSES = statement(
    select(
        _all_ties.c.account_id,
        func.count().filter(_all_ties.c.direction == literal("following")).label("following"),
        func.count().filter(_all_ties.c.direction == literal("follower")).label("followers"),
    ).group_by(_all_ties.c.account_id)
)
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
