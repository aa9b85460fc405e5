"""What a page of statuses is made of, before anything is read: its parts, and what these need. Rendering is
`hydrate`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from fedcoop.statuses.quotes.hydrate import asks_for_ties
from fedcoop.timelines.refs import Ref


class Part(NamedTuple):
    """One status as it stands on a page: by itself, repeated or quoted."""

    id: int
    revision: int
    account_id: int
    account_revision: int
    poll_id: int | None
    conversation_id: int
    quoted_id: int | None
    quote_state: str | None
    policy: str


def parts_of(ref: Ref) -> tuple[Part, ...]:
    """The status itself, and where it is a reblog, what it repeats."""
    own = Part(
        ref.id,
        ref.revision,
        ref.account_id,
        ref.account_revision,
        ref.poll_id,
        ref.conversation_id,
        ref.quoted_id,
        ref.quote_state,
        ref.policy if ref.reblog_id is None else ref.reblog_policy or "",
    )
    if ref.reblog_id is None:
        return (own,)
    repeated = Part(
        ref.reblog_id,
        ref.reblog_revision or 0,
        ref.reblog_account_id or 0,
        ref.reblog_account_revision or 0,
        ref.reblog_poll_id,
        ref.reblog_conversation_id or 0,
        ref.reblog_quoted_id,
        ref.reblog_quote_state,
        ref.reblog_policy or "",
    )
    return own, repeated


@dataclass(slots=True)
class Needed:
    """What must be read to render: revisions by id of bodies and accounts, and ids of the rest. `authors` are
    those where it matters who follows whom."""

    bodies: dict[int, int] = field(default_factory=dict)
    accounts: dict[int, int] = field(default_factory=dict)
    polls: set[int] = field(default_factory=set)
    conversations: set[int] = field(default_factory=set)
    authors: set[int] = field(default_factory=set)


def needed_for(refs: Iterable[Ref]) -> Needed:
    found = Needed()
    for ref in refs:
        for part in parts_of(ref):
            found.bodies[part.id] = part.revision
            found.accounts[part.account_id] = part.account_revision
            found.conversations.add(part.conversation_id)
            if part.poll_id:
                found.polls.add(part.poll_id)
            if asks_for_ties(part.policy):
                found.authors.add(part.account_id)
    return found
