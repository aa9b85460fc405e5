"""The jobs that a transaction has added, for tests."""

import msgspec
from sqlalchemy import select

from fedcoop.db import Tx, statement
from fedcoop.db.schema.instance import jobs
from fedcoop.jobs.types import AnyJob, Federate

_ALL = statement(select(jobs.c.body).order_by(jobs.c.created_at, jobs.c.id))


async def federated(tx: Tx) -> list[Federate]:
    """What other servers will be told, in the order in which it was added."""
    found = [msgspec.json.decode(body, type=AnyJob) for body in await tx.scalars(_ALL)]
    return [job for job in found if isinstance(job, Federate)]
