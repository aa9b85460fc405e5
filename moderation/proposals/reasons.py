"""From what was done to the decision behind it: `because` (`proposal:ID`) as domains and rules keep it."""

from collections.abc import Iterable

from fedcoop.db import Tx
from fedcoop.ids import ProposalId

from . import queries
from .types import Proposal

PREFIX = "proposal:"


async def decisions(tx: Tx, reasons: Iterable[str]) -> dict[str, Proposal]:
    """The proposals that these reasons name, by reason, in one statement. Other reasons are left out."""
    ids = {reason: ProposalId(int(reason.removeprefix(PREFIX))) for reason in reasons if _names_one(reason)}
    if not ids:
        return {}
    found = {proposal.id: proposal for proposal in await tx.all(queries.BY_IDS, ids=list(ids.values()))}
    return {reason: found[id_] for reason, id_ in ids.items() if id_ in found}


def _names_one(reason: str) -> bool:
    return reason.startswith(PREFIX) and reason.removeprefix(PREFIX).isdecimal()
