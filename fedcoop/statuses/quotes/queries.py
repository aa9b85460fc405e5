"""SQL of quotes."""

from sqlalchemy import BigInteger, and_, bindparam, case, exists, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts, blocks, follows, mutes
from fedcoop.db.schema.arranging import blocked_domains
from fedcoop.db.schema.statuses import quotes, statuses
from fedcoop.paging import Paged
from fedcoop.statuses.quotes.types import Quote
from fedcoop.timelines.refs import (
    VIEWER,
    Ref,
    a,
    nobody_suspended,
    refs,
    s,
    viewer_not_blocked,
    visible_to_viewer,
)

ID = bindparam("id", type_=BigInteger())

# What is quoted, as a viewer may see it

_nested = statuses.alias("nested")
_nested_author = accounts.alias("nested_author")
_hidden = exists().where(blocks.c.account_id == VIEWER, blocks.c.target_id == s.c.account_id)
_muted = exists().where(
    mutes.c.account_id == VIEWER,
    mutes.c.target_id == s.c.account_id,
    or_(mutes.c.expires_at.is_(None), mutes.c.expires_at > bindparam("now")),
)
_of_blocked_domain = exists().where(
    blocked_domains.c.account_id == VIEWER, blocked_domains.c.domain == a.c.domain
)
_may_see = and_(visible_to_viewer(), viewer_not_blocked(), a.c.suspended_at.is_(None))
QUOTED = statement(
    refs()
    .add_columns(
        case(
            (~_may_see, "unauthorized"),
            (_hidden, "blocked_account"),
            (_of_blocked_domain, "blocked_domain"),
            (_muted, "muted_account"),
            else_="accepted",
        ),
        select(_nested.c.id)
        .join(_nested_author, _nested_author.c.id == _nested.c.account_id)
        .where(
            _nested.c.id == s.c.quoted_id,
            _nested_author.c.suspended_at.is_(None),
            visible_to_viewer(_nested),
            viewer_not_blocked(_nested),
        )
        .correlate(s)
        .scalar_subquery(),
    )
    .where(any_of(s.c.id, "ids")),
    into=lambda *row: (Ref(*row[:-2]), row[-2], row[-1]),
)
"""Each with the state in which the viewer is shown it, and the id of what it quotes itself, if they may see it."""

OF_STATUS = Paged(
    refs().where(
        s.c.quoted_id == ID,
        s.c.quote_state == "accepted",
        nobody_suspended(),
        visible_to_viewer(),
        viewer_not_blocked(),
    ),
    s.c.id,
    into=Ref,
)
TIES = statement(
    select(
        exists().where(follows.c.account_id == bindparam("who"), follows.c.target_id == bindparam("author")),
        exists().where(follows.c.account_id == bindparam("author"), follows.c.target_id == bindparam("who")),
    )
)

# One quote

INSERT = statement(insert(quotes).on_conflict_do_nothing())
BY_STATUS = statement(select(*columns_of(Quote, quotes)).where(quotes.c.status_id == ID), into=Quote)
BY_STATUSES = statement(
    select(*columns_of(Quote, quotes)).where(any_of(quotes.c.status_id, "ids")), into=Quote
)
BY_STAMP = statement(
    select(*columns_of(Quote, quotes)).where(quotes.c.stamp_uri == bindparam("uri")), into=Quote
)
SAVE_STAMP = statement(
    update(quotes).where(quotes.c.status_id == ID).values(stamp_uri=bindparam("new_stamp_uri"))
)
SET = statement(
    update(statuses)
    .where(statuses.c.id == ID)
    .values(
        quoted_id=bindparam("new_quoted_id", type_=BigInteger()),
        quote_state=bindparam("new_state"),
        revision=statuses.c.revision + 1,
    )
)
SET_POLICY = statement(
    update(statuses)
    .where(statuses.c.id == ID)
    .values(policy=bindparam("new_policy"), revision=statuses.c.revision + 1)
)
COUNT = statement(
    update(statuses)
    .where(statuses.c.id == ID, statuses.c.quotes_count + bindparam("by") >= 0)
    .values(quotes_count=statuses.c.quotes_count + bindparam("by"), revision=statuses.c.revision + 1)
)
LET_GO = statement(
    update(statuses)
    .where(statuses.c.quoted_id == ID)
    .values(quoted_id=null(), quote_state="deleted", revision=statuses.c.revision + 1)
)
"""What was quoted is gone."""
LOCAL_QUOTERS = statement(
    select(statuses.c.id, statuses.c.account_id)
    .join(accounts, accounts.c.id == statuses.c.account_id)
    .where(statuses.c.quoted_id == ID, statuses.c.quote_state == "accepted", accounts.c.domain.is_(None))
)
_outer, _middle = quotes.alias("outer"), statuses.alias("middle")
IS_NESTED = statement(
    select(quotes.c.status_id)
    .join(_middle, _middle.c.id == quotes.c.status_id)
    .join(_outer, _outer.c.quoted_uri == _middle.c.uri)
    .where(quotes.c.quoted_uri == bindparam("uri"))
    .limit(1)
)
"""Is this address quoted by something that is quoted itself? Nobody is shown what that quotes."""
