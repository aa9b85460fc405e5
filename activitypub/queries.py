"""SQL of the protocol's own memory: keys, received activities, hosts; and few lookups across features."""

from sqlalchemy import and_, bindparam, case, delete, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts, follows, users
from fedcoop.db.schema.arranging import pins
from fedcoop.db.schema.federation import deliveries, hosts, newcomers, received_activities, remote_keys
from fedcoop.db.schema.statuses import mentions, statuses
from fedcoop.statuses.types import Status

KNOWN_DOMAIN = statement(select(accounts.c.id).where(accounts.c.domain == bindparam("domain")).limit(1))

# Servers nobody knew yet

NEWCOMERS = statement(
    select(newcomers.c.place, newcomers.c.domain).where(
        newcomers.c.above == bindparam("above"), newcomers.c.since > bindparam("after")
    )
)
_take = upsert(newcomers)
TAKE_PLACE = statement(
    _take.on_conflict_do_update(
        index_elements=[newcomers.c.above, newcomers.c.place],
        set_={"domain": _take.excluded.domain, "since": _take.excluded.since},
        where=newcomers.c.since <= bindparam("after"),
    )
)
"""Does nothing where somebody has had the place since `after`."""
FORGET_NEWCOMERS = statement(delete(newcomers).where(newcomers.c.since <= bindparam("before")))

# Keys of others

KEY = statement(
    select(remote_keys.c.account_uri, remote_keys.c.public_pem).where(
        remote_keys.c.key_id == bindparam("key_id")
    )
)
_add_key = upsert(remote_keys)
SAVE_KEY = statement(
    _add_key.on_conflict_do_update(
        index_elements=[remote_keys.c.key_id],
        set_={
            "account_uri": _add_key.excluded.account_uri,
            "public_pem": _add_key.excluded.public_pem,
            "fetched_at": _add_key.excluded.fetched_at,
        },
    )
)
KEYS_OF = statement(select(remote_keys.c.key_id).where(remote_keys.c.account_uri == bindparam("account_uri")))
DROP_KEY = statement(delete(remote_keys).where(remote_keys.c.key_id == bindparam("key_id")))

# What was received: each activity counts once

REMEMBER = statement(upsert(received_activities).on_conflict_do_nothing())
RECEIVED = statement(
    select(received_activities.c.received_at).where(received_activities.c.uri == bindparam("uri"))
)
FORGET_RECEIVED = statement(
    delete(received_activities).where(received_activities.c.received_at < bindparam("before"))
)

# Hosts: an incoming signed request proves that a host is alive

HOST_FAILS = statement(
    select(hosts.c.failures).where(hosts.c.domain == bindparam("host"), hosts.c.failures > 0)
)
HOST_ALIVE = statement(
    update(hosts)
    .where(hosts.c.domain == bindparam("host"), hosts.c.failures > 0)
    .values(inbound_at=bindparam("at"), retry_at=bindparam("at"))
)
PULL_FORWARD = statement(
    update(deliveries)
    .where(deliveries.c.host == bindparam("to_host"), deliveries.c.state == "waiting")
    .values(run_at=bindparam("at"))
)

# Lookups

IDS_BY_URIS = statement(
    select(accounts.c.id, accounts.c.uri, accounts.c.domain).where(
        any_of(accounts.c.uri, "uris"), accounts.c.deleted_at.is_(None)
    )
)
HAS_LOCAL_FOLLOWER = statement(
    select(literal_column("1"))
    .select_from(follows.join(users, users.c.account_id == follows.c.account_id))
    .where(follows.c.target_id == bindparam("account_id"))
    .limit(1)
)
WITH_AUTHORS = statement(
    select(statuses.c.id, statuses.c.uri, accounts.c.uri.label("author"))
    .select_from(statuses.join(accounts, accounts.c.id == statuses.c.account_id))
    .where(any_of(statuses.c.id, "ids"))
)
"""Addresses of statuses and of their authors, for replies, Like and Announce."""

