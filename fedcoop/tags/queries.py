"""SQL of followed and featured hashtags."""

from sqlalchemy import BigInteger, and_, bindparam, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, statement
from fedcoop.db.schema.accounts import follows
from fedcoop.db.schema.arranging import featured_tags, tag_follows
from fedcoop.db.schema.statuses import home_entries, status_tags, statuses, tags
from fedcoop.paging import Paged

_account = bindparam("account_id", type_=BigInteger())
_tag = bindparam("tag_id", type_=BigInteger())
_named = (tags.c.id, tags.c.name, tags.c.display_name)

BY_NAME = statement(select(*_named).where(tags.c.name == bindparam("name")))
INSERT = statement(insert(tags).on_conflict_do_nothing(index_elements=[tags.c.name]))

# Following

FOLLOW = statement(insert(tag_follows).on_conflict_do_nothing())
UNFOLLOW = statement(
    delete(tag_follows).where(tag_follows.c.account_id == _account, tag_follows.c.tag_id == _tag)
)
COUNT_FOLLOWED = statement(
    select(func.count()).select_from(tag_follows).where(tag_follows.c.account_id == _account)
)
FOLLOWED = Paged(
    select(tag_follows.c.id.label("follow_id"), *_named)
    .join(tags, tags.c.id == tag_follows.c.tag_id)
    .where(tag_follows.c.account_id == _account),
    tag_follows.c.id,
)
_other = tag_follows.alias("other")
_other_tag = status_tags.alias("other_tag")
# What only the hashtag brought home: neither by oneself nor by somebody followed, nor with another followed one.
TAKE_FROM_HOME = statement(
    delete(home_entries).where(
        home_entries.c.account_id == _account,
        home_entries.c.status_id.in_(
            select(status_tags.c.status_id)
            .join(statuses, statuses.c.id == status_tags.c.status_id)
            .where(
                status_tags.c.tag_id == _tag,
                statuses.c.account_id != _account,
                ~exists().where(
                    follows.c.account_id == _account, follows.c.target_id == statuses.c.account_id
                ),
                ~exists().where(
                    _other_tag.c.status_id == statuses.c.id,
                    _other.c.tag_id == _other_tag.c.tag_id,
                    _other.c.account_id == _account,
                ),
            )
        ),
    )
)

# Featuring, with how often and when last the account used the hashtag where everybody sees it.

_used = (
    select(
        func.count(statuses.c.id).label("uses"),
        func.max(statuses.c.created_at).label("last_used_at"),
        status_tags.c.tag_id,
    )
    .join(statuses, statuses.c.id == status_tags.c.status_id)
    .where(
        statuses.c.account_id == _account,
        or_(statuses.c.visibility == "public", statuses.c.visibility == "unlisted"),
    )
    .group_by(status_tags.c.tag_id)
    .subquery("used")
)
FEATURED = statement(
    select(
        featured_tags.c.id,
        tags.c.id.label("tag_id"),
        tags.c.name,
        featured_tags.c.display_name,
        _used.c.uses,
        _used.c.last_used_at,
    )
    .select_from(
        featured_tags.join(tags, tags.c.id == featured_tags.c.tag_id).outerjoin(
            _used, _used.c.tag_id == tags.c.id
        )
    )
    .where(featured_tags.c.account_id == _account)
    .order_by(func.coalesce(_used.c.uses, 0).desc(), featured_tags.c.id)
)
FEATURE = statement(insert(featured_tags).on_conflict_do_nothing())
CLEAR_FEATURED = statement(delete(featured_tags).where(featured_tags.c.account_id == _account))
UNFEATURE = statement(
    delete(featured_tags).where(featured_tags.c.account_id == _account, featured_tags.c.tag_id == _tag)
)
UNFEATURE_BY_ID = statement(
    delete(featured_tags).where(
        featured_tags.c.account_id == _account, featured_tags.c.id == bindparam("id", type_=BigInteger())
    )
)
COUNT_FEATURED = statement(
    select(func.count()).select_from(featured_tags).where(featured_tags.c.account_id == _account)
)
SUGGESTED = statement(
    select(*_named)
    .join(_used, _used.c.tag_id == tags.c.id)
    .where(~exists().where(featured_tags.c.account_id == _account, featured_tags.c.tag_id == tags.c.id))
    .order_by(_used.c.uses.desc(), _used.c.last_used_at.desc())
    .limit(bindparam("limit"))
)

# How a member stands to some hashtags.
TIES = statement(
    select(
        tags.c.id,
        exists().where(and_(tag_follows.c.account_id == _account, tag_follows.c.tag_id == tags.c.id)),
        exists().where(and_(featured_tags.c.account_id == _account, featured_tags.c.tag_id == tags.c.id)),
    ).where(any_of(tags.c.id, "ids"))
)
