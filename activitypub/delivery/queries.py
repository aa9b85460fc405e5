"""SQL of the queue of deliveries and of what is known of hosts."""

from sqlalchemy import and_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from activitypub.delivery.types import Delivery, HostRow
from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.federation import deliveries, hosts, outgoing_activities

_waiting = deliveries.c.state == "waiting"

NEXT_AT = statement(select(func.min(deliveries.c.run_at)).where(_waiting))
_due = (
    select(deliveries.c.id)
    .where(_waiting, deliveries.c.run_at <= bindparam("now"))
    .order_by(deliveries.c.run_at, deliveries.c.id)
    .limit(bindparam("limit"))
    # SQLite has one writer and leaves this out.
    .with_for_update(skip_locked=True)
)
CLAIM = statement(
    update(deliveries)
    .where(deliveries.c.id.in_(_due.scalar_subquery()))
    .values(state="sending", run_at=bindparam("until"))
    .returning(*columns_of(Delivery, deliveries)),
    into=Delivery,
)
"""Taken by a process for a while; `RECLAIM` takes back what a process that died left in this state."""
RECLAIM = statement(
    update(deliveries)
    .where(deliveries.c.state == "sending", deliveries.c.run_at <= bindparam("before"))
    .values(state="waiting", run_at=bindparam("now"))
)
NOT_THAT_LATE = statement(
    update(deliveries)
    .where(_waiting, deliveries.c.run_at > bindparam("latest"))
    .values(run_at=bindparam("now"))
)
BODIES = statement(
    select(outgoing_activities.c.id, outgoing_activities.c.body).where(
        any_of(outgoing_activities.c.id, "ids")
    )
)
HOSTS = statement(select(*columns_of(HostRow, hosts)).where(any_of(hosts.c.domain, "domains")), into=HostRow)

DONE = statement(delete(deliveries).where(any_of(deliveries.c.id, "ids")))
LATER = statement(
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery_id"))
    .values(
        state="waiting",
        run_at=bindparam("at"),
        attempts=deliveries.c.attempts + bindparam("tried"),
        last_error=bindparam("error"),
    )
)
ENDED = statement(
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery_id"))
    .values(state=bindparam("new_state"), attempts=deliveries.c.attempts + 1, last_error=bindparam("error"))
)
POSTPONE_HOST = statement(
    update(deliveries)
    .where(deliveries.c.host == bindparam("to_host"), _waiting, deliveries.c.run_at < bindparam("until"))
    .values(run_at=bindparam("until"))
)
EXPIRE_HOST = statement(
    update(deliveries)
    .where(deliveries.c.host == bindparam("to_host"), _waiting, deliveries.c.created_at < bindparam("before"))
    .values(state="failed", last_error=bindparam("error"))
)
END_INBOX = statement(
    update(deliveries)
    .where(deliveries.c.host == bindparam("to_host"), _waiting, deliveries.c.inbox == bindparam("to_inbox"))
    .values(state="gone", last_error=bindparam("error"))
)
DROP_BODIES = statement(
    delete(outgoing_activities).where(
        any_of(outgoing_activities.c.id, "ids"),
        ~select(deliveries.c.id).where(deliveries.c.activity_id == outgoing_activities.c.id).exists(),
    )
)
"""Bodies that nothing waits for any more."""

_host = upsert(hosts)
HOST_WORKS = statement(
    _host.on_conflict_do_update(
        index_elements=[hosts.c.domain],
        set_={
            "failures": 0,
            "first_failure_at": None,
            "retry_at": None,
            "last_success_at": _host.excluded.last_success_at,
            "last_error": "",
        },
    )
)
HOST_FAILS = statement(
    _host.on_conflict_do_update(
        index_elements=[hosts.c.domain],
        set_={
            "failures": _host.excluded.failures,
            "first_failure_at": func.coalesce(hosts.c.first_failure_at, _host.excluded.first_failure_at),
            "retry_at": _host.excluded.retry_at,
            "last_failure_at": _host.excluded.last_failure_at,
            "last_error": _host.excluded.last_error,
        },
    )
)

# Looking at it, and clearing up

OVERVIEW = statement(
    select(
        hosts.c.domain,
        hosts.c.failures,
        hosts.c.first_failure_at,
        hosts.c.retry_at,
        hosts.c.last_success_at,
        hosts.c.last_failure_at,
        hosts.c.last_error,
        func.count(deliveries.c.id).filter(_waiting),
        func.count(deliveries.c.id).filter(or_(deliveries.c.state == "failed", deliveries.c.state == "gone")),
    )
    .select_from(hosts.outerjoin(deliveries, deliveries.c.host == hosts.c.domain))
    .group_by(hosts.c.domain)
    .order_by(hosts.c.failures.desc(), hosts.c.domain)
    .limit(bindparam("limit"))
)
FORGET_ENDED = statement(
    delete(deliveries).where(
        or_(deliveries.c.state == "failed", deliveries.c.state == "gone"),
        deliveries.c.created_at < bindparam("before"),
    )
)
FORGET_BODIES = statement(
    delete(outgoing_activities).where(
        and_(
            outgoing_activities.c.created_at < bindparam("before"),
            ~select(deliveries.c.id).where(deliveries.c.activity_id == outgoing_activities.c.id).exists(),
        )
    )
)
RETRY_HOST = statement(
    update(deliveries)
    .where(
        deliveries.c.host == bindparam("to_host"),
        or_(_waiting, deliveries.c.state == "failed"),
    )
    .values(state="waiting", run_at=bindparam("now"), created_at=bindparam("now"))
)
REST_NO_LONGER = statement(
    update(hosts).where(hosts.c.domain == bindparam("host")).values(retry_at=bindparam("now"))
)
STOP_HOST = statement(
    update(deliveries)
    .where(deliveries.c.host == bindparam("to_host"), _waiting)
    .values(state="failed", last_error="stopped by an administrator")
)
