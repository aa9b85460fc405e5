"""SQL of subscriptions to pushed notifications, and of the server's own key for them."""

from sqlalchemy import BigInteger, bindparam, delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import columns_of, statement
from fedcoop.db.schema.accounts import accounts, follows, users
from fedcoop.db.schema.notifications import push_subscriptions, server_keys
from fedcoop.db.schema.oauth import oauth_tokens
from fedcoop.push.types import Subscription

_p = push_subscriptions
_columns = columns_of(Subscription, _p)
_token = bindparam("token_id", type_=BigInteger())
_id = bindparam("id", type_=BigInteger())
_sender = bindparam("from_id", type_=BigInteger())

OF_TOKEN = statement(select(*_columns).where(_p.c.token_id == _token), into=Subscription)
_put = insert(_p)
PUT = statement(
    _put.on_conflict_do_update(
        index_elements=["token_id"],
        set_={
            name: _put.excluded[name]
            for name in Subscription.__struct_fields__
            if name not in ("token_id", "account_id")
        },
    )
)
CHANGE = statement(
    update(_p)
    .where(_p.c.token_id == bindparam("of_token"))
    .values(alerts=bindparam("new_alerts"), policy=bindparam("new_policy"))
)
REMOVE = statement(delete(_p).where(_p.c.id == _id))
REMOVE_OF_TOKEN = statement(delete(_p).where(_p.c.token_id == _token))

# Subscriptions whose bearers may come in, as `oauth.queries.STILL_GOOD` says it of tokens; with the member's
# language, and whether the policy lets the sender through.
_good = (
    _p.join(oauth_tokens, oauth_tokens.c.id == _p.c.token_id)
    .join(users, users.c.account_id == _p.c.account_id)
    .join(accounts, accounts.c.id == _p.c.account_id)
)
_heard = or_(
    _p.c.policy == "all",
    (_p.c.policy == "followed")
    & exists().where(follows.c.account_id == _p.c.account_id, follows.c.target_id == _sender),
    (_p.c.policy == "follower")
    & exists().where(follows.c.account_id == _sender, follows.c.target_id == _p.c.account_id),
)
_due = (
    select(users.c.locale, oauth_tokens.c.scopes, *_columns)
    .select_from(_good)
    .where(
        oauth_tokens.c.revoked_at.is_(None),
        users.c.disabled_at.is_(None),
        users.c.confirmed_at.is_not(None),
        users.c.approved_at.is_not(None),
        accounts.c.suspended_at.is_(None),
        accounts.c.deleted_at.is_(None),
        _heard,
    )
)
DUE = statement(_due.where(_p.c.account_id == bindparam("account_id", type_=BigInteger())))
DUE_ONE = statement(_due.where(_p.c.id == _id))

KEY = statement(select(server_keys.c.pem).where(server_keys.c.name == bindparam("name")))
KEEP_KEY = statement(insert(server_keys).on_conflict_do_nothing())
