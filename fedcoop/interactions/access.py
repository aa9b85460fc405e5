"""What is needed to show deeds that wait for consent, or have it. Who may see which is up to the caller."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Raw

from fedcoop.db import Tx
from fedcoop.statuses.consent.types import Interaction
from fedcoop.statuses.hydrate import StatusHydrator


async def concerned(
    tx: Tx, show: StatusHydrator, viewer: int, found: Sequence[Interaction]
) -> tuple[dict[int, Raw], dict[int, Raw]]:
    """The statuses that they are about, with the answers, which nobody else may see yet; and the accounts of those
    who did them. JSON by id; as many statements for all as for one."""
    answers = {each.result_id for each in found if each.deed == "reply" and each.result_id}
    statuses = await show.by_ids(tx, viewer, {each.status_id for each in found} | answers, checked=True)
    people = await show.accounts(tx, {each.account_id for each in found})
    return statuses, people
