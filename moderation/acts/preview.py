"""What an act would change, counted in the database before anybody votes."""

import msgspec

from fedcoop import domains
from fedcoop.db import Tx
from fedcoop.domains.types import Impact

from .types import Act, Resolve
from .words import say, say_impact

NONE = Impact(following=0, followers=0, members=0, accounts=0, statuses=0)


class ActPreview(msgspec.Struct, frozen=True):
    """An act in words, and what it would do."""

    type: str
    sentence: str
    impact: str
    counts: dict[str, int]


async def preview(tx: Tx, acts: list[Act]) -> list[ActPreview]:
    """Each act with its sentence, its consequence in words, and the numbers behind it."""
    return [await _previewed(tx, act) for act in acts]


async def _previewed(tx: Tx, act: Act) -> ActPreview:
    impact = NONE if isinstance(act, Resolve) else await domains.impact(tx, act.domain)
    return ActPreview(
        type=str(act.__struct_config__.tag),
        sentence=say(act),
        impact=say_impact(act, impact),
        counts={} if isinstance(act, Resolve) else msgspec.structs.asdict(impact),
    )
