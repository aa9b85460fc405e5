"""SQL of shared lists."""

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.instance import restricted_domains, shared_list_entries, shared_lists

from .types import SharedList, StoredEntry

_lists = select(*columns_of(SharedList, shared_lists))
_this = shared_lists.c.url == bindparam("of_list")
_entry = shared_list_entries.c

ADD = statement(insert(shared_lists).on_conflict_do_nothing())
RENAME = statement(update(shared_lists).where(_this).values(title=bindparam("new_title")))
ONE = statement(_lists.where(shared_lists.c.url == bindparam("url")), into=SharedList)
ALL = statement(_lists.order_by(shared_lists.c.subscribed_at), into=SharedList)
REMOVE = statement(delete(shared_lists).where(shared_lists.c.url == bindparam("url")))
REMOVE_ENTRIES = statement(delete(shared_list_entries).where(_entry.url == bindparam("url")))
READ = statement(update(shared_lists).where(_this).values(read_at=bindparam("at"), problem=""))
FAILED = statement(update(shared_lists).where(_this).values(problem=bindparam("why")))
ENTRIES = statement(
    select(*columns_of(StoredEntry, shared_list_entries))
    .where(_entry.url == bindparam("url"))
    .order_by(_entry.domain),
    into=StoredEntry,
)
_put = insert(shared_list_entries)
PUT_ENTRY = statement(
    _put.on_conflict_do_update(
        index_elements=["url", "domain"],
        set_={
            name: _put.excluded[name]
            for name in ("severity", "reject_media", "reject_reports", "obfuscate", "comment")
        },
    )
)
PROPOSED = statement(
    update(shared_list_entries)
    .where(_entry.url == bindparam("of_list"), _entry.domain == bindparam("of_domain"))
    .values(proposed=bindparam("now_proposed"))
)
FORGET = statement(
    delete(shared_list_entries).where(_entry.url == bindparam("url"), any_of(_entry.domain, "domains"))
)
COUNT_RESTRICTED = statement(
    select(func.count())
    .select_from(shared_list_entries.join(restricted_domains, restricted_domains.c.domain == _entry.domain))
    .where(_entry.url == bindparam("url"), _entry.proposed != "", restricted_domains.c.severity != "allow")
)
COUNT_ENTRIES = statement(select(_entry.url, func.count()).group_by(_entry.url))
