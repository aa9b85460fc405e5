"""SQL of statuses. What a page reads first is `fedcoop.timelines.refs`."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    literal_column,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import Row, Statement, any_of, columns_of, listed, statement
from fedcoop.db.schema.accounts import accounts, follows, users
from fedcoop.db.schema.arranging import filter_revisions, pins, scheduled_media
from fedcoop.db.schema.governance import acts_in_force
from fedcoop.db.schema.oauth import oauth_apps
from fedcoop.db.schema.statuses import (
    bookmarks,
    conversation_mutes,
    favourites,
    idempotency_keys,
    media_attachments,
    mentions,
    poll_votes,
    polls,
    status_edits,
    status_tags,
    statuses,
    tags,
    tombstones,
)
from fedcoop.paging import Paged
from fedcoop.relationships.queries import in_wanted_language
from fedcoop.statuses.types import Poll, Status
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

# One status

_row = select(*columns_of(Status, s)).select_from(s.join(a, a.c.id == s.c.account_id))
BY_ID = statement(_row.where(s.c.id == ID), into=Status)
BY_IDS = statement(_row.where(any_of(s.c.id, "ids")), into=Status)
BY_URI = statement(_row.where(s.c.uri == bindparam("uri")), into=Status)
_may_see = (visible_to_viewer(), viewer_not_blocked(), a.c.suspended_at.is_(None))
VISIBLE = statement(_row.where(s.c.id == ID, *_may_see), into=Status)
VISIBLE_BY_URI = statement(_row.where(s.c.uri == bindparam("uri"), *_may_see), into=Status)
REBLOG_BY = statement(
    _row.where(s.c.reblog_of_id == ID, s.c.account_id == bindparam("account_id", type_=BigInteger())),
    into=Status,
)
REBLOGGED_BY = Paged(
    select(s.c.id, s.c.account_id)
    .select_from(s.join(a, a.c.id == s.c.account_id))
    .where(
        s.c.reblog_of_id == ID,
        a.c.suspended_at.is_(None),
        or_(s.c.visibility == "public", s.c.visibility == "unlisted"),
    ),
    s.c.id,
)
TOMBSTONE = statement(select(tombstones.c.account_id).where(tombstones.c.uri == bindparam("uri")))
# Refs, for rendering

REFS = statement(refs().where(any_of(s.c.id, "ids"), nobody_suspended()), into=Ref)
VISIBLE_REFS = statement(
    refs().where(any_of(s.c.id, "ids"), nobody_suspended(), visible_to_viewer(), viewer_not_blocked()),
    into=Ref,
)

# What is rendered into the part of a status that all see alike

BODIES = statement(
    select(
        *columns_of(Status, statuses),
        oauth_apps.c.name.label("app_name"),
        oauth_apps.c.website.label("app_website"),
    )
    .select_from(statuses.outerjoin(oauth_apps, oauth_apps.c.id == statuses.c.app_id))
    .where(any_of(statuses.c.id, "ids"))
)
MEDIA = statement(
    select(media_attachments)
    .where(any_of(media_attachments.c.status_id, "ids"))
    .order_by(media_attachments.c.status_id, media_attachments.c.position)
)
MENTIONED = statement(
    select(
        mentions.c.status_id,
        accounts.c.id,
        accounts.c.username,
        accounts.c.domain,
        accounts.c.url,
        accounts.c.uri,
    )
    .select_from(mentions.join(accounts, accounts.c.id == mentions.c.account_id))
    .where(any_of(mentions.c.status_id, "ids"))
    .order_by(mentions.c.status_id, mentions.c.position)
)
TAGGED = statement(
    select(status_tags.c.status_id, tags.c.name)
    .select_from(status_tags.join(tags, tags.c.id == status_tags.c.tag_id))
    .where(any_of(status_tags.c.status_id, "ids"))
    .order_by(status_tags.c.status_id, status_tags.c.position)
)

# What depends on who looks: favourited, reblogged, bookmarked, muted

_ids = select(listed("ids").table_valued("value").alias("wanted").c.value).cte("ids")


def _mark(mark: str, *found: ColumnElement[bool]) -> Select[Any]:
    """The wanted ids for which there is such a row. Asking row by row in one list is three times faster than
    making a list for each mark."""
    return select(literal_column(f"'{mark}'").label("mark"), _ids.c.value).where(exists().where(*found))


_marks = (
    _mark("f", favourites.c.account_id == VIEWER, favourites.c.status_id == _ids.c.value),
    _mark("b", bookmarks.c.account_id == VIEWER, bookmarks.c.status_id == _ids.c.value),
    _mark("p", pins.c.account_id == VIEWER, pins.c.status_id == _ids.c.value),
    _mark("r", statuses.c.account_id == VIEWER, statuses.c.reblog_of_id == _ids.c.value),
    select(literal_column("'m'"), conversation_mutes.c.conversation_id).where(
        conversation_mutes.c.account_id == VIEWER,
        any_of(conversation_mutes.c.conversation_id, "conversations"),
    ),
    # Not of a status but of the viewer: which filters they have.
    select(literal_column("'w'"), filter_revisions.c.revision).where(filter_revisions.c.account_id == VIEWER),
)
MARKS = statement(union_all(*_marks))
MARKS_AND_TIES = statement(
    union_all(
        *_marks,
        # Of authors: the viewer follows them, or they the viewer; it decides who may quote.
        select(literal_column("'y'"), follows.c.target_id).where(
            follows.c.account_id == VIEWER, any_of(follows.c.target_id, "authors")
        ),
        select(literal_column("'z'"), follows.c.account_id).where(
            follows.c.target_id == VIEWER, any_of(follows.c.account_id, "authors")
        ),
    )
)
POLLS = statement(select(*columns_of(Poll, polls)).where(any_of(polls.c.id, "ids")), into=Poll)
OWN_VOTES = statement(
    select(poll_votes.c.poll_id, poll_votes.c.choice)
    .where(poll_votes.c.account_id == VIEWER, any_of(poll_votes.c.poll_id, "ids"))
    .order_by(poll_votes.c.poll_id, poll_votes.c.choice)
)

# Threads

_up = (
    select(statuses.c.id, statuses.c.in_reply_to_id, literal_column("0").label("depth"))
    .where(statuses.c.id == ID)
    .cte("up", recursive=True)
)
_above = statuses.alias("above")
_up = _up.union_all(
    select(_above.c.id, _above.c.in_reply_to_id, _up.c.depth + 1)
    .select_from(_up.join(_above, _above.c.id == _up.c.in_reply_to_id))
    .where(_up.c.depth < bindparam("most_above"))
)
_down = (
    select(statuses.c.id, statuses.c.in_reply_to_id, literal_column("0").label("depth"))
    .where(statuses.c.id == ID)
    .cte("down", recursive=True)
)
_below = statuses.alias("below")
_down = _down.union_all(
    select(_below.c.id, _below.c.in_reply_to_id, _down.c.depth + 1)
    .select_from(_down.join(_below, _below.c.in_reply_to_id == _down.c.id))
    .where(_down.c.depth < bindparam("deepest"))
)
# Both directions in one statement: ancestors have depths below zero.
THREAD = statement(
    union_all(
        select(_up.c.id, _up.c.in_reply_to_id, (-_up.c.depth).label("depth")).where(_up.c.depth > 0),
        select(_down.c.id, _down.c.in_reply_to_id, _down.c.depth)
        .where(_down.c.depth > 0)
        .limit(bindparam("most_below"))
        .subquery()
        .select(),
    )
)

# History

EDITS = statement(
    select(status_edits).where(status_edits.c.status_id == ID).order_by(status_edits.c.created_at)
)
ADD_EDIT = statement(insert(status_edits).on_conflict_do_nothing())

# Writing

INSERT = statement(insert(statuses))
INSERT_UNLESS_KNOWN = statement(insert(statuses).on_conflict_do_nothing())
DELETE = statement(delete(statuses).where(statuses.c.id == ID))
BURY = statement(insert(tombstones).on_conflict_do_nothing())
UNBURY = statement(delete(tombstones).where(tombstones.c.uri == bindparam("uri")))
ORPHAN = statement(
    update(statuses)
    .where(statuses.c.in_reply_to_id == ID)
    .values(in_reply_to_id=null(), in_reply_to_account_id=null(), revision=statuses.c.revision + 1)
)
ADOPT = statement(
    update(statuses)
    .where(statuses.c.in_reply_to_uri == bindparam("parent_uri"))
    .values(
        in_reply_to_uri=null(),
        in_reply_to_id=bindparam("parent_id", type_=BigInteger()),
        in_reply_to_account_id=bindparam("parent_account_id", type_=BigInteger()),
        revision=statuses.c.revision + 1,
    )
)
_marked = exists().where(acts_in_force.c.place == bindparam("mark"))
UPDATE_TEXT = statement(
    update(statuses)
    .where(statuses.c.id == bindparam("status_id"))
    .values(
        content=bindparam("new_content"),
        text=bindparam("new_text"),
        content_type=bindparam("new_content_type"),
        spoiler_text=bindparam("new_spoiler_text"),
        # What members decided to mark stays so, whatever its author says.
        sensitive=or_(bindparam("new_sensitive", type_=Boolean()), _marked),
        language=bindparam("new_language"),
        emojis=bindparam("new_emojis"),
        poll_id=bindparam("new_poll_id", type_=BigInteger()),
        edited_at=bindparam("new_edited_at"),
        revision=statuses.c.revision + 1,
    )
)
INSERT_MENTION = statement(insert(mentions).on_conflict_do_nothing())
MENTIONED_IDS = statement(select(mentions.c.account_id).where(mentions.c.status_id == ID))
DELETE_MENTIONS = statement(delete(mentions).where(mentions.c.status_id == ID))
TAGS_NAMED = statement(select(tags.c.name, tags.c.id).where(any_of(tags.c.name, "names")))
INSERT_TAG = statement(insert(tags).on_conflict_do_nothing(index_elements=[tags.c.name]))
TOUCH_TAGS = statement(update(tags).where(any_of(tags.c.id, "ids")).values(last_status_at=bindparam("at")))
INSERT_STATUS_TAG = statement(insert(status_tags).on_conflict_do_nothing())
DELETE_STATUS_TAGS = statement(delete(status_tags).where(status_tags.c.status_id == ID))
INSERT_POLL = statement(insert(polls))
UPDATE_POLL = statement(
    update(polls)
    .where(polls.c.id == bindparam("poll_id"))
    .values(
        counts=bindparam("new_counts"),
        voters_count=bindparam("new_voters_count"),
        expires_at=bindparam("new_expires_at"),
        closed=bindparam("new_closed"),
        fetched_at=bindparam("new_fetched_at"),
    )
)
DELETE_POLL = statement(delete(polls).where(polls.c.status_id == ID))
INSERT_MEDIA = statement(insert(media_attachments))
DELETE_MEDIA = statement(delete(media_attachments).where(media_attachments.c.status_id == ID))
OWN_FREE_MEDIA = statement(
    select(media_attachments.c.id, media_attachments.c.processing).where(
        media_attachments.c.account_id == bindparam("account_id"),
        any_of(media_attachments.c.id, "ids"),
        or_(
            media_attachments.c.status_id.is_(None),
            media_attachments.c.status_id == bindparam("status_id", type_=BigInteger()),
        ),
        ~exists().where(scheduled_media.c.media_id == media_attachments.c.id),
    )
)
ATTACH_MEDIA = statement(
    update(media_attachments)
    .where(media_attachments.c.id == bindparam("media_id"))
    .values(status_id=bindparam("of_status", type_=BigInteger()), position=bindparam("at_position"))
)
DETACH_MEDIA = statement(
    update(media_attachments).where(media_attachments.c.status_id == ID).values(status_id=null())
)
FREE_MEDIA = statement(
    update(media_attachments)
    .where(media_attachments.c.status_id == ID)
    .values(status_id=null(), created_at=bindparam("at"))
)

# Counters, each with the revision that tells readers to render anew

COUNT_STATUS = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account_id"))
    .values(
        statuses_count=accounts.c.statuses_count + 1,
        last_status_at=bindparam("at"),
        revision=accounts.c.revision + 1,
    )
)
UNCOUNT_STATUS = statement(
    update(accounts)
    .where(
        or_(
            accounts.c.id == bindparam("account_id"),
            accounts.c.id.in_(select(statuses.c.account_id).where(statuses.c.reblog_of_id == ID)),
        ),
        accounts.c.statuses_count > 0,
    )
    .values(statuses_count=accounts.c.statuses_count - 1, revision=accounts.c.revision + 1)
)


def _count(column: str) -> Statement[Row]:
    moved = statuses.c[column] + bindparam("by", type_=Integer())
    return statement(
        update(statuses)
        .where(statuses.c.id == ID, moved >= 0)
        .values({column: moved, "revision": statuses.c.revision + 1})
    )


COUNT_REPLIES = _count("replies_count")
COUNT_REBLOGS = _count("reblogs_count")
COUNT_FAVOURITES = _count("favourites_count")
TOUCH = statement(update(statuses).where(statuses.c.id == ID).values(revision=statuses.c.revision + 1))

# Who is told

WATCHERS = statement(
    select(follows.c.account_id)
    .select_from(follows.join(users, users.c.account_id == follows.c.account_id))
    .where(
        follows.c.target_id == bindparam("account_id"),
        follows.c.notify,
        in_wanted_language(follows, bindparam("language", type_=Text())),
    )
)
LOCAL_REBLOGGERS = statement(
    select(statuses.c.account_id)
    .select_from(statuses.join(accounts, accounts.c.id == statuses.c.account_id))
    .where(statuses.c.reblog_of_id == ID, accounts.c.domain.is_(None))
)
# Those elsewhere who have a copy and do not follow the author: they must hear of an edit or a deletion.
REMOTE_HOLDERS = statement(
    select(mentions.c.account_id)
    .select_from(mentions.join(accounts, accounts.c.id == mentions.c.account_id))
    .where(mentions.c.status_id == ID, accounts.c.domain.is_not(None))
    .union(
        select(statuses.c.account_id)
        .select_from(statuses.join(accounts, accounts.c.id == statuses.c.account_id))
        .where(statuses.c.reblog_of_id == ID, accounts.c.domain.is_not(None)),
        select(favourites.c.account_id)
        .select_from(favourites.join(accounts, accounts.c.id == favourites.c.account_id))
        .where(favourites.c.status_id == ID, accounts.c.domain.is_not(None)),
    )
)
ANY_LOCAL_FOLLOWER = statement(
    select(literal_column("1"))
    .select_from(follows.join(users, users.c.account_id == follows.c.account_id))
    .where(follows.c.target_id == bindparam("account_id"))
    .limit(1)
)

# Conversations

MUTE = statement(insert(conversation_mutes).on_conflict_do_nothing())
UNMUTE = statement(
    delete(conversation_mutes).where(
        conversation_mutes.c.account_id == bindparam("account_id"),
        conversation_mutes.c.conversation_id == bindparam("conversation_id"),
    )
)

# The same request sent twice

_key = and_(
    idempotency_keys.c.account_id == bindparam("account_id"), idempotency_keys.c.key == bindparam("key")
)
CLAIM_KEY = statement(insert(idempotency_keys).on_conflict_do_nothing())
FULFIL_KEY = statement(update(idempotency_keys).where(_key).values(status_id=bindparam("posted_id")))
IDEMPOTENT = statement(select(idempotency_keys.c.status_id).where(_key))
FORGET_KEYS = statement(delete(idempotency_keys).where(idempotency_keys.c.created_at < bindparam("before")))
