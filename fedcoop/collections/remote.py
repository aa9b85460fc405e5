"""Collections of accounts elsewhere, kept as their server describes them; members' own are in `actions`."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec

from fedcoop import clock, ids
from fedcoop.accounts.types import Account
from fedcoop.collections import actions, consenting, queries
from fedcoop.collections.types import (
    LONGEST_REMOTE_DESCRIPTION,
    LONGEST_REMOTE_NAME,
    MOST_REMOTE_ITEMS,
    Collection,
    Item,
    RemoteCollection,
)
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import CollectionId
from fedcoop.text import compose, fit, plain
from fedcoop.text.safe import is_link


async def keep(tx: Tx, owner: Account, remote: RemoteCollection) -> Collection:
    """Store a collection or what has changed of it. Members who are in it are told of the change. Raises
    `Invalid` where it is somebody else's."""
    known = await tx.one(queries.BY_URI, uri=remote.uri)
    if known is not None and known.account_id != owner.id:
        raise Invalid("a collection of somebody else")
    now = clock.now()
    said = _decided(remote)
    if known is None:
        made = Collection(
            id=CollectionId(ids.new_id()),
            account_id=owner.id,
            uri=remote.uri,
            created_at=min(remote.created_at or now, now),
            updated_at=now,
            **said,
        )
        await tx.execute(queries.INSERT, **msgspec.structs.asdict(made))
        return made
    changed = msgspec.structs.replace(known, **said)
    if changed != known:
        changed = msgspec.structs.replace(changed, updated_at=now)
        await actions.save(tx, changed)
        await actions.tell_members(tx, changed)
    return changed


async def keep_items(tx: Tx, collection: Collection, uris: AbstractSet[str]) -> list[Item]:
    """Take out what its server does not name any more; members who were asked and are not named yet stay. The
    rest is given back."""
    kept = []
    for item in await tx.all(queries.ITEMS_OF, collection_id=collection.id):
        if item.uri and item.uri not in uris and item.state == "accepted":
            await tx.execute(queries.DELETE_ITEM, id=item.id)
        else:
            kept.append(item)
    return kept


async def place(
    tx: Tx, collection: Collection, account: Account, *, uri: str, stamp: str, position: int
) -> None:
    """An account elsewhere is in a collection, by a stamp that was looked at; a member is where they consented."""
    known = await tx.one(queries.ITEM_OF, collection_id=collection.id, account_id=account.id)
    if known is None:
        if (
            account.local
            or await tx.scalar(queries.COUNT_ITEMS, collection_id=collection.id) >= MOST_REMOTE_ITEMS
        ):
            return
        known = await consenting.begin(tx, collection, account, uri=uri, position=position)
    if not account.local and (known.state != "accepted" or known.stamp_uri != stamp):
        await tx.execute(queries.SET_ITEM, id=known.id, new_state="accepted", new_stamp_uri=stamp)
    await tx.execute(queries.PLACE_ITEM, id=known.id, new_uri=uri, new_position=position)


async def keep_only(tx: Tx, owner: Account, uris: Sequence[str]) -> None:
    """Forget the collections of an account elsewhere that it does not name any more."""
    await tx.execute(queries.DELETE_OTHERS, account_id=owner.id, uris=list(uris))


async def forget(tx: Tx, owner: Account, uri: str) -> bool:
    """A collection is gone. False where there was none of this account."""
    known = await tx.one(queries.BY_URI, uri=uri)
    if known is None or known.account_id != owner.id:
        return False
    await tx.execute(queries.DELETE, id=known.id)
    return True


def _decided(remote: RemoteCollection) -> dict[str, Any]:
    draft = remote.draft
    tag = fit(draft.tag).strip().removeprefix("#")
    return {
        "url": remote.url if is_link(remote.url) else "",
        "name": " ".join(plain(draft.name).split())[:LONGEST_REMOTE_NAME],
        "description": plain(draft.description)[:LONGEST_REMOTE_DESCRIPTION].strip(),
        "language": draft.language,
        "tag": tag if tag and compose.find_hashtags(f"#{tag}") == [tag] else "",
        "sensitive": draft.sensitive,
        "discoverable": draft.discoverable,
    }
