"""SQL of the search: the words kept of each status, and finding by them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, statement
from fedcoop.db.fulltext import found, unaided
from fedcoop.db.schema.accounts import accounts, follows
from fedcoop.db.schema.cards import card_addresses, preview_cards, status_cards
from fedcoop.db.schema.search import account_words, status_words
from fedcoop.db.schema.statuses import (
    bookmarks,
    favourites,
    media_attachments,
    mentions,
    poll_votes,
    polls,
    statuses,
)
from fedcoop.search.types import Source
from fedcoop.timelines.refs import (
    VIEWER,
    Ref,
    a,
    nobody_suspended,
    not_hidden_from_viewer,
    refs,
    s,
    viewer_not_blocked,
    visible_to_viewer,
)

# What is kept

_sources = (
    select(
        statuses.c.id,
        statuses.c.account_id,
        statuses.c.visibility,
        statuses.c.content,
        statuses.c.spoiler_text,
        statuses.c.sensitive,
        statuses.c.language,
        statuses.c.in_reply_to_id,
        statuses.c.in_reply_to_uri,
        statuses.c.quote_state.is_not(None),
        accounts.c.indexable,
        polls.c.options,
        preview_cards.c.type,
    )
    .select_from(
        statuses.join(accounts, accounts.c.id == statuses.c.account_id)
        .outerjoin(polls, polls.c.id == statuses.c.poll_id)
        .outerjoin(status_cards, status_cards.c.status_id == statuses.c.id)
        .outerjoin(card_addresses, card_addresses.c.url == status_cards.c.url)
        .outerjoin(preview_cards, preview_cards.c.id == card_addresses.c.card_id)
    )
    .where(statuses.c.reblog_of_id.is_(None))
)
SOURCES = statement(_sources.where(any_of(statuses.c.id, "ids")), into=Source)
MEDIA = statement(
    select(media_attachments.c.status_id, media_attachments.c.type, media_attachments.c.description)
    .where(any_of(media_attachments.c.status_id, "ids"))
    .order_by(media_attachments.c.status_id, media_attachments.c.position)
)
_keep = insert(status_words)
KEEP = statement(
    _keep.on_conflict_do_update(
        index_elements=[status_words.c.status_id], set_={"words": _keep.excluded.words}
    )
)

_below = bindparam("below", type_=BigInteger())
UNKEPT = statement(
    select(statuses.c.id)
    .where(
        statuses.c.id < _below,
        statuses.c.reblog_of_id.is_(None),
        ~exists().where(status_words.c.status_id == statuses.c.id),
    )
    .order_by(statuses.c.id.desc())
    .limit(bindparam("limit"))
)
OF_ACCOUNT = statement(
    select(statuses.c.id)
    .where(
        statuses.c.account_id == bindparam("account_id"),
        statuses.c.id < _below,
        statuses.c.reblog_of_id.is_(None),
    )
    .order_by(statuses.c.id.desc())
    .limit(bindparam("limit"))
)
COUNT = statement(
    select(
        select(func.count()).select_from(statuses).where(statuses.c.reblog_of_id.is_(None)).scalar_subquery(),
        select(func.count()).select_from(status_words).scalar_subquery(),
    )
)

# PostgreSQL plans well only with figures; it counts by itself, but not at once.
ANALYSE = statement(text("ANALYZE status_words"))
FORGET_STATUSES = statement(delete(status_words))
FORGET_ACCOUNTS = statement(delete(account_words))

# Finding

_library = union_all(
    select(statuses.c.id).where(statuses.c.account_id == VIEWER, statuses.c.reblog_of_id.is_(None)),
    select(statuses.c.reblog_of_id).where(
        statuses.c.account_id == VIEWER, statuses.c.reblog_of_id.is_not(None)
    ),
    select(mentions.c.status_id).where(mentions.c.account_id == VIEWER),
    select(favourites.c.status_id).where(favourites.c.account_id == VIEWER),
    select(bookmarks.c.status_id).where(bookmarks.c.account_id == VIEWER),
    select(polls.c.status_id)
    .join(poll_votes, poll_votes.c.poll_id == polls.c.id)
    .where(poll_votes.c.account_id == VIEWER),
)
_boost = statuses.alias("boost")
_is_boosted = exists().where(
    _boost.c.reblog_of_id == s.c.id, _boost.c.account_id == bindparam("booster", type_=BigInteger())
)
_boosted = bindparam("boosted", type_=Integer())
ANYHOW, BOOSTED, NOT_BOOSTED = 0, 1, 2


def _finding(parameter: str) -> tuple[Any, Select[Any]]:
    """The ids that the words lead to, and what of them the viewer may see and wants to."""
    f = found(status_words, parameter).table_valued("id").alias("f")
    query = (
        refs()
        .join(f, f.c.id == s.c.id)
        .where(
            f.c.id > bindparam("above", type_=BigInteger()),
            f.c.id < _below,
            visible_to_viewer(),
            viewer_not_blocked(),
            nobody_suspended(),
            not_hidden_from_viewer(),
            or_(
                a.c.limited_at.is_(None),
                a.c.id == VIEWER,
                exists().where(follows.c.account_id == VIEWER, follows.c.target_id == a.c.id),
            ),
            or_(
                _boosted == ANYHOW,
                and_(_boosted == BOOSTED, _is_boosted),
                and_(_boosted == NOT_BOOSTED, ~_is_boosted),
            ),
        )
        .order_by(f.c.id.desc())
        .limit(bindparam("most", type_=BigInteger()))
    )
    return f, query


_f, _found = _finding("asked")
IN_LIBRARY = statement(_found.where(unaided(_f.c.id).in_(_library)), into=Ref, planned_anew=True)
# The author's wish counts at once, whatever the marks still say.
AMONG_PUBLIC = statement(_found.where(s.c.visibility == "public", a.c.indexable), into=Ref, planned_anew=True)
