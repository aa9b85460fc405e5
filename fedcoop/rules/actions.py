"""Making and repealing rules, when members have decided so."""

from fedcoop import clock, ids
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.rules import queries
from fedcoop.text import fit

LONGEST = 2000


async def add(tx: Tx, text: str, *, hint: str = "", because: str = "") -> int:
    """Put a rule in force, after the others; returns its id. `because` names the decision: `proposal:ID`.
    Raises `Invalid` for a rule without words, or with too many."""
    text, hint = fit(text).strip(), fit(hint).strip()
    if not text or len(text) > LONGEST or len(hint) > LONGEST:
        raise Invalid(f"A rule has between 1 and {LONGEST} characters.", "text")
    id_ = ids.new_id()
    await tx.execute(
        queries.INSERT,
        id=id_,
        position=await tx.scalar(queries.LAST_POSITION) + 1,
        text=text,
        hint=hint,
        because=because,
        repealed_at=None,
    )
    return id_


async def repeal(tx: Tx, rule_id: int) -> None:
    """Have a rule in force no more. Raises `NotFound` when it is not."""
    if not await tx.execute(queries.REPEAL, rule_id=rule_id, at=clock.now()):
        raise NotFound
