"""Consent to being in a collection: asked for, given by a stamp, refused, and taken back."""

from __future__ import annotations

from typing import Literal

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.collections import queries
from fedcoop.collections.types import Collection, Item
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.ids import CollectionItemId
from fedcoop.jobs.types import Federate
from fedcoop.notifications.actions import notify


def stamp_uri(account_uri: str, item_id: int) -> str:
    """The address of a local account's consent to one collection."""
    return f"{account_uri}/feature_authorizations/{item_id}"


def reference(collection: Collection) -> str:
    """What a notification keeps of a collection."""
    return msgspec.json.encode({"collection_id": str(collection.id)}).decode()


async def begin(
    tx: Tx, collection: Collection, account: Account, *, uri: str = "", position: int | None = None
) -> Item:
    """An account is to be in a collection, and has not said anything yet. Raises `Invalid` where it is already,
    or said no."""
    known = await tx.one(queries.ITEM_OF, collection_id=collection.id, account_id=account.id)
    if known is not None:
        said = "does not want to be" if known.state in ("rejected", "revoked") else "is already"
        raise Invalid(f"@{account.acct} {said} in this collection")
    if position is None:
        position = int(await tx.scalar(queries.LAST_POSITION, collection_id=collection.id)) + 1
    item = Item(
        id=CollectionItemId(ids.new_id()),
        collection_id=collection.id,
        account_id=account.id,
        uri=uri,
        stamp_uri="",
        state="pending",
        position=position,
        created_at=clock.now(),
    )
    await tx.execute(queries.INSERT_ITEM, **msgspec.structs.asdict(item))
    return item


async def accept(tx: Tx, collection: Collection, item: Item, stamp: str) -> Item:
    """The account consents, by the stamp at this address. What was taken back before stays so."""
    if item.state in ("accepted", "revoked"):
        return item
    await tx.execute(queries.SET_ITEM, id=item.id, new_state="accepted", new_stamp_uri=stamp)
    account = await tx.one(account_queries.BY_ID, id=item.account_id)
    if account is not None and account.local:
        await notify(
            tx, "added_to_collection", account.id, collection.account_id, detail=reference(collection)
        )
    await _tell_of_item(tx, "add_item", collection, item)
    return msgspec.structs.replace(item, state="accepted", stamp_uri=stamp)


async def end(tx: Tx, collection: Collection, item: Item, state: Literal["rejected", "revoked"]) -> None:
    """Consent is refused or taken back."""
    await leave(tx, collection, item)
    await tx.execute(queries.SET_ITEM, id=item.id, new_state=state, new_stamp_uri="")


async def leave(tx: Tx, collection: Collection, item: Item) -> None:
    """Tell others that the account is in this collection no more."""
    if item.state == "accepted":
        await _tell_of_item(tx, "remove_item", collection, item)


async def revoke(tx: Tx, account: Account, collection: Collection, item_id: int) -> None:
    """A member no longer consents to being in a collection, whose ever it is, and other servers hear of it. Raises
    `NotFound` for where the member is not."""
    item = await tx.one(queries.ITEM, id=item_id)
    if item is None or item.collection_id != collection.id or item.account_id != account.id:
        raise NotFound
    if item.state != "accepted":
        raise NotFound
    await end(tx, collection, item, "revoked")
    owner = await tx.one(account_queries.BY_ID, id=collection.account_id)
    if owner is not None and not owner.local:
        await jobs.add(
            tx,
            Federate(
                activity="revoke_feature", account_id=account.id, object_id=owner.id, uri=item.stamp_uri
            ),
        )


async def by_stamp(tx: Tx, uri: str) -> Item | None:
    """What this consent was given to."""
    return await tx.one(queries.BY_STAMP, uri=uri) if uri else None


async def _tell_of_item(
    tx: Tx, activity: Literal["add_item", "remove_item"], collection: Collection, item: Item
) -> None:
    owner = await tx.one(account_queries.BY_ID, id=collection.account_id)
    if owner is not None and owner.local:
        await jobs.add(
            tx,
            Federate(
                activity=activity,
                account_id=owner.id,
                object_id=collection.id,
                uri=f"{collection.uri}/items/{item.id}",
                detail={"item_id": str(item.id), "account_id": str(item.account_id)},
            ),
        )
