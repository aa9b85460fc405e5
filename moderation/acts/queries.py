"""SQL of what acts leave in force."""

from sqlalchemy import Text, and_, bindparam, case, cast, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts, follows
from fedcoop.db.schema.announcements import announcements
from fedcoop.db.schema.governance import acts_in_force, log_names, mandates, members, proposals
from fedcoop.db.schema.instance import documents, restricted_domains, settings
from fedcoop.db.schema.statuses import removed_statuses, statuses

from .types import InForce

_columns = select(*columns_of(InForce, acts_in_force))
AT = statement(_columns.where(acts_in_force.c.place == bindparam("place")), into=InForce)
ALL = statement(_columns.order_by(acts_in_force.c.place), into=InForce)
_put = upsert(acts_in_force)
PUT = statement(
    _put.on_conflict_do_update(
        index_elements=["place"],
        set_={name: _put.excluded[name] for name in InForce.__struct_fields__ if name != "place"},
    )
)
CLEAR = statement(delete(acts_in_force).where(acts_in_force.c.place == bindparam("place")))

_local = accounts.alias("local")
# Who here follows an account, whom it follows here, and how many posts of it are known.
REACH = statement(
    select(
        select(func.count())
        .select_from(follows.join(_local, _local.c.id == follows.c.account_id))
        .where(follows.c.target_id == bindparam("account_id"), _local.c.domain.is_(None))
        .scalar_subquery(),
        select(func.count())
        .select_from(follows.join(_local, _local.c.id == follows.c.target_id))
        .where(follows.c.account_id == bindparam("account_id"), _local.c.domain.is_(None))
        .scalar_subquery(),
        select(func.count())
        .select_from(statuses)
        .where(statuses.c.account_id == bindparam("account_id"))
        .scalar_subquery(),
    )
)
COUNT_MEMBERS = statement(select(func.count()).select_from(members).where(members.c.standing != "expelled"))
COUNT_OPEN = statement(select(func.count()).select_from(proposals).where(proposals.c.state == "open"))

# What the tables say that enforce it, for `live`.
_name = func.coalesce(members.c.log_name, log_names.c.log_name, accounts.c.handle)
_restriction_times = select(restricted_domains.c.created_at)
_limited = and_(accounts.c.limited_at.is_not(None), accounts.c.limited_at.not_in(_restriction_times))
_suspended = and_(accounts.c.suspended_at.is_not(None), accounts.c.suspended_at.not_in(_restriction_times))
_named = accounts.outerjoin(members, members.c.account_id == accounts.c.id).outerjoin(
    log_names, log_names.c.account_id == accounts.c.id
)
MARKED = statement(
    select(_name, case((_suspended, 1), else_=0))
    .select_from(_named)
    .where(or_(_limited, _suspended), accounts.c.deleted_at.is_(None))
)
SENSITIZED = statement(
    select(_name)
    .select_from(_named)
    .where(accounts.c.sensitized_at.is_not(None), accounts.c.deleted_at.is_(None))
)
# Of those whom the record names, who is still here: as a member, or by the name kept for somebody else.
STILL_HERE = statement(
    select(members.c.log_name)
    .join(accounts, accounts.c.id == members.c.account_id)
    .where(any_of(members.c.log_name, "names"), accounts.c.deleted_at.is_(None))
    .union(
        select(log_names.c.log_name)
        .join(accounts, accounts.c.id == log_names.c.account_id)
        .where(any_of(log_names.c.log_name, "names"), accounts.c.deleted_at.is_(None))
    )
)
# A removed post takes its boosts along; the act is about the post.
REMOVED = statement(
    select(removed_statuses.c.status_id)
    .join(statuses, statuses.c.id == removed_statuses.c.status_id)
    .where(statuses.c.reblog_of_id.is_(None))
)
POSTS = statement(select(statuses.c.id, statuses.c.sensitive).where(any_of(statuses.c.id, "ids")))
_later = documents.alias("later")
DOCUMENTS = statement(
    select(documents.c.document, documents.c.text, documents.c.effective_at).where(
        documents.c.version
        == select(func.max(_later.c.version))
        .where(_later.c.document == documents.c.document)
        .scalar_subquery(),
        documents.c.text != "",
    )
)
# Whoever runs the server announces too, for instance that it is down tonight; that is no act.
ANNOUNCED = statement(
    select(announcements.c.id, announcements.c.text).where(~announcements.c.because.startswith("admin:"))
)
SETTINGS = statement(select(settings.c.key, settings.c.value))
CONTACT = statement(
    select(accounts.c.handle).where(
        cast(accounts.c.id, Text)
        == select(settings.c.value).where(settings.c.key == "contact_account_id").scalar_subquery()
    )
)
STANDINGS = statement(select(members.c.log_name, members.c.standing).where(members.c.standing != "expelled"))
OFFICES = statement(
    select(members.c.log_name, mandates.c.office, mandates.c.ends_at)
    .join(members, members.c.account_id == mandates.c.account_id)
    .where(mandates.c.ended_at.is_(None))
)
