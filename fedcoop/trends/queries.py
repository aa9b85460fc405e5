"""SQL of trends: who used what lately, what is a trend, and what may be shown."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    delete,
    distinct,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from fedcoop import clock
from fedcoop.cards.types import Card
from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.cards import card_addresses, preview_cards, status_cards
from fedcoop.db.schema.statuses import status_tags, tags
from fedcoop.db.schema.trends import trend_reviews, trends
from fedcoop.paging import Paged
from fedcoop.timelines.queries import tagged_for
from fedcoop.timelines.refs import Ref, a, refs, s
from fedcoop.trends.types import Trend, Used

KIND: BindParameter[str] = bindparam("kind")
SINCE = bindparam("since_id", type_=BigInteger())
TODAY = bindparam("today_id", type_=BigInteger())

_counted = (
    s.c.visibility == literal_column("'public'"),
    s.c.reblog_of_id.is_(None),
    a.c.suspended_at.is_(None),
    a.c.limited_at.is_(None),
)
_day = s.c.id.bitwise_rshift(literal_column("16")) // literal_column(str(clock.DAY), BigInteger())


def _accounts(*when: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(distinct(case((and_(*when), s.c.account_id))))


def _used(subject: ColumnElement[int], source: Any) -> Select[Any]:
    """Accounts that used each subject today and yesterday."""
    counts: list[ColumnElement[Any]] = [subject, _accounts(s.c.id >= TODAY), _accounts(s.c.id < TODAY)]
    return (
        select(*counts)
        .select_from(source.join(a, a.c.id == s.c.account_id))
        .where(s.c.id >= SINCE, *_counted)
        .group_by(subject)
    )


_tagged = s.join(status_tags, status_tags.c.status_id == s.c.id)
_linked = s.join(status_cards, status_cards.c.status_id == s.c.id).join(
    card_addresses, card_addresses.c.url == status_cards.c.url
)
_enough = _accounts(s.c.id >= TODAY) >= bindparam("threshold")
TAGS_USED = statement(_used(status_tags.c.tag_id, _tagged).having(_enough), into=Used)
TAGS_USED_AGAIN = statement(
    _used(status_tags.c.tag_id, _tagged).where(any_of(status_tags.c.tag_id, "ids")), into=Used
)
LINKS_USED = statement(
    _used(card_addresses.c.card_id, _linked).where(card_addresses.c.card_id.is_not(None)).having(_enough),
    into=Used,
)
LINKS_USED_AGAIN = statement(
    _used(card_addresses.c.card_id, _linked).where(any_of(card_addresses.c.card_id, "ids")), into=Used
)
_liked = s.c.reblogs_count + s.c.favourites_count
STATUSES_USED = statement(
    select(s.c.id, _liked, literal_column("0"), s.c.created_at)
    .select_from(s.join(a, a.c.id == s.c.account_id))
    .where(
        s.c.id >= SINCE,
        *_counted,
        a.c.discoverable,
        ~s.c.sensitive,
        a.c.sensitized_at.is_(None),
        s.c.spoiler_text == "",
        s.c.in_reply_to_id.is_(None),
        s.c.in_reply_to_uri.is_(None),
        _liked >= bindparam("threshold"),
    )
    .order_by(_liked.desc())
    .limit(bindparam("limit")),
    into=Used,
)

KNOWN = statement(select(*columns_of(Trend, trends)).where(trends.c.kind == KIND), into=Trend)
FORGET = statement(delete(trends).where(trends.c.kind == KIND))
ADD = statement(insert(trends).on_conflict_do_nothing())

# Days


def _by_day(subject: ColumnElement[int], source: Any, ids: str) -> Select[Any]:
    query: Select[Any] = (
        select(
            subject.label("subject_id"), _day.label("day"), func.count(), func.count(distinct(s.c.account_id))
        )
        .select_from(source.join(a, a.c.id == s.c.account_id))
        .where(any_of(subject, ids), s.c.id >= SINCE, *_counted)
        .group_by(subject, _day)
    )
    return query


TAG_DAYS = statement(_by_day(status_tags.c.tag_id, _tagged, "ids"))
LINK_DAYS = statement(_by_day(card_addresses.c.card_id, _linked, "ids"))

# Showing. `unseen`: also what nobody has looked at.

_reviewed = and_(trend_reviews.c.kind == trends.c.kind, trend_reviews.c.subject_id == trends.c.subject_id)
_unseen = bindparam("unseen", type_=Boolean())
_all = bindparam("all", type_=Boolean())
_shown = or_(_all, trend_reviews.c.allowed, and_(_unseen, trend_reviews.c.allowed.is_(None)))


def _trending(query: Select[Any], subject: ColumnElement[int], kind: str) -> Select[Any]:
    """The page of what is joined to `trends`, the highest score first."""
    return (
        query.join(trends, and_(trends.c.subject_id == subject, trends.c.kind == literal_column(f"'{kind}'")))
        .outerjoin(trend_reviews, _reviewed)
        .where(_shown)
        .order_by(trends.c.score.desc(), trends.c.subject_id.desc())
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


TAGS = statement(
    _trending(
        select(tags.c.id, tags.c.name, tags.c.display_name, trend_reviews.c.allowed).select_from(tags),
        tags.c.id,
        "tag",
    )
)
LINKS = statement(
    _trending(
        select(*columns_of(Card, preview_cards)).select_from(preview_cards), preview_cards.c.id, "link"
    ),
    into=Card,
)
STATUSES = statement(_trending(refs().where(*tagged_for()), s.c.id, "status"), into=Ref)

REVIEW = insert(trend_reviews)
SET_REVIEW = statement(
    REVIEW.on_conflict_do_update(
        index_elements=[trend_reviews.c.kind, trend_reviews.c.subject_id],
        set_={name: REVIEW.excluded[name] for name in ("allowed", "reviewer_id", "reviewed_at")},
    )
)
REVIEWS = statement(
    select(trend_reviews.c.subject_id, trend_reviews.c.allowed).where(
        trend_reviews.c.kind == KIND, any_of(trend_reviews.c.subject_id, "ids")
    )
)
ALLOWED_LINK = statement(
    _trending(select(preview_cards.c.id).select_from(preview_cards), preview_cards.c.id, "link").where(
        preview_cards.c.url == bindparam("url")
    )
)
LINKING = Paged(
    refs()
    .join(status_cards, status_cards.c.status_id == s.c.id)
    .join(card_addresses, card_addresses.c.url == status_cards.c.url)
    .where(card_addresses.c.card_id == bindparam("card_id", type_=BigInteger()), *tagged_for()),
    status_cards.c.status_id,
    into=Ref,
)
TAGS_BY_ID = statement(select(tags.c.id, tags.c.name, tags.c.display_name).where(any_of(tags.c.id, "ids")))
