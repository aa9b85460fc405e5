"""SQL of witnesses."""

from sqlalchemy import bindparam, delete, func, insert, select, update

from fedcoop.db import columns_of, statement
from fedcoop.db.schema.ledger import cosignatures, ledger, witnessed_logs, witnesses

from .types import Asked, Cosignature, WitnessedLog

WITNESS_SEED = statement(select(ledger.c.witness_seed).where(ledger.c.id == 1))
KEEP_WITNESS_SEED = statement(
    update(ledger)
    .where(ledger.c.id == 1, ledger.c.witness_seed.is_(None))
    .values(witness_seed=bindparam("seed"))
)

_asked = select(*columns_of(Asked, witnesses))
ADD_WITNESS = statement(insert(witnesses))
WITNESSES = statement(_asked.order_by(witnesses.c.name), into=Asked)
WITNESS = statement(_asked.where(witnesses.c.name == bindparam("name")), into=Asked)
REMOVE_WITNESS = statement(delete(witnesses).where(witnesses.c.name == bindparam("name")))
COSIGNED = statement(
    update(witnesses)
    .where(witnesses.c.name == bindparam("of_name"))
    .values(size=bindparam("now_size"), cosigned_at=bindparam("at"), failed_at=None, failure="")
)
FAILED = statement(
    update(witnesses)
    .where(witnesses.c.name == bindparam("of_name"))
    .values(failed_at=bindparam("at"), failure=bindparam("why"))
)

ADD_COSIGNATURE = statement(insert(cosignatures))
_cosignature = select(*columns_of(Cosignature, cosignatures))
COSIGNATURES = statement(
    _cosignature.where(cosignatures.c.size == bindparam("size")).order_by(cosignatures.c.name),
    into=Cosignature,
)
LATEST_COSIGNED = statement(
    select(cosignatures.c.size)
    .group_by(cosignatures.c.size)
    .having(func.count() >= bindparam("least"))
    .order_by(cosignatures.c.size.desc())
    .limit(1)
)
HAS_COSIGNED = statement(
    select(cosignatures.c.size).where(
        cosignatures.c.size == bindparam("size"), cosignatures.c.name == bindparam("name")
    )
)

_log = select(*columns_of(WitnessedLog, witnessed_logs))
ADD_LOG = statement(insert(witnessed_logs))
LOGS = statement(_log.order_by(witnessed_logs.c.origin), into=WitnessedLog)
LOG = statement(_log.where(witnessed_logs.c.origin == bindparam("origin")), into=WitnessedLog)
REMOVE_LOG = statement(delete(witnessed_logs).where(witnessed_logs.c.origin == bindparam("origin")))
# Only from the state that was checked: of two requests at once one finds nothing to change.
SEEN = statement(
    update(witnessed_logs)
    .where(witnessed_logs.c.origin == bindparam("of_origin"), witnessed_logs.c.size == bindparam("old_size"))
    .values(
        size=bindparam("new_size"),
        root=bindparam("new_root"),
        note=bindparam("new_note"),
        seen_at=bindparam("at"),
    )
)
FORKED = statement(
    update(witnessed_logs)
    .where(witnessed_logs.c.origin == bindparam("of_origin"))
    .values(fork=bindparam("evidence"))
)
