"""SQL of live streams. Conditions are those of the timelines, asked of one status for many viewers at once."""

from __future__ import annotations

from sqlalchemy import BigInteger, and_, bindparam, exists, literal, literal_column, select, union_all

from fedcoop.db import any_of, statement
from fedcoop.db.schema.accounts import follows, users
from fedcoop.db.schema.arranging import filter_revisions, list_accounts, list_entries, lists, tag_follows
from fedcoop.db.schema.statuses import (
    bookmarks,
    conversation_mutes,
    favourites,
    home_entries,
    media_attachments,
    poll_votes,
    polls,
    status_tags,
    statuses,
    tags,
)
from fedcoop.timelines.queries import public_for, tagged_for
from fedcoop.timelines.refs import a, nobody_suspended, not_hidden_from_viewer, r, ra, s

_status = bindparam("status_id", type_=BigInteger())
_whole = (
    s.join(a, a.c.id == s.c.account_id)
    .outerjoin(r, r.c.id == s.c.reblog_of_id)
    .outerjoin(ra, ra.c.id == r.c.account_id)
)

FACTS = statement(
    select(
        s.c.account_id,
        s.c.local,
        s.c.visibility,
        s.c.conversation_id,
        s.c.poll_id,
        r.c.id.label("reblog_id"),
        r.c.account_id.label("reblog_account_id"),
        r.c.conversation_id.label("reblog_conversation_id"),
        r.c.poll_id.label("reblog_poll_id"),
        exists().where(media_attachments.c.status_id == s.c.id).label("has_media"),
    )
    .select_from(_whole)
    .where(s.c.id == _status)
)
TAGS = statement(
    select(tags.c.id, tags.c.name)
    .join(status_tags, status_tags.c.tag_id == tags.c.id)
    .where(status_tags.c.status_id == _status)
)
TAG_NAMES = statement(select(tags.c.name).where(any_of(tags.c.id, "ids")))

# Which of these viewers find the status on a page of theirs. As `timelines.queries.HOME`, `PUBLIC` and `TAGGED`.

HOME_OF = statement(
    select(home_entries.c.account_id)
    .select_from(_whole.join(home_entries, home_entries.c.status_id == s.c.id))
    .where(
        home_entries.c.status_id == _status,
        any_of(home_entries.c.account_id, "viewers"),
        nobody_suspended(),
        not_hidden_from_viewer(home_entries.c.account_id),
    )
)
LISTS_OF = statement(
    select(lists.c.id, lists.c.account_id)
    .select_from(
        _whole.join(list_entries, list_entries.c.status_id == s.c.id)
        .join(lists, lists.c.id == list_entries.c.list_id)
        .join(
            list_accounts,
            and_(list_accounts.c.list_id == lists.c.id, list_accounts.c.account_id == s.c.account_id),
        )
    )
    .where(
        list_entries.c.status_id == _status,
        any_of(lists.c.id, "lists"),
        nobody_suspended(),
        not_hidden_from_viewer(lists.c.account_id),
    )
)
_viewers = _whole.join(users, literal(True))
PUBLIC_TO = statement(
    select(users.c.account_id)
    .select_from(_viewers)
    .where(s.c.id == _status, any_of(users.c.account_id, "viewers"), *public_for(users.c.account_id))
)
TAGGED_TO = statement(
    select(users.c.account_id)
    .select_from(_viewers)
    .where(s.c.id == _status, any_of(users.c.account_id, "viewers"), *tagged_for(users.c.account_id))
)

# Who may have had a status that is gone.
FOLLOWERS = statement(
    select(follows.c.account_id).where(
        follows.c.target_id == bindparam("account_id", type_=BigInteger()),
        any_of(follows.c.account_id, "viewers"),
    )
)
TAG_FOLLOWERS = statement(
    select(tag_follows.c.account_id).where(
        any_of(tag_follows.c.tag_id, "tag_ids"), any_of(tag_follows.c.account_id, "viewers")
    )
)

# What each of the viewers has put on a status, as `statuses.queries.MARKS` and `OWN_VOTES` say it of one viewer.
VIEWPOINTS = statement(
    union_all(
        *(
            select(literal_column(f"'{mark}'").label("mark"), table.c.account_id, table.c.status_id).where(
                any_of(table.c.account_id, "viewers"), any_of(table.c.status_id, "ids")
            )
            for mark, table in (("f", favourites), ("b", bookmarks))
        ),
        select(literal_column("'r'"), statuses.c.account_id, statuses.c.reblog_of_id).where(
            any_of(statuses.c.account_id, "viewers"), any_of(statuses.c.reblog_of_id, "ids")
        ),
        select(
            literal_column("'m'"), conversation_mutes.c.account_id, conversation_mutes.c.conversation_id
        ).where(
            any_of(conversation_mutes.c.account_id, "viewers"),
            any_of(conversation_mutes.c.conversation_id, "conversations"),
        ),
        select(literal_column("'v'"), poll_votes.c.account_id, poll_votes.c.poll_id).where(
            any_of(poll_votes.c.account_id, "viewers"), any_of(poll_votes.c.poll_id, "polls")
        ),
        select(literal_column("'o'"), polls.c.account_id, polls.c.id).where(
            any_of(polls.c.id, "polls"), any_of(polls.c.account_id, "viewers")
        ),
        select(literal_column("'w'"), filter_revisions.c.account_id, filter_revisions.c.revision).where(
            any_of(filter_revisions.c.account_id, "viewers")
        ),
    )
)
FILTER_REVISIONS = statement(
    select(filter_revisions.c.account_id, filter_revisions.c.revision).where(
        any_of(filter_revisions.c.account_id, "viewers")
    )
)
