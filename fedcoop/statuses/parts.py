"""What must be read for a page of statuses before it can be rendered. Rendering is `hydrate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fedcoop.statuses.quotes.hydrate import asks_for_ties
from fedcoop.timelines.refs import Part


@dataclass(slots=True)
class Needed:
    """Revisions by id of bodies and accounts, and ids of the rest. `authors` are those where it matters who
    follows whom."""

    bodies: dict[int, int]
    accounts: dict[int, int]
    polls: set[int]
    conversations: set[int]
    authors: set[int]


def needed_for(parts: Sequence[Part]) -> Needed:
    return Needed(
        bodies={part.id: part.revision for part in parts},
        accounts={part.account_id: part.account_revision for part in parts},
        polls={part.poll_id for part in parts if part.poll_id},
        conversations={part.conversation_id for part in parts},
        authors={part.account_id for part in parts if part.policy and asks_for_ties(part.policy)},
    )
