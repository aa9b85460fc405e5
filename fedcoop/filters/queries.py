"""SQL of filters."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Text,
    bindparam,
    cast,
    delete,
    func,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.arranging import filter_keywords, filter_revisions, filter_statuses, filters
from fedcoop.filters.types import Filter, FilteredStatus, Keyword

_id = bindparam("id", type_=BigInteger())
_account = bindparam("account_id", type_=BigInteger())
_filter = bindparam("filter_id", type_=BigInteger())

_filters = select(*columns_of(Filter, filters)).where(filters.c.account_id == _account)
ALL = statement(_filters.order_by(filters.c.id), into=Filter)
FIND = statement(_filters.where(filters.c.id == _id), into=Filter)
COUNT = statement(select(func.count()).select_from(filters).where(filters.c.account_id == _account))
INSERT = statement(insert(filters))
UPDATE = statement(
    update(filters)
    .where(filters.c.id == bindparam("of_filter"))
    .values(
        title=bindparam("new_title"),
        context=bindparam("new_context"),
        action=bindparam("new_action"),
        expires_at=bindparam("new_expires_at"),
    )
)
DELETE = statement(delete(filters).where(filters.c.id == _id))

_keywords = select(*columns_of(Keyword, filter_keywords))
KEYWORDS_OF = statement(
    _keywords.where(any_of(filter_keywords.c.filter_id, "filter_ids")).order_by(filter_keywords.c.id),
    into=Keyword,
)
KEYWORD = statement(
    _keywords.join(filters, filters.c.id == filter_keywords.c.filter_id).where(
        filter_keywords.c.id == _id, filters.c.account_id == _account
    ),
    into=Keyword,
)
INSERT_KEYWORD = statement(insert(filter_keywords))
UPDATE_KEYWORD = statement(
    update(filter_keywords)
    .where(filter_keywords.c.id == bindparam("of_keyword"))
    .values(keyword=bindparam("new_keyword"), whole_word=bindparam("new_whole_word"))
)
DELETE_KEYWORD = statement(delete(filter_keywords).where(filter_keywords.c.id == _id))

_statuses = select(*columns_of(FilteredStatus, filter_statuses))
STATUSES_OF = statement(
    _statuses.where(any_of(filter_statuses.c.filter_id, "filter_ids")).order_by(filter_statuses.c.id),
    into=FilteredStatus,
)
STATUS = statement(
    _statuses.join(filters, filters.c.id == filter_statuses.c.filter_id).where(
        filter_statuses.c.id == _id, filters.c.account_id == _account
    ),
    into=FilteredStatus,
)
STATUS_IN = statement(
    _statuses.where(
        filter_statuses.c.filter_id == _filter,
        filter_statuses.c.status_id == bindparam("status_id", type_=BigInteger()),
    ),
    into=FilteredStatus,
)
INSERT_STATUS = statement(insert(filter_statuses).on_conflict_do_nothing())
DELETE_STATUS = statement(delete(filter_statuses).where(filter_statuses.c.id == _id))

_touch = insert(filter_revisions)
TOUCH = statement(
    _touch.on_conflict_do_update(
        index_elements=["account_id"], set_={"revision": filter_revisions.c.revision + 1}
    )
)

# Everything that several members filter by, in one statement: a row for each keyword and each status.
_shared = columns_of(Filter, filters)
_of_accounts = any_of(filters.c.account_id, "account_ids")
RULES = statement(
    union_all(
        select(
            *_shared,
            filter_keywords.c.keyword,
            filter_keywords.c.whole_word,
            cast(null(), BigInteger()).label("status_id"),
        )
        .join(filter_keywords, filter_keywords.c.filter_id == filters.c.id)
        .where(_of_accounts),
        select(*_shared, cast(null(), Text()), cast(null(), Boolean()), filter_statuses.c.status_id)
        .join(filter_statuses, filter_statuses.c.filter_id == filters.c.id)
        .where(_of_accounts),
    )
)
