"""SQL of reports."""

from sqlalchemy import BigInteger, Text, and_, bindparam, exists, func, insert, or_, select, update

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts, follows, users
from fedcoop.db.schema.instance import rules
from fedcoop.db.schema.moderating import reports
from fedcoop.db.schema.statuses import mentions, statuses
from fedcoop.paging import Paged
from fedcoop.reports.types import Report

_row = select(*columns_of(Report, reports))
_this = reports.c.id == bindparam("report_id", type_=BigInteger())

ADD = statement(insert(reports))
BY_ID = statement(_row.where(reports.c.id == bindparam("id", type_=BigInteger())), into=Report)
_by = bindparam("account_id", type_=BigInteger())
_about = bindparam("target_id", type_=BigInteger())
_wanted = (or_(_by == 0, reports.c.account_id == _by), or_(_about == 0, reports.c.target_id == _about))
OPEN = Paged(_row.where(reports.c.action_taken_at.is_(None), *_wanted), reports.c.id, into=Report)
RESOLVED = Paged(_row.where(reports.c.action_taken_at.is_not(None), *_wanted), reports.c.id, into=Report)
COUNT_OPEN = statement(select(func.count()).select_from(reports).where(reports.c.action_taken_at.is_(None)))
ASSIGN = statement(
    update(reports)
    .where(_this)
    .values(assigned_id=bindparam("to_id", type_=BigInteger()), updated_at=bindparam("at"))
)
_done = {
    "action_taken_at": bindparam("done_at", type_=BigInteger()),
    "action_taken_by_id": bindparam("done_by", type_=BigInteger()),
    "updated_at": bindparam("at"),
}
SETTLE = statement(update(reports).where(_this).values(**_done))
SETTLE_ALL = statement(
    update(reports)
    .where(reports.c.target_id == bindparam("about", type_=BigInteger()), reports.c.action_taken_at.is_(None))
    .values(**_done)
)
CHANGE = statement(
    update(reports)
    .where(_this)
    .values(
        category=bindparam("new_category"), rule_ids=bindparam("new_rule_ids"), updated_at=bindparam("at")
    )
)
RULES = statement(select(rules.c.id).where(any_of(rules.c.id, "ids"), rules.c.repealed_at.is_(None)))

# What a report from elsewhere names and we have: members, and posts that somebody on that server may see. Who
# reports is not told by other servers, so that it cannot be asked who may see it.
MEMBERS_AT = statement(
    select(accounts.c.id)
    .join(users, users.c.account_id == accounts.c.id)
    .where(any_of(accounts.c.uri, "uris"), accounts.c.deleted_at.is_(None))
)
_there = accounts.alias("there")
_domain = bindparam("domain", type_=Text())
_seen_there = or_(
    statuses.c.visibility == "public",
    statuses.c.visibility == "unlisted",
    and_(
        or_(statuses.c.visibility == "private", statuses.c.visibility == "direct"),
        exists()
        .where(mentions.c.status_id == statuses.c.id, mentions.c.account_id == _there.c.id)
        .where(_there.c.domain == _domain),
    ),
    and_(
        statuses.c.visibility == "private",
        exists()
        .where(follows.c.target_id == statuses.c.account_id, follows.c.account_id == _there.c.id)
        .where(_there.c.domain == _domain),
    ),
)
STATUSES_AT = statement(
    select(statuses.c.id, statuses.c.account_id)
    .join(users, users.c.account_id == statuses.c.account_id)
    .where(any_of(statuses.c.uri, "uris"), statuses.c.reblog_of_id.is_(None), _seen_there)
    .order_by(statuses.c.id)
)
# Whom a report is sent to: the account's own server, and those whose posts the reported ones answer.
ANSWERED = statement(
    select(accounts.c.id, accounts.c.domain)
    .join(statuses, statuses.c.in_reply_to_account_id == accounts.c.id)
    .where(
        any_of(statuses.c.id, "ids"),
        any_of(accounts.c.domain, "domains"),
    )
    .distinct()
)
STATUS_URIS = statement(select(statuses.c.uri).where(any_of(statuses.c.id, "ids")).order_by(statuses.c.id))
