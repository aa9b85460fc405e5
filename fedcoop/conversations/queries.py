"""SQL of conversations. Removing a status takes its entries with it; `SETTLE` and `END` put right what is left."""

from sqlalchemy import BigInteger, Boolean, and_, bindparam, case, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.conversations.types import Conversation
from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts, blocks, mutes, users
from fedcoop.db.schema.arranging import blocked_domains
from fedcoop.db.schema.conversations import conversation_entries, conversations
from fedcoop.paging import Paged
from fedcoop.timelines.refs import (
    VIEWER,
    Ref,
    nobody_suspended,
    not_hidden_from_viewer,
    refs,
    s,
)

_account = bindparam("account_id", type_=BigInteger())
_id = bindparam("id", type_=BigInteger())

_row = select(*columns_of(Conversation, conversations))
PAGE = Paged(
    _row.where(conversations.c.account_id == _account), conversations.c.last_status_id, into=Conversation
)
FIND = statement(
    _row.where(conversations.c.id == _id, conversations.c.account_id == _account), into=Conversation
)
IN_THREAD = statement(
    _row.where(
        conversations.c.account_id == _account,
        conversations.c.thread_id == bindparam("thread_id", type_=BigInteger()),
        conversations.c.participants == bindparam("participants"),
    ),
    into=Conversation,
)
_author = bindparam("author_id", type_=BigInteger())
HEARING = statement(
    select(users.c.account_id).where(
        any_of(users.c.account_id, "ids"),
        ~exists().where(blocks.c.account_id == users.c.account_id, blocks.c.target_id == _author),
        ~exists().where(blocks.c.account_id == _author, blocks.c.target_id == users.c.account_id),
        ~exists().where(
            mutes.c.account_id == users.c.account_id,
            mutes.c.target_id == _author,
            or_(mutes.c.expires_at.is_(None), mutes.c.expires_at > bindparam("now")),
        ),
        ~exists().where(
            blocked_domains.c.account_id == users.c.account_id,
            blocked_domains.c.domain == accounts.c.domain,
            accounts.c.id == _author,
        ),
    )
)

_add = insert(conversations)
ADD = statement(
    _add.on_conflict_do_update(
        index_elements=["account_id", "thread_id", "participants"],
        set_={
            "last_status_id": case(
                (
                    _add.excluded.last_status_id > conversations.c.last_status_id,
                    _add.excluded.last_status_id,
                ),
                else_=conversations.c.last_status_id,
            ),
            "unread": _add.excluded.unread,
        },
    )
)
ADD_ENTRY = statement(insert(conversation_entries).on_conflict_do_nothing())
READ = statement(
    update(conversations)
    .where(conversations.c.id == _id)
    .values(unread=bindparam("now_unread", type_=Boolean()))
)
DELETE = statement(delete(conversations).where(conversations.c.id == _id))

_latest = (
    select(func.max(conversation_entries.c.status_id))
    .where(
        conversation_entries.c.conversation_id == conversations.c.id,
        conversation_entries.c.status_id != bindparam("status_id", type_=BigInteger()),
    )
    .scalar_subquery()
)
# A status goes: whose last one it was has the one before as the last, or ends with it.
_with_it = conversations.c.last_status_id == bindparam("status_id", type_=BigInteger())
_others = exists().where(
    conversation_entries.c.conversation_id == conversations.c.id,
    conversation_entries.c.status_id != bindparam("status_id", type_=BigInteger()),
)
END = statement(delete(conversations).where(_with_it, ~_others))
SETTLE = statement(update(conversations).where(_with_it).values(last_status_id=_latest))

STATUSES = Paged(
    refs()
    .join(
        conversation_entries,
        and_(conversation_entries.c.status_id == s.c.id, conversation_entries.c.account_id == VIEWER),
    )
    .where(nobody_suspended(), not_hidden_from_viewer()),
    conversation_entries.c.status_id,
    into=Ref,
)
