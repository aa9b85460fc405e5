"""SQL of lists. Their timelines are in `fedcoop.timelines.queries`."""

from sqlalchemy import BigInteger, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts, follows
from fedcoop.db.schema.arranging import list_accounts, list_entries, lists
from fedcoop.db.schema.statuses import home_entries, statuses
from fedcoop.lists.types import AccountList
from fedcoop.paging import Paged
from fedcoop.timelines.queries import fits_list

_account = bindparam("account_id", type_=BigInteger())
_list = bindparam("list_id", type_=BigInteger())

_lists = select(*columns_of(AccountList, lists)).where(lists.c.account_id == _account)
ALL = statement(_lists.order_by(lists.c.id), into=AccountList)
FIND = statement(_lists.where(lists.c.id == _list), into=AccountList)
COUNT = statement(select(func.count()).select_from(lists).where(lists.c.account_id == _account))
WITH = statement(
    _lists.join(list_accounts, list_accounts.c.list_id == lists.c.id)
    .where(list_accounts.c.account_id == bindparam("member_id", type_=BigInteger()))
    .order_by(lists.c.id),
    into=AccountList,
)
INSERT = statement(insert(lists))
UPDATE = statement(
    update(lists)
    .where(lists.c.id == bindparam("of_list"))
    .values(
        title=bindparam("new_title"),
        replies_policy=bindparam("new_replies_policy"),
        exclusive=bindparam("new_exclusive"),
    )
)
DELETE = statement(delete(lists).where(lists.c.id == _list))

_members = (
    select(list_accounts.c.id, list_accounts.c.account_id, accounts.c.revision)
    .join(accounts, accounts.c.id == list_accounts.c.account_id)
    .where(list_accounts.c.list_id == _list, accounts.c.suspended_at.is_(None))
)
MEMBERS = Paged(_members, list_accounts.c.id)
ALL_MEMBERS = statement(_members.order_by(list_accounts.c.id.desc()))
FOLLOWED = statement(
    select(follows.c.target_id).where(follows.c.account_id == _account, any_of(follows.c.target_id, "ids"))
)
ADD = statement(insert(list_accounts).on_conflict_do_nothing())
REMOVE = statement(
    delete(list_accounts).where(list_accounts.c.list_id == _list, any_of(list_accounts.c.account_id, "ids"))
)

# Who comes to a list brings what they have on its owner's home timeline, as far as the list's policy has it.
FILL = statement(
    insert(list_entries)
    .from_select(
        ["list_id", "status_id"],
        select(lists.c.id, statuses.c.id)
        .select_from(
            home_entries.join(statuses, statuses.c.id == home_entries.c.status_id).join(
                lists, lists.c.account_id == home_entries.c.account_id
            )
        )
        .where(
            lists.c.id == _list,
            home_entries.c.account_id == _account,
            any_of(statuses.c.account_id, "ids"),
            fits_list(statuses),
        )
        .order_by(statuses.c.id.desc())
        .limit(bindparam("most", type_=BigInteger())),
    )
    .on_conflict_do_nothing()
)
EMPTY = statement(
    delete(list_entries).where(
        list_entries.c.list_id == _list,
        list_entries.c.status_id.in_(select(statuses.c.id).where(any_of(statuses.c.account_id, "ids"))),
    )
)
MEMBER_IDS = statement(select(list_accounts.c.account_id).where(list_accounts.c.list_id == _list))

_of_members = select(statuses.c.id).where(any_of(statuses.c.account_id, "ids"))
TAKE_FROM_HOME = statement(
    delete(home_entries).where(
        home_entries.c.account_id == _account, home_entries.c.status_id.in_(_of_members)
    )
)
_exclusive = (
    select(list_accounts.c.account_id)
    .join(lists, lists.c.id == list_accounts.c.list_id)
    .where(lists.c.account_id == _account, lists.c.exclusive)
)
# What an exclusive list kept from home comes back, unless another exclusive list has its author too.
BRING_HOME = statement(
    insert(home_entries)
    .from_select(
        ["account_id", "status_id"],
        select(_account, list_entries.c.status_id)
        .join(statuses, statuses.c.id == list_entries.c.status_id)
        .where(
            list_entries.c.list_id == _list,
            any_of(statuses.c.account_id, "ids"),
            statuses.c.account_id.not_in(_exclusive),
        ),
    )
    .on_conflict_do_nothing()
)
