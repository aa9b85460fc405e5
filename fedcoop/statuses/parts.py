"""What must be read for a page of statuses before it can be rendered. Rendering is `hydrate`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fedcoop.statuses.quotes.hydrate import asks_for_ties
from fedcoop.timelines.refs import Part, Ref


@dataclass(slots=True)
class Needed:
    """Revisions by id of bodies and accounts, and ids of the rest. `authors` are those where it matters who
    follows whom."""

    bodies: dict[int, int] = field(default_factory=dict)
    accounts: dict[int, int] = field(default_factory=dict)
    polls: set[int] = field(default_factory=set)
    conversations: set[int] = field(default_factory=set)
    authors: set[int] = field(default_factory=set)

    def add(self, part: Part) -> None:
        self.bodies[part.id] = part.revision
        self.accounts[part.account_id] = part.account_revision
        self.conversations.add(part.conversation_id)
        if part.poll_id:
            self.polls.add(part.poll_id)
        if asks_for_ties(part.policy):
            self.authors.add(part.account_id)


def needed_for(refs: Iterable[Ref]) -> Needed:
    found = Needed()
    for ref in refs:
        found.add(ref)
        if (repeated := ref.repeated) is not None:
            found.add(repeated)
    return found
