"""Keeping conversations as direct statuses come and go, and reading or dropping one's own."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fedcoop import clock, ids
from fedcoop.conversations import queries
from fedcoop.conversations.types import Conversation
from fedcoop.db import Bound, Row, Tx
from fedcoop.events import Conversed


async def said(
    tx: Tx,
    status_id: int,
    thread_id: int,
    author_id: int,
    mentioned: Sequence[int],
    *,
    to: Sequence[int] | None = None,
) -> None:
    """A direct status is new: each member who wrote it or is meant has it in a conversation, unread unless they
    wrote it; not those who block or mute the author, or are blocked. With `to` it is new to these alone."""
    everybody = sorted({author_id, *mentioned})
    hearing = await tx.scalars(
        queries.HEARING, ids=everybody if to is None else list(to), author_id=author_id, now=clock.now()
    )
    for account_id in hearing:
        others = msgspec.json.encode([each for each in everybody if each != account_id]).decode()
        await tx.execute(
            queries.ADD,
            id=ids.new_id(),
            account_id=account_id,
            thread_id=thread_id,
            participants=others,
            last_status_id=status_id,
            unread=account_id != author_id,
        )
        found = await tx.one(
            queries.IN_THREAD, account_id=account_id, thread_id=thread_id, participants=others
        )
        if found is not None:
            await tx.execute(
                queries.ADD_ENTRY, account_id=account_id, status_id=status_id, conversation_id=found.id
            )
            tx.events.append(Conversed(found.id, account_id))


def gone(status_id: int) -> list[Bound[Row]]:
    """Statements that go before a direct status is removed."""
    return [queries.END.bind(status_id=status_id), queries.SETTLE.bind(status_id=status_id)]


async def read(tx: Tx, found: Conversation, *, unread: bool = False) -> Conversation:
    """The member has read it, or wants to come back to it."""
    await tx.execute(queries.READ, id=found.id, now_unread=unread)
    return msgspec.structs.replace(found, unread=unread)


async def delete(tx: Tx, found: Conversation) -> None:
    """Drop it from the member's conversations; what was said stays, and something new begins it again."""
    await tx.execute(queries.DELETE, id=found.id)