_shared = statuses.alias("shared")
GROUPS = statement(
    select(mentions.c.status_id, accounts.c.id, accounts.c.uri)
    .select_from(mentions.join(accounts, accounts.c.id == mentions.c.account_id))
    .where(any_of(mentions.c.status_id, "ids"), accounts.c.kind == "group", accounts.c.domain.is_not(None))
    .union(
        select(statuses.c.id, accounts.c.id, accounts.c.uri)
        .select_from(
            statuses.join(_shared, _shared.c.reblog_of_id == statuses.c.conversation_id).join(
                accounts, accounts.c.id == _shared.c.account_id
            )
        )
        .where(
            any_of(statuses.c.id, "ids"),
            statuses.c.in_reply_to_id.is_not(None),
            accounts.c.kind == "group",
            accounts.c.domain.is_not(None),
        )
    )
)
"""The groups elsewhere that a status is posted to: it names them, or answers in a thread that they share."""

# What is shown to others

OUTBOX = statement(
    select(*columns_of(Status, statuses))
    .where(
        statuses.c.account_id == bindparam("account_id"),
        statuses.c.id < bindparam("max_id"),
        or_(statuses.c.visibility == "public", statuses.c.visibility == "unlisted"),
    )
    .order_by(statuses.c.id.desc())
    .limit(bindparam("limit")),
    into=Status,
)
PINNED = statement(
    select(*columns_of(Status, statuses))
    .join(pins, pins.c.status_id == statuses.c.id)
    .where(
        pins.c.account_id == bindparam("account_id"),
        or_(statuses.c.visibility == "public", statuses.c.visibility == "unlisted"),
    )
    .order_by(statuses.c.id.desc()),
    into=Status,
)
_follower_uris = select(accounts.c.uri).select_from(
    follows.join(accounts, accounts.c.id == follows.c.account_id)
)
REMOTE_FOLLOWERS = statement(
    _follower_uris.where(
        follows.c.target_id == bindparam("account_id"),
        accounts.c.domain.is_not(None),
        accounts.c.deleted_at.is_(None),
    )
)
LOCAL_FOLLOWERS = statement(
    _follower_uris.where(follows.c.target_id == bindparam("account_id"), accounts.c.domain.is_(None))
)
FOLLOWERS = statement(
    select(follows.c.id, accounts.c.uri)
    .select_from(follows.join(accounts, accounts.c.id == follows.c.account_id))
    .where(follows.c.target_id == bindparam("account_id"), follows.c.id < bindparam("max_id"))
    .order_by(follows.c.id.desc())
    .limit(bindparam("limit"))
)
FOLLOWING = statement(
    select(follows.c.id, accounts.c.uri)
    .select_from(follows.join(accounts, accounts.c.id == follows.c.target_id))
    .where(follows.c.account_id == bindparam("account_id"), follows.c.id < bindparam("max_id"))
    .order_by(follows.c.id.desc())
    .limit(bindparam("limit"))
)
_rank = case((statuses.c.account_id == bindparam("author_id"), 0), else_=1)
REPLIES = statement(
    select(statuses.c.id, statuses.c.uri, _rank.label("rank"))
    .where(
        statuses.c.in_reply_to_id == bindparam("status_id"),
        or_(statuses.c.visibility == "public", statuses.c.visibility == "unlisted"),
        or_(
            _rank > bindparam("after_rank"),
            and_(_rank == bindparam("after_rank"), statuses.c.id > bindparam("min_id")),
        ),
    )
    .order_by(_rank, statuses.c.id)
    .limit(bindparam("limit"))
)
"""The author's own first."""
USAGE = statement(
    select(
        func.count(),
        func.count().filter(accounts.c.last_status_at > bindparam("month")),
        func.count().filter(accounts.c.last_status_at > bindparam("half_year")),
        func.sum(accounts.c.statuses_count),
    )
    .select_from(users.join(accounts, accounts.c.id == users.c.account_id))
    .where(accounts.c.deleted_at.is_(None))
)
