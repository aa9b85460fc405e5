"""SQL of moves: when somebody moved, and who on this server goes along."""

from sqlalchemy import BigInteger, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from fedcoop.db import columns_of, statement
from fedcoop.db.schema.accounts import account_moves, accounts, blocks, follows, mutes
from fedcoop.db.schema.arranging import list_accounts
from fedcoop.relationships.types import Follow, Mute

ADD = statement(insert(account_moves))
LATEST = statement(
    select(func.max(account_moves.c.created_at)).where(account_moves.c.account_id == bindparam("account_id"))
)
SET_ALIASES = statement(
    update(accounts)
    .where(accounts.c.id == bindparam("of_account"))
    .values(also_known_as=bindparam("uris"), updated_at=bindparam("at"), revision=accounts.c.revision + 1)
)
LOCAL_FOLLOWERS = statement(
    select(*columns_of(Follow, follows))
    .join(accounts, accounts.c.id == follows.c.account_id)
    .where(
        follows.c.target_id == bindparam("target_id"),
        follows.c.id > bindparam("after"),
        accounts.c.domain.is_(None),
    )
    .order_by(follows.c.id)
    .limit(bindparam("most")),
    into=Follow,
)
LOCAL_BLOCKERS = statement(
    select(blocks.c.account_id)
    .join(accounts, accounts.c.id == blocks.c.account_id)
    .where(blocks.c.target_id == bindparam("target_id"), accounts.c.domain.is_(None))
)
MUTERS = statement(
    select(*columns_of(Mute, mutes)).where(mutes.c.target_id == bindparam("target_id")), into=Mute
)
ADD_TO_LISTS = statement(
    upsert(list_accounts)
    .from_select(
        ["list_id", "account_id", "owner_id", "id"],
        select(
            list_accounts.c.list_id,
            bindparam("new_id", type_=BigInteger()),
            list_accounts.c.owner_id,
            list_accounts.c.id,
        ).where(
            list_accounts.c.owner_id == bindparam("owner"), list_accounts.c.account_id == bindparam("old_id")
        ),
    )
    .on_conflict_do_nothing()
)
