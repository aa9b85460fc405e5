"""SQL of the job queue. Each dialect claims in its own way; PostgreSQL lets many workers claim at once."""

from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, case, delete, func, insert, select, update

from fedcoop.db import any_of, statement
from fedcoop.db.schema.instance import jobs

from .types import DeadJob

ADD = statement(insert(jobs))

_due = (
    select(jobs.c.id)
    .where(
        jobs.c.lane == bindparam("lane"),
        jobs.c.dead_at.is_(None),
        jobs.c.run_at <= bindparam("now"),
        jobs.c.claimed_until <= bindparam("now"),
    )
    .order_by(jobs.c.run_at, jobs.c.id)
    .limit(bindparam("limit"))
    # SQLite has one writer and leaves this out.
    .with_for_update(skip_locked=True)
)
CLAIM = statement(
    update(jobs)
    .where(jobs.c.id.in_(_due.scalar_subquery()))
    .values(claimed_until=bindparam("until"), attempts=jobs.c.attempts + 1)
    .returning(jobs.c.id, jobs.c.body, jobs.c.attempts)
)
WAITS = statement(
    select(jobs.c.id).where(jobs.c.kind == bindparam("kind"), jobs.c.dead_at.is_(None)).limit(1)
)
DONE = statement(delete(jobs).where(any_of(jobs.c.id, "ids")))
AGAIN = statement(
    update(jobs)
    .where(jobs.c.id == bindparam("job_id"))
    .values(run_at=bindparam("at"), claimed_until=0, last_error=bindparam("error"))
)
DEAD = statement(
    update(jobs)
    .where(jobs.c.id == bindparam("job_id"))
    .values(dead_at=bindparam("at"), claimed_until=0, last_error=bindparam("error"))
)
_dead = select(
    jobs.c.id, jobs.c.kind, jobs.c.lane, jobs.c.body, jobs.c.attempts, jobs.c.dead_at, jobs.c.last_error
).where(jobs.c.dead_at.is_not(None))
DEAD_JOBS = statement(_dead.order_by(jobs.c.dead_at.desc()).limit(bindparam("limit")), into=DeadJob)
DEAD_IN_LANE = statement(
    _dead.where(jobs.c.lane == bindparam("lane")).order_by(jobs.c.dead_at.desc()).limit(bindparam("limit")),
    into=DeadJob,
)
_revived: dict[str, Any] = {"dead_at": None, "attempts": 0, "claimed_until": 0, "run_at": bindparam("at")}
REVIVE = statement(
    update(jobs).where(jobs.c.dead_at.is_not(None), jobs.c.id == bindparam("job_id")).values(**_revived)
)
REVIVE_LANE = statement(
    update(jobs).where(jobs.c.dead_at.is_not(None), jobs.c.lane == bindparam("of_lane")).values(**_revived)
)
BURIED_LONG_AGO = statement(delete(jobs).where(jobs.c.dead_at < bindparam("before")))
RENEW = statement(
    update(jobs)
    .where(any_of(jobs.c.id, "ids"), jobs.c.claimed_until > 0)
    .values(claimed_until=bindparam("until"))
)
_now = bindparam("now", type_=BigInteger())
_ahead = jobs.c.created_at - _now
FROM_THE_FUTURE = statement(
    update(jobs)
    .where(jobs.c.dead_at.is_(None), jobs.c.created_at > _now)
    .values(
        created_at=_now,
        run_at=case((jobs.c.run_at > _ahead, jobs.c.run_at - _ahead), else_=0),
        claimed_until=case((jobs.c.claimed_until > _ahead, jobs.c.claimed_until - _ahead), else_=0),
    )
)
"""The clock was set back: what was added in what is now the future waits as long as it would have."""
AGAIN_SOON = statement(
    update(jobs)
    .where(jobs.c.dead_at.is_(None), jobs.c.attempts > 0, jobs.c.claimed_until == 0, jobs.c.run_at > _now)
    .values(run_at=_now)
)
RELEASE_ALL = statement(update(jobs).where(jobs.c.claimed_until > 0).values(claimed_until=0))
NEXT_AT = statement(
    select(func.min(jobs.c.run_at)).where(
        jobs.c.lane == bindparam("lane"), jobs.c.dead_at.is_(None), jobs.c.claimed_until <= bindparam("now")
    )
)
COUNTS = statement(
    select(
        jobs.c.lane,
        func.count().filter(and_(jobs.c.dead_at.is_(None), jobs.c.run_at <= bindparam("now"))).label("due"),
        func.count().filter(and_(jobs.c.dead_at.is_(None), jobs.c.run_at > bindparam("now"))).label("later"),
        func.count().filter(jobs.c.dead_at.is_not(None)).label("dead"),
        func.min(jobs.c.run_at).filter(jobs.c.dead_at.is_(None)).label("oldest"),
    ).group_by(jobs.c.lane)
)
