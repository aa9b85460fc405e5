"""SQL of exports and imports."""

from sqlalchemy import BigInteger, bindparam, delete, func, insert, select, update

from fedcoop.db import columns_of, statement
from fedcoop.db.schema.accounts import accounts, blocks, follows, mutes
from fedcoop.db.schema.arranging import blocked_domains, list_accounts, lists
from fedcoop.db.schema.statuses import bookmarks, statuses
from fedcoop.db.schema.transfers import import_lines, imports
from fedcoop.transfers.types import Import, ImportLine

_mine = bindparam("account_id", type_=BigInteger())

FOLLOWING = statement(
    select(accounts.c.handle, accounts.c.domain, follows.c.reblogs, follows.c.notify, follows.c.languages)
    .join(accounts, accounts.c.id == follows.c.target_id)
    .where(follows.c.account_id == _mine)
    .order_by(follows.c.id)
)
FOLLOWERS = statement(
    select(accounts.c.handle, accounts.c.domain)
    .join(accounts, accounts.c.id == follows.c.account_id)
    .where(follows.c.target_id == _mine)
    .order_by(follows.c.id)
)
BLOCKS = statement(
    select(accounts.c.handle, accounts.c.domain)
    .join(accounts, accounts.c.id == blocks.c.target_id)
    .where(blocks.c.account_id == _mine)
    .order_by(blocks.c.id)
)
DOMAIN_BLOCKS = statement(
    select(blocked_domains.c.domain)
    .where(blocked_domains.c.account_id == _mine)
    .order_by(blocked_domains.c.id)
)
MUTES = statement(
    select(accounts.c.handle, accounts.c.domain, mutes.c.notifications)
    .join(accounts, accounts.c.id == mutes.c.target_id)
    .where(mutes.c.account_id == _mine)
    .order_by(mutes.c.id)
)
LISTS = statement(
    select(accounts.c.handle, accounts.c.domain, lists.c.title)
    .select_from(
        list_accounts.join(lists, lists.c.id == list_accounts.c.list_id).join(
            accounts, accounts.c.id == list_accounts.c.account_id
        )
    )
    .where(lists.c.account_id == _mine)
    .order_by(lists.c.id, list_accounts.c.id)
)
BOOKMARKS = statement(
    select(statuses.c.uri)
    .join(bookmarks, bookmarks.c.status_id == statuses.c.id)
    .where(bookmarks.c.account_id == _mine)
    .order_by(bookmarks.c.id)
)

ADD = statement(insert(imports))
ADD_LINES = statement(insert(import_lines))
BY_ID = statement(select(*columns_of(Import, imports)).where(imports.c.id == bindparam("id")), into=Import)
OF_ACCOUNT = statement(
    select(*columns_of(Import, imports))
    .where(imports.c.account_id == _mine)
    .order_by(imports.c.id.desc())
    .limit(10),
    into=Import,
)
RUNNING = statement(
    select(func.count())
    .select_from(imports)
    .where(imports.c.account_id == _mine, imports.c.finished_at.is_(None))
)
NEXT_LINES = statement(
    select(*columns_of(ImportLine, import_lines))
    .where(import_lines.c.import_id == bindparam("import_id"), import_lines.c.problem == "")
    .order_by(import_lines.c.position)
    .limit(bindparam("most")),
    into=ImportLine,
)
FAILED_LINES = statement(
    select(*columns_of(ImportLine, import_lines))
    .where(import_lines.c.import_id == bindparam("import_id"), import_lines.c.problem != "")
    .order_by(import_lines.c.position)
    .limit(bindparam("most")),
    into=ImportLine,
)
_line = (import_lines.c.import_id == bindparam("of_import"), import_lines.c.position == bindparam("at"))
DONE = statement(delete(import_lines).where(*_line))
FAILED = statement(update(import_lines).where(*_line).values(problem=bindparam("why")))
COUNT_DONE = statement(
    update(imports).where(imports.c.id == bindparam("of_import")).values(done=imports.c.done + 1)
)
FINISH = statement(
    update(imports).where(imports.c.id == bindparam("of_import")).values(finished_at=bindparam("at"))
)
