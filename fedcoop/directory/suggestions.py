"""Whom a member might follow next, and why. https://docs.joinmastodon.org/methods/suggestions/"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from fedcoop import clock, ids
from fedcoop.accounts.access import handle_of
from fedcoop.db import Tx
from fedcoop.directory import queries

Source = Literal["featured", "friends_of_friends", "most_followed"]


async def suggested(tx: Tx, viewer: int, *, featured: Sequence[str], limit: int) -> dict[int, list[Source]]:
    """Accounts that the viewer does not follow yet and has not dismissed, each with the reasons. `featured` are
    the handles that the operator puts first. Open the transaction with `scan`."""
    shared = {"viewer": viewer, "now": clock.now(), "limit": limit}
    handles = [handle_of(handle) for handle in featured]
    first, friends, most = await tx.batch(
        queries.FEATURED.bind(handles=handles, **shared),
        queries.FRIENDS_OF_FRIENDS.bind(**shared),
        queries.MOST_FOLLOWED.bind(**shared),
    )
    found: dict[int, list[Source]] = {}
    sources: list[tuple[Source, list[int]]] = [
        ("featured", [row[0] for row in first]),
        ("friends_of_friends", [row[0] for row in friends]),
        ("most_followed", [row[0] for row in most]),
    ]
    for source, accounts in sources:
        for account_id in accounts:
            found.setdefault(account_id, []).append(source)
    return dict(list(found.items())[:limit])


async def dismiss(tx: Tx, viewer: int, account_id: int) -> None:
    """Suggest this account no more; whatever the id is."""
    await tx.execute(
        queries.DISMISS, account_id=viewer, target_id=account_id, id=ids.new_id(), created_at=clock.now()
    )
